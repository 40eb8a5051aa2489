// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names of the tables and lists; the store knows none of them.

/// Keys of persons, wrapped.
pub const KEYS: &str = "keys";
/// Accounts of citizens (by id, listed by pseudonym) and of officials (by login): a view of their streams.
pub const ACCOUNTS: &str = "accounts";
/// Sessions, by hash of their token. They expire.
pub const SESSIONS: &str = "sessions";
/// Failed attempts to sign in, by what was tried, and passwords of accounts that ended, by IIN blinded. They expire.
pub const ATTEMPTS: &str = "attempts";
/// Drafts of applications, listed by account.
pub const DRAFTS: &str = "drafts";
/// Heads of cases: listed by applicant at the portal, by organisation elsewhere.
pub const CASES: &str = "cases";
/// Work waiting for a person, listed by queue.
pub const WORK: &str = "work";
/// Notices, listed by account.
pub const NOTICES: &str = "notices";
/// Results that can be checked by anyone, by check key; listed by number.
pub const CHECKS: &str = "checks";
/// Prepared results that wait for a signature, by case.
pub const PREPARED: &str = "prepared";
/// Verdicts on signatures that came over the border, by case.
pub const VERDICTS: &str = "verdicts";
/// Messages kept as evidence, by id; listed by case.
pub const MESSAGES: &str = "messages";
/// What came over the border, by its sender and its id: a message that comes again is known.
pub const INBOX: &str = "inbox";
/// Who opened a case over the border, by case: nobody else tells of it.
pub const OPENERS: &str = "openers";
/// Messages that came and were refused: under the id of another, by sender and id, or as applications that could not be
/// taken, by sender and chain; listed until an administrator has taken note, or an application was taken after all.
pub const ANOMALIES: &str = "anomalies";
/// What gateways told of messages sent from here, by message id; those that did not arrive are listed.
pub const CARRIED: &str = "carried";
/// Readings of personal data, listed by case: a view of the streams of readers.
pub const ACCESS: &str = "access";
/// Entries of registers that the region owns, listed by register and person.
pub const ENTRIES: &str = "entries";
/// Keys of those entries, listed by register and organisation.
pub const ENTRY_LISTS: &str = "entry-lists";
/// Keys of those entries, listed by how the person's name begins, blinded.
pub const ENTRY_NAMES: &str = "entry-names";
/// Of whom something was entered in a register or ended: changed with each, so that two at once do not pass each other by.
pub const ENTRY_HOLDS: &str = "entry-holds";
/// Challenges to prove an account by EDS, by id. They expire.
pub const CHALLENGES: &str = "challenges";
/// Forms that came after their session had ended, by account; and which case a draft became or was tried as. They expire.
pub const KEPT: &str = "kept";
/// Sheets pressed to be signed by hand, by case; the last one stays beside the scan.
pub const SHEETS: &str = "sheets";
/// Entries of the journals of numbers, listed by journal and body.
pub const JOURNALS: &str = "journals";
/// Signed acts and the archives of their signatures, by case and act; listed by case.
pub const ARCHIVES: &str = "archives";
