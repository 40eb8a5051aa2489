// SPDX-License-Identifier: MIT OR Apache-2.0
//! The variants met in the field, each read as what it means.

use shep::{Channel, Data, Envelope, Message};

/// An envelope with the content given in its body.
pub(crate) fn soap(body: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{body}</s:Body></s:Envelope>"
    )
}

pub(crate) const INFO: &str = "<requestInfo><messageId>m</messageId><serviceId>S</serviceId>\
    <messageDate>2026-11-21T20:36:09.123+05:00</messageDate><sender><senderId>demo</senderId></sender></requestInfo>";

/// A synchronous request with this namespace, head and data.
pub(crate) fn sync(namespace: &str, info: &str, data: &str) -> String {
    soap(&format!(
        "<t:SendMessage xmlns:t=\"{namespace}\"><request>{info}<requestData>{data}</requestData></request></t:SendMessage>"
    ))
}

const TYPES: &str = "http://bip.bee.kz/SyncChannel/v10/Types";

fn read_data(data: &str) -> Option<Data> {
    let text = sync(TYPES, INFO, data);
    let Message::SyncRequest(request) = Envelope::read(text.as_bytes()).unwrap().message else {
        panic!("a request")
    };
    request.data
}

#[test]
fn qualified_children_and_namespaces_in_other_letters_are_read() {
    let qualified = "<t:SendMessage xmlns:t=\"http://bip.bee.kz/SyncChannel/v10/types/Request\" xmlns=\"urn:wrong\">\
        <t:request xmlns=\"\">INFO<t:requestData><data><x/></data></t:requestData></t:request></t:SendMessage>";
    let text = soap(&qualified.replace("INFO", INFO));
    let envelope = Envelope::read(text.as_bytes()).unwrap();
    assert!(matches!(envelope.message, Message::SyncRequest(_)));
}

#[test]
fn empty_optional_elements_are_as_good_as_none() {
    let info = INFO.replace(
        "<serviceId>",
        "<correlationId/><routeId></routeId><properties></properties><sessionId></sessionId><serviceId>",
    );
    let text = sync(TYPES, &info, "<data/>");
    let Message::SyncRequest(request) = Envelope::read(text.as_bytes()).unwrap().message else {
        panic!("a request")
    };
    assert_eq!(
        (request.info.correlation_id, request.info.route_id, request.info.session_id),
        (None, None, None)
    );
    assert_eq!(request.info.properties, []);
    assert_eq!(request.data, None);
}

#[test]
fn properties_in_one_element_and_in_several_are_the_same() {
    let flat = "<properties><key>a</key><value>1</value></properties><properties><key>b</key><value>2</value></properties>";
    let joined = "<properties><key>a</key><value>1</value><key>b</key><value>2</value></properties>";
    let read = |properties: &str| {
        let info = INFO.replace("</requestInfo>", &format!("{properties}</requestInfo>"));
        let text = sync(TYPES, &info, "<data/>");
        let Message::SyncRequest(it) = Envelope::read(text.as_bytes()).unwrap().message else {
            panic!("a request")
        };
        it.info.properties
    };
    assert_eq!(read(flat), read(joined));
    assert_eq!(read(flat).len(), 2);
}

#[test]
fn payload_is_read_as_element_as_cdata_and_as_escaped_text() {
    let expected = Data::element("<x a=\"1\">t</x>".to_owned()).unwrap();
    for data in [
        "<data><x a=\"1\">t</x></data>",
        "<data>\n  <x a=\"1\">t</x>\n</data>",
        "<data><![CDATA[<?xml version=\"1.0\"?><x a=\"1\">t</x>]]></data>",
        "<data>&lt;x a=\"1\"&gt;t&lt;/x&gt;</data>",
        "<i:data xmlns:i=\"http://bip.bee.kz/SyncChannel/v10/Interfaces\"><x a=\"1\">t</x></i:data>",
    ] {
        assert_eq!(read_data(data).unwrap(), expected, "{data}");
    }
}

#[test]
fn payload_typed_by_xsi_is_the_data_element_itself() {
    let data = "<data xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:q=\"urn:q\" i:type=\"q:R\"><x/></data>";
    assert_eq!(read_data(data).unwrap().document(), Some(data));
}

#[test]
fn payload_keeps_its_bytes_and_takes_only_the_namespaces_it_lacks() {
    let outside = |data: &str| {
        let text = sync(TYPES, INFO, data).replace(
            "<s:Envelope ",
            "<s:Envelope xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:q=\"urn:q\" xmlns:ds=\"urn:other\" ",
        );
        let Message::SyncRequest(it) = Envelope::read(text.as_bytes()).unwrap().message else {
            panic!("a request")
        };
        it.data.unwrap().document().unwrap().to_owned()
    };
    let own = "<x  b='1'\r\n a='2'><ds:S xmlns:ds='urn:d'/><!-- q: --></x>";
    assert_eq!(outside(&format!("<data>{own}</data>")), own);
    assert_eq!(
        outside("<data i:type='q:R'><x/></data>"),
        "<data xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:q=\"urn:q\" i:type='q:R'><x/></data>"
    );
    assert_eq!(outside("<data><q:x/></data>"), "<q:x xmlns:q=\"urn:q\"/>");
    assert_eq!(outside("<data><x><y q:a='1'/></x></data>"), "<x xmlns:q=\"urn:q\"><y q:a='1'/></x>");
}

#[test]
fn default_namespace_of_the_envelope_goes_with_the_payload() {
    let text = "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body>\
        <SendMessage xmlns=\"http://bip.bee.kz/SyncChannel/v10/Types\"><request xmlns=\"\">INFO<requestData><data><x/></data>\
        </requestData></request></SendMessage></Body></Envelope>";
    let read = |text: &str| match Envelope::read(text.as_bytes()).unwrap().message {
        Message::SyncRequest(it) => it.data.unwrap().document().unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(read(&text.replace("INFO", INFO)), "<x/>");
    let without_reset = text.replace("INFO", INFO).replace(" xmlns=\"\"", "");
    assert_eq!(read(&without_reset), "<x xmlns=\"http://bip.bee.kz/SyncChannel/v10/Types\"/>");
}

#[test]
fn a_request_posted_without_an_envelope_is_read() {
    let text = format!(
        "<r:syncSendMessageRequest xmlns:r=\"http://bip.bee.kz/SyncChannel/v10/Types/Request\">{INFO}\
         <requestData><data>1</data></requestData></r:syncSendMessageRequest>"
    );
    let envelope = Envelope::read(text.as_bytes()).unwrap();
    assert_eq!((envelope.channel, envelope.body_id.is_none()), (Channel::Sync, true));
}

#[test]
fn times_with_other_offsets_and_without_one_are_read() {
    let read = |time: &str| {
        let text = sync(TYPES, &INFO.replace("2026-11-21T20:36:09.123+05:00", time), "<data/>");
        let Message::SyncRequest(it) = Envelope::read(text.as_bytes()).unwrap().message else {
            panic!("a request")
        };
        it.info.message_date.to_string()
    };
    for time in [
        "2026-11-21T20:36:09+05:00",
        "2026-11-21T21:36:09+06:00",
        "2026-11-21T15:36:09Z",
        "2026-11-21T20:36:09",
    ] {
        assert_eq!(read(time), "2026-11-21T15:36:09Z", "{time}");
    }
}

#[test]
fn id_of_the_body_is_read_with_and_without_its_namespace() {
    let plain = sync(TYPES, INFO, "<data/>").replace("<s:Body>", "<s:Body Id=\"b-1\">");
    assert_eq!(Envelope::read(plain.as_bytes()).unwrap().body_id.unwrap().as_str(), "b-1");
}

#[test]
fn a_fault_of_another_maker_is_read() {
    let text = soap(
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring><detail><x/></detail></s:Fault>",
    );
    let Message::Fault(fault) = Envelope::read(text.as_bytes()).unwrap().message else { panic!("a fault") };
    assert_eq!((fault.reason.as_str(), fault.detail), ("no", None));
}

#[test]
fn what_another_client_makes_from_our_descriptions_is_read() {
    // Made by zeep 4.3 from `?wsdl` and `?xsd=` alone.
    let head =
        "<soap-env:Envelope xmlns:soap-env=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap-env:Body>";
    let date = "2026-11-22T08:46:16.320367Z";
    let asks = format!(
        "{head}<ns0:getMessages xmlns:ns0=\"http://bip.bee.kz/AsyncChannel/v10/Types\"><request><requestDate>{date}\
         </requestDate><serviceId>S</serviceId><amount>3</amount></request></ns0:getMessages></soap-env:Body>\
         </soap-env:Envelope>"
    );
    let tells = format!(
        "{head}<ns0:changeMassageStatusNotification xmlns:ns0=\"http://bip.bee.kz/AsyncChannel/v10/Types/Client\">\
         <request><notification><notificationId>n</notificationId><messageId>m</messageId><notificationDate>{date}\
         </notificationDate><messageState>DELIVERED</messageState><status><statusCode>1</statusCode><statusMessage>ok\
         </statusMessage><statusDate>{date}</statusDate></status></notification><requestDate>{date}</requestDate>\
         </request></ns0:changeMassageStatusNotification></soap-env:Body></soap-env:Envelope>"
    );
    let Message::GetMessages(asks) = Envelope::read(asks.as_bytes()).unwrap().message else {
        panic!("a question")
    };
    assert_eq!((asks.service_id.as_str(), asks.amount), ("S", Some(3)));
    let Message::StatusChange(tells) = Envelope::read(tells.as_bytes()).unwrap().message else {
        panic!("a notice")
    };
    assert_eq!((tells.message_id.as_str(), tells.request_date.to_string().as_str()), ("m", date));
}
