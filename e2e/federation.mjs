// SPDX-License-Identifier: MIT OR Apache-2.0
// The federation of examples/federation in Chromium: each role a process with a database of its own. Applications are sent
// while a process between portal and region is killed; none may be lost, none may be doubled. One comes from a portal of others.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Federation, build } from "../examples/federation/start.mjs";
import { foreign } from "./foreign.mjs";
import { startBrowser } from "./lib.mjs";
import { KNOWN, KNOWN_TOO, KNOWN_TWINS, PROVIDER } from "./people.mjs";
import { PAPER, attach, begin, downloaded, fill, filesToReview, follow, numberShown, openKey, resultLink, resultReady, sign, signedIn, toFiles } from "./portal.mjs";
import { WAIT_MS, administrator, exchange, gone, opened, pause, retried, shown, stuck, told, until } from "./systems.mjs";
import { pdfIsGood } from "./verifiers.mjs";
import { word } from "./words.mjs";
import { Looks, World } from "./world.mjs";

/** How long clocks are wrong: the gateway tries meanwhile. */
const STEP_MS = 4_000;
/** Ports that one federation takes. */
const PORTS = 24;
/** A provider that does not keep the register of guardianships itself: its region asks over the gateway. */
const ASKS = "osakarov-education";
/** What a citizen reads while that register does not answer the region. */
const AWAITED = word("case-silent").split("{ $time }")[0].replace("{ $register }", "Қорғаншылық және қамқоршылық тізілімі").trim();
/** The transport between gateway and regions: NATS unless told otherwise. */
const nats = !process.argv.includes("--http");

/** The first of so many free ports in a row. */
async function freePorts(count) {
  const free = (port) => new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
  for (let first = 21_000 + (process.pid % 400) * 50; first < 60_000; first += PORTS) {
    let all = true;
    for (let port = first; all && port < first + count; port += 1) all = await free(port);
    if (all) return first;
  }
  throw new Error("no free ports");
}

/** What a journey needs of a program, of the federation's portal. */
function demoOf(federation) {
  const keys = federation.path("ca", "rsa");
  return {
    base: federation.base("portal"),
    key: (name) => join(keys, `${name}.p12`),
    keyBytes: (name) => readFileSync(join(keys, `${name}.p12`)),
    root: join(keys, "root.cer"),
    now: () => new Date(),
  };
}

/** Applies as a citizen up to the signature; `before` runs between the review and the click. */
async function apply(world, person, before = async () => {}, provider = PROVIDER, papers = [PAPER]) {
  const page = await world.visitor({ acceptDownloads: true });
  page.setDefaultTimeout(WAIT_MS);
  await signedIn(world, page, person);
  await begin(world, page, "kk", provider);
  await fill(page, person);
  await toFiles(page);
  for (const paper of papers) await attach(page, paper);
  await filesToReview(page);
  await openKey(page, world.demo.key(person.key));
  await before();
  await sign(page);
  return { page, number: await numberShown(page) };
}

async function result(world, page) {
  await resultReady(page);
  const { bytes } = await downloaded(page, resultLink(page));
  pdfIsGood(bytes, world.demo.root, world.demo.now());
}

/** Invented scans, together longer than one message may be. */
const SCANS = [1, 2, 3].map((number) => ({ ...PAPER, name: `scan-${number}.pdf`, buffer: Buffer.concat([PAPER.buffer, Buffer.alloc(9 * 1024 * 1024, number)]) }));

/** Whether a role keeps these very bytes: its store names a file by the SHA-256 of what it was given. */
function keeps(federation, role, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return existsSync(federation.path(role, "journal", "files", hash.slice(0, 2), hash.slice(2)));
}

/** How many files lie in the temporary storage of the gateway. */
const lying = (federation) => readdirSync(federation.path("gateway", "files")).filter((it) => it.endsWith(".tmpfile")).length;

const steps = [
  ["an application crosses the gateway and its result comes back", async ({ world }) => {
    const { page, number } = await apply(world, KNOWN);
    await result(world, page);
    return number;
  }],
  ["the gateway is killed before the signature: the application is sent once it is back", async ({ world, federation }) => {
    const { page, number } = await apply(world, KNOWN_TOO, () => federation.stop("gateway", "SIGKILL"));
    await federation.start("gateway");
    await result(world, page);
    return number;
  }],
  ["the region is killed before the signature: the gateway keeps the message until it is back", async ({ world, federation }) => {
    const { page, number } = await apply(world, KNOWN_TWINS, () => federation.stop("region-karaganda", "SIGKILL"));
    await federation.start("region-karaganda");
    await result(world, page);
    return number;
  }],
  ["the portal is killed with applications in its outbox: it sends them after its start", async ({ world, federation }) => {
    await federation.stop("gateway", "SIGKILL");
    const { page, number } = await apply(world, KNOWN);
    await federation.stop("portal", "SIGKILL");
    await federation.start("gateway");
    await federation.start("portal");
    await page.reload();
    await result(world, page);
    return number;
  }],
  ["each node of NATS is killed in turn: the two that are left carry the application", async ({ world, federation }) => {
    const numbers = [];
    for (const [node, person] of [["nats-1", KNOWN], ["nats-2", KNOWN_TOO], ["nats-3", KNOWN_TWINS]]) {
      const { page, number } = await apply(world, person, () => nats && federation.stop(node, "SIGKILL"));
      await result(world, page);
      if (nats) await federation.start(node);
      numbers.push(number);
    }
    return numbers;
  }],
  ["a register is down: the region's administrator sees why, orders once it is back, and the case goes on", async ({ world, federation }) => {
    await federation.stop("guardianship", "SIGKILL");
    const { page, number } = await apply(world, KNOWN_TOO, undefined, ASKS);
    await follow(page);
    await shown(page, AWAITED);
    await world.look(page, "case-awaits-register");
    assert.deepEqual(world.looks.found, [], "the page of the case is accessible and fits");
    const { admin, board, looks } = await administrator(world, federation, "region-karaganda");
    await shown(admin, word("bd-silent"));
    assert.ok((await admin.locator("main").innerText()).includes("guardianship"), "the board does not name the register");
    assert.ok(!(await admin.locator("main").innerText()).includes(KNOWN_TOO.iin), "the board shows the number of a person");
    await board.look(admin, "admin-board");
    for (const lang of ["ru", "en"]) {
      await board.open(admin, `/${lang}/admin`);
      await shown(admin, word("bd-silent-do", lang));
    }
    const [told] = stuck(federation, "region-karaganda");
    assert.equal(told.what.kind, "ask-register", "the command says the same");
    await federation.start("guardianship");
    await board.open(admin, "/kk/admin");
    await retried(admin);
    await shown(admin, word("bd-none"));
    await board.look(admin, "admin-board-empty");
    await gone(page, AWAITED);
    assert.deepEqual(looks.found, [], "the board is accessible and fits");
    return number;
  }],
  ["a region is down: the gateway's administrator sees the message, and it arrives once", async ({ world, federation }) => {
    const { page, number } = await apply(world, KNOWN_TWINS, () => federation.stop("region-karaganda", "SIGKILL"));
    const { admin, board, looks } = await administrator(world, federation, "gateway");
    await shown(admin, word("bd-message"));
    await shown(admin, word("bd-silent"));
    await board.look(admin, "admin-board-gateway");
    await admin.getByRole("link", { name: word("bd-give-up") }).first().click();
    await shown(admin, word("bd-ending-told"));
    await board.look(admin, "admin-give-up");
    await admin.getByRole("button", { name: word("bd-give-up") }).click();
    await shown(admin, word("bd-why-missing"));
    await board.look(admin, "admin-give-up-refused");
    const [told] = stuck(federation, "gateway");
    await federation.start("region-karaganda");
    execFileSync(federation.binary, ["stuck", "--config", federation.path("gateway.toml"), "retry", told.id, "--why", "the region is back"]);
    await board.open(admin, "/kk/admin");
    await shown(admin, word("bd-none"));
    assert.deepEqual(looks.found, [], "the pages are accessible and fit");
    await page.reload();
    await result(world, page);
    return number;
  }],
  ["files too long for a message pass while the gateway is killed in between: not a byte differs at the region", async ({ world, federation }) => {
    await federation.stop("region-karaganda", "SIGKILL");
    const { page, number } = await apply(world, KNOWN_TOO, undefined, undefined, SCANS);
    await until("the files lie at the gateway", () => lying(federation) >= SCANS.length * 2);
    await federation.stop("gateway", "SIGKILL");
    for (const { buffer } of SCANS) assert.equal(keeps(federation, "region-karaganda", buffer), false, "too early");
    await federation.start("region-karaganda");
    await federation.start("gateway");
    await result(world, page);
    for (const { name, buffer } of SCANS) assert.ok(keeps(federation, "region-karaganda", buffer), name);
    return number;
  }],
  ["the gateway's administrator gives a message up: the portal's sees it and sends it anew, and it arrives once", async ({ world, federation }) => {
    const { page, number } = await apply(world, KNOWN_TWINS, () => federation.stop("region-karaganda", "SIGKILL"));
    const messages = () => stuck(federation, "gateway").filter(({ what }) => !what.notice);
    await until("the message is on the gateway's board", () => messages().length > 0);
    for (const { id } of messages()) {
      execFileSync(federation.binary, ["stuck", "--config", federation.path("gateway.toml"), "give-up", id, "--why", "the region is being moved"]);
    }
    const { admin, board, looks } = await administrator(world, federation, "portal");
    await shown(admin, word("bd-not-brought"));
    await board.look(admin, "admin-board-not-brought");
    await federation.start("region-karaganda");
    await board.open(admin, "/kk/admin");
    await retried(admin);
    await shown(admin, word("bd-none"));
    assert.deepEqual(looks.found, [], "the board is accessible and fits");
    await page.reload();
    await result(world, page);
    return number;
  }],
  ...foreign,
  // The last, because a session does not outlive the day.
  ["clocks go wrong by an hour and a day passes while the region is away: what waits is brought once it is back", async ({ world, federation }) => {
    await federation.stop("region-karaganda", "SIGKILL");
    const { number } = await apply(world, KNOWN_TOO);
    for (const seconds of [3_600, -3_600, 0, 86_400]) {
      federation.setClocks(seconds);
      await pause(STEP_MS);
    }
    const before = told(federation, "portal", "case.ended").length;
    await federation.start("region-karaganda");
    const end = Date.now() + WAIT_MS;
    while (told(federation, "portal", "case.ended").length === before) {
      assert.ok(Date.now() < end, "no answer came back");
      await pause(500);
    }
    return number;
  }],
];

const binary = build();
const data = mkdtempSync(join(tmpdir(), "qyzmet-federation-"));
const out = join(dirname(fileURLToPath(import.meta.url)), "out");
if (!existsSync(out)) mkdirSync(out, { recursive: true });
const federation = new Federation({ data, port: await freePorts(PORTS), binary, nats });
const begun = Date.now();
federation.prepare();
await federation.startAll();
console.log(`federation of ${federation.names().length} processes after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
const browser = await startBrowser();
let failed = 0;
const numbers = [];
try {
  for (const [name, act] of steps) {
    const world = new World(demoOf(federation), browser, new Looks(), name.replace(/[^a-z0-9]+/gi, "-"));
    const started = Date.now();
    try {
      numbers.push(...[await act({ world, federation })].flat());
      console.log(`ok      ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      await world.pictures();
      console.log(`FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
      for (const [process, { complaints }] of federation.processes) if (complaints) console.log(`        ${process}: ${complaints.slice(-2000)}`);
    } finally {
      await world.close();
    }
  }
  try {
    assert.equal(new Set(numbers).size, numbers.length, "some application has no number of its own");
    const [sent, received] = [opened(federation, "portal"), opened(federation, "region-karaganda")];
    assert.equal(sent.length, numbers.length, "the portal's journal");
    const theirs = received.filter((it) => !sent.includes(it));
    assert.deepEqual(received.filter((it) => sent.includes(it)), sent, "what was sent stands in the region's journal, each once");
    assert.equal(theirs.length, 2, "so do both of the portal of others: one came twice, one was refused first");
    assert.deepEqual(opened(federation, "region-north"), [], "nothing came to the other region");
    console.log(`ok      the journals agree: ${sent.length} applications sent, each opened once at its region, none at the other; and two of the portal of others`);
    // Beside the running gateway; what is checked under roots of development proves nothing outside a test.
    for (const kind of ["question", "message"]) {
      const out = federation.path(`evidence-${kind}`);
      federation.qyzmet("gateway", "evidence", exchange(federation, kind), "--config", federation.path("gateway.toml"), "--out", out);
      const checked = spawnSync(federation.binary, ["gateway", "evidence", "--verify", out, "--trust", federation.path("trust")], { encoding: "utf8" });
      assert.equal(checked.status, 2, `${checked.stdout}${checked.stderr}`);
      assert.match(checked.stdout, /proves nothing outside a test\n/);
    }
    console.log("ok      the gateway's own question to a register and its delivery prove themselves offline");
  } catch (error) {
    failed += 1;
    console.log(`FAILED  the journals\n${String(error.stack ?? error).replace(/^/gm, "        ")}`);
  }
} finally {
  await browser.close();
  await federation.stopAll();
  rmSync(data, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
