// SPDX-License-Identifier: MIT OR Apache-2.0
// Watches everything that leaves a page: neither the key, nor the key file, nor its password may, in any form. Requests of
// every kind (forms, fetch, beacons, images) are seen by the browser's own network; what scripts hand to sockets, channels
// and beacons is seen in the page before it is sent.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
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
  page.on("request", (request) => {
    const body = request.postDataBuffer();
    left.push(`${request.url()}\n${JSON.stringify(request.headers())}\n${body ? body.toString("latin1") : ""}`);
    if (request.method() === "POST") sent.push(new URLSearchParams(body?.toString() ?? ""));
  });
  // What the page keeps for later could leave later.
  const kept = () => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, name]));
  const nothingLeft = async () => {
    left.push(`kept ${await kept()}`);
    assert.ok(left.length > 1, "nothing was watched");
    for (const text of left) {
      const found = secrets.findIndex((secret) => text.includes(secret));
      assert.equal(found, -1, `the key or its password left (form ${found}) by ${text.slice(0, 80)}`);
    }
    return left.length;
  };
  return { sent, left, nothingLeft };
}

/** Judges the watch itself: a page that sends the password or the key by each way is caught. */
export async function watchCatches(page, file) {
  const key = [...file];
  const acts = {
    fetch: (bytes) => fetch("/assets/none", { method: "POST", body: new Uint8Array(bytes) }).catch(() => undefined),
    xhr: (bytes) => new Promise((done) => { const it = new XMLHttpRequest(); it.onloadend = done; it.open("POST", "/assets/none"); it.send(btoa(String.fromCharCode(...bytes))); }),
    beacon: (bytes) => navigator.sendBeacon("/assets/none", bytes.map((it) => it.toString(16).padStart(2, "0")).join("")),
    image: (bytes) => new Promise((done) => { const it = new Image(); it.onerror = it.onload = done; it.src = `/assets/none?${encodeURIComponent(btoa(String.fromCharCode(...bytes.slice(0, 200))))}`; }),
    socket: (bytes) => new Promise((done) => { const it = new WebSocket("wss://127.0.0.1:13579"); it.onopen = () => { it.send(new Uint8Array(bytes)); setTimeout(done, 100); }; it.onerror = done; }),
  };
  for (const [name, act] of Object.entries(acts)) {
    const { nothingLeft } = await watchKey(page, file);
    await page.evaluate(act, key);
    await assert.rejects(nothingLeft(), /left \(form/, `a key that leaves by ${name} is not caught`);
  }
  return Object.keys(acts);
}
