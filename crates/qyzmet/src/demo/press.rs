// SPDX-License-Identifier: MIT OR Apache-2.0
//! The press behind its port.

use async_trait::async_trait;
use service::paper_spec::PaperSpec;
use service::ports::PortError;

/// The press of crate `paper` as the port of `service`.
#[derive(Debug, Clone)]
pub(super) struct PaperPress(pub(super) paper::Press);

#[async_trait]
impl service::ports::Press for PaperPress {
    async fn press(&self, spec: &PaperSpec) -> Result<Vec<u8>, PortError> {
        self.0.press(spec.clone()).await.map_err(|it| {
            if it.is_passing() {
                PortError::Unavailable(it.to_string())
            } else {
                // What the engine refused may quote the paper: the journal gets the kind alone.
                PortError::Unusable("the paper cannot be pressed".to_owned())
            }
        })
    }
}
