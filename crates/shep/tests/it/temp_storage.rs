// SPDX-License-Identifier: MIT OR Apache-2.0
//! The payload of the temporary storage.

use shep::temp_storage::{Ask, FILES_MAX, Kept, Request, Response, Upload};
use shep::{Data, Error};

fn request(ask: Ask) -> Request {
    Request { sender_id: "portal".to_owned(), password: None, ask }
}

fn upload(content: &str) -> Upload {
    Upload {
        identifier: "one".to_owned(),
        name: "a < b.pdf".to_owned(),
        content: content.to_owned(),
        mime: "application/pdf".to_owned(),
        life_time_ms: 28_800_000,
        needs_confirmation: false,
    }
}

#[test]
fn every_request_and_answer_comes_out_as_it_went_in() {
    let identifiers = || vec!["one".to_owned(), "two".to_owned()];
    for ask in [
        Ask::Upload(vec![upload("QUJD"), upload("")]),
        Ask::Download(identifiers()),
        Ask::Remove(identifiers()),
    ] {
        let request = request(ask);
        let data = Data::element(request.write().unwrap()).unwrap();
        assert_eq!(Request::read(&data).unwrap(), request);
    }
    let kept = |content: Option<&str>| Kept {
        identifier: "one".to_owned(),
        name: content.map(|_| "a".to_owned()),
        content: content.map(str::to_owned),
    };
    let response =
        Response { request_id: "7".to_owned(), files: vec![kept(Some("QUJD")), kept(Some("")), kept(None)] };
    let data = Data::element(response.write().unwrap()).unwrap();
    assert_eq!(Response::read(&data).unwrap(), response);
}

#[test]
fn the_published_request_of_the_field_is_read() {
    let document = r#"<ns:tempStorageRequest xmlns:ns="http://egov.bee.kz/eds/tempstorage/v2/"><uploadRequest>
        <fileUploadRequests><fileProcessIdentifier>a-1</fileProcessIdentifier><name>x.pdf</name>
        <content>QUJD
        REVG</content><mime>application/pdf</mime><lifeTime>28800000</lifeTime>
        <needToBeConfirmed>false</needToBeConfirmed></fileUploadRequests></uploadRequest>
        <credentials><senderId>us</senderId><password>x</password></credentials><type>UPLOAD</type>
        </ns:tempStorageRequest>"#;
    let read = Request::read(&Data::element(document.to_owned()).unwrap()).unwrap();
    assert_eq!((read.sender_id.as_str(), read.password.as_deref()), ("us", Some("x")));
    let Ask::Upload(files) = read.ask else { panic!("an upload") };
    assert_eq!((files[0].content.as_str(), files[0].life_time_ms), ("QUJDREVG", 28_800_000));
    assert!(!format!("{files:?}").contains("x.pdf"), "names of files do not reach a log");
}

#[test]
fn too_many_files_and_unknown_kinds_are_refused() {
    let many = request(Ask::Download(vec!["a".to_owned(); FILES_MAX + 1]));
    assert_eq!(many.write(), Err(Error::TooMany { what: "fileIdentifiers" }));
    let long = request(Ask::Remove(vec!["a".repeat(101)]));
    assert_eq!(long.write(), Err(Error::TooLong { what: "fileIdentifiers" }));
    let other = request(Ask::Download(Vec::new())).write().unwrap().replace("DOWNLOAD", "RENAME");
    let read = Request::read(&Data::element(other).unwrap());
    assert_eq!(read, Err(Error::Invalid { what: "type" }));
}
