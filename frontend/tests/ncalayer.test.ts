// SPDX-License-Identifier: MIT OR Apache-2.0
// The client of NCALayer against a stand-in that really signs; the same stand-in is driven by another client of NCALayer,
// so that what it plays is what others see too. openssl judges every signature.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { NCALayerClient } from "ncalayer-js-client";
import { WebSocket as NodeSocket } from "ws";
import { toBase64 } from "../src/sign/base64";
import { NcaLayer, type NcaOptions, type NcaRequest, type Socket } from "../src/sign/ncalayer";
import { NcaSigner, signerOf } from "../src/sign/ncasigner";
import { type ProblemKind, SignProblem } from "../src/sign/signer";
import { MockNcaLayer } from "./mock/ncalayer.mjs";

const PASSWORD = "Qwerty12";
/** Invented persons and an invented organisation. */
const IIN = "900101400016";
const OTHER_IIN = "900101400027";
const BIN = "990140000012";
const INDIVIDUAL = ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"];
const EMPLOYEE = ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2"];
const CONTENT = new TextEncoder().encode("<application>Үлгі</application>\n");
const OTHER = new TextEncoder().encode("<application>Екінші</application>\n");

let folder: string;
let mock: InstanceType<typeof MockNcaLayer>;
let options: NcaOptions;
const file = (name: string): string => join(folder, name);
const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });

function makeKey(name: string, subject: string, usages: string): void {
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-subj", subject, "-days", "30", "-keyout", `${name}.pem`,
    "-out", `${name}.crt`, "-addext", "keyUsage=digitalSignature,nonRepudiation", "-addext", `extendedKeyUsage=${usages}`);
  openssl("pkcs12", "-export", "-inkey", `${name}.pem`, "-in", `${name}.crt`, "-passout", `pass:${PASSWORD}`, "-out", `${name}.p12`);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "qyzmet-nca-test-"));
  makeKey("person", `/C=KZ/CN=ҮЛГІБАЕВА АЙГҮЛ/serialNumber=IIN${IIN}`, "emailProtection,1.2.398.3.3.4.1.1");
  makeKey("employee", `/C=KZ/CN=ҮЛГІБАЕВА АЙГҮЛ/serialNumber=IIN${IIN}/OU=BIN${BIN}`, "emailProtection,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.1");
  makeKey("sign-in", `/C=KZ/CN=ҮЛГІБАЕВА АЙГҮЛ/serialNumber=IIN${IIN}`, "clientAuth,1.2.398.3.3.4.1.1");
  mock = await MockNcaLayer.start({ port: 0 });
  options = { address: mock.address, open: (address) => new NodeSocket(address) as unknown as Socket, connectMs: 2000, answerMs: 2000 };
});

after(async () => {
  await mock.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  mock.forget();
  mock.modules = new Set(["kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"]);
  mock.shape = { array: false, pem: true, object: false, each: false };
  mock.tokens = [];
});

const hold = (name = "person", storage?: string): Promise<void> => mock.hold(file(`${name}.p12`), PASSWORD, storage);

async function ask(over: Partial<NcaRequest> = {}): Promise<string[]> {
  const program = await NcaLayer.connect(options);
  try {
    return await program.sign({ format: "cms", data: [toBase64(CONTENT)], signatory: { iin: IIN, usages: INDIVIDUAL }, locale: "kk", ...over });
  } finally {
    program.close();
  }
}

async function problem(act: Promise<unknown>): Promise<ProblemKind> {
  const error = await act.then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof SignProblem, `signed, or failed otherwise: ${String(error)}`);
  return error.kind;
}

/** openssl takes the signature for one of this content by this certificate. */
function judge(signature: string | undefined, content: Uint8Array, name = "person"): void {
  writeFileSync(file("cms.der"), Buffer.from(signature ?? "", "base64"));
  writeFileSync(file("content"), content);
  openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "content", "-CAfile", `${name}.crt`, "-purpose", "any", "-out", "seen");
  assert.deepEqual(new Uint8Array(readFileSync(file("seen"))), content);
}

test("the greeting tells the version", async () => {
  const program = await NcaLayer.connect(options);
  assert.equal(program.version, "1.4");
  program.close();
});

for (const [name, shape] of Object.entries({
  "a string in PEM": { array: false, pem: true, object: false, each: false },
  "an array in PEM": { array: true, pem: true, object: false, each: false },
  "bare base64": { array: false, pem: false, object: false, each: false },
  "an object with a certificate": { array: false, pem: true, object: true, each: false },
  "an array of objects": { array: false, pem: true, object: false, each: true },
})) {
  test(`a signature that comes as ${name} is taken as bare base64`, async () => {
    await hold();
    mock.shape = shape;
    const [signature] = await ask();
    assert.match(signature ?? "", /^[A-Za-z0-9+/]+=*$/);
    judge(signature, CONTENT);
  });
}

for (const [name, shape] of Object.entries({
  "in an array": { array: true, pem: true, object: false, each: false },
  "in an object": { array: false, pem: true, object: true, each: false },
  "in an object each": { array: false, pem: true, object: false, each: true },
})) {
  test(`several documents are signed in one request, each for itself, in their order, ${name}`, async () => {
    await hold();
    mock.shape = shape;
    const signatures = await ask({ data: [toBase64(CONTENT), toBase64(OTHER)] });
    assert.equal(signatures.length, 2);
    judge(signatures[0], CONTENT);
    judge(signatures[1], OTHER);
    assert.equal(mock.requests.length, 1);
  });
}

/** What we make of an answer to two documents. */
function answered(answer: object): Promise<string[]> {
  mock.plays = [answer];
  return ask({ data: ["AA==", "AA=="] });
}

test("of every shape of an answer the texts are taken, one for each document", async () => {
  const body = (result: unknown): object => ({ status: true, body: { result } });
  for (const answer of [
    body(["MQ==", "Mg=="]),
    body({ signatures: ["MQ==", "Mg=="], certificate: "" }),
    body([{ cms: "MQ==" }, { cms: "Mg==" }]),
    body([{ signatures: ["MQ=="] }, { signature: "Mg==" }]),
    body([["MQ=="], "Mg=="]),
    body([{ signatures: ["MQ==", "Mg=="] }]),
    { status: true, responseObject: ["MQ==", "Mg=="] },
    { code: "200", responseObject: [{ cms: "MQ==" }, { cms: "Mg==" }] },
    { errorCode: "NONE", result: ["MQ==", "Mg=="] },
  ]) {
    assert.deepEqual(await answered(answer), ["MQ==", "Mg=="], JSON.stringify(answer));
  }
});

test("an answer of which it is not clear what signs what is refused", async () => {
  const body = (result: unknown): object => ({ status: true, body: { result } });
  for (const result of [["MQ=="], ["MQ==", ""], ["MQ==", {}], [{ signatures: ["MQ==", "Mg=="] }, {}], ["MQ==", "Mg==", "Mw=="], [[[[[["MQ=="]]]]]]]) {
    assert.equal(await problem(answered(body(result))), "nca-refused", JSON.stringify(result));
  }
  for (const empty of [{ status: true, body: {} }, { status: true, body: null }, { status: true }, body([]), body(null)]) {
    assert.equal(await problem(answered(empty)), "nca-cancelled", JSON.stringify(empty));
  }
});

test("what the program says in words is understood in three languages", async () => {
  for (const [kind, words] of Object.entries({
    "nca-cancelled": ["action.canceled", "USER_CANCELED", "Действие отменено", "Отмена пользователем", "Операция прервана пользователем", "Пайдаланушы бас тартты", "Әрекет болдырылмады", "Қол қою тоқтатылды"],
    "nca-locked": ["CKR_PIN_LOCKED", "PIN-код заблокирован", "PIN-код бұғатталған"],
    "nca-busy": ["Application is busy", "Приложение занято", "Бағдарлама бос емес", "Басқа сұрау орындалуда"],
    "nca-no-key": ["Certificate not found", "Сертификат не найден", "Подходящий ключ не найден", "Кілт табылмады"],
    "nca-refused": ["java.lang.NullPointerException", "Отказано в доступе"],
  })) {
    for (const message of words) {
      assert.equal(await problem(answered({ status: false, code: "GENERAL_ERROR", message, details: "" })), kind, message);
      assert.equal(await problem(answered({ code: "500", message })), kind, message);
    }
  }
});

test("whose key may sign and what it is for goes with the request, and flags are booleans", async () => {
  await hold("employee");
  await ask({ signatory: { iin: IIN, bin: BIN, usages: EMPLOYEE, anyAuthority: true } });
  const { signerParams, signingParams, locale } = mock.requests[0].args;
  assert.deepEqual(signerParams, { extKeyUsageOids: EMPLOYEE, iin: IIN, bin: BIN, chain: [] });
  assert.deepEqual(signingParams, { decode: true, encapsulate: false, digested: false });
  assert.equal(locale, "kk");
});

test("a production page does not admit keys of other authorities", async () => {
  await hold();
  await ask();
  assert.ok(!("chain" in mock.requests[0].args.signerParams));
});

test("a hash is passed as a hash", async () => {
  assert.equal(await problem(ask({ digested: true })), "nca-refused");
  assert.equal(mock.requests[0].args.signingParams.digested, true);
});

test("another person's key, or one for signing in, cannot be picked", async () => {
  await hold();
  assert.equal(await problem(ask({ signatory: { iin: OTHER_IIN, usages: INDIVIDUAL } })), "nca-cancelled");
  mock.forget();
  await hold("sign-in");
  assert.equal(await problem(ask()), "nca-cancelled");
});

for (const [play, kind] of [["cancel", "nca-cancelled"], ["locked", "nca-locked"], ["no-key", "nca-no-key"], ["busy", "nca-busy"], ["failure", "nca-refused"], ["close", "nca-closed"]] as const) {
  for (const old of [false, true]) {
    test(`the answer ${play} of ${old ? "commonUtils" : "basics"} is ${kind}`, async () => {
      await hold();
      if (old) mock.modules.delete("kz.gov.pki.knca.basics");
      mock.plays = [play];
      assert.equal(await problem(ask()), kind);
    });
  }
}

test("silence ends after its time", async () => {
  mock.plays = ["silent"];
  const program = await NcaLayer.connect({ ...options, answerMs: 50 });
  assert.equal(await problem(program.sign({ format: "cms", data: ["AA=="], signatory: { usages: [] }, locale: "kk" })), "nca-silent");
  program.close();
});

test("a program that does not greet is silent, one that is not there is off", async () => {
  mock.plays = ["no-greeting"];
  assert.equal(await problem(NcaLayer.connect({ ...options, connectMs: 50 })), "nca-silent");
  assert.equal(await problem(NcaLayer.connect({ ...options, address: "ws://127.0.0.1:9" })), "nca-off");
  assert.equal(await problem(NcaLayer.connect({ ...options, open: () => { throw new Error("refused by the policy"); } })), "nca-off");
});

test("a second request while one waits is refused and harms nothing", async () => {
  await hold();
  const program = await NcaLayer.connect(options);
  const request: NcaRequest = { format: "cms", data: [toBase64(CONTENT)], signatory: { usages: INDIVIDUAL }, locale: "kk" };
  const first = program.sign(request);
  assert.equal(await problem(program.sign(request)), "nca-busy");
  judge((await first)[0], CONTENT);
  program.close();
});

test("an old program signs by its old module, one document after another", async () => {
  await hold();
  mock.modules.delete("kz.gov.pki.knca.basics");
  const signatures = await ask({ data: [toBase64(CONTENT), toBase64(OTHER)] });
  judge(signatures[0], CONTENT);
  judge(signatures[1], OTHER);
  assert.deepEqual(mock.requests.map((it) => it.method), ["sign", "getActiveTokens", "createCAdESFromBase64", "createCAdESFromBase64"]);
});

const TOKEN = "AKKaztokenStore";
const storages = (): unknown[] => mock.requests.filter((it) => it.method === "createCAdESFromBase64").map((it) => it.args[0]);

test("an old program signs all by the token that is in", async () => {
  await hold("person", TOKEN);
  await hold("employee");
  mock.modules.delete("kz.gov.pki.knca.basics");
  mock.tokens = [TOKEN];
  const signatures = await ask({ data: [toBase64(CONTENT), toBase64(OTHER)] });
  judge(signatures[0], CONTENT);
  judge(signatures[1], OTHER);
  assert.deepEqual(storages(), [TOKEN, TOKEN]);
});

for (const play of ["cancel", "no-key", "locked", "failure"]) {
  test(`whoever has a token in signs by a key file with an old program: after ${play} the file is asked for, once for all`, async () => {
    await hold("employee", TOKEN);
    await hold();
    mock.modules.delete("kz.gov.pki.knca.basics");
    mock.tokens = [TOKEN, "PKCS12"];
    mock.plays = [play];
    const signatures = await ask({ data: [toBase64(CONTENT), toBase64(OTHER)] });
    judge(signatures[0], CONTENT);
    judge(signatures[1], OTHER);
    assert.deepEqual(storages(), [TOKEN, "PKCS12", "PKCS12"]);
  });
}

test("when the file is not chosen either, an old program's refusal that says most is told", async () => {
  await hold();
  mock.modules.delete("kz.gov.pki.knca.basics");
  mock.tokens = [TOKEN];
  for (const [plays, kind] of [[["cancel", "cancel"], "nca-cancelled"], [["no-key", "cancel"], "nca-cancelled"], [["locked", "cancel"], "nca-locked"], [["cancel", "locked"], "nca-locked"], [["busy"], "nca-busy"], [["close"], "nca-closed"]] as const) {
    mock.plays = [...plays];
    assert.equal(await problem(ask()), kind, plays.join());
  }
});

test("a window that is closed between two documents ends the act: nothing is signed by another key", async () => {
  await hold("person", TOKEN);
  await hold("employee");
  mock.modules.delete("kz.gov.pki.knca.basics");
  mock.tokens = [TOKEN];
  mock.plays = ["", "cancel"];
  assert.equal(await problem(ask({ data: [toBase64(CONTENT), toBase64(OTHER)] })), "nca-cancelled");
  assert.deepEqual(storages(), [TOKEN, TOKEN]);
});

test("a program that knows neither module is too old", async () => {
  mock.modules.clear();
  assert.equal(await problem(ask()), "nca-old");
});

test("a signature of another person by an old program is not sent", async () => {
  await hold();
  mock.modules.delete("kz.gov.pki.knca.basics");
  const signer = new NcaSigner({ iin: OTHER_IIN, bin: undefined, keyOf: "person", now: Date.now(), anyAuthority: true, locale: "kk" }, options);
  assert.equal(await problem(signer.sign([{ id: "application", kind: "xml-bytes", bytes: CONTENT }])), "other-person");
});

test("an official's signature with his key of a citizen, by an old program, is not sent", async () => {
  await hold();
  mock.modules.delete("kz.gov.pki.knca.basics");
  const signer = new NcaSigner({ iin: IIN, bin: BIN, keyOf: "employee", now: Date.now(), anyAuthority: true, locale: "kk" }, options);
  const document = { id: "result", kind: "xml-bytes", bytes: CONTENT } as const;
  assert.equal(await problem(signer.sign([document])), "personal-key");
  mock.forget();
  await hold("employee");
  judge((await signer.sign([document]))[0], CONTENT, "employee");
});

test("of a prepared PDF the program is given the bytes, for it hashes by the algorithm of the key", async () => {
  await hold();
  const signer = new NcaSigner({ iin: IIN, bin: undefined, keyOf: "person", now: Date.now(), anyAuthority: false, locale: "kk" }, options);
  const [signature] = await signer.sign([{ id: "result", kind: "pdf-digest", digest: new Uint8Array(32), range: () => Promise.resolve(OTHER) }]);
  judge(signature, OTHER);
  assert.equal(signerOf(signature ?? "")?.iin, IIN);
});

test("XML is taken as it comes, not a byte changed", async () => {
  const xml = "<a>\r\n&#13;<ds:Signature/> </a>\n";
  let told: NodeSocket | undefined;
  const answering = { ...options, open: (address: string) => {
    told = new NodeSocket(address);
    return told as unknown as Socket;
  } };
  const program = await NcaLayer.connect(answering);
  mock.plays = ["silent"];
  const signed = program.sign({ format: "xml", data: [xml], signatory: { usages: [] }, locale: "kk" });
  told?.onmessage?.({ data: JSON.stringify({ status: true, body: { result: [xml] } }), type: "message", target: told });
  assert.deepEqual(await signed, [xml]);
  program.close();
});

/** Another client of NCALayer, against the same stand-in. */
async function others(): Promise<InstanceType<typeof NCALayerClient>> {
  const client = new NCALayerClient(mock.address, false);
  assert.equal(await client.connect(), "1.4");
  mock.requests = [];
  return client;
}

test("another client gets from the stand-in what we get: a signature, several, a cancel, the old module", async () => {
  await hold();
  const client = await others();
  const params = NCALayerClient.basicsCMSParamsDetachedNoTSP;
  const signer = { ...NCALayerClient.basicsSignerSignPerson, iin: IIN };
  const plain = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, "");
  judge(plain(await client.basicsSignCMS(null, toBase64(CONTENT), params, signer, "kk")), CONTENT);
  const [theirs] = mock.requests;
  const two = await client.basicsSignCMS(null, [toBase64(CONTENT), toBase64(OTHER)], params, signer, "kk");
  judge(plain(two[0]), CONTENT);
  judge(plain(two[1]), OTHER);
  judge(await client.createCAdESFromBase64("PKCS12", toBase64(OTHER)), OTHER);
  mock.plays = ["cancel"];
  await assert.rejects(client.basicsSignCMS(null, toBase64(CONTENT), params, signer), { canceledByUser: true });
  mock.plays = ["locked"];
  await assert.rejects(client.basicsSignCMS(null, toBase64(CONTENT), params, signer), /CKR_PIN_LOCKED/);
  client.wsConnection.close();
  // What we send for the same is the same.
  mock.requests = [];
  await ask();
  assert.deepEqual(mock.requests[0], theirs);
});
