// SPDX-License-Identifier: MIT OR Apache-2.0
//! The press behind its port.

use super::StartError;
use async_trait::async_trait;
use service::paper_spec::PaperSpec;
use service::ports::PortError;
use std::sync::Arc;

/// The press of crate `paper` as the port of `service`.
#[derive(Debug, Clone)]
struct PaperPress(paper::Press);

/// Threads of the press: one paper takes some tens of milliseconds.
const PRESS_THREADS: usize = 2;

/// Starts the press.
pub(crate) fn start() -> Result<Arc<dyn service::ports::Press>, StartError> {
    let press = paper::Press::start(PRESS_THREADS).map_err(|it| StartError::Press(it.to_string()))?;
    Ok(Arc::new(PaperPress(press)))
}

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
