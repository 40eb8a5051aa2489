// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway's envelopes and the registers' payloads: lenient in, strict out.
//!
//! A pure codec: bytes to values and back. It neither signs nor checks signatures. The envelope is written with an id
//! on its body, ready for a WS-Security signature; a payload is written as a document of its own, ready for an
//! enveloped signature, and only then put into the envelope as [`Data`]. A signature found inside a payload is passed
//! over. Reading goes by local names and takes the variants met in the field; writing keeps the order, the
//! cardinality and the unqualified children of the published schemas.
//!
//! ```text
//! payload value ─ write() ─► document ─ signed by the caller ─► Data ─► Message ─► Envelope::write() ─ signed ─► bytes
//! bytes ─ signature checked by the caller ─► Envelope::read() ─► Message ─► Data::document() ─ checked ─► read()
//! ```

pub mod asynchronous;
mod binding;
pub mod border;
mod data;
pub mod envelope;
mod error;
pub mod fault;
pub mod gbd_fl;
mod guard;
mod moment;
mod part;
pub mod records;
pub mod sync;
pub mod temp_storage;
mod tree;
mod write;
mod wsdl;

pub use binding::{BINDING_ATTRIBUTE, BINDING_NAMESPACE, answered};
pub use data::Data;
pub use envelope::{BodyId, Channel, Envelope, Message};
pub use error::Error;
pub use fault::{Code, ErrorInfo, Fault};
pub use guard::{
    ATTRIBUTES_PER_ELEMENT_MAX, DEPTH_MAX, DOCUMENT_BYTES_MAX, EQUAL_SIGNS_MAX, NAMESPACE_DECLARATIONS_MAX,
    NAMESPACES_IN_SCOPE_MAX, TAGS_MAX,
};
pub use part::{
    ID_CHARS_MAX, PROPERTIES_MAX, PROPERTY_KEY_CHARS_MAX, PROPERTY_VALUE_CHARS_MAX, Property,
    STATUS_MESSAGE_CHARS_MAX, Sender, SessionId, Status,
};
pub use wsdl::{wsdl, xsd, xsd_name};
