// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every way of starting the program is put together from: the demonstration in one process, and each role by itself.

pub mod clock;
pub(crate) mod master;
pub(crate) mod press;
pub(crate) mod role;
pub(crate) mod seals;
pub mod settings;

pub use clock::SystemClock;

use gateway::roots::RootsError;
use gateway::{InstallError, KeysError, TlsError};
use service::SubmitError;
use std::path::PathBuf;

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or folder cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// The folder holds something that we did not make.
    #[error("{path} was not made by `qyzmet demo` and is left alone; name another folder by --data", path = .0.display())]
    NotOurs(PathBuf),
    /// The master key is damaged.
    #[error("{path} is no key of 32 bytes; without it the data cannot be read. Restore it or start with another data folder", path = .0.display())]
    MasterKey(PathBuf),
    /// A data file cannot be read.
    #[error("`{0}` cannot be read: {1}")]
    Shipped(String, String),
    /// The store of a role does not open.
    #[error("the store in {path}: {1}", path = .0.display())]
    Store(PathBuf, String),
    /// The development authority does not open.
    #[error("the development authority: {0}")]
    Authority(String),
    /// The press does not start.
    #[error("the press: {0}")]
    Press(String),
    /// An account cannot be made.
    #[error("an account: {0}")]
    Account(#[from] SubmitError),
    /// The configuration says what cannot be.
    #[error("{path}: {1}", path = .0.display())]
    Config(PathBuf, String),
    /// The key that signs messages cannot be used.
    #[error("{path}: {1}", path = .0.display())]
    Keys(PathBuf, KeysError),
    /// A stamp cannot be installed.
    #[error("{0}")]
    Stamp(#[from] InstallError),
    /// TLS cannot be had.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    /// The brokers cannot be used as configured.
    #[error("NATS: {0}")]
    Nats(#[from] gateway::transport::NatsError),
    /// The temporary storage of files does not open.
    #[error("the temporary storage of files: {0}")]
    Files(#[from] gateway::files::FolderError),
    /// The roots cannot be used.
    #[error("the roots: {0}")]
    Roots(#[from] RootsError),
    /// An address cannot be listened at.
    #[error("cannot listen at {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
}
