// SPDX-License-Identifier: MIT OR Apache-2.0
// Watches everything that leaves a page: neither the key, nor the key file, nor its password may, in any form. Requests of
// every kind (forms, fetch, beacons, images) and sockets are seen by the browser's own network, those of workers too; what
// scripts of the page hand to sockets, peers and channels, streams, beacons, fetch and requests is told in the page before it is
// sent (`handed.mjs`). Not seen: WebTransport in a worker, which the policy of the page lets reach nobody, and a request whose body
// is a stream, which Chromium does not send over HTTP/1.1.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { UNWATCHED, allHeard, hearHanded } from "./handed.mjs";
import { KEY_PASSWORD } from "./people.mjs";

/** Bytes of a piece that is looked for; a shorter one occurs by chance. */
const PIECE = 24;

/** A secret in the forms in which it could leave. */
function forms(bytes) {
  const url = (text) => [text, encodeURIComponent(text)];
  // Base64 of a piece depends on where it stands: three ways, the edges left out.
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").slice(4, -4));
  const safe = base64.map((it) => it.replaceAll("+", "-").replaceAll("/", "_"));
  return [bytes.toString("latin1"), bytes.toString("hex"), bytes.toString("hex").toUpperCase(), [...bytes].join(","), ...[...base64, ...safe].flatMap(url)];
}

/** Where the digest of the certificate stands in a key file, as the key's number: a signature names it openly too. */
function openDigest(file) {
  const pem = execFileSync("openssl", ["pkcs12", "-nokeys", "-clcerts", "-passin", `pass:${KEY_PASSWORD}`], { input: file, stdio: ["pipe", "pipe", "pipe"] }).toString();
  const certificate = Buffer.from(/-----BEGIN CERTIFICATE-----([^-]+)/.exec(pem)[1], "base64");
  return file.indexOf(createHash("sha256").update(certificate).digest());
}

/** The private key of a key file that openssl knows. */
function opened(file) {
  const pem = execFileSync("openssl", ["pkcs12", "-nocerts", "-nodes", "-passin", `pass:${KEY_PASSWORD}`], { input: file, stdio: ["pipe", "pipe", "pipe"] }).toString();
  return Buffer.from(/-----BEGIN PRIVATE KEY-----([^-]+)/.exec(pem)[1], "base64");
}

/** Pieces of a key file, and of the private key inside it. */
function pieces(file, pkcs8) {
  const key = pkcs8 ?? opened(file);
  const open = openDigest(file);
  const isOpen = (at) => open >= 0 && at < open + 32 && at + PIECE > open;
  const found = [];
  // The certificate stands in the key file encrypted, the public modulus at the start of the key: both leave openly.
  for (let at = 40; at + PIECE <= file.length; at += 64) if (!isOpen(at)) found.push(file.subarray(at, at + PIECE));
  for (let at = Math.floor(key.length / 3); at + PIECE <= key.length; at += 64) found.push(key.subarray(at, at + PIECE));
  return found;
}

/** Begins to watch a key file (and its key, where openssl does not know it); answers the forms sent, and an act that judges all that has left until then. */
export async function watchKey(page, file, pkcs8) {
  const secrets = [KEY_PASSWORD, Buffer.from(KEY_PASSWORD).toString("hex"), Buffer.from(KEY_PASSWORD).toString("base64").replace(/=+$/, ""), ...pieces(file, pkcs8).flatMap(forms)];
  const [sent, left] = [[], []];
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable", { maxPostDataSize: 64 * 1024 * 1024 });
  client.on("Network.requestWillBeSent", ({ request }) => left.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${request.postData ?? ""}`));
  client.on("Network.webSocketFrameSent", ({ response }) => left.push(`socket\n${response.payloadData}\n${response.opcode === 2 ? Buffer.from(response.payloadData, "base64").toString("latin1") : ""}`));
  client.on("Network.webSocketCreated", ({ url }) => left.push(`socket ${url}`));
  await hearHanded(client, (way, text) => left.push(`page ${way}\n${text}`));
  // Those of workers too.
  page.on("websocket", (socket) => {
    left.push(`socket ${socket.url()}`);
    socket.on("framesent", ({ payload }) => left.push(`socket\n${typeof payload === "string" ? payload : payload.toString("latin1")}`));
  });
  page.on("request", (request) => {
    const body = request.postDataBuffer();
    left.push(`${request.url()}\n${JSON.stringify(request.headers())}\n${body ? body.toString("latin1") : ""}`);
    if (request.method() === "POST") sent.push(new URLSearchParams(body?.toString() ?? ""));
  });
  // What the page keeps for later could leave later.
  const kept = () => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, name]));
  /** What has left with a secret in it: the form of the secret, and how it left. */
  const leaks = async () => {
    await allHeard(page);
    left.push(`kept ${await kept()}`);
    return left.flatMap((text) => {
      const form = secrets.findIndex((secret) => text.includes(secret));
      return form < 0 ? [] : [{ form, by: text.slice(0, 80) }];
    });
  };
  const nothingLeft = async () => {
    const [leak] = await leaks();
    assert.ok(left.length > 1, "nothing was watched");
    assert.equal(leak, undefined, `the key or its password left (form ${leak?.form}) by ${leak?.by}`);
    assert.ok(!left.some((text) => text.startsWith(`page ${UNWATCHED}\n`)), "the page began what is not watched");
    return left.length;
  };
  return { sent, left, leaks, nothingLeft };
}

/** The ways in which a page could send a key, and by whom each is told: by the page before it is sent, by the network, or by both. */
const ACTS = {
  fetch: { by: ["page fetch", "POST"], act: (bytes) => fetch("/assets/none", { method: "POST", body: new Uint8Array(bytes) }).catch(() => undefined) },
  "fetch of a request": { by: ["page fetch"], act: (bytes) => fetch(new Request("/assets/none", { method: "POST", body: new Blob([new Uint8Array(bytes)]) })).catch(() => undefined) },
  "fetch of a form": { by: ["page fetch"], act: (bytes) => { const form = new FormData(); form.append("a", new File([new Uint8Array(bytes)], "a")); return fetch("/assets/none", { method: "POST", body: form }).catch(() => undefined); } },
  xhr: { by: ["page xhr", "POST"], act: (bytes) => new Promise((done) => { const it = new XMLHttpRequest(); it.onloadend = done; it.open("POST", "/assets/none"); it.send(btoa(String.fromCharCode(...bytes))); }) },
  beacon: { by: ["page beacon", "POST"], act: (bytes) => navigator.sendBeacon("/assets/none", bytes.map((it) => it.toString(16).padStart(2, "0")).join("")) },
  image: { by: ["GET"], act: (bytes) => new Promise((done) => { const it = new Image(); it.onerror = it.onload = done; it.src = `/assets/none?${encodeURIComponent(btoa(String.fromCharCode(...bytes.slice(0, 200))))}`; }) },
  socket: { by: ["page socket", "socket"], act: (bytes) => new Promise((done) => { const it = new WebSocket("wss://127.0.0.1:13579"); it.onopen = () => { it.send(new Uint8Array(bytes)); setTimeout(done, 100); }; it.onerror = done; }) },
  peer: { by: ["page peer"], act: (bytes) => new RTCPeerConnection({ iceServers: [{ urls: "turn:127.0.0.1:9", username: "x", credential: btoa(String.fromCharCode(...bytes)) }] }).close() },
  channel: { by: ["page channel"], act: (bytes) => { const it = new RTCPeerConnection(); try { it.createDataChannel("x").send(new Uint8Array(bytes)); } catch { /* Nobody is at the other end: it was told all the same. */ } it.close(); } },
  transport: { by: ["page transport"], act: (bytes) => { const it = new WebTransport(`https://127.0.0.1:13579/?${encodeURIComponent(btoa(String.fromCharCode(...bytes.slice(0, 200))))}`); it.closed.catch(() => undefined); return it.ready.catch(() => undefined); } },
  datagram: { by: ["page stream"], act: (bytes) => { const it = new WebTransport("https://127.0.0.1:13579/"); it.closed.catch(() => undefined); it.datagrams.writable.getWriter().write(new Uint8Array(bytes)).catch(() => undefined); return it.ready.catch(() => undefined); } },
  pipe: { by: ["page stream"], act: (bytes) => new Blob([new Uint8Array(bytes)]).stream().pipeTo(new WritableStream()) },
  broadcast: { by: ["page broadcast"], act: (bytes) => { const it = new BroadcastChannel("x"); it.postMessage(new Uint8Array(bytes)); it.close(); } },
  "fetch of a worker": { by: [""], inWorker: true, act: (bytes) => fetch("/assets/none", { method: "POST", body: btoa(String.fromCharCode(...bytes)) }).then(() => undefined, () => undefined) },
  "socket of a worker": { by: ["socket"], inWorker: true, act: (bytes) => new Promise((done) => { const it = new WebSocket("wss://127.0.0.1:13579"); it.onopen = () => { it.send(new Uint8Array(bytes)); setTimeout(done, 100); }; it.onerror = () => done(); }) },
  "what is kept": { by: ["kept"], act: (bytes) => sessionStorage.setItem("x", btoa(String.fromCharCode(...bytes))) },
};

/** A worker of a script of ours. */
async function workerOf(page) {
  const begin = () => {
    const it = new Worker(document.querySelector("script[src]").src, { type: "module" });
    it.onerror = (event) => event.preventDefault();
    globalThis.qyzmetWorker = it;
  };
  const [worker] = await Promise.all([page.waitForEvent("worker"), page.evaluate(begin)]);
  return worker;
}

/** Judges the watch itself: a page that sends the key by each way is caught, also after it was loaded anew. */
export async function watchCatches(page, file) {
  const key = [...file];
  const { left, leaks, nothingLeft } = await watchKey(page, file);
  for (const [name, { by, act, inWorker }] of Object.entries(ACTS)) {
    await page.reload();
    left.length = 0;
    await (inWorker ? await workerOf(page) : page).evaluate(act, key);
    const found = await leaks();
    await assert.rejects(nothingLeft(), /left \(form/, `a key that leaves by ${name} is not caught`);
    for (const teller of by) assert.ok(found.some((it) => it.by.startsWith(teller)), `${name}: not told by ${teller}, but by ${found.map((it) => it.by.split("\n")[0])}`);
    await page.evaluate(() => sessionStorage.clear());
  }
  left.length = 0;
  await page.evaluate(() => { new SharedWorker(document.querySelector("script[src]").src); });
  await assert.rejects(nothingLeft(), /not watched/);
  return Object.keys(ACTS);
}
