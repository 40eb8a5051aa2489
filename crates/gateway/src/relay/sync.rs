// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway's synchronous port: a question goes to the register it names, the answer comes back, both are kept.
//!
//! Nothing is cached: a question asked again is asked again. What was written down as asked gets its end in the journal,
//! though who asked is gone: the question is asked in a task of its own, and what a killed process left open is ended by the
//! next one.

mod desk;

use super::routes::Routes;
use super::seals::Seals;
use crate::files::TempStorage;
use crate::inbound::Refusal;
use crate::transport::{Endpoint, Transport};
use crate::wire::Wire;
use async_trait::async_trait;
use desk::Desk;
use service::ports::{PortError, Store};
use shep::fault::Operation;
use shep::{Channel, Code, Envelope, Message, temp_storage};
use std::sync::Arc;
use uuid::Uuid;

/// How long a register's answer is waited for: less than those wait who ask here, over any transport.
pub const QUESTION_WAIT_SECONDS_MAX: u64 = 45;

/// The gateway between those who ask and the registers.
#[derive(Debug)]
pub struct SyncRelay {
    desk: Arc<Desk>,
    storage: Option<Arc<TempStorage>>,
}

impl SyncRelay {
    /// Returns the gateway of these routes; `transport` reaches the registers.
    pub fn new(wire: Wire, store: Arc<dyn Store>, transport: Arc<dyn Transport>, routes: Routes) -> Self {
        let clock = Arc::clone(&wire.clock);
        let desk = Desk::new(Seals::Signed(wire), (store, clock), transport, routes);
        Self { desk: Arc::new(desk), storage: None }
    }

    /// Says which temporary storage answers here, unless the routes name a register for its service.
    #[must_use]
    pub fn with_storage(mut self, storage: Arc<TempStorage>) -> Self {
        self.storage = Some(storage);
        self
    }

    async fn take(&self, bytes: Vec<u8>, exchange: Uuid) -> Result<Message, Refusal> {
        let Message::SyncRequest(request) = Envelope::read(&bytes)?.message else {
            return Err(Refusal::client(Code::Format, "only `SendMessage` is answered here"));
        };
        let service = &request.info.service_id;
        let storage = self.storage.as_ref().filter(|_| !self.desk.knows(service));
        if let Some(storage) = storage.filter(|_| service == temp_storage::SERVICE_ID) {
            return storage.answer(&bytes, &request).await;
        }
        let question = self.desk.check(bytes, request).await?;
        let desk = Arc::clone(&self.desk);
        let asking = tokio::spawn(async move { desk.ask(question, exchange).await });
        let broken = |_| Err(Refusal::server(Code::Internal, "the question broke off"));
        asking.await.unwrap_or_else(broken)
    }
}

#[async_trait]
impl Endpoint for SyncRelay {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let exchange = self.desk.clock.uuid();
        let fault = |refusal: Refusal| {
            tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a question is refused");
            refusal.into_fault(Operation::SyncSendMessage, self.desk.clock.now())
        };
        let sealed = |message| self.desk.seals.answer(Channel::Sync, message, exchange, &envelope);
        let message = self.take(envelope.clone(), exchange).await.unwrap_or_else(fault);
        // What the register says may be such that no envelope of ours holds it.
        let unfit = |error: PortError| sealed(fault(Refusal::server(Code::Internal, error.to_string())));
        sealed(message).or_else(unfit).unwrap_or_else(|error| {
            tracing::error!(error = %error, "an answer cannot be signed");
            Vec::new()
        })
    }
}
