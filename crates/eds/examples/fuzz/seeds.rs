// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the fuzzer begins with: files of folders, and a set of signed files of every kind that openssl, with its
//! engine of GOST, helps to make.

mod envelopes;
mod evidence;
mod gost;
mod papers;
mod person;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use eds::algorithm::DigestAlgorithm;
use eds::pades::{embed, prepare_stamp};
use eds::xml::{Signer, SignerFailed, sign_body, sign_element, sign_enveloped, verify_enveloped};
use eds::{
    Archive, ArchivedAct, ArchivedContent, Content, Evidence, Policy, Purpose, Revocation, Trust,
    embed_stamp, signature_values, tsp, verify_cms, verify_xml,
};
use jiff::{SignedDuration, Timestamp};

use person::Person;

type Made<T> = Result<T, Box<dyn Error>>;

const FILES_MAX: usize = 512;
const SEED_BYTES_MAX: usize = 256 * 1024;
/// Room for a time stamp over a document.
const STAMP_BYTES: usize = 8192;
/// What a detached signature of the set is over.
pub(crate) const CONTENT: &[u8] = b"test123";
/// A document to be signed.
const TEXT: &str =
    "<d:a xmlns:d=\"urn:d\" Id=\"root\"><x Id='p'>1 &lt; 2</x><y xmlns='urn:y' d:z='&#9;'/></d:a>";
const CONFIG: &str = "[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\n\
    keyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n[leaf]\nbasicConstraints=CA:FALSE\n\
    keyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=emailProtection,1.2.398.3.3.4.1.1\n\
    certificatePolicies=1.2.398.3.3.2\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
    [stamp]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n\
    [tsa]\ndefault_tsa=settings\n[settings]\nserial=serial\ndefault_policy=1.2.398.3.3.2.6.4\ndigests=sha256\n\
    accuracy=secs:1\nordering=no\ntsa_name=yes\ness_cert_id_chain=no\nsigner_digest=sha256\ness_cert_id_alg=sha256\n\
    [ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=9\n";
const COMMANDS: [&str; 19] = [
    "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 3650 -subj /CN=Root -config openssl.cnf -extensions root",
    "req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=INVENTED-PERSON/SN=INVENTED/serialNumber=IIN990101300017/C=KZ -config openssl.cnf",
    "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x4711 -days 3600 -out leaf.pem -extfile openssl.cnf -extensions leaf",
    "req -newkey rsa:2048 -nodes -keyout stamp.key -out stamp.csr -subj /CN=Stamp -config openssl.cnf",
    "x509 -req -in stamp.csr -CA root.pem -CAkey root.key -set_serial 0x51 -days 3600 -out stamp.pem -extfile openssl.cnf -extensions stamp",
    "cms -sign -binary -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -md sha256 -out detached.der",
    "cms -sign -binary -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -md sha256 -nodetach -cades -out cades.der",
    "cms -sign -binary -in content.txt -signer leaf.pem -inkey leaf.key -outform DER -md sha256 -nodetach -stream -indef -out stream.der",
    "cms -sign -binary -in content.txt -signer leaf.pem -inkey leaf.key -outform PEM -md sha256 -nodetach -keyid -out signed.pem",
    "cms -resign -inform DER -in cades.der -signer stamp.pem -inkey stamp.key -outform DER -md sha256 -out two.der",
    "ca -config openssl.cnf -gencrl -cert root.pem -keyfile root.key -out list.pem",
    "crl -in list.pem -outform DER -out list.der",
    "ocsp -issuer root.pem -cert leaf.pem -reqout ask.der",
    "ocsp -index index.txt -CA root.pem -rsigner root.pem -rkey root.key -reqin ask.der -respout answer.der -ndays 9",
    "pkcs12 -export -in leaf.pem -inkey leaf.key -certfile root.pem -iter 2 -passout pass:Qwerty12 -out aes.p12",
    "pkcs12 -export -in leaf.pem -inkey leaf.key -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -iter 2 -passout pass:Qwerty12 -out des.p12",
    "pkcs12 -export -in leaf.pem -inkey leaf.key -keypbe AES-128-CBC -certpbe NONE -nomaciter -iter 2 -passout pass:Qwerty12 -out plain.p12",
    "x509 -in root.pem -outform DER -out root.der",
    "x509 -in leaf.pem -outform DER -out leaf.der",
];

/// How a file of the set begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begins {
    /// Valid where nobody asks about revocation.
    Valid,
    /// Valid where revocation is asked about: the answers lie inside.
    WithEvidence,
    /// Never valid: it can be taken for two things.
    Refused,
}

/// Files of the set, the parser that each is made for, and how it begins.
const MADE: [(&str, &str, Begins); 19] = [
    ("cades.der", "cms", Begins::Valid),
    ("stamped.der", "cms", Begins::Valid),
    ("cades-lists.der", "cms", Begins::WithEvidence),
    ("cades-values.der", "cms", Begins::WithEvidence),
    ("paper.der", "cms", Begins::Valid),
    ("one.xml", "xml", Begins::Valid),
    ("two.xml", "xml", Begins::Valid),
    ("xades.xml", "xml", Begins::Valid),
    ("xades-root.xml", "xml", Begins::WithEvidence),
    ("paper.xml", "xml", Begins::Valid),
    ("body.xml", "part-xml", Begins::Valid),
    ("token.xml", "part-xml", Begins::Valid),
    ("two.pdf", "pdf", Begins::Valid),
    ("lt.pdf", "pdf", Begins::WithEvidence),
    ("lta.pdf", "pdf", Begins::WithEvidence),
    ("holds.pdf", "pdf", Begins::Valid),
    ("both-xml.pdf", "pdf", Begins::Refused),
    ("both-cms.pdf", "pdf", Begins::Refused),
    ("act.json", "archive", Begins::Valid),
];
/// The same of each kind of GOST, by what follows its name.
const MADE_BY_GOST: [(&str, &str, Begins); 9] = [
    (".der", "cms", Begins::Valid),
    ("-detached.der", "cms", Begins::Valid),
    ("-values.der", "cms", Begins::WithEvidence),
    (".xml", "xml", Begins::Valid),
    ("-values.xml", "xml", Begins::WithEvidence),
    ("-body.xml", "part-xml", Begins::Valid),
    (".pdf", "pdf", Begins::Valid),
    (".json", "archive", Begins::WithEvidence),
    ("-xml.json", "archive", Begins::WithEvidence),
];

/// Returns how the files of the set begin, each with the parser that it is made for.
pub(crate) fn made() -> Vec<(String, &'static str, Begins)> {
    let by_gost = gost::KINDS.iter().flat_map(|kind| {
        MADE_BY_GOST.map(|(ending, parser, begins)| (format!("{}{ending}", kind.name), parser, begins))
    });
    MADE.iter().map(|(name, parser, begins)| ((*name).to_owned(), *parser, *begins)).chain(by_gost).collect()
}

/// Reads the files of a folder, in order.
pub(crate) fn files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|it| it.path()).collect();
    paths.sort();
    for path in paths.into_iter().take(FILES_MAX) {
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.len() <= SEED_BYTES_MAX
        {
            found.push(bytes);
        }
    }
}

fn openssl(folder: &Path, arguments: &str) -> Made<()> {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split_whitespace()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{arguments}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// Makes the set in a folder: authorities, people, and what they sign.
pub(crate) fn make(folder: &Path) -> Made<()> {
    std::fs::create_dir_all(folder)?;
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes);
    put("openssl.cnf", CONFIG.as_bytes())?;
    put("content.txt", CONTENT)?;
    put("serial", b"0F")?;
    put("number", b"01")?;
    put("index.txt", b"R\t360101000000Z\t261101000000Z,keyCompromise\t4711\tunknown\t/CN=INVENTED\nV\t360101000000Z\t\t51\tunknown\t/CN=Stamp\n")?;
    for command in COMMANDS {
        openssl(folder, command)?;
    }
    let maker = Maker { folder, root: Person::rsa(folder, "root")?, leaf: Person::rsa(folder, "leaf")? };
    maker.cms()?;
    maker.xml()?;
    maker.pdf()?;
    maker.both()?;
    gost::KINDS.iter().try_for_each(|kind| maker.gost(kind))
}

struct Maker<'a> {
    folder: &'a Path,
    root: Person,
    leaf: Person,
}

impl Maker<'_> {
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> Made<()> {
        Ok(std::fs::write(self.folder.join(name), bytes)?)
    }

    /// The moment at which everything is signed.
    fn now(&self) -> Timestamp {
        self.leaf.certificate.not_before()
    }

    /// Returns what clears the person.
    fn clearing(&self) -> Made<Evidence> {
        evidence::clearing(&self.root, &self.leaf.certificate, self.now())
    }

    fn stamp(&self, bytes: &[u8]) -> Made<Vec<u8>> {
        self.answer(&tsp::request(DigestAlgorithm::Sha256, bytes, Some(&[0x81; 8])).ok_or("no request")?)
    }

    /// Returns the token with which the authority of time answers.
    fn answer(&self, query: &[u8]) -> Made<Vec<u8>> {
        self.put("query.tsq", query)?;
        openssl(
            self.folder,
            "ts -reply -config openssl.cnf -queryfile query.tsq -signer stamp.pem -inkey stamp.key -out reply.tsr",
        )?;
        Ok(tsp::accept(query, &std::fs::read(self.folder.join("reply.tsr"))?)?)
    }

    /// Returns the signature with a time stamp over the value of its one signer.
    fn stamped(&self, cms: &[u8]) -> Made<Vec<u8>> {
        Ok(embed_stamp(cms, 0, &self.stamp(&value(cms)?)?)?)
    }

    fn cms(&self) -> Made<()> {
        let (attached, detached) = (self.leaf.cms(CONTENT, true)?, self.leaf.cms(CONTENT, false)?);
        let clearing = self.clearing()?;
        self.put("stamped.der", self.stamped(&detached)?)?;
        self.put("cades-lists.der", evidence::beside(&attached, &clearing)?)?;
        self.put("cades-values.der", self.stamped(&evidence::among(&attached, &clearing)?)?)?;
        let own = value(&detached)?;
        let content = ArchivedContent::Detached { bytes: CONTENT.to_vec() };
        let act = ArchivedAct { content, signature: detached };
        self.put("act.json", self.archive(act, &own, Evidence::default(), &self.root)?)
    }

    fn xml(&self) -> Made<()> {
        let sign = |bytes: &[u8]| (self.leaf.sign)(bytes).map_err(|it| SignerFailed(it.to_string()));
        let signer = Signer { certificate_der: self.leaf.certificate.der(), sign: &sign };
        let text = "<?xml version=\"1.0\"?><!-- c --><d:a xmlns:d=\"urn:d\" b='2' a=\"1\">\r\n<x Id='p'>1 &lt; 2</x><y xmlns='urn:y' d:z='&#9;'/></d:a>";
        let one = sign_enveloped(text, &signer)?;
        let body = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body Id=\"id-1\"><r>1</r></s:Body></s:Envelope>";
        self.put("two.xml", sign_enveloped(&one, &signer)?)?;
        self.put("one.xml", one)?;
        self.put("body.xml", sign_body(body, &signer)?)?;
        self.put("part.xml", sign_element(text, "p", &signer)?)?;
        self.put("xades.xml", envelopes::with_properties(&self.leaf, TEXT, "")?)?;
        let root = envelopes::with_properties(&self.leaf, TEXT, "#root")?;
        let token = self.stamp(&envelopes::to_stamp(&root)?)?;
        self.put("xades-root.xml", envelopes::with_unsigned(&root, &token, &self.clearing()?.crls))?;
        self.put("token.xml", envelopes::envelope(&self.leaf)?)
    }

    fn pdf(&self) -> Made<()> {
        let one = papers::signed(&self.leaf, &papers::page(b"BT /F1 12 Tf (text) Tj ET")?)?;
        self.put("two.pdf", papers::signed(&self.leaf, &one)?)?;
        let stored = papers::with_store(&one, &self.clearing()?)?;
        let prepared = prepare_stamp(&stored, STAMP_BYTES)?;
        self.put("lta.pdf", embed(&prepared, &self.stamp(&prepared.content())?)?)?;
        self.put("lt.pdf", stored)?;
        self.put("one.pdf", one)
    }

    /// Files of one kind inside another.
    fn both(&self) -> Made<()> {
        let paper = papers::signed(&self.leaf, &papers::page(b"BT /F1 12 Tf (text) Tj ET")?)?;
        let (attached, detached) = (self.leaf.cms(CONTENT, true)?, self.leaf.cms(CONTENT, false)?);
        let xml = envelopes::with_properties(&self.leaf, TEXT, "")?;
        let page = papers::page(&[xml.as_bytes(), &attached].concat())?;
        self.put("paper.der", self.leaf.cms(&paper, true)?)?;
        self.put("paper.xml", envelopes::with_properties(&self.leaf, &papers::text(), "")?)?;
        self.put("holds.pdf", papers::signed(&self.leaf, &page)?)?;
        self.put("both-xml.pdf", papers::before(&xml))?;
        self.put("both-cms.pdf", papers::within(&detached, &paper)?)
    }

    fn gost(&self, kind: &gost::Kind) -> Made<()> {
        let term = [self.now(), self.leaf.certificate.not_after()];
        let (root, leaf) = gost::people(self.folder, kind, term)?;
        let put = |ending: &str, bytes: Vec<u8>| self.put(&format!("{}{ending}", kind.name), bytes);
        let (attached, detached) = (leaf.cms(CONTENT, true)?, leaf.cms(CONTENT, false)?);
        let mut clearing = evidence::clearing(&root, &leaf.certificate, self.now())?;
        // The authority of time is of the other root.
        clearing.crls.push(evidence::list(&self.root, self.now())?);
        let xml = envelopes::with_properties(&leaf, TEXT, "")?;
        put("-values.der", self.stamped(&evidence::among(&attached, &clearing)?)?)?;
        put(".der", attached)?;
        put("-detached.der", detached.clone())?;
        put(".xml", xml.clone().into_bytes())?;
        let token = self.stamp(&envelopes::to_stamp(&xml)?)?;
        put("-values.xml", envelopes::with_unsigned(&xml, &token, &clearing.crls).into_bytes())?;
        put("-body.xml", envelopes::envelope(&leaf)?.into_bytes())?;
        put(".pdf", papers::signed(&leaf, &papers::page(TEXT.as_bytes())?)?)?;
        let own = value(&detached)?;
        let content = ArchivedContent::Detached { bytes: CONTENT.to_vec() };
        let act = ArchivedAct { content, signature: detached };
        put(".json", self.archive(act, &own, clearing.clone(), &root)?)?;
        let own = verify_enveloped(xml.as_bytes())?.signature_value;
        let content = ArchivedContent::Xml { bytes: xml.into_bytes() };
        let act = ArchivedAct { content, signature: Vec::new() };
        put("-xml.json", self.archive(act, &own, clearing, &root)?)
    }

    /// Returns the sealed archive of an act with a time stamp over its signature value; without lists revocation is not asked
    /// about.
    fn archive(
        &self,
        act: ArchivedAct,
        value: &[u8],
        mut evidence: Evidence,
        authority: &Person,
    ) -> Made<Vec<u8>> {
        evidence.stamps.push(self.stamp(value)?);
        let roots = [self.root.certificate.der(), authority.certificate.der()];
        let mut policy = Policy::new(Trust::from_certificates(roots)?, Purpose::AnySignature);
        if evidence.crls.is_empty() {
            policy.revocation = Revocation::NotChecked;
        }
        let at = self.now().checked_add(SignedDuration::from_mins(10))?;
        let verdict = if let ArchivedContent::Xml { bytes } = &act.content {
            verify_xml(bytes, &evidence, at, &policy)
        } else {
            verify_cms(&Content::Detached(CONTENT), &act.signature, &evidence, at, &policy)
        };
        let archive = Archive::new(act, &policy, evidence, &verdict)?;
        let token = self.answer(&archive.seal_request(&Evidence::default(), &[5; 16])?)?;
        Ok(archive.sealed(Evidence::default(), &token)?.to_bytes()?)
    }
}

/// Returns the signature value of the one signer.
fn value(cms: &[u8]) -> Made<Vec<u8>> {
    Ok(signature_values(cms)?.pop().ok_or("no signer")?)
}
