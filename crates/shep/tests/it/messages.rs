// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every message of both channels, written and read back.

use shep::asynchronous::{
    Accepted, AsyncInfo, AsyncMessage, DeliveryNotification, DeliveryReceipt, DeliveryStatus,
    GetMessageStatus, GetMessages, MessageState, MessageStatus, MessageType, Messages, ReceiveStatus, Resend,
    StatusChange, StatusChangeReceipt,
};
use shep::fault::{Blame, Operation};
use shep::sync::{MessageInfo, ResponseInfo, SyncRequest, SyncResponse};
use shep::{Channel, Code, Data, Error, ErrorInfo, Fault, Message, Property, Sender, Status};

use crate::{element, envelope, now, round_trip, session};

fn text(text: &str) -> String {
    text.to_owned()
}

fn sender() -> Sender {
    Sender { id: text("demo-portal"), password: Some(text("demo & secret")) }
}

fn properties() -> Vec<Property> {
    vec![Property { key: text("ADDL_CLIENT_KEY"), value: text("RR <DEMO>") }]
}

pub(crate) fn request(data: Option<Data>) -> SyncRequest {
    let info = MessageInfo {
        message_id: text("m-1"),
        correlation_id: Some(text("c-1")),
        service_id: text("DEMO_SERVICE"),
        message_date: now(),
        route_id: Some(text("r-1")),
        sender: sender(),
        properties: properties(),
        session_id: None,
    };
    SyncRequest { info, data }
}

pub(crate) fn response() -> SyncResponse {
    let info = ResponseInfo {
        message_id: text("m-2"),
        correlation_id: Some(text("c-1")),
        response_date: now(),
        status: Status { code: Code::Success, message: text("Message has been processed successfully") },
        session_id: Some(session()),
    };
    SyncResponse { info, data: Some(element(text("<p xmlns=\"urn:p\">1</p>"))) }
}

pub(crate) fn message(data: Data) -> AsyncMessage {
    let info = AsyncInfo {
        message_id: Some(text("m-3")),
        correlation_id: Some(text("c-3")),
        service_id: text("DEMO_SERVICE"),
        message_type: MessageType::Request,
        route_id: Some(text("r-3")),
        message_date: now(),
        sender: sender(),
        properties: properties(),
        session_id: Some(session()),
    };
    AsyncMessage { info, data }
}

fn error_info() -> ErrorInfo {
    let sub_error = ErrorInfo {
        code: Code::Other(text("SBF-VE-8")),
        message: text("inner"),
        data: None,
        date: now(),
        sub_error: None,
        session_id: None,
    };
    ErrorInfo {
        code: Code::TransportSignature,
        message: text("қол дұрыс емес"),
        data: Some(text("more")),
        date: now(),
        sub_error: Some(Box::new(sub_error)),
        session_id: Some(session()),
    }
}

fn status() -> DeliveryStatus {
    DeliveryStatus { code: text("SIM-200"), message: text("OK"), date: now() }
}

fn status_change() -> StatusChange {
    StatusChange {
        notification_id: text("n-1"),
        message_id: text("m-3"),
        notification_date: now(),
        state: MessageState::NotDelivered,
        status: status(),
        error: Some(error_info()),
        request_date: now(),
        session_id: Some(session()),
    }
}

fn delivery_notification() -> DeliveryNotification {
    DeliveryNotification {
        message_id: text("m-3"),
        service_id: text("DEMO_SERVICE"),
        notification_date: now(),
        receive_status: ReceiveStatus::NotAccepted,
        status_date: now(),
        resend: Resend::Resend,
        error: Some(error_info()),
        request_date: now(),
        sender: Some(sender()),
    }
}

#[test]
fn messages_of_the_synchronous_channel_come_back_the_same() {
    let text = round_trip(&envelope(Channel::Sync, Message::SyncRequest(request(None))));
    assert!(
        text.contains("<typ:SendMessage xmlns:typ=\"http://bip.bee.kz/SyncChannel/v10/Types\"><request>")
    );
    assert!(text.contains("<soapenv:Body xmlns:wsu=") && text.contains(" wsu:Id=\"id-1\">"));
    let order = [
        "<messageId>",
        "<correlationId>",
        "<serviceId>",
        "<messageDate>",
        "<routeId>",
        "<sender>",
        "<properties>",
    ];
    assert!(order.iter().map(|it| text.find(it).unwrap()).is_sorted());
    round_trip(&envelope(Channel::Sync, Message::SyncResponse(response())));
}

#[test]
fn messages_of_the_asynchronous_channel_come_back_the_same() {
    let data = || Data::text("plain").unwrap();
    let text = round_trip(&envelope(Channel::Async, Message::SendMessage(message(data()))));
    let order = [
        "<serviceId>",
        "<messageType>",
        "<routeId>",
        "<messageDate>",
        "<sender>",
        "<properties>",
        "<sessionId>{",
    ];
    assert!(order.iter().map(|it| text.find(it).unwrap()).is_sorted());
    let messages = [
        Message::Accepted(Accepted {
            message_id: "m".to_owned(),
            correlation_id: "c".to_owned(),
            response_date: now(),
            session_id: None,
        }),
        Message::GetMessages(GetMessages {
            message_id: Some("m".to_owned()),
            correlation_id: None,
            request_date: Some(now()),
            service_id: "S".to_owned(),
            sender: Some(sender()),
            amount: Some(10),
            properties: properties(),
        }),
        Message::Messages(Messages {
            response_date: now(),
            session_id: session(),
            messages: vec![message(data()), message(element("<x/>".to_owned()))],
        }),
        Message::GetMessageStatus(GetMessageStatus {
            message_id: "m".to_owned(),
            request_date: now(),
            sender: sender(),
            properties: Vec::new(),
        }),
        Message::MessageStatus(MessageStatus {
            state: MessageState::OnDelivery,
            status: status(),
            response_date: now(),
            session_id: None,
        }),
        Message::DeliveryNotification(delivery_notification()),
        Message::DeliveryReceipt(DeliveryReceipt {
            notification_id: "n".to_owned(),
            response_date: now(),
            session_id: session(),
        }),
    ];
    for it in messages {
        round_trip(&envelope(Channel::Async, it));
    }
}

#[test]
fn messages_of_the_client_port_come_back_the_same() {
    round_trip(&envelope(Channel::Client, Message::SendMessage(message(Data::text("plain").unwrap()))));
    let text = round_trip(&envelope(Channel::Client, Message::StatusChange(status_change())));
    assert!(text.contains(
        "<typ:changeMassageStatusNotification xmlns:typ=\"http://bip.bee.kz/AsyncChannel/v10/Types/Client\">"
    ));
    let accepted = Accepted {
        message_id: "m".to_owned(),
        correlation_id: "c".to_owned(),
        response_date: now(),
        session_id: Some(session()),
    };
    round_trip(&envelope(Channel::Client, Message::Accepted(accepted)));
    let receipt = StatusChangeReceipt { response_date: now(), session_id: session() };
    round_trip(&envelope(Channel::Client, Message::StatusChangeReceipt(receipt)));
}

#[test]
fn faults_come_back_the_same_with_every_operation() {
    let pairs = [
        (Channel::Sync, Operation::SyncSendMessage, "SendMessageFault1_SendMessageFault"),
        (Channel::Async, Operation::SendMessage, "sendMessageFault1_sendMessageFault"),
        (Channel::Async, Operation::GetMessages, "getMessagesFault1_getMessagesFault"),
        (Channel::Async, Operation::GetMessageStatus, "getMessageStatusFault1_getMessageStatusFault"),
        (
            Channel::Async,
            Operation::SendDeliveryNotification,
            "sendDeliveryNotificationFault1_sendDeliveryNotificationFault",
        ),
        (Channel::Client, Operation::SendMessage, "sendMessageFault1_sendMessageFault"),
        (Channel::Client, Operation::ChangeStatus, "changeMassageStatusNotificationFault1_"),
    ];
    for (channel, operation, name) in pairs {
        let fault = Fault {
            blame: Blame::Client,
            reason: "қате".to_owned(),
            detail: Some((operation, error_info())),
        };
        assert!(round_trip(&envelope(channel, Message::Fault(fault))).contains(name));
    }
    let bare = Fault { blame: Blame::Server, reason: "down".to_owned(), detail: None };
    round_trip(&envelope(Channel::Sync, Message::Fault(bare)));
}

#[test]
fn codes_known_and_unknown_keep_their_words() {
    for code in [
        "SCSS001",
        "SCSE001",
        "SCE001",
        "SCE004",
        "SCE005",
        "SCE006",
        "SCE007",
        "SCE015",
        "SCE909",
        "FAULT-015",
    ] {
        assert_eq!(Code::from(code).as_str(), code);
    }
    assert_eq!(Code::from("SCE017"), Code::DataUnsigned);
}

#[test]
fn what_the_schema_forbids_is_not_written() {
    let mut long_key = request(None);
    long_key.info.properties = vec![Property { key: "k".repeat(31), value: String::new() }];
    let mut long_value = request(None);
    long_value.info.properties = vec![Property { key: text("k"), value: "v".repeat(501) }];
    let mut no_id = request(None);
    no_id.info.message_id = text(" ");
    let mut control = request(None);
    control.info.service_id = text("a\u{1}b");
    let mut long_status = response();
    long_status.info.status.message = "m".repeat(251);
    let rows = [
        (Message::SyncRequest(long_key), Error::TooLong { what: "key" }),
        (Message::SyncRequest(long_value), Error::TooLong { what: "value" }),
        (Message::SyncRequest(no_id), Error::Missing { what: "messageId" }),
        (Message::SyncRequest(control), Error::Unwritable { what: "serviceId" }),
        (Message::SyncResponse(long_status), Error::TooLong { what: "message" }),
        (Message::StatusChange(status_change()), Error::WrongChannel),
        (Message::SendMessage(message(Data::text("x").unwrap())), Error::WrongChannel),
    ];
    for (message, error) in rows {
        assert_eq!(envelope(Channel::Sync, message).write(), Err(error));
    }
}

#[test]
fn a_payload_that_would_break_the_envelope_is_refused() {
    for document in [
        "<?xml version=\"1.0\"?><a/>",
        "<!DOCTYPE a><a/>",
        "<a/><b/>",
        "<a>",
        "text",
        "",
        "<p:a/>",
        "</data>",
    ] {
        assert!(Data::element(document.to_owned()).is_err(), "{document}");
    }
    assert!(Data::inline("<a/>".to_owned()).is_err());
    assert!(Data::inline("<q:data xmlns:q=\"urn:q\"/>".to_owned()).is_err());
    assert!(Data::text(" <a/>").is_err());
}

#[test]
fn a_senders_password_is_not_shown() {
    assert!(!format!("{:?}", request(None)).contains("secret"));
}
