// SPDX-License-Identifier: MIT OR Apache-2.0
// What scripts hand over to be sent, told in the page before the browser takes it: `tellHanded` runs in the page, before its own
// scripts, and puts itself before sockets, peers and their channels, streams, beacons, fetch and requests.

/** Name of the binding by which the page tells. */
const BINDING = "qyzmetHanded";
/** What must not be begun: its traffic would be seen by nobody here. */
export const UNWATCHED = "unwatched";

/** Begins to listen to a page, as it is and as it will be; `hear` is told the way and what was handed over. */
export async function hearHanded(client, hear) {
  client.on("Runtime.bindingCalled", ({ name, payload }) => { if (name === BINDING) hear(...JSON.parse(payload)); });
  const source = `(${tellHanded})(${JSON.stringify(BINDING)}, ${JSON.stringify(UNWATCHED)})`;
  await client.send("Runtime.enable");
  await client.send("Page.enable");
  await client.send("Runtime.addBinding", { name: BINDING });
  await client.send("Page.addScriptToEvaluateOnNewDocument", { source });
  const { exceptionDetails } = await client.send("Runtime.evaluate", { expression: source });
  if (exceptionDetails) throw new Error(`the page cannot be watched: ${JSON.stringify(exceptionDetails)}`);
}

/** Waits until everything handed over as a file is read; a page that is on its way has told what it could. */
export async function allHeard(page) {
  await page.evaluate((key) => globalThis[Symbol.for(key)]?.(), BINDING);
}

/** Runs in the page; nothing from outside of it may be used here. */
function tellHanded(binding, unwatched) {
  const once = Symbol.for(binding);
  if (globalThis[once]) return;
  const [tell, reads] = [globalThis[binding], []];
  Object.defineProperty(globalThis, once, { value: () => Promise.allSettled(reads) });

  const latin1 = (buffer, from = 0, length = buffer.byteLength) => {
    const bytes = new Uint8Array(buffer, from, length);
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return text;
  };
  const say = (way, text) => tell(JSON.stringify([way, text]));
  const later = (way, read) => void reads.push(read.then((buffer) => say(way, latin1(buffer))));
  function told(way, value, depth = 0) {
    if (value === undefined || value === null || typeof value === "function" || depth > 5) return;
    if (typeof value !== "object") return say(way, String(value));
    if (value instanceof ArrayBuffer) return say(way, latin1(value));
    if (ArrayBuffer.isView(value)) return say(way, latin1(value.buffer, value.byteOffset, value.byteLength));
    if (value instanceof Blob) return later(way, value.arrayBuffer());
    if (value instanceof URL || value instanceof URLSearchParams) return say(way, String(value));
    if (value instanceof Document) return say(way, new XMLSerializer().serializeToString(value));
    if (value instanceof FormData || value instanceof Headers) return [...value].flat().forEach((it) => told(way, it));
    if (value instanceof Request) {
      for (const it of [value.url, value.referrer, value.headers]) told(way, it);
      if (value.body) later(way, value.clone().arrayBuffer());
      return;
    }
    // Settings of a request or of a peer, descriptions of sessions: their names and values; properties of the browser's own objects too.
    for (const name in value) {
      say(way, name);
      told(way, value[name], depth + 1);
    }
  }

  /** Puts the telling before a method. */
  const before = (holder, name, way) => {
    const own = holder?.[name];
    if (typeof own !== "function") return;
    const wrapped = function (...args) {
      for (const it of args) told(way, it);
      return own.apply(this ?? globalThis, args);
    };
    Object.defineProperty(holder, name, { ...Object.getOwnPropertyDescriptor(holder, name), value: wrapped });
  };
  /** Puts the telling before a constructor. */
  const made = (name, way) => {
    const own = globalThis[name];
    if (typeof own !== "function") return;
    const construct = (target, args, of) => {
      for (const it of args) told(way, it);
      if (way === unwatched) say(way, name);
      return Reflect.construct(target, args, of);
    };
    const wrapped = new Proxy(own, { construct });
    Object.defineProperty(globalThis, name, { value: wrapped, writable: true, configurable: true });
    Object.defineProperty(own.prototype, "constructor", { value: wrapped, writable: true, configurable: true });
  };

  const { pipeThrough, pipeTo } = ReadableStream.prototype;
  /** A stream that tells what flows through it. */
  const watched = (stream) => pipeThrough.call(stream, new TransformStream({ transform(chunk, on) { told("stream", chunk); on.enqueue(chunk); } }));
  ReadableStream.prototype.pipeTo = function (...args) { return pipeTo.apply(watched(this), args); };
  ReadableStream.prototype.pipeThrough = function (...args) { return pipeThrough.apply(watched(this), args); };
  before(WritableStreamDefaultWriter.prototype, "write", "stream");

  made("WebSocket", "socket");
  before(WebSocket.prototype, "send", "socket");
  made("RTCPeerConnection", "peer");
  for (const name of ["setConfiguration", "createDataChannel", "setLocalDescription", "setRemoteDescription", "addIceCandidate"]) before(globalThis.RTCPeerConnection?.prototype, name, "peer");
  before(globalThis.RTCDataChannel?.prototype, "send", "channel");
  made("WebTransport", "transport");
  made("EventSource", "events");
  before(Navigator.prototype, "sendBeacon", "beacon");
  before(globalThis, "fetch", "fetch");
  before(globalThis, "fetchLater", "fetch-later");
  for (const name of ["open", "setRequestHeader", "send"]) before(XMLHttpRequest.prototype, name, "xhr");
  before(BroadcastChannel.prototype, "postMessage", "broadcast");
  if (globalThis.webkitRTCPeerConnection) globalThis.webkitRTCPeerConnection = globalThis.RTCPeerConnection;
  made("SharedWorker", unwatched);
  before(globalThis.ServiceWorkerContainer?.prototype, "register", unwatched);
}
