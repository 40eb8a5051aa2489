// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is written is valid by the schemas, and the descriptions of the ports are whole, says `xmllint`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use roxmltree::{Document, Node};
use shep::{Channel, wsdl, xsd, xsd_name};

/// Has the whole envelope checked, faults too; panics if it is not valid.
pub(crate) fn assert_valid(channel: Channel, envelope: &str) {
    if let Err(complaint) = check(channel, envelope) {
        panic!("{envelope}\n{complaint}");
    }
}

/// Checks an envelope as it is received by a strict peer.
pub(crate) fn check(channel: Channel, envelope: &str) -> Result<(), String> {
    let frame = format!("tests/frames/{}.xsd", xsd_name(channel));
    let schema = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(frame);
    xmllint(&["--schema", schema.to_str().unwrap()], envelope)
}

fn xmllint(arguments: &[&str], document: &str) -> Result<(), String> {
    let mut child = Command::new("xmllint")
        .args(["--nonet", "--noout"])
        .args(arguments)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("xmllint (libxml2-utils): {error}"));
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn soap(content: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{content}</s:Body></s:Envelope>"
    )
}

#[test]
fn the_schema_refuses_other_order_and_qualified_children() {
    let good = soap(
        "<t:getMessages xmlns:t=\"http://bip.bee.kz/AsyncChannel/v10/Types\"><request><serviceId>S</serviceId>\
         <amount>1</amount></request></t:getMessages>",
    );
    check(Channel::Async, &good).unwrap();
    let other_order = good
        .replace("<serviceId>S</serviceId>", "")
        .replace("</amount>", "</amount><serviceId>S</serviceId>");
    check(Channel::Async, &other_order).unwrap_err();
    let qualified = good.replace("<request>", "<t:request>").replace("</request>", "</t:request>");
    check(Channel::Async, &qualified).unwrap_err();
    check(Channel::Client, &good).unwrap_err();
    check(Channel::Async, &good.replace("<s:Body>", "<s:Body/><s:Body>")).unwrap_err();
    check(Channel::Async, &soap("<s:Fault><faultstring>x</faultstring></s:Fault>")).unwrap_err();
}

const PORTS: [(Channel, &[&str]); 3] = [
    (Channel::Sync, &["SendMessage"]),
    (Channel::Async, &["sendMessage", "getMessages", "getMessageStatus", "sendDeliveryNotification"]),
    (Channel::Client, &["sendMessage", "changeMassageStatusNotification"]),
];

fn child<'a>(node: Node<'a, 'a>, name: &'static str) -> Node<'a, 'a> {
    node.children().find(|it| it.tag_name().name() == name).unwrap()
}

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> Vec<Node<'a, 'a>> {
    node.children().filter(|it| it.tag_name().name() == name).collect()
}

fn attribute<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    node.attribute(name).unwrap()
}

/// Returns the element that a message of the description is made of.
fn element_of<'a>(definitions: Node<'a, 'a>, message: &str) -> &'a str {
    let named = message.strip_prefix("tns:").unwrap();
    let messages = children(definitions, "message");
    let found = messages.into_iter().find(|it| attribute(*it, "name") == named).unwrap();
    attribute(child(found, "part"), "element").strip_prefix("typ:").unwrap()
}

#[test]
fn each_port_describes_all_its_operations_and_nothing_else() {
    for (channel, operations) in PORTS {
        let text = wsdl(channel, "https://akimat.example/a&b");
        xmllint(&[], &text).unwrap();
        let doc = Document::parse(&text).unwrap();
        let definitions = doc.root_element();
        let schema = Document::parse(xsd(xsd_name(channel)).unwrap()).unwrap();
        let known: Vec<&str> =
            children(schema.root_element(), "element").into_iter().map(|it| attribute(it, "name")).collect();
        let named: Vec<Node<'_, '_>> = children(child(definitions, "portType"), "operation");
        let bound = children(child(definitions, "binding"), "operation");
        let called =
            |of: &[Node<'_, '_>]| of.iter().map(|it| attribute(*it, "name").to_owned()).collect::<Vec<_>>();
        assert_eq!(called(&named), operations);
        assert_eq!(called(&bound), operations);
        let mut described = Vec::new();
        for it in &named {
            for part in ["input", "output", "fault"] {
                described.push(element_of(definitions, attribute(child(*it, part), "message")));
            }
        }
        let missing: Vec<&&str> = known.iter().filter(|it| !described.contains(it)).collect();
        assert_eq!((described.len(), missing), (known.len(), vec![]), "{}", channel.namespace());
        assert!(described.iter().all(|it| known.contains(it)));
        assert_eq!(text.matches("location=\"https://akimat.example/a&amp;b\"").count(), 1);
        let import = format!("schemaLocation=\"https://akimat.example/a&amp;b?xsd={}\"", xsd_name(channel));
        assert!(text.contains(&import) && text.contains(&format!("namespace=\"{}\"", channel.namespace())));
    }
}

#[test]
fn there_are_four_schemas_and_no_others() {
    for name in ["sync", "async", "client", "envelope"] {
        let schema = xsd(name).unwrap();
        assert!(schema.contains(if name == "envelope" {
            "unqualified\""
        } else {
            "elementFormDefault=\"unqualified\""
        }));
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.xsd"));
        assert_eq!(schema, std::fs::read_to_string(path).unwrap());
    }
    for name in ["", "sync.xsd", "../sync", "SYNC"] {
        assert_eq!(xsd(name), None);
    }
}
