// SPDX-License-Identifier: MIT OR Apache-2.0
// A stand-in for NCALayer that really signs, with key files of the development authority and the openssl command. It speaks
// both modules that sign; what it does with the next request can be set, so that every answer seen in the wild can be played.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { WebSocketServer } from "ws";

const run = promisify(execFile);
const PORT = 13579;
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
const GREETING = JSON.stringify({ result: { version: "1.4" } });
const CANCELLED = { basics: { status: true, body: {} }, commonUtils: { code: "500", message: "action.canceled" } };
const refused = (code, message) => ({
  basics: { status: false, code, message, details: "" },
  commonUtils: { code: "500", message },
});
/** What can be played instead of an answer, by name; `silent` and `close` are no answers. */
export const PLAYS = {
  cancel: CANCELLED,
  locked: refused("SIGNING_FAILURE", "CKR_PIN_LOCKED"),
  "no-key": refused("SIGNING_FAILURE", "Certificate not found"),
  busy: refused("GENERAL_ERROR", "Application is busy"),
  failure: refused("INVOCATION_ERROR", "java.lang.NullPointerException"),
};

/** A certificate for 127.0.0.1, signed by itself, and the hash by which a browser is told to take it. */
export async function selfSigned() {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-nca-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout", key, "-out", cert]);
    const { stdout } = await run("openssl", ["x509", "-in", cert, "-noout", "-pubkey"]);
    const spki = Buffer.from(stdout.replace(/-----[^-]+-----|\s/g, ""), "base64");
    return { key: readFileSync(key), cert: readFileSync(cert), hash: createHash("sha256").update(spki).digest("base64") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class MockNcaLayer {
  /** Every request received, the latest last. */
  requests = [];
  /** What the next requests are answered with: a name of `PLAYS`, `silent`, `close`, an answer itself; by an empty one, and after the last, it signs. */
  plays = [];
  /** Modules that it has; an old program lacks `basics`. */
  modules = new Set(["kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"]);
  /** Kinds of the tokens that are in, as the old module names them; key files are always there. */
  tokens = [];
  /** How it writes signatures of `basics`: an array always, or a string for one document; PEM or bare; in an object, or in one object each. */
  shape = { array: false, pem: true, object: false, each: false };
  #keys = [];
  #server;
  #sockets;

  /** Starts it; `tls` is what `selfSigned` made, without it the socket is plain. */
  static async start({ port = PORT, tls } = {}) {
    const mock = new MockNcaLayer();
    mock.#server = tls ? createServer({ key: tls.key, cert: tls.cert }) : undefined;
    mock.#sockets = new WebSocketServer(tls ? { server: mock.#server, maxPayload: MESSAGE_BYTES_MAX } : { port, host: "127.0.0.1", maxPayload: MESSAGE_BYTES_MAX });
    mock.#sockets.on("connection", (socket) => mock.#serve(socket));
    if (tls) await new Promise((done, failed) => mock.#server.once("error", failed).listen(port, "127.0.0.1", done));
    else await new Promise((done) => mock.#sockets.once("listening", done));
    mock.port = (mock.#server ?? mock.#sockets).address().port;
    mock.address = `${tls ? "wss" : "ws"}://127.0.0.1:${mock.port}`;
    return mock;
  }

  /** Gives it a key file, as if the person had chosen it and typed its password; or the key of a token. */
  async hold(path, password, storage = "PKCS12") {
    const folder = mkdtempSync(join(tmpdir(), "qyzmet-nca-"));
    const [pem, chain] = [join(folder, "key.pem"), join(folder, "chain.pem")];
    const open = ["pkcs12", "-in", path, "-passin", `pass:${password}`, "-nodes"];
    await run("openssl", [...open, "-clcerts", "-out", pem]);
    await run("openssl", [...open, "-cacerts", "-nokeys", "-out", chain]);
    // The authorities that came with the key go along with its signatures.
    const authorities = readFileSync(chain, "latin1").includes("BEGIN CERTIFICATE") ? ["-certfile", chain] : [];
    const { stdout } = await run("openssl", ["x509", "-in", pem, "-noout", "-subject", "-ext", "extendedKeyUsage", "-nameopt", "RFC2253,utf8,-esc_msb"]);
    this.#keys.push({ folder, pem, authorities, told: stdout, storage });
  }

  /** Forgets the keys and what was to be played. */
  forget() {
    for (const { folder } of this.#keys.splice(0)) rmSync(folder, { recursive: true, force: true });
    this.plays = [];
    this.requests = [];
  }

  async stop() {
    this.forget();
    for (const socket of this.#sockets.clients) socket.terminate();
    await new Promise((done) => this.#sockets.close(done));
    if (this.#server) await new Promise((done) => this.#server.close(done));
  }

  #serve(socket) {
    socket.on("error", () => undefined);
    if (this.plays[0] === "no-greeting") return void this.plays.shift();
    socket.send(GREETING);
    socket.on("message", (data) => {
      const text = data.toString();
      if (text === "--heartbeat--") return socket.send(GREETING);
      let request;
      try {
        request = JSON.parse(text);
      } catch {
        return socket.close();
      }
      this.#answer(socket, request).catch((error) => socket.send(JSON.stringify(PLAYS.failure.basics)) || console.error(error));
    });
  }

  async #answer(socket, request) {
    this.requests.push(request);
    const kind = request.module?.endsWith(".basics") ? "basics" : "commonUtils";
    if (!this.modules.has(request.module)) return socket.send(JSON.stringify({ success: false, errorCode: "MODULE_NOT_FOUND" }));
    if (request.method === "getActiveTokens") return socket.send(JSON.stringify({ code: "200", responseObject: this.tokens }));
    const play = this.plays.shift();
    if (play === "silent") return;
    if (play === "close") return socket.close();
    const answer = typeof play === "object" ? play : play ? PLAYS[play][kind] : kind === "basics" ? await this.#basics(request.args) : await this.#commonUtils(request);
    socket.send(JSON.stringify(answer));
  }

  async #basics({ format, data, signingParams, signerParams }) {
    if (format !== "cms" || typeof signingParams.decode !== "boolean" || signingParams.digested) return refused("INVALID_SIGNING_PARAMS", "signingParams").basics;
    const key = this.#keys.find((it) => suits(it.told, signerParams));
    // The real window shows no key that does not suit; the person can only close it.
    if (!key) return CANCELLED.basics;
    const documents = Array.isArray(data) ? data : [data];
    const signatures = [];
    for (const document of documents) signatures.push(await sign(key, document, signingParams.encapsulate, this.shape.pem));
    if (this.shape.each) return { status: true, body: { result: signatures.map((cms) => ({ cms, certificate: "" })) } };
    if (this.shape.object) return { status: true, body: { result: { signatures, certificate: "" } } };
    return { status: true, body: { result: Array.isArray(data) || this.shape.array ? signatures : signatures[0] } };
  }

  async #commonUtils({ method, args }) {
    if (method !== "createCAdESFromBase64") return refused("500", `Method not found: ${method}`).commonUtils;
    const [storage, , data, attach] = args;
    if (typeof attach !== "boolean") return refused("500", `java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}`).commonUtils;
    const key = this.#keys.find((it) => it.storage === storage);
    return key ? { code: "200", responseObject: await sign(key, data, attach, false) } : CANCELLED.commonUtils;
  }
}

/** Names of the usages as openssl prints them. */
const PRINTED = { "1.3.6.1.5.5.7.3.4": "E-mail Protection", "1.3.6.1.5.5.7.3.2": "TLS Web Client Authentication" };

function suits(told, { extKeyUsageOids = [], iin, bin }) {
  const usages = extKeyUsageOids.every((oid) => new RegExp(`(^|[ ,])${(PRINTED[oid] ?? oid).replaceAll(".", "\\.")}(,|$)`, "m").test(told));
  return usages && (!iin || told.includes(`IIN${iin}`)) && (!bin || told.includes(`BIN${bin}`));
}

async function sign(key, base64, attached, pem) {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-nca-"));
  try {
    const [content, out] = [join(folder, "content"), join(folder, "cms")];
    writeFileSync(content, Buffer.from(base64, "base64"));
    await run("openssl", ["cms", "-sign", "-binary", "-in", content, "-signer", key.pem, "-inkey", key.pem, ...key.authorities, "-md", "sha256", "-outform", pem ? "PEM" : "DER", "-nosmimecap", ...(attached ? ["-nodetach"] : []), "-out", out]);
    return pem ? readFileSync(out, "latin1") : readFileSync(out).toString("base64");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
