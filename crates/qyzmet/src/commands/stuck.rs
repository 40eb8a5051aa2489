// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet stuck`: the administrator's board as a command; it may be run beside the process of the role.

use crate::commands::{Answer, Error, plain};
use qyzmet::serve::{Config, board_beside};
use service::board::{Acts, Board, ITEMS_MAX, Item, Order, Reason, What};
use std::io::Write;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The configuration of the role.
    #[arg(long, value_name = "FILE", global = true, default_value = "qyzmet.toml")]
    config: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    order: Option<Ordered>,
}

#[derive(Debug, clap::Subcommand)]
enum Ordered {
    /// Has it tried again now.
    Retry {
        /// The id that the list shows.
        id: Uuid,
        /// Why, for the journal.
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
    },
    /// Ends it undone; the sender of a message is told.
    GiveUp {
        /// The id that the list shows.
        id: Uuid,
        /// Why, for the journal; no personal data of citizens.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let told = |it| Error::Role(args.config.clone(), it);
    let config = Config::read(&args.config).map_err(told)?;
    let board = board_beside(&config).map_err(told)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(execute(args, &*board, out))
}

async fn execute(args: &Args, board: &dyn Board, out: &mut dyn Write) -> Result<Answer, Error> {
    let by = by();
    match &args.order {
        None => {
            let items = board.items().await?;
            if args.json {
                serde_json::to_writer_pretty(&mut *out, &items)?;
                writeln!(out)?;
            } else {
                list(&items, out)?;
            }
            return Ok(if items.is_empty() { Answer::Done } else { Answer::No });
        }
        Some(Ordered::Retry { id, why }) => {
            board.retry(*id, Order { by: &by, why }).await?;
            writeln!(out, "{id}: it is tried again as soon as the role works")?;
        }
        Some(Ordered::GiveUp { id, why }) => {
            board.give_up(*id, Order { by: &by, why }).await?;
            writeln!(out, "{id}: it was given up")?;
        }
    }
    Ok(Answer::Done)
}

/// Who ordered, for the journal: the account of the machine under which the command runs.
fn by() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|it| std::env::var(it).ok());
    format!("command of {}", named.filter(|it| !it.is_empty()).unwrap_or_else(|| "unknown".to_owned()))
}

fn list(items: &[Item], out: &mut dyn Write) -> Result<(), Error> {
    let aside = items.iter().filter(|it| it.is_aside()).count();
    writeln!(out, "{} stuck: {} tried again by itself, {aside} set aside", items.len(), items.len() - aside)?;
    if items.len() >= ITEMS_MAX {
        writeln!(out, "there may be more: what is set aside is shown first, then what was refused")?;
    }
    for item in items {
        writeln!(out, "\n{}  {}", item.id, plain(&what(&item.what)))?;
        let next = item.next.map_or_else(|| "not by itself".to_owned(), |it| it.to_string());
        writeln!(out, "  since {}, tried {} times, next try: {next}", item.since, item.attempts)?;
        let (why, advice) = words(item.reason);
        writeln!(out, "  why: {why} ({})", item.reason.code())?;
        if !item.words.is_empty() {
            writeln!(out, "       {}", plain(&item.words))?;
        }
        writeln!(out, "  who must act: {}", plain(acts(&item.acts)))?;
        writeln!(out, "  → {advice}")?;
    }
    Ok(())
}

fn what(what: &What) -> String {
    match what {
        What::Work { kind, case, register } => {
            let case = case.map(|it| format!(" of case {}", it.0)).unwrap_or_default();
            let register = register.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
            format!("{kind}{register}{case}")
        }
        What::Message { notice, message, service, from, to, .. } => {
            let of = if *notice { "notice about message" } else { "message" };
            format!("{of} {message}, {service}, from {from} to {to}")
        }
        What::Anomaly { message, case, from } => format!("message {message} from {from} of case {}", case.0),
        What::NotTaken { number, message, from } if number.is_empty() => {
            format!("application in message {message} from {from}")
        }
        What::NotTaken { number, message, from } => {
            format!("application {number} in message {message} from {from}")
        }
    }
}

fn acts(acts: &Acts) -> &str {
    match acts {
        Acts::Nobody => "nobody",
        Acts::Other(Some(name)) => name,
        Acts::Other(None) => "the other side",
        Acts::Administrator => "the administrator of this system",
        Acts::Makers => "the makers of the program",
    }
}

const NOT_IN_TABLES: (&str, &str) = (
    "an application came with something that stands in none of the tables here, and was not taken",
    "add what the words name to [published] or the organisations and restart; a gateway of ours then \
     brings it again by itself, for thirty days (its administrator can try at once), and a portal that \
     calls directly has to send it again; its term runs from the day it was sent",
);
const NOT_TAKEN: (&str, &str) = (
    "an application came that cannot be taken as it is",
    "tell the portal's administrator what the words name, and agree who tells whoever applied, by the \
     number of the application: nobody does by itself; a gateway of ours has set the message aside: once \
     its administrator gives it up, what follows in the chain is brought; if it comes mended in the same \
     chain this goes by itself, else give it up with the answer",
);
const KEY_UNKNOWN: (&str, &str) = (
    "the authority does not know the applicant's key",
    "it is checked again for a day; then the check ends and the applicant is told to apply again with \
     another key; if several wait like this, check which service answers; try again only when the applicant \
     has not applied anew",
);
const ISSUER_UNKNOWN: (&str, &str) = (
    "who issued the applicant's key is not known here, or the host that publishes him is silent",
    "look into the log for the name; if he is a genuine authority, install his root (`qyzmet eds trust add`) \
     and start again; else look at the link to that host; it is checked again for a day; then the check ends \
     and the applicant is told to apply again with another key; try again only when the applicant has not \
     applied anew",
);

/// Returns why, and what to do.
const fn words(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::Silent => {
            ("the other side does not answer", "check the link and whether the other side works")
        }
        Reason::NotNow => (
            "the other side cannot take it now",
            "wait; if it lasts, ask the administrator of the other side",
        ),
        Reason::Busy => ("other work is being done there now", "nothing needs to be done"),
        Reason::RefusedFormat => (
            "the other side does not accept the form or the content",
            "contact the sender; when it is mended try again, or give it up",
        ),
        Reason::RefusedService => (
            "the other side does not know the service",
            "ask the other side to connect the service, then try again",
        ),
        Reason::RefusedCertificate => (
            "the other side does not accept our certificate",
            "check its term and whether the other side knows it, then try again",
        ),
        Reason::RefusedSignature => (
            "the other side does not confirm the signature",
            "check the key that signs messages (qyzmet doctor), then try again",
        ),
        Reason::Refused => ("the other side refused it", "ask the other side for the cause by the code"),
        Reason::NoRoute => (
            "there is no way to the addressee",
            "add the address to the configuration, restart the role, then try again",
        ),
        Reason::Transport => (
            "the link does not work as it is configured",
            "check the configuration and the certificates (qyzmet doctor), then try again",
        ),
        Reason::FileGone => ("a kept file is missing", "restore it from the backup, then try again"),
        Reason::Unusable => ("it cannot be done as it is", "give the id and these words to the makers"),
        Reason::NotBrought => (
            "the gateway took it, and its administrator has given it up",
            "ask the gateway's administrator why; when the cause is mended, try again: it is sent anew",
        ),
        Reason::IdReused => (
            "it came under an id that its sender had used for another message, and was refused",
            "ask the sender's administrator, then give it up with the answer; nothing was changed here",
        ),
        Reason::NotInTables => NOT_IN_TABLES,
        Reason::NotTaken => NOT_TAKEN,
        Reason::Patience => {
            ("there was no answer for too long", "agree with the other side, then try again, or give it up")
        }
        Reason::Evidence => (
            "the state of a certificate or a time stamp could not be had",
            "check the link to the services of the authority",
        ),
        Reason::KeyUnknown => KEY_UNKNOWN,
        Reason::IssuerUnknown => ISSUER_UNKNOWN,
        Reason::AccountEnded => (
            "the account of this application has ended before its signature could be judged: nobody would see the case",
            "give it up: its person was told to apply again",
        ),
        Reason::Store => ("our own store did not answer", "check the free space and the state of the disk"),
        Reason::CutOff => {
            ("it was begun and cut off", "nothing needs to be done: it is done again by itself")
        }
        Reason::Waiting => ("it waits to be tried again", "if it lasts, look at the words"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use service::board::Ending;

    fn item(number: &str, words: &str) -> Item {
        let (number, message) = (number.to_owned(), "m-1".to_owned());
        Item {
            id: Uuid::nil(),
            what: What::NotTaken { number, message, from: "pep".to_owned() },
            since: Timestamp::UNIX_EPOCH,
            attempts: 1,
            next: None,
            reason: Reason::NotTaken,
            words: words.to_owned(),
            acts: Acts::Other(Some("pep".to_owned())),
            ending: Some(Ending::Noted),
        }
    }

    fn listed(items: &[Item]) -> String {
        let mut out = Vec::new();
        list(items, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_text_of_a_portal_makes_no_lines_of_its_own() {
        let told = listed(&[item("2000001", "unusable: x")]);
        assert!(told.contains("application 2000001 in message m-1 from pep\n"), "{told}");
        let forged = listed(&[item("1\n0 stuck\u{1b}[2J", "x\u{202e}\n  who must act: nobody")]);
        assert_eq!(forged.lines().count(), told.lines().count(), "{forged}");
        assert!(!forged.contains(['\u{1b}', '\u{202e}']), "{forged}");
        let unread = listed(&[item("", "unusable: x")]);
        assert!(unread.contains("application in message m-1 from pep\n"), "{unread}");
    }
}
