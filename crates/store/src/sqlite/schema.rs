// SPDX-License-Identifier: MIT OR Apache-2.0
//! Opening the file: settings, the lock, migrations.

use rusqlite::{Connection, OpenFlags};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

mod embedded {
    refinery::embed_migrations!("migrations/sqlite");
}

/// How long a connection waits for another, such as a backup.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// How many prepared statements a connection keeps.
const STATEMENTS_KEPT: usize = 64;
/// The log of the journal is cut to this size after a checkpoint.
const WAL_BYTES_KEPT: i64 = 64 << 20;
/// Page cache of a connection.
const CACHE_KIBIBYTES: i64 = 16 << 10;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A process has it open.
    #[error("the folder is in use by another process")]
    InUse,
    /// There is no journal to be opened beside its process.
    #[error("there is no journal in the folder")]
    NoJournal,
    /// The tables are those of another version of the program.
    #[error("the tables are those of another version of the program: start this version first")]
    OtherTables,
    /// The files were encrypted with another key.
    #[error("the key is not the one with which the files of this folder are encrypted")]
    WrongKey,
    /// The folder cannot be used.
    #[error("the folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// The journal cannot be used.
    #[error("the journal cannot be used: {0}")]
    Journal(#[from] rusqlite::Error),
    /// The tables cannot be brought up to date; newer than this program, or changed.
    #[error("the tables of the journal cannot be brought up to date: {0}")]
    Migrations(#[from] refinery::Error),
}

/// Makes the folder if needed and takes it for this process.
pub(super) fn lock(dir: &Path) -> Result<File, OpenError> {
    std::fs::create_dir_all(dir)?;
    let lock = File::create(dir.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(error)) => Err(OpenError::Folder(error)),
    }
}

/// Opens the connection that writes, with every migration done.
pub(super) fn open_writer(journal: &Path) -> Result<Connection, OpenError> {
    let mut connection = reopen_writer(journal)?;
    embedded::migrations::runner().run(&mut connection)?;
    Ok(connection)
}

/// Opens a connection that writes beside another process, on tables that are those of this program.
pub(super) fn open_beside(journal: &Path) -> Result<Connection, OpenError> {
    if !journal.exists() {
        return Err(OpenError::NoJournal);
    }
    let mut connection = reopen_writer(journal)?;
    let runner = embedded::migrations::runner();
    let applied = runner.get_last_applied_migration(&mut connection)?.map(|it| it.version());
    let newest = runner.get_migrations().iter().map(refinery::Migration::version).max();
    if applied == newest { Ok(connection) } else { Err(OpenError::OtherTables) }
}

/// Opens the connection that writes, on tables known to be up to date.
pub(super) fn reopen_writer(journal: &Path) -> Result<Connection, OpenError> {
    let connection = Connection::open(journal)?;
    set_up(&connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update_and_check(None, "journal_size_limit", WAL_BYTES_KEPT, |_| Ok(()))?;
    // What is erased, such as a person's key, does not stay behind in free space.
    connection.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()))?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn open_reader(journal: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(journal, flags)?;
    set_up(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.pragma_update(None, "cache_size", -CACHE_KIBIBYTES)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "trusted_schema", false)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_commit_is_on_the_disk_when_it_returns() {
        let dir = tempfile::TempDir::new().unwrap();
        let writer = super::open_writer(&dir.path().join("journal.db")).unwrap();
        let pragma =
            |name| writer.pragma_query_value(None, name, |it| it.get::<_, rusqlite::types::Value>(0));
        assert_eq!(pragma("journal_mode").unwrap(), "wal".to_owned().into());
        assert_eq!(pragma("synchronous").unwrap(), 2.into(), "full");
        assert_eq!(pragma("secure_delete").unwrap(), 1.into());
    }
}
