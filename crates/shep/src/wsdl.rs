// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our own descriptions of the three ports, for those who ask `?wsdl` and `?xsd=name`.

use crate::Channel;

/// Where the description has the address at which it is served.
const ADDRESS: &str = "{ADDRESS}";

const SYNC: &str = "sync";
const ASYNC: &str = "async";
const CLIENT: &str = "client";

/// Returns the description of a port (WSDL 1.1) served at this address, such as `https://host/shep/sync`.
///
/// It imports the schema from the same address with `?xsd=`[`xsd_name`].
pub fn wsdl(channel: Channel, address: &str) -> String {
    let text = match channel {
        Channel::Sync => include_str!("../schemas/sync.wsdl"),
        Channel::Async => include_str!("../schemas/async.wsdl"),
        Channel::Client => include_str!("../schemas/client.wsdl"),
    };
    text.replace(ADDRESS, &escaped(address))
}

/// Returns the name under which the schema of a port is asked for.
pub fn xsd_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Sync => SYNC,
        Channel::Async => ASYNC,
        Channel::Client => CLIENT,
    }
}

/// Returns the schema of that name: `sync`, `async`, `client`, and `envelope`, the frame around them.
pub fn xsd(name: &str) -> Option<&'static str> {
    match name {
        SYNC => Some(Channel::Sync.schema()),
        ASYNC => Some(Channel::Async.schema()),
        CLIENT => Some(Channel::Client.schema()),
        "envelope" => Some(include_str!("../schemas/envelope.xsd")),
        _ => None,
    }
}

fn escaped(address: &str) -> String {
    address.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
