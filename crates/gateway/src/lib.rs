// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed envelopes, registers' clients, evidence fetching, transports.
//!
//! Everything that leaves is signed twice: the payload by an enveloped signature, the body of the envelope by
//! WS-Security. Everything that comes in is checked in the gateway's order: the service is known, the sender is
//! known, the message is signed, the signature fits, the certificate is good, then the same of the payload, and only
//! then the payload is read. An answer counts only if it names the question that was asked.
//!
//! Files travel inside the message while it stays within its bounds, and beside it through [`TempFiles`] otherwise: in one
//! process through its memory, between processes through the temporary storage ([`RemoteFiles`], [`TempStorage`]).
//!
//! Three transports ship: in the process, over HTTP, over NATS; what each guarantees: `docs/gateway/transports.md`.

mod archive;
pub mod border;
mod client;
pub mod evidence;
pub mod evidence_package;
pub mod files;
pub mod http;
mod inbound;
mod judged;
pub mod keys;
pub mod lists;
pub mod registers;
pub mod relay;
pub mod roots;
mod seal;
pub mod source;
pub mod stamp;
pub mod tls;
pub mod transport;
pub mod trust;
mod wire;

pub use border::{BorderClient, BorderEndpoint, Directory};
pub use client::HttpFault;
pub use evidence::EvidenceClient;
pub use files::{FolderLimits, ParkedFiles, RemoteFiles, StorageKey, TempFiles, TempFolder, TempStorage};
pub use http::{Addresses, HttpSource};
pub use inbound::Binding;
pub use keys::{Keys, KeysError};
pub use lists::{KeptList, ListFault, ListTerm, Lists, Looked};
pub use registers::{RegistersClient, Route};
pub use relay::{AsyncRelay, Routes, SyncRelay};
pub use roots::{Install, Mode, Roots};
pub use source::EvidenceSource;
pub use stamp::{
    Device, DeviceConfig, DeviceError, DeviceKey, InstallError, InstallFault, KeyFileConfig, Stamp,
    StampConfig, StampKey, StampState, TokenName,
};
pub use tls::{TlsError, TlsFiles};
pub use transport::{Endpoint, HttpTransport, InProcess, NatsConfig, NatsTransport, Transport};
pub use trust::{Doubt, Peer, TransportTrust};
pub use wire::Wire;
