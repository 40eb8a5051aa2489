// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is written is valid by the schemas, says `xmllint`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use shep::Channel;

/// Has the content of the body checked, if it is no fault; panics if it is not valid.
pub(crate) fn assert_valid(channel: Channel, envelope: &str) {
    if let Err(complaint) = check(channel, &operation(envelope)) {
        panic!("{envelope}\n{complaint}");
    }
}

/// Returns the operation, or the detail of a fault, as a document; types of payloads are not known to the schema.
fn operation(envelope: &str) -> String {
    let body = between(envelope, "Body", "</soapenv:Body>");
    let detail = if body.contains("<detail>") { between(body, "<detail", "</detail>") } else { body };
    detail.replace("xsi:type=\"q:Request\"", "").replace("xsi:type=\"q:Response\"", "")
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> &'a str {
    let rest = text.split_once(open).unwrap().1.split_once('>').unwrap().1;
    rest.rsplit_once(close).unwrap().0
}

fn check(channel: Channel, document: &str) -> Result<(), String> {
    if document.contains("<soapenv:Fault>") {
        return Ok(());
    }
    let name = match channel {
        Channel::Sync => "sync",
        Channel::Async => "async",
        Channel::Client => "client",
    };
    let schema = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.xsd"));
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema", schema.to_str().unwrap(), "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("xmllint (libxml2-utils): {error}"));
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn the_schema_refuses_other_order_and_qualified_children() {
    let good = "<t:getMessages xmlns:t=\"http://bip.bee.kz/AsyncChannel/v10/Types\"><request><serviceId>S</serviceId>\
                <amount>1</amount></request></t:getMessages>";
    check(Channel::Async, good).unwrap();
    let other_order = good
        .replace("<serviceId>S</serviceId>", "")
        .replace("</amount>", "</amount><serviceId>S</serviceId>");
    check(Channel::Async, &other_order).unwrap_err();
    let qualified = good.replace("<request>", "<t:request>").replace("</request>", "</t:request>");
    check(Channel::Async, &qualified).unwrap_err();
    check(Channel::Client, good).unwrap_err();
}
