// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the fuzzer begins with: files of folders, and a set of signed files of every kind that openssl helps to make.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use eds::algorithm::DigestAlgorithm;
use eds::pades::{SignatureInfo, embed, prepare};
use eds::xml::{Signer, SignerFailed, sign_body, sign_element, sign_enveloped};
use eds::{
    Archive, ArchivedAct, ArchivedContent, Certificate, Content, Evidence, Policy, Purpose, Revocation,
    RsaSigner, Trust, embed_stamp, sign_cms_detached, signature_values, tsp, verify_cms,
};
use lopdf::{Document, Object, Stream, dictionary};

type Made<T> = Result<T, Box<dyn Error>>;

const FILES_MAX: usize = 512;
const SEED_BYTES_MAX: usize = 256 * 1024;
/// What a detached signature of the set is over.
pub(crate) const CONTENT: &[u8] = b"test123";
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

/// Makes the set in a folder: an authority, a person, and what they sign.
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
    let maker = Maker::new(folder)?;
    put("stamped.der", &maker.stamped_cms()?)?;
    maker.xml()?;
    maker.pdf()?;
    let archive = maker.archive()?;
    put("act.json", &archive)?;
    Ok(())
}

struct Maker<'a> {
    folder: &'a Path,
    leaf: Certificate,
    signer: RsaSigner,
}

impl<'a> Maker<'a> {
    fn new(folder: &'a Path) -> Made<Self> {
        let leaf = Certificate::parse(&std::fs::read(folder.join("leaf.der"))?)?;
        let signer = RsaSigner::from_pkcs8(&std::fs::read(folder.join("leaf.key"))?)?;
        Ok(Self { folder, leaf, signer })
    }

    fn cms(&self, digest: [u8; 32]) -> Made<Vec<u8>> {
        let chain = std::slice::from_ref(&self.leaf);
        Ok(sign_cms_detached(digest, &self.signer, chain, self.leaf.not_before())?)
    }

    fn stamp(&self, bytes: &[u8]) -> Made<Vec<u8>> {
        let query = tsp::request(DigestAlgorithm::Sha256, bytes, Some(&[0x81; 8])).ok_or("no request")?;
        std::fs::write(self.folder.join("query.tsq"), &query)?;
        openssl(
            self.folder,
            "ts -reply -config openssl.cnf -queryfile query.tsq -signer stamp.pem -inkey stamp.key -out reply.tsr",
        )?;
        Ok(tsp::accept(&query, &std::fs::read(self.folder.join("reply.tsr"))?)?)
    }

    fn stamped_cms(&self) -> Made<Vec<u8>> {
        let cms = self.cms(eds::sha256(CONTENT))?;
        let value = signature_values(&cms)?.pop().ok_or("no signer")?;
        Ok(embed_stamp(&cms, 0, &self.stamp(&value)?)?)
    }

    fn xml(&self) -> Made<()> {
        let sign = |bytes: &[u8]| self.signer.sign(bytes).map_err(|it| SignerFailed(it.to_string()));
        let signer = Signer { certificate_der: self.leaf.der(), sign: &sign };
        let text = "<?xml version=\"1.0\"?><!-- c --><d:a xmlns:d=\"urn:d\" b='2' a=\"1\">\r\n<x Id='p'>1 &lt; 2</x><y xmlns='urn:y' d:z='&#9;'/></d:a>";
        let one = sign_enveloped(text, &signer)?;
        let two = sign_enveloped(&one, &signer)?;
        let body = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body Id=\"id-1\"><r>1</r></s:Body></s:Envelope>";
        let element = sign_element(text, "p", &signer)?;
        for (name, text) in [
            ("one.xml", one),
            ("two.xml", two),
            ("body.xml", sign_body(body, &signer)?),
            ("part.xml", element),
        ] {
            std::fs::write(self.folder.join(name), text)?;
        }
        Ok(())
    }

    fn pdf(&self) -> Made<()> {
        let one = self.signed(&page())?;
        std::fs::write(self.folder.join("one.pdf"), &one)?;
        std::fs::write(self.folder.join("two.pdf"), self.signed(&one)?)?;
        Ok(())
    }

    fn signed(&self, pdf: &[u8]) -> Made<Vec<u8>> {
        let info = SignatureInfo {
            name: "INVENTED PERSON".to_owned(),
            reason: None,
            location: None,
            contact: None,
            time: self.leaf.not_before(),
            placeholder_bytes: 2048,
        };
        let prepared = prepare(pdf, &info)?;
        Ok(embed(&prepared, &self.cms(prepared.digest)?)?)
    }

    fn archive(&self) -> Made<Vec<u8>> {
        let cms = self.cms(eds::sha256(CONTENT))?;
        let value = signature_values(&cms)?.pop().ok_or("no signer")?;
        let evidence = Evidence { stamps: vec![self.stamp(&value)?], ..Evidence::default() };
        let root = std::fs::read(self.folder.join("root.der"))?;
        let mut policy = Policy::new(Trust::from_certificates([root.as_slice()])?, Purpose::AnySignature);
        policy.revocation = Revocation::NotChecked;
        let at = self.leaf.not_before().checked_add(jiff::SignedDuration::from_mins(10))?;
        let verdict = verify_cms(&Content::Detached(CONTENT), &cms, &evidence, at, &policy);
        let act =
            ArchivedAct { content: ArchivedContent::Detached { bytes: CONTENT.to_vec() }, signature: cms };
        let archive = Archive::new(act, &policy, evidence, &verdict)?;
        let token = self.stamp_request(&archive)?;
        Ok(archive.sealed(Evidence::default(), &token)?.to_bytes()?)
    }

    fn stamp_request(&self, archive: &Archive) -> Made<Vec<u8>> {
        let query = archive.seal_request(&Evidence::default(), &[5; 16])?;
        std::fs::write(self.folder.join("query.tsq"), &query)?;
        openssl(
            self.folder,
            "ts -reply -config openssl.cnf -queryfile query.tsq -signer stamp.pem -inkey stamp.key -out reply.tsr",
        )?;
        Ok(tsp::accept(&query, &std::fs::read(self.folder.join("reply.tsr"))?)?)
    }
}

/// Returns a document of one page with some text.
fn page() -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let text = document.add_object(Stream::new(dictionary! {}, b"BT /F1 12 Tf (text) Tj ET".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => text,
        "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
    });
    let list = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, Object::Dictionary(list));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _written = document.save_to(&mut bytes);
    bytes
}
