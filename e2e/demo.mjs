// SPDX-License-Identifier: MIT OR Apache-2.0
// The program under test: built, started on a free port in a folder of its own, ended and removed.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
/** A Monday, 10:00 in Almaty. */
export const MONDAY_TEN = "2026-11-23T05:00:00Z";
/** Making the keys of all invented people takes most of it. */
const START_SECONDS_MAX = 180;
const STOP_SECONDS_MAX = 10;

/** Builds the program unless QYZMET_BIN names one; returns its path. */
export function build() {
  if (process.env.QYZMET_BIN) return process.env.QYZMET_BIN;
  execFileSync("cargo", ["build", "--quiet", "--package", "qyzmet"], { cwd: ROOT, stdio: "inherit" });
  return join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug", "qyzmet");
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Puts an invented fifteenth service, and the department that serves it, into a folder for --add. */
function added(folder) {
  const add = join(folder, "add");
  const service = join(add, "regulations", "street-music-permit");
  mkdirSync(service, { recursive: true });
  mkdirSync(join(add, "organizations"));
  copyFileSync(join(ROOT, "crates/testkit/tests/fifteenth/2026.toml"), join(service, "2026.toml"));
  const office = readFileSync(join(ROOT, "organizations/abai-education.toml"), "utf8");
  const serving = office.replace("services = [", 'services = ["street-music-permit", ');
  if (serving === office) throw new Error("the department serves no list of services");
  writeFileSync(join(add, "organizations", "abai-education.toml"), serving);
  return add;
}

/** Starts the demonstration and waits for its printed address. */
export async function startDemo(binary, at = MONDAY_TEN) {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-e2e-"));
  const data = join(folder, "demo");
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = spawn(binary, ["demo", "--port", String(port), "--data", data, "--add", added(folder), "--at", at], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const started = Date.now();
  let printed = "";
  let complaints = "";
  child.stderr.on("data", (chunk) => { complaints += chunk; });
  const stop = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    if (child.exitCode === null) {
      child.kill("SIGINT");
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_SECONDS_MAX * 1000);
      await ended;
      clearTimeout(killer);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error(`no address after ${START_SECONDS_MAX} s\n${printed}${complaints}`)), START_SECONDS_MAX * 1000);
      child.stdout.on("data", (chunk) => {
        printed += chunk;
        if (printed.includes(base) && printed.includes("Key files:")) { clearTimeout(timer); done(); }
      });
      child.once("exit", (code) => { clearTimeout(timer); failed(new Error(`ended with ${code}\n${printed}${complaints}`)); });
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const keys = join(data, "authority");
  return {
    base, binary, data, folder, printed, stop,
    seconds: (Date.now() - started) / 1000,
    complaints: () => complaints,
    /** The path of a key file of the development authority. */
    key(name) {
      const path = join(keys, `${name}.p12`);
      if (!existsSync(path)) throw new Error(`there is no key file ${path}`);
      return path;
    },
    keyBytes: (name) => readFileSync(join(keys, `${name}.p12`)),
    /** The private key of a name, PKCS#8, as the authority keeps it. */
    pkcs8: (name) => readFileSync(join(keys, `${name}.key`)),
    /** Whether this build can sign by GOST in the page. */
    signsByGost: () => readdirSync(join(ROOT, "frontend/dist")).some((it) => it.startsWith("gost.worker-")),
    /** The root certificate of the development authority, DER. */
    root: join(keys, "root.cer"),
    /** What the demonstration's clock shows now, by ours. */
    now: () => new Date(Date.parse(at) + Date.now() - started),
  };
}
