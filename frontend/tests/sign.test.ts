// SPDX-License-Identifier: MIT OR Apache-2.0
// Signs in this program with key files made by the openssl command and lets openssl judge the signatures.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { INTEGER, OCTET_STRING, SEQUENCE, oid, write } from "../src/sign/der";
import { KeyFileSigner, KEY_FILE_BYTES_MAX } from "../src/sign/keyfile";
import { type ProblemKind, SignProblem } from "../src/sign/signer";
import { isOffered, isRefused, misfits, withoutAdvice } from "../src/sign/whose";
import { firstSentence } from "../src/sign/words";

const PASSWORD = "Құпия-123";
/** An invented person. */
const SUBJECT = "/C=KZ/CN=ҮЛГІБАЕВА АЙГҮЛ/SN=ҮЛГІБАЕВА/GN=ҮЛГІҚЫЗЫ/serialNumber=IIN900101400016";
const CONTENT = new TextEncoder().encode("<application>Үлгі</application>\n");
const FORMS = {
  "aes256-pbkdf2-sha256": ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-macalg", "sha256"],
  "authority": ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-RC2-40", "-macalg", "sha1", "-legacy"],
  "old-3des": ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
  "no-mac": ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-nomac"],
};

let folder: string;
const file = (name: string) => join(folder, name);
const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
const bytes = (name: string) => new Uint8Array(readFileSync(file(name)));

before(() => {
  folder = mkdtempSync(join(tmpdir(), "qyzmet-sign-"));
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-subj", SUBJECT, "-days", "30", "-keyout", "key.pem",
    "-out", "certificate.pem", "-addext", "keyUsage=digitalSignature,nonRepudiation", "-addext", "extendedKeyUsage=emailProtection");
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=EC", "-keyout", "ec.pem", "-out", "ec-certificate.pem");
  for (const [name, options] of Object.entries(FORMS)) {
    openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "certificate.pem", "-passout", `pass:${PASSWORD}`, "-out", `${name}.p12`, ...options);
  }
  openssl("pkcs12", "-export", "-inkey", "ec.pem", "-in", "ec-certificate.pem", "-passout", `pass:${PASSWORD}`, "-out", "ec.p12");
});

after(() => rmSync(folder, { recursive: true, force: true }));

async function problemOf(key: Uint8Array, password = PASSWORD): Promise<string> {
  const error = await KeyFileSigner.open(key, password).then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof SignProblem, `opened, or failed otherwise: ${String(error)}`);
  return error.kind;
}

for (const name of Object.keys(FORMS)) {
  test(`openssl accepts a signature of the content with a key file of kind ${name}`, async () => {
    const signer = await KeyFileSigner.open(bytes(`${name}.p12`), PASSWORD);
    const [cms] = await signer.sign([{ id: "application", kind: "xml-bytes", bytes: CONTENT }]);
    writeFileSync(file("cms.der"), Buffer.from(cms ?? "", "base64"));
    writeFileSync(file("content"), CONTENT);
    openssl("cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "cms.der", "-content", "content", "-CAfile", "certificate.pem", "-purpose", "any", "-out", "seen");
    assert.deepEqual(bytes("seen"), CONTENT);
  });
}

test("a signature of a given digest is the signature of the content that has it, and carries no signing time", async () => {
  const signer = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  const digest = new Uint8Array(createHash("sha256").update(CONTENT).digest());
  const [cms] = await signer.sign([{ id: "result", kind: "pdf-digest", digest }]);
  writeFileSync(file("cms.der"), Buffer.from(cms ?? "", "base64"));
  writeFileSync(file("content"), CONTENT);
  openssl("cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "cms.der", "-content", "content", "-CAfile", "certificate.pem", "-purpose", "any", "-out", "seen");
  const printed = openssl("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "cms.der").toString();
  assert.match(printed, /id-smime-aa-signingCertificateV2/);
  assert.doesNotMatch(printed, /signingTime/);
});

test("openssl refuses the signature over other content", async () => {
  const signer = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  const [cms] = await signer.sign([{ id: "application", kind: "xml-bytes", bytes: CONTENT }]);
  writeFileSync(file("cms.der"), Buffer.from(cms ?? "", "base64"));
  writeFileSync(file("other"), "other");
  assert.throws(() => openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "other", "-CAfile", "certificate.pem", "-purpose", "any", "-out", "seen"));
});

test("the certificate tells its owner, IIN and term", async () => {
  const { certificate } = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  assert.equal(certificate.owner, "ҮЛГІБАЕВА АЙГҮЛ ҮЛГІҚЫЗЫ");
  assert.equal(certificate.iin, "900101400016");
  assert.equal(certificate.onlyForSignIn, false);
  assert.equal(certificate.isGost, false);
  assert.equal(Math.round((certificate.notAfter.getTime() - certificate.notBefore.getTime()) / 86_400_000), 30);
});

test("what the server will refuse of a key is warned of before it signs, and out of its term it is not offered", async () => {
  const { certificate } = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  const [begins, ends] = [certificate.notBefore.getTime(), certificate.notAfter.getTime()];
  const own = { iin: "900101400016", bin: undefined, keyOf: "person", now: begins };
  assert.deepEqual(misfits(certificate, own), []);
  assert.deepEqual(misfits(certificate, { ...own, now: ends }), []);
  assert.deepEqual(misfits(certificate, { ...own, now: begins - 1 }), ["not-yet"]);
  assert.deepEqual(misfits(certificate, { ...own, now: ends + 1 }), ["expired"]);
  assert.deepEqual(misfits(certificate, { ...own, iin: "900101400027" }), ["other-person"]);
  assert.deepEqual(["other-person", "expired", "not-yet"].map((it) => isOffered([it as ProblemKind])), [true, false, false]);
});

test("of another person's key that is told first, and nothing is advised about its term", async () => {
  const { certificate } = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  const key = { ...certificate, bin: "990140000012", onlyForSignIn: true };
  const late = certificate.notAfter.getTime() + 1;
  const of = (iin: string) => misfits(key, { iin, bin: undefined, keyOf: "person", now: late });
  assert.deepEqual(of("900101400027"), ["other-person", "expired", "employee-key", "key-kind"]);
  assert.deepEqual(of("900101400016"), ["expired", "employee-key", "key-kind"]);
  assert.deepEqual(["900101400027", "900101400016"].map((iin) => withoutAdvice(of(iin))), [["expired"], []]);
  assert.deepEqual(withoutAdvice(["other-person", "not-yet"]), ["not-yet"]);
});

test("what follows is told where another key is signed with all the same, and not where nothing is signed or nothing is wrong", () => {
  const kinds: ProblemKind[][] = [["other-person"], ["other-person", "employee-key"], ["other-person", "expired"], ["offline"], []];
  assert.deepEqual(kinds.map(isRefused), [true, true, false, false, false]);
});

test("of the words of a problem the first sentence tells the cause", () => {
  assert.equal(firstSentence("Бұл – басқа адамның кілті: ЖСН сәйкес келмейді. Өз кілтіңізді таңдаңыз."), "Бұл – басқа адамның кілті: ЖСН сәйкес келмейді.");
  assert.equal(firstSentence("Файлдың аты .p12 деп аяқталады. Оны таңдаңыз."), "Файлдың аты .p12 деп аяқталады.");
  assert.equal(firstSentence("Кілтті таңдаңыз"), "Кілтті таңдаңыз");
});

test("a person's own key and an employee's are not taken for one another, known or unknown whose it must be", async () => {
  const { certificate } = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  const [now, iin] = [certificate.notBefore.getTime(), "900101400016"];
  const [employee, stranger] = ["990140000012", "990140000023"].map((bin) => ({ ...certificate, bin }));
  for (const known of [iin, undefined]) {
    const person = { iin: known, bin: undefined, keyOf: "person", now };
    assert.deepEqual([certificate, employee].map((it) => misfits(it, person)), [[], ["employee-key"]]);
    const enters = { iin: known, bin: undefined, keyOf: "employee", now };
    assert.deepEqual([certificate, employee].map((it) => misfits(it, enters)), [["personal-key"], []]);
  }
  const office = { iin, bin: employee.bin, keyOf: "employee", now };
  assert.deepEqual([certificate, employee, stranger].map((it) => misfits(it, office)), [["personal-key"], [], ["other-organization"]]);
});

test("the key cannot be taken out of the browser's cryptography", async () => {
  const signer = await KeyFileSigner.open(bytes("aes256-pbkdf2-sha256.p12"), PASSWORD);
  const { key } = (signer as unknown as { key: { key: CryptoKey } }).key;
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", key));
});

for (const name of Object.keys(FORMS)) {
  test(`a wrong password is said to be one, kind ${name}`, async () => {
    assert.equal(await problemOf(bytes(`${name}.p12`), "басқа"), "wrong-password");
  });
}

test("another file is said not to be a key", async () => {
  assert.equal(await problemOf(CONTENT), "not-key-file");
  assert.equal(await problemOf(bytes("certificate.pem")), "not-key-file");
  assert.equal(await problemOf(new Uint8Array()), "not-key-file");
  assert.equal(await problemOf(new Uint8Array(KEY_FILE_BYTES_MAX + 1)), "too-large");
});

test("every cut or changed byte of a key file ends in a plain problem", async () => {
  const whole = bytes("no-mac.p12");
  for (let length = 0; length < 64; length += 1) assert.ok(await problemOf(whole.slice(0, length)));
});

test("a key of another kind is said to be of another kind", async () => {
  assert.equal(await problemOf(bytes("ec.p12")), "unsupported");
});

test("a build without the module of GOST says so of a GOST key", async () => {
  assert.equal(await problemOf(withKey("1.2.398.3.10.1.1.2.2")), "gost");
});

test("a key of an older GOST is not supported", async () => {
  assert.equal(await problemOf(withKey("1.2.398.3.10.1.1.1.1")), "unsupported");
});

/** A key file without a password, with a key of this algorithm. */
function withKey(algorithm: string): Uint8Array {
  const key = write(SEQUENCE, write(INTEGER, Uint8Array.of(0)), write(SEQUENCE, oid(algorithm)), write(OCTET_STRING, new Uint8Array(64)));
  const bag = write(SEQUENCE, oid("1.2.840.113549.1.12.10.1.1"), write(0xa0, key));
  const data = (content: Uint8Array) => write(SEQUENCE, oid("1.2.840.113549.1.7.1"), write(0xa0, write(OCTET_STRING, content)));
  return write(SEQUENCE, write(INTEGER, Uint8Array.of(3)), data(write(SEQUENCE, data(write(SEQUENCE, bag)))));
}
