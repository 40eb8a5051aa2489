// SPDX-License-Identifier: MIT OR Apache-2.0
// Signs in this program with a GOST key file as the national authority writes them, and lets openssl with the engine `gost`
// judge. The authority's certificate of the test is signed by the key itself, and its names are invented.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { BIT_STRING, INTEGER, NULL, OCTET_STRING, SEQUENCE, SET, UTC_TIME, child, concat, oid, read, write } from "../src/sign/der";
import { useGost } from "../src/sign/gost";
import { GostModule } from "../src/sign/gostmodule";
import { KeyFileSigner } from "../src/sign/keyfile";
import { SignProblem } from "../src/sign/signer";

const WASM = "build/gost.wasm";
/** In CI the engine, a package of Debian, must be there; a target of the toolchain cannot be fetched everywhere. */
const inCi = Boolean(process.env.CI);
const hasModule = existsSync(WASM);
const skip = hasModule ? false : "the module of GOST is not built here: Rust has no target wasm32-unknown-unknown";
const hasEngine = inCi || spawnSync("openssl", ["engine", "gost"]).status === 0;
const skipEngine = skip || (hasEngine ? false : "openssl has no engine gost here (package libengine-gost-openssl)");

/** Random keys, each with a message of its own. */
const RANDOM_KEYS = 16;
const KEY_ALGORITHM = write(SEQUENCE, oid("1.2.398.3.10.1.1.2.2"), write(SEQUENCE, oid("1.2.398.3.10.1.1.2.2.1"), oid("1.2.398.3.10.1.3.3")));
const SIGNATURE_ALGORITHM = write(SEQUENCE, oid("1.2.398.3.10.1.1.2.3.2"), write(NULL));
const CONTENT = new TextEncoder().encode("<application>Үлгі</application>\n");
/** Beginning of a key as the engine knows it: identifiers of TC 26. */
const ENGINE_KEY = Buffer.from("3081a0301706082a85030701010102300b06092a8503070102010201038184000481" + "80", "hex");

let gost: GostModule;
/** Random bytes of a fixed seed. */
const random = (what: string, at: number): Buffer => createHash("sha512").update(`qyzmet gost ${what} ${at}`).digest();
const number = (seed: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, at) => (seed * 31 + at * 7) & 0x7f);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bits = (bytes: Uint8Array): Uint8Array => write(BIT_STRING, Uint8Array.of(0), bytes);

before(async () => {
  if (!hasModule) return;
  gost = await GostModule.of(readFileSync(WASM));
  useGost(async (request) => gost.answer(request));
});

function signed(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return gost.answer({ act: "sign", key, digest: gost.answer({ act: "digest", bytes }) });
}

function certificate(key: Uint8Array): Uint8Array {
  const attribute = (type: string, tag: number, text: string) => write(SET, write(SEQUENCE, oid(type), write(tag, utf8(text))));
  const name = write(SEQUENCE, attribute("2.5.4.3", 0x0c, "ҮЛГІБАЕВА АЙГҮЛ"), attribute("2.5.4.5", 0x13, "IIN900101400016"), attribute("2.5.4.6", 0x13, "KZ"));
  const spki = write(SEQUENCE, KEY_ALGORITHM, bits(write(OCTET_STRING, gost.answer({ act: "public", key }))));
  const term = write(SEQUENCE, write(UTC_TIME, utf8("260101000000Z")), write(UTC_TIME, utf8("400101000000Z")));
  const tbs = write(SEQUENCE, write(0xa0, write(INTEGER, Uint8Array.of(2))), write(INTEGER, Uint8Array.of(7)), SIGNATURE_ALGORITHM, name, term, name, spki);
  return write(SEQUENCE, tbs, SIGNATURE_ALGORITHM, bits(signed(key, tbs)));
}

/** A key file without encryption: the ciphers of key files are tested with RSA keys. */
function keyFile(key: Uint8Array, form: (number: Uint8Array) => Uint8Array = (it) => write(OCTET_STRING, it)): Uint8Array {
  const pkcs8 = write(SEQUENCE, write(INTEGER, Uint8Array.of(0)), KEY_ALGORITHM, write(OCTET_STRING, form(key)));
  const inside = write(SEQUENCE, oid("1.2.840.113549.1.9.22.1"), write(0xa0, write(OCTET_STRING, certificate(key))));
  const bag = (type: string, value: Uint8Array) => write(SEQUENCE, oid(type), write(0xa0, value));
  const bags = write(SEQUENCE, bag("1.2.840.113549.1.12.10.1.1", pkcs8), bag("1.2.840.113549.1.12.10.1.3", inside));
  const data = (content: Uint8Array) => write(SEQUENCE, oid("1.2.840.113549.1.7.1"), write(0xa0, write(OCTET_STRING, content)));
  return write(SEQUENCE, write(INTEGER, Uint8Array.of(3)), data(write(SEQUENCE, data(bags))));
}

test("the module hashes as the standard does, whatever the length", { skip }, () => {
  const hex = (bytes: Uint8Array) => Buffer.from(gost.answer({ act: "digest", bytes })).toString("hex");
  assert.match(hex(new Uint8Array()), /^8e945da209aa869f0455928529bcae46/);
  assert.match(hex(utf8("012345678901234567890123456789012345678901234567890123456789012")), /^1b54d01a4af5b9d5cc3d86d68d285462/);
  const long = new Uint8Array(200_000).fill(0x61);
  assert.notEqual(hex(long), hex(long.subarray(1)));
});

for (const [form, write_] of [["as the authority's program writes it", undefined], ["as bare bytes", (it: Uint8Array) => it]] as const) {
  test(`a GOST key file opens, its key ${form}`, { skip }, async () => {
    const signer = await KeyFileSigner.open(keyFile(number(1), write_), "");
    assert.equal(signer.certificate.iin, "900101400016");
    assert.equal(signer.certificate.isGost, true);
  });
}

test("the engine accepts a signature made with a GOST key file", { skip: skipEngine }, async () => {
  const key = number(3);
  const signer = await KeyFileSigner.open(keyFile(key), "");
  const [cms] = await signer.sign([{ id: "application", kind: "xml-bytes", bytes: CONTENT }]);
  const signerInfo = child(read(new Uint8Array(Buffer.from(cms ?? "", "base64"))), 1, 0, 4, 0);
  const attributes = child(signerInfo, 3);
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-gost-"));
  const file = (name: string) => join(folder, name);
  try {
    writeFileSync(file("message"), concat(Uint8Array.of(SET), attributes.whole.subarray(1)));
    writeFileSync(file("signature"), Uint8Array.from(child(signerInfo, 5).content).reverse());
    writeFileSync(file("key.der"), concat(ENGINE_KEY, gost.answer({ act: "public", key })));
    execFileSync("openssl", ["pkey", "-engine", "gost", "-pubin", "-inform", "DER", "-in", file("key.der"), "-out", file("key.pem")], { stdio: "ignore" });
    const judged = spawnSync("openssl", ["dgst", "-engine", "gost", "-streebog512", "-verify", file("key.pem"), "-signature", file("signature"), file("message")], { encoding: "utf8" });
    assert.match(judged.stdout + judged.stderr, /Verified OK/);
    // The digest of the content stands in what was signed.
    assert.ok(Buffer.from(attributes.content).includes(gost.answer({ act: "digest", bytes: CONTENT })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the engine accepts what the module signs with random keys, and gives the same digests", { skip: skipEngine }, () => {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-gost-"));
  const openssl = (...args: string[]) => spawnSync("openssl", ["dgst", "-engine", "gost", "-streebog512", ...args], { cwd: folder, encoding: "utf8" });
  try {
    for (let at = 0; at < RANDOM_KEYS; at += 1) {
      const key = new Uint8Array(random("key", at));
      const message = Buffer.concat([random("message", at), random("more", at)]).subarray(0, at * 8);
      writeFileSync(join(folder, "message"), message);
      writeFileSync(join(folder, "other"), Buffer.concat([message, Buffer.from(".")]));
      writeFileSync(join(folder, "key.der"), concat(ENGINE_KEY, gost.answer({ act: "public", key })));
      writeFileSync(join(folder, "signature"), signed(key, message).reverse());
      const verify = ["-keyform", "DER", "-verify", "key.der", "-signature", "signature"];
      assert.match(openssl(...verify, "message").stdout, /Verified OK/, `key ${at}`);
      assert.doesNotMatch(openssl(...verify, "other").stdout, /Verified OK/, `key ${at}`);
      const digest = Buffer.from(gost.answer({ act: "digest", bytes: message })).toString("hex");
      assert.ok(openssl("message").stdout.includes(digest), `message ${at}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a PDF is hashed from the bytes of its range, not signed by its SHA-256", { skip }, async () => {
  const signer = await KeyFileSigner.open(keyFile(number(4)), "");
  const [cms] = await signer.sign([{ id: "result", kind: "pdf-digest", digest: new Uint8Array(32), range: async () => CONTENT }]);
  assert.ok(Buffer.from(cms ?? "", "base64").includes(gost.answer({ act: "digest", bytes: CONTENT })));
});

test("a key that is no number of the curve opens nothing", { skip }, async () => {
  assert.throws(() => gost.answer({ act: "public", key: new Uint8Array(64) }));
  assert.throws(() => gost.answer({ act: "sign", key: new Uint8Array(64).fill(0xff), digest: new Uint8Array(64) }));
  assert.throws(() => gost.answer({ act: "public", key: new Uint8Array(32) }));
});

test("after signing nothing of the key is left in the memory of the module", { skip }, () => {
  const key = number(9);
  const memories: WebAssembly.Memory[] = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module) {
      super(module);
      memories.push(this.exports.memory as WebAssembly.Memory);
    }
  };
  try {
    gost.answer({ act: "sign", key, digest: new Uint8Array(64) });
  } finally {
    WebAssembly.Instance = Instance;
  }
  assert.equal(memories.length, 1);
  assert.ok(memories.every(({ buffer }) => new Uint8Array(buffer).every((byte) => byte === 0)));
});

test("a GOST key of another length is not supported", { skip }, async () => {
  const error = await KeyFileSigner.open(keyFile(number(2), (it) => it.subarray(0, 32)), "").then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof SignProblem);
});
