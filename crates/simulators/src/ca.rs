// SPDX-License-Identifier: MIT OR Apache-2.0
//! The development certificate authority: root, intermediate, keys of invented people, OCSP and lists.
//!
//! It speaks the national certificate profile, so that everything behind it runs as with real keys. Its keys lie
//! unprotected in its folder and its people are invented: **never trust its root outside development**.
//!
//! Beside the people it is given it always holds: `expired` (term ended), `revoked`, `other-iin` (somebody
//! else's key), `stamp-<BIN>` (key of each organisation) and `transport-portal|center|region|gateway`.

mod build;
mod holders;
mod keys;
mod lists;
mod people;
mod pkcs12;
mod responder;
mod seed;
mod stamper;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use eds::{Certificate, Evidence, Need, RsaSigner, Trust};
use holders::Workshop;
use jiff::{SignedDuration, Timestamp};
use seed::Seed;

pub use holders::Holder;
pub use keys::{Family, GostSigner};
pub use people::{Organization, Person, Position, Standing, invented};
pub use pkcs12::Form;
pub use seed::SEED_BYTES;

/// Password of every key file of the development authority.
pub const DEV_PASSWORD: &str = "Qwerty12";
/// Where the certificates say that the authority is; the name can never be resolved.
pub const DEV_CA_URL: &str = "http://dev-ca.qyzmet.invalid";
/// Systems that hold a key for messages of the gateway.
pub const TRANSPORTS: [&str; 4] = ["portal", "center", "region", "gateway"];
/// People that one authority serves.
pub const PEOPLE_MAX: usize = 500;

/// What the certificates of an authority point to, after [`DEV_CA_URL`] and the path of its family.
const PATHS: [&str; 6] =
    ["/ocsp/", "/crl/nca.crl", "/crl/nca_d.crl", "/crl/root.crl", "/cert/nca.cer", "/cert/root.cer"];
/// The path of its authority of time.
const STAMP_PATH: &str = "/tsp/";
/// Name of the file that is locked while something is made.
const LOCK: &str = "lock";
/// Name of the file that holds the seed.
const SEED: &str = "seed";
/// Media type of a time stamp.
const STAMP_TYPE: &str = "application/timestamp-reply";
/// Name of the file that holds the revocations.
const REVOCATIONS: &str = "revoked.json";
/// Name of the file that holds the serial numbers of all keys ever issued, renewed ones too.
const ISSUED: &str = "issued.json";
/// How long before its making the key `revoked` was revoked.
const REVOKED_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 10);

/// Why there is no development authority.
#[derive(Debug)]
pub enum DevCaError {
    /// A file cannot be read or written.
    File(PathBuf, std::io::Error),
    /// A file is there, but is not what it should be; removing the folder makes a new authority.
    Damaged(PathBuf),
    /// A key could not be made.
    Key,
    /// The folder holds an authority made of another seed.
    OtherSeed(PathBuf),
    /// More people than [`PEOPLE_MAX`], or a name that cannot be a file name.
    People,
}

impl std::fmt::Display for DevCaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "file `{}`: {error}", path.display()),
            Self::Damaged(path) => {
                write!(f, "file `{}` is damaged; remove the folder to make a new authority", path.display())
            }
            Self::Key => write!(f, "a key could not be made"),
            Self::OtherSeed(folder) => write!(
                f,
                "folder `{}` holds an authority made of another seed; give that seed, or another folder",
                folder.display()
            ),
            Self::People => write!(f, "too many people, or a key name with other signs than a-z, 0-9 and -"),
        }
    }
}

impl std::error::Error for DevCaError {}

/// What a request to the authority is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Media type.
    pub content_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The development certificate authority that issues RSA keys.
pub type DevCa = Authority<RsaSigner>;
/// The development certificate authority that issues GOST keys.
pub type GostCa = Authority<GostSigner>;

/// A development certificate authority.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "the intermediate authority is the one that people know")]
pub struct Authority<K> {
    folder: PathBuf,
    root: Holder<K>,
    authority: Holder<K>,
    responder: Holder<K>,
    stamper: Holder<K>,
    holders: BTreeMap<String, Holder<K>>,
    /// Serial numbers in hexadecimal, and since when they are revoked.
    revocations: BTreeMap<String, Timestamp>,
    /// Serial numbers in hexadecimal.
    issued: BTreeSet<String>,
}

impl<K: Family> Authority<K> {
    /// Opens the authority in `folder`, making what is not there yet; keys out of their term are renewed.
    ///
    /// ```no_run
    /// use simulators::ca::{DevCa, Person, Standing};
    /// # fn f(now: jiff::Timestamp) -> Result<(), simulators::ca::DevCaError> {
    /// let person = Person {
    ///     name: "aigul".into(),
    ///     iin: "900101400001".into(),
    ///     surname: "ҮЛГІБАЕВА".into(),
    ///     given: "АЙГҮЛ".into(),
    ///     patronymic: Some("ҮЛГІҚЫЗЫ".into()),
    ///     standing: Standing::Individual,
    /// };
    /// let ca = DevCa::create_or_load("data/dev-ca".as_ref(), now, &[person])?;
    /// println!("{:?} {}", ca.p12_path("aigul"), simulators::ca::DEV_PASSWORD);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_or_load(folder: &Path, now: Timestamp, people: &[Person]) -> Result<Self, DevCaError> {
        std::fs::create_dir_all(folder).map_err(|error| DevCaError::File(folder.to_owned(), error))?;
        let _alone = alone(folder)?;
        let seed = match std::fs::read(folder.join(SEED)) {
            Ok(bytes) => bytes.try_into().map_err(|_| DevCaError::Damaged(folder.join(SEED)))?,
            Err(_) => seed::fresh()?,
        };
        Self::from_seed(folder, now, people, &seed)
    }

    /// The same, with what is random made of this seed: the same seed, time and people make the same authority. A folder
    /// made of another seed is refused.
    pub fn from_seed(
        folder: &Path,
        now: Timestamp,
        people: &[Person],
        seed: &[u8; SEED_BYTES],
    ) -> Result<Self, DevCaError> {
        people::check(people)?;
        std::fs::create_dir_all(folder).map_err(|error| DevCaError::File(folder.to_owned(), error))?;
        if std::fs::read(folder.join(SEED)).is_ok_and(|kept| kept != seed) {
            return Err(DevCaError::OtherSeed(folder.to_owned()));
        }
        holders::write(&folder.join(SEED), seed)?;
        let workshop = Workshop { folder, now, seed: &Seed::new(seed, K::NAME) };
        let made = workshop.authorities()?;
        let plans = people::plans(people, now);
        let holders = workshop.leaves(&plans, &made.authority)?;
        let revocations = read(&folder.join(REVOCATIONS))?;
        let mut issued: BTreeSet<String> = read(&folder.join(ISSUED))?;
        let known = issued.len();
        issued.extend(holders.values().map(|holder| holder.certificate().serial_hex()));
        issued.insert(made.stamper.certificate().serial_hex());
        if issued.len() != known {
            keep(&folder.join(ISSUED), &issued)?;
        }
        let mut ca = Self {
            folder: folder.to_owned(),
            responder: made.responder,
            stamper: made.stamper,
            root: made.root,
            authority: made.authority,
            holders,
            revocations,
            issued,
        };
        let revoked_serial = ca.holder("revoked").map(|holder| holder.certificate().serial_hex());
        if revoked_serial.is_some_and(|serial| !ca.revocations.contains_key(&serial)) {
            ca.revoke("revoked", now.checked_sub(REVOKED_BEFORE).unwrap_or(now))?;
        }
        Ok(ca)
    }

    /// Returns the root certificate, DER.
    pub fn root_der(&self) -> &[u8] {
        self.root.certificate().der()
    }

    /// Returns the certificate of the intermediate authority, which issues to people, DER.
    pub fn authority_der(&self) -> &[u8] {
        self.authority.certificate().der()
    }

    /// Returns trust in this authority's root alone.
    pub fn trust(&self) -> Result<Trust, DevCaError> {
        Trust::from_certificates([self.root_der()])
            .map_err(|_| DevCaError::Damaged(self.folder.join("root.cer")))
    }

    /// Returns the folder of the authority.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the key file of this name; its password is [`DEV_PASSWORD`].
    pub fn p12_path(&self, name: &str) -> Option<PathBuf> {
        self.holders.contains_key(name).then(|| self.folder.join(format!("{name}.p12")))
    }

    /// Returns the key of this name.
    pub fn holder(&self, name: &str) -> Option<&Holder<K>> {
        self.holders.get(name)
    }

    /// Returns all keys by name.
    pub fn holders(&self) -> impl Iterator<Item = (&str, &Holder<K>)> {
        self.holders.iter().map(|(name, holder)| (name.as_str(), holder))
    }

    /// Returns the key of the organisation with this BIN.
    pub fn stamp(&self, bin: &str) -> Option<&Holder<K>> {
        self.holder(&format!("stamp-{bin}"))
    }

    /// Returns the key with which a system (see [`TRANSPORTS`]) signs its messages.
    pub fn transport(&self, system: &str) -> Option<&Holder<K>> {
        self.holder(&format!("transport-{system}"))
    }

    /// Returns the chain to send along with signatures of this holder: its certificate and the intermediate.
    pub fn chain(&self, holder: &Holder<K>) -> Vec<Certificate> {
        vec![holder.certificate().clone(), self.authority.certificate().clone()]
    }

    /// Revokes the key of this name from `since` on; answers whether there is such a key.
    pub fn revoke(&mut self, name: &str, since: Timestamp) -> Result<bool, DevCaError> {
        let Some(holder) = self.holders.get(name) else { return Ok(false) };
        self.revocations.insert(holder.certificate().serial_hex(), since);
        let path = self.folder.join(REVOCATIONS);
        let json =
            serde_json::to_vec_pretty(&self.revocations).map_err(|_| DevCaError::Damaged(path.clone()))?;
        holders::write(&path, &json)?;
        Ok(true)
    }

    /// Answers an OCSP request (DER) as the national responder does: no next update, the nonce echoed.
    pub fn ocsp(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        responder::answer(self, request, now)
    }

    /// Answers a request for a time stamp (DER) as the national authority does: its serial numbers are negative.
    pub fn stamp_time(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        stamper::answer(&self.stamper, self.authority.certificate(), request, now)
    }

    /// Returns the list of revoked keys, DER.
    pub fn crl(&self, now: Timestamp) -> Vec<u8> {
        lists::list(&self.authority, &self.revocations, now, lists::TERM)
    }

    /// Returns the list of what changed since any list of revoked keys that still serves, DER.
    pub fn crl_changes(&self, now: Timestamp) -> Vec<u8> {
        lists::changes(&self.authority, &self.revocations, now)
    }

    /// Returns the (empty) list of revoked authorities, DER.
    pub fn root_crl(&self, now: Timestamp) -> Vec<u8> {
        lists::list(&self.root, &BTreeMap::new(), now, lists::ROOT_TERM)
    }

    /// Returns every address that the certificates point to, without [`DEV_CA_URL`].
    pub fn paths() -> impl Iterator<Item = String> {
        PATHS.iter().map(|path| format!("{}{path}", K::PATH))
    }

    /// Returns the path of the authority of time.
    pub fn stamp_path() -> String {
        format!("{}{STAMP_PATH}", K::PATH)
    }

    /// Answers whatever the certificates point to; nothing for any other address.
    ///
    /// `url` is a whole address under [`DEV_CA_URL`] or a path; `body` is the request about revocation or for a stamp.
    pub fn answer(&self, url: &str, body: &[u8], now: Timestamp) -> Option<Answer> {
        let path = url.strip_prefix(DEV_CA_URL).unwrap_or(url).strip_prefix(K::PATH)?;
        let (content_type, bytes) = match path {
            STAMP_PATH => (STAMP_TYPE, self.stamp_time(body, now)),
            "/ocsp/" => ("application/ocsp-response", self.ocsp(body, now)),
            "/crl/nca.crl" => ("application/pkix-crl", self.crl(now)),
            "/crl/nca_d.crl" => ("application/pkix-crl", self.crl_changes(now)),
            "/crl/root.crl" => ("application/pkix-crl", self.root_crl(now)),
            "/cert/nca.cer" => ("application/pkix-cert", self.authority_der().to_vec()),
            "/cert/root.cer" => ("application/pkix-cert", self.root_der().to_vec()),
            _ => return None,
        };
        Some(Answer { content_type, bytes })
    }

    /// Adds to `evidence` what the authority can answer of `needs`; returns how many needs were met.
    pub fn meet(&self, needs: &[Need], now: Timestamp, evidence: &mut Evidence) -> usize {
        let mut met = 0;
        for need in needs {
            let answer = match need {
                Need::Ocsp { url, request, .. } => self.answer(url, request, now),
                Need::Crl { url, .. } => self.answer(url, &[], now),
                Need::Issuer { urls, .. } => urls.iter().find_map(|url| self.answer(url, &[], now)),
                Need::TimeStamp { request, .. } => {
                    Some(Answer { content_type: STAMP_TYPE, bytes: self.stamp_time(request, now) })
                }
                Need::Algorithm { .. } | Need::Content | Need::Answer { .. } => None,
            };
            if let Some(answer) = answer {
                evidence.put(need, answer.bytes);
                met += 1;
            }
        }
        met
    }
}

/// Waits until no other process makes what is missing in the folder; ends with the value.
fn alone(folder: &Path) -> Result<std::fs::File, DevCaError> {
    let path = folder.join(LOCK);
    let opened = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let locked = opened.and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| DevCaError::File(path, error))
}

/// Reads a file of the authority; one that is not there yet is empty.
fn read<T: serde::de::DeserializeOwned + Default>(path: &Path) -> Result<T, DevCaError> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| DevCaError::Damaged(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(DevCaError::File(path.to_owned(), error)),
    }
}

fn keep(path: &Path, value: &impl serde::Serialize) -> Result<(), DevCaError> {
    let json = serde_json::to_vec_pretty(value).map_err(|_| DevCaError::Damaged(path.to_owned()))?;
    holders::write(path, &json)
}
