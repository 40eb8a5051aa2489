// SPDX-License-Identifier: MIT OR Apache-2.0
//! How much a message may bring along beside it.

use crate::border::{Region, accepts, sample};
use crate::world::{peer, wait, wire};
use engine::case::FileHash;
use gateway::files::{BESIDE_BYTES_MAX, BESIDE_BYTES_SUM_MAX, RemoteFiles};
use gateway::{BorderClient, BorderEndpoint, Directory, InProcess, TempFiles};
use service::ports::border::{Parcel, ParcelFile, Receive};
use service::ports::{Border, PortError};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A storage that gives files of one length, whatever was put.
#[derive(Debug)]
struct Swollen {
    bytes: usize,
    asked: AtomicUsize,
}

#[async_trait::async_trait]
impl TempFiles for Swollen {
    async fn put(&self, _: &str, _: Vec<u8>) -> Result<(), PortError> {
        Ok(())
    }

    async fn get(&self, _: &str) -> Result<Option<Vec<u8>>, PortError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Some(vec![0; self.bytes]))
    }

    async fn forget(&self, _: &str) {}
}

fn file(bytes: Vec<u8>) -> ParcelFile {
    ParcelFile {
        hash: FileHash(hex::encode(eds::sha256(&bytes))),
        name: "scan".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes,
    }
}

/// An application with so many short files and one that is too long for the message.
fn parcel(short: usize) -> Parcel {
    let mut parcel = sample();
    parcel.files.push(file(vec![1; 12 * 1024 * 1024]));
    parcel.files.extend((0..short).map(|_| file(b"short".to_vec())));
    parcel
}

/// Delivers it to a region whose storage gives files of so many bytes; returns why not, and how many were fetched.
fn refused(parcel: Parcel, bytes: usize) -> (PortError, usize) {
    let (hub, region) = (Arc::new(InProcess::new()), Arc::new(Region::default()));
    let storage = Arc::new(Swollen { bytes, asked: AtomicUsize::new(0) });
    let files = Arc::clone(&storage) as Arc<dyn TempFiles>;
    let receive = Arc::clone(&region) as Arc<dyn Receive>;
    let endpoint = BorderEndpoint::new(wire("qyzmet-region", "transport-region"), accepts(), receive);
    hub.register("region", Arc::new(endpoint.with_files(Some(files))));
    let directory = Directory::new().with("abai-education", "region", peer("region"));
    let portal = BorderClient::new(wire("qyzmet-portal", "transport-portal"), hub, directory);
    let why = wait(portal.deliver(parcel)).unwrap_err();
    assert_eq!(region.count(), 0);
    (why, storage.asked.load(Ordering::Relaxed))
}

#[test]
fn what_lies_beside_a_message_is_fetched_no_further_than_may_be_and_its_sender_is_to_blame() {
    let told = PortError::Unusable("the other side refused: SCE001".to_owned());
    assert_eq!(refused(parcel(20), BESIDE_BYTES_MAX + 1), (told.clone(), 1), "one file");
    let fit = BESIDE_BYTES_SUM_MAX / BESIDE_BYTES_MAX;
    assert_eq!(refused(parcel(20), BESIDE_BYTES_MAX), (told, fit + 1), "all together");
}

#[test]
fn a_sender_lays_nothing_down_that_is_not_taken() {
    let mut long = sample();
    let scan = || ParcelFile { bytes: vec![0; BESIDE_BYTES_MAX], ..file(Vec::new()) };
    long.files.extend((0..11).map(|_| scan()));
    let words = format!("the files are longer than {BESIDE_BYTES_SUM_MAX} bytes together");
    assert_eq!(refused(long, 0), (PortError::Unusable(words), 0));
    let hub = Arc::new(InProcess::new());
    let remote = RemoteFiles::new(wire("qyzmet-portal", "transport-portal"), hub, "nowhere", peer("gateway"));
    let words = "the file is too long for the temporary storage".to_owned();
    assert_eq!(wait(remote.put("scan", vec![0; BESIDE_BYTES_MAX + 1])), Err(PortError::Unusable(words)));
}
