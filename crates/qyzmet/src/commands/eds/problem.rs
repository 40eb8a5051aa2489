// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why there is no answer: a machine word, and in three languages what is wrong and what to do.

use crate::commands::{Error, spoken};
use eds::{Lang, Unread, Words};
use gateway::roots::RootsError;
use qyzmet::demands::Unfit;
use qyzmet::eds_api::words::UNKNOWN;
use qyzmet::unread::{Told, told as told_unread};
use serde_json::json;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// The form in which it is written; `docs/schemas/eds-report.json` describes it.
const PROBLEM_VERSION: u32 = 1;

pub(super) const NOT_NAMED: Told = (
    "file-not-named",
    [
        "тексерілетін файлды көрсетіңіз: `qyzmet eds verify ФАЙЛ`",
        "назовите файл, который проверить: `qyzmet eds verify ФАЙЛ`",
        "name the file to be judged: `qyzmet eds verify FILE`",
    ],
);
pub(super) const MISSING: Told = (
    "file-missing",
    [
        "мұндай файл жоқ; жолын тексеріңіз",
        "такого файла нет; проверьте путь",
        "there is no such file; check the path",
    ],
);
pub(super) const FOLDER: Told = (
    "file-is-folder",
    [
        "бұл бума; ішіндегі файлды көрсетіңіз",
        "это папка; назовите файл в ней",
        "this is a folder; name a file in it",
    ],
);
pub(super) const NOT_REGULAR: Told = (
    "file-not-regular",
    [
        "бұл құрылғы немесе арна, кәдімгі файл емес; деректерді файлға сақтап, соны көрсетіңіз",
        "это устройство или канал, а не обычный файл; сохраните данные в файл и назовите его",
        "this is a device or a pipe and no regular file; save the bytes to a file and name that",
    ],
);
pub(super) const TOO_LARGE: Told = (
    "file-too-large",
    [
        "файл 64 мегабайттан үлкен; мұндайлар оқылмайды",
        "файл больше 64 мегабайт; такие не читаются",
        "the file is larger than 64 megabytes; such are not read",
    ],
);
pub(super) const NO_EVIDENCE: Told = (
    "evidence-unknown",
    [
        "бұл дәлел емес; қабылданады: тіркеу куәлігі (бірнешеуі де, p7b), OCSP жауабы, қайтарып алу тізімі, уақыт белгісі, сақталған дәлелдер, олардың бумасы",
        "это не доказательство; принимаются: регистрационное свидетельство (и несколько, p7b), ответ OCSP, список отзыва, метка времени, сохраненные доказательства, папка с ними",
        "this is no evidence; taken are certificates (several too, p7b), OCSP responses, revocation lists, time stamps, stored evidence, a folder of these",
    ],
);
pub(super) const NO_ROOT: Told = (
    "root-unknown",
    [
        "бұл тіркеу куәлігі емес; түбірлік куәлік DER немесе PEM түрінде беріледі",
        "это не регистрационное свидетельство; корневое свидетельство дается в DER или PEM",
        "this is no certificate; a root is given as DER or PEM",
    ],
);
pub(super) const NOT_AUTHORITY: Told = (
    "root-not-authority",
    [
        "бұл куәландырушы орталықтың куәлігі емес; орталықтың түбірлік куәлігін көрсетіңіз",
        "это свидетельство не удостоверяющего центра; назовите корневое свидетельство центра",
        "this certificate is not of a certification authority; name the root certificate of the authority",
    ],
);
/// Also where the installed roots are listed.
pub(super) const ROOT_CHANGED: Told = (
    "root-changed",
    [
        "орнатылған түбірлік куәліктің файлы жоқ немесе өзгерген; хешін куәландырушы орталықпен салыстырып, оны қайта орнатыңыз: `qyzmet eds trust add ФАЙЛ --sha256 …`",
        "файла установленного корневого свидетельства нет, или он изменен; сверьте хеш с удостоверяющим центром и установите свидетельство снова: `qyzmet eds trust add ФАЙЛ --sha256 …`",
        "the file of an installed root is missing or was changed; compare the hash with the authority and install the root again: `qyzmet eds trust add FILE --sha256 …`",
    ],
);
const ROOTS_DAMAGED: Told = (
    "roots-damaged",
    [
        "орнатылған түбірлік куәліктердің тізімі бүлінген; оны өшіріп, куәліктерді қайта орнатыңыз: `qyzmet eds trust add ФАЙЛ --sha256 …`",
        "список установленных корневых свидетельств поврежден; удалите его и установите свидетельства снова: `qyzmet eds trust add ФАЙЛ --sha256 …`",
        "the list of the installed roots is damaged; remove it and install the roots again: `qyzmet eds trust add FILE --sha256 …`",
    ],
);
const ROOTS_UNREADABLE: Told = (
    "roots-unreadable",
    [
        "түбірлік куәліктер бумасын оқу немесе оған жазу мүмкін емес; рұқсаттарын тексеріңіз",
        "папку корневых свидетельств нельзя прочитать или записать; проверьте права",
        "the folder of the roots cannot be read or written; check its permissions",
    ],
);
pub(super) const ROOTS_TOO_MANY: Told = (
    "roots-too-many",
    [
        "түбірлік куәлік тым көп; олардың саны 64-тен аспауы керек",
        "слишком много корневых свидетельств; их может быть не больше 64",
        "there are too many roots; 64 may be given",
    ],
);
pub(super) const NO_ADDRESSES: Told = (
    "addresses-damaged",
    [
        "мекенжайлар тізімі бүлінген; оны docs/eds.md бойынша түзетіңіз",
        "список адресов поврежден; исправьте его по docs/eds.md",
        "the list of addresses is damaged; mend it by docs/eds.md",
    ],
);
pub(super) const NO_TIME: Told = (
    "at",
    [
        "`--at` — сағаттық белдеуі көрсетілген уақыт, мысалы 2022-09-28T14:40:30Z немесе 2022-09-28T19:40:30+05:00",
        "`--at` — время с поясом, например 2022-09-28T14:40:30Z или 2022-09-28T19:40:30+05:00",
        "`--at` is a time with its zone, such as 2022-09-28T14:40:30Z or 2022-09-28T19:40:30+05:00",
    ],
);
const NO_LANG: Told = (
    "lang",
    [
        "`--lang` тілі мыналардың бірі: kk, ru, en",
        "язык `--lang` — один из: kk, ru, en",
        "`--lang` is one of kk, ru, en",
    ],
);
const UNREADABLE: Told = (
    "file-unreadable",
    [
        "файл оқылмайды; рұқсаттарын тексеріңіз",
        "файл не читается; проверьте права",
        "the file cannot be read; check its permissions",
    ],
);
const FAILED: Told =
    ("failed", ["тексеру мүмкін болмады", "проверить не удалось", "judging was not possible"]);
const OPTIONS: Told = (
    "options",
    [
        "опциялар дұрыс емес; олардың бәрін `qyzmet eds verify --help` атайды",
        "опции неверны; все их называет `qyzmet eds verify --help`",
        "the options are wrong; `qyzmet eds verify --help` names all of them",
    ],
);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Problem {
    code: &'static str,
    sentence: Words,
    lang: Lang,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sentence.in_lang(self.lang))
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Eds(Box::new(problem))
    }
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        Problem { code: unfit.code, sentence: unfit.words(), lang: Lang::En }.into()
    }
}

impl Problem {
    /// Returns the problem of an option or of the whole.
    pub(super) fn of((code, sentence): Told) -> Self {
        let [kk, ru, en] = sentence.map(str::to_owned);
        Self { code, sentence: Words { kk, ru, en }, lang: Lang::En }
    }

    /// Returns the problem of a file.
    pub(super) fn at(path: &Path, told: Told) -> Self {
        let mut problem = Self::of(told);
        for words in problem.each() {
            *words = format!("{}: {words}", path.display());
        }
        problem
    }

    /// Returns the problem of a file that is of none of the kinds.
    pub(super) fn unknown(path: &Path, bytes: &[u8]) -> Self {
        let Some(why) = Unread::of(bytes) else { return Self::at(path, UNKNOWN) };
        let problem = Self::at(path, told_unread(&why));
        if let Unread::Encoding(name) = &why { problem.because(name) } else { problem }
    }

    /// Returns the problem of a file that the system does not give.
    pub(super) fn reading(path: &Path, fault: &io::Error) -> Self {
        if fault.kind() == io::ErrorKind::NotFound {
            return Self::at(path, MISSING);
        }
        Self::at(path, UNREADABLE).because(&fault.to_string())
    }

    /// Returns the problem of the installed roots.
    fn of_roots(fault: &RootsError) -> Self {
        match fault {
            RootsError::File(path, why) => Self::of_root_file(path, why),
            RootsError::Damaged(path) => Self::at(path, ROOTS_DAMAGED),
            RootsError::NotCertificate => Self::of(NO_ROOT),
            RootsError::NotAuthority => Self::of(NOT_AUTHORITY),
            RootsError::Changed(sha256) => Self::of(ROOT_CHANGED).because(&format!("SHA-256 {sha256}")),
            RootsError::TooMany => Self::of(ROOTS_TOO_MANY),
            RootsError::OtherHash(_) | RootsError::Unconfirmed(_) | RootsError::Development(_) => {
                Self::of(FAILED).because(&fault.to_string())
            }
        }
    }

    /// Returns the problem of a file among the roots; an absent list is none, so an absent file is a root's.
    fn of_root_file(path: &Path, why: &io::Error) -> Self {
        if why.kind() == io::ErrorKind::NotFound {
            Self::at(path, ROOT_CHANGED)
        } else {
            Self::at(path, ROOTS_UNREADABLE).because(&why.to_string())
        }
    }

    /// Adds the words of the system or of a parser.
    fn because(mut self, fault: &str) -> Self {
        for words in self.each() {
            *words = format!("{words} ({fault})");
        }
        self
    }

    fn each(&mut self) -> [&mut String; 3] {
        let Words { kk, ru, en } = &mut self.sentence;
        [kk, ru, en]
    }

    fn write(&self, out: &mut dyn Write) -> Result<(), Error> {
        let problem = json!({ "code": self.code, "sentence": self.sentence });
        writeln!(out, "{}", json!({ "version": PROBLEM_VERSION, "problem": problem }))?;
        Ok(out.flush()?)
    }
}

/// Returns the language that was named, else that of the system, else Kazakh.
pub(super) fn language(named: Option<&str>) -> Lang {
    named.and_then(Lang::from_code).or_else(|| Lang::from_code(&spoken())).unwrap_or(Lang::Kk)
}

/// Refuses a language that is none of the three.
pub(super) fn known(named: Option<&str>) -> Result<(), Error> {
    if named.is_some_and(|it| Lang::from_code(it).is_none()) {
        return Err(Problem::of(NO_LANG).into());
    }
    Ok(())
}

/// Returns the error in the language, written to `out` where JSON was asked for.
pub(super) fn told(error: Error, (lang, json): (Lang, bool), out: &mut dyn Write) -> Error {
    if matches!(error, Error::Output(_)) {
        return error;
    }
    let mut problem = if let Error::Eds(problem) = error {
        problem
    } else if let Error::Roots(fault) = &error {
        Box::new(Problem::of_roots(fault))
    } else {
        Box::new(Problem::of(FAILED).because(&error.to_string()))
    };
    problem.lang = lang;
    let written = if json { problem.write(out) } else { Ok(()) };
    written.err().unwrap_or(Error::Eds(problem))
}

/// Tells a wrong use of `eds verify` as each other problem of it; `parser` are the words of the parser.
pub(crate) fn misused(given: &[OsString], parser: &str, out: &mut dyn Write) -> Result<(), Error> {
    let is_verify = given.iter().take(2).map(OsString::as_os_str).eq(["eds", "verify"]);
    if is_verify && given.iter().any(|it| it == "--json") {
        let fault = parser.lines().next().unwrap_or_default();
        Problem::of(OPTIONS).because(fault.trim_start_matches("error: ")).write(out)?;
    }
    Ok(())
}
