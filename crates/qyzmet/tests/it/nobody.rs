// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who is not there: no register, no addressee, no authority, no stamp and no press.

use async_trait::async_trait;
use jiff::Timestamp;
use service::paper_spec::PaperSpec;
use service::ports::border::{Delivery, Parcel};
use service::ports::evidence::{Archived, Judgement, Signatory};
use service::ports::registers::{Answer, Question};
use service::ports::{Border, Evidence, PortError, Press, Registers, Signer};

/// Whoever is asked is not there.
#[derive(Debug)]
pub(crate) struct Nobody;

fn nobody() -> PortError {
    PortError::Unavailable("nobody is there".to_owned())
}

#[async_trait]
impl Registers for Nobody {
    async fn ask(&self, _: &Question) -> Result<Answer, PortError> {
        Err(nobody())
    }
}

#[async_trait]
impl Border for Nobody {
    async fn deliver(&self, _: Parcel) -> Result<Delivery, PortError> {
        Err(nobody())
    }
}

#[async_trait]
impl Evidence for Nobody {
    async fn judge_received(
        &self,
        _: (&[u8], &[u8]),
        _: &Signatory,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Judgement, PortError> {
        Err(nobody())
    }

    async fn stamp(
        &self,
        _: (&[u8], &[u8]),
        _: &Signatory,
        _: Timestamp,
    ) -> Result<Option<Vec<u8>>, PortError> {
        Err(nobody())
    }

    async fn archive(
        &self,
        _: (&[u8], &[u8]),
        _: Option<Vec<u8>>,
        _: &Signatory,
        _: Timestamp,
    ) -> Result<Archived, PortError> {
        Err(nobody())
    }

    async fn renew(&self, _: &[u8], _: Timestamp) -> Result<Archived, PortError> {
        Err(nobody())
    }
}

#[async_trait]
impl Signer for Nobody {
    async fn stamp(&self, _: &str, _: [u8; 32], _: Timestamp) -> Result<Vec<u8>, PortError> {
        Err(nobody())
    }
}

#[async_trait]
impl Press for Nobody {
    async fn press(&self, _: &PaperSpec) -> Result<Vec<u8>, PortError> {
        Err(nobody())
    }
}
