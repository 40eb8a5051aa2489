// SPDX-License-Identifier: MIT OR Apache-2.0
// A federation on one machine: one portal, one center, two regions, the gateway between them, three registers, the
// authority and three NATS nodes, each a process of its own; and the place of a portal of others. Everything is invented;
// see README.md.
//
//   node examples/federation/start.mjs [--data DIR] [--fresh] [--port 7400] [--http]
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const START_SECONDS_MAX = 180;
/** Where Debian puts the brokers; not every shell looks there. */
const ENV = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin`, RUST_LOG: process.env.RUST_LOG ?? "warn" };
const MARKER = "qyzmet-federation";
const CA_URL = "http://dev-ca.qyzmet.invalid";
const CA_PATHS = ["/ocsp/", "/crl/nca.crl", "/crl/nca_d.crl", "/crl/root.crl", "/cert/nca.cer", "/cert/root.cer", "/tsp/"];
const REGISTERS = { "gbd-fl": "GBDFL_UniversalServiceSync", enis: "QYZMET_ENIS_POWER_SYNC", guardianship: "QYZMET_GUARDIANSHIP_SYNC" };
/** Who is where: the regions with their organisations and the beginning of their territory codes. */
const REGIONS = {
  "region-karaganda": { territory: "35", organizations: ["abai-education", "abai-social", "kurma-akim", "osakarov-education"] },
  "region-north": { territory: "59", organizations: ["zhambyl-education"] },
};
const SYSTEMS = ["portal", "center", "gateway", ...Object.keys(REGIONS)];
/** A portal that is none of ours and knows the published form only, and the region that takes its applications. */
export const FOREIGN = { id: "pep", region: "region-karaganda", service: "RR_P50.06" };
/** What that portal's codes mean; all of them are invented. */
const PUBLISHED = `
[published.services."${FOREIGN.service}"]
service = "guardianship-certificate"
result = "certificate_file"
ignored = ["applicant_note"]

[published.services."${FOREIGN.service}".fields]
"applicant_status" = "role"
"ward" = "children"
"ward.last_name" = "children.surname"
"ward.first_name" = "children.given"
"ward.birth_date" = "children.birth_date"
"residence" = "address"
"phone_number" = "phone"
"agreement" = "consent"

[published.services."${FOREIGN.service}".choices]
role = { "01" = "guardian", "02" = "custodian" }

[published.services."${FOREIGN.service}".documents]
"birth_act_copy" = "birth-certificate"`;
const KEYED = [...SYSTEMS, FOREIGN.id].flatMap((name) => ["--system", name]);

/** The processes of a federation, by name; each can be killed and started again. */
export class Federation {
  constructor({ data, port = 7400, binary, nats = true, log = () => {} }) {
    Object.assign(this, { data: resolve(data), port, binary, nats, log, processes: new Map() });
    let next = port;
    this.ports = {};
    for (const name of ["authority", ...Object.keys(REGISTERS)]) this.ports[name] = { messages: next++ };
    for (const name of SYSTEMS) this.ports[name] = { pages: next++, messages: next++ };
    for (const name of ["nats-1", "nats-2", "nats-3"]) this.ports[name] = { client: next++, cluster: next++ };
  }

  base(name) { return `http://127.0.0.1:${this.ports[name].pages}`; }
  path(...parts) { return join(this.data, ...parts); }
  natsServers() { return ["nats-1", "nats-2", "nats-3"].map((it) => `nats://127.0.0.1:${this.ports[it].client}`); }

  /** Makes what is missing: keys, roots and configurations. */
  prepare() {
    mkdirSync(this.data, { recursive: true });
    writeFileSync(this.path(MARKER), "made by examples/federation/start.mjs; invented people only\n");
    this.qyzmet("eds", "dev-ca", this.path("ca"), "--demo", ...KEYED);
    this.qyzmet("eds", "trust", "add", this.path("ca", "rsa", "root.cer"), "--development", "--trust", this.path("trust"));
    this.qyzmet("eds", "trust", "add", this.path("ca", "gost", "root.cer"), "--development", "--trust", this.path("trust"));
    // The simulators look for the authority in the folder of a demonstration.
    if (!existsSync(this.path("authority"))) symlinkSync(this.path("ca", "rsa"), this.path("authority"));
    for (const name of SYSTEMS) writeFileSync(this.path(`${name}.toml`), this.config(name));
    for (const name of ["nats-1", "nats-2", "nats-3"]) writeFileSync(this.path(`${name}.conf`), this.natsConfig(name));
  }

  qyzmet(...args) { return execFileSync(this.binary, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }); }
  common(name) { return `QYZMET ${name.toUpperCase()} (DEV)`; }

  /** The configuration of one role, as an administrator would write it. */
  config(name) {
    const { pages, messages } = this.ports[name];
    const role = name.startsWith("region") ? "region" : name;
    const here = `http://127.0.0.1:${this.ports.authority.messages}`;
    const instead = ["", "/gost"].flatMap((family) => CA_PATHS.map((it) => `"${CA_URL}${family}${it}" = "${here}${family}${it}"`));
    const lines = [
      `role = "${role}"`, `mode = "development"`, `data = "${name}"`, `base_url = "${this.base(name)}"`, `listen = "127.0.0.1:${pages}"`,
      `roots = "trust"`, `clock = "clock"`, "demo_accounts = true",
    ];
    if (role === "region") lines.push(`organizations = ${JSON.stringify(REGIONS[name].organizations)}`);
    lines.push("", "[keys]", `sender = "${name}"`, `certificate = "ca/rsa/transport-${name}.cer"`, `key = "ca/rsa/transport-${name}.key"`);
    lines.push("", "[evidence]", `stamp = "${here}/tsp/"`, "[evidence.instead]", ...instead);
    for (const [folder, family] of [["rsa", ""], ["gost", "/gost"]]) {
      for (const it of ["nca", "root"]) {
        lines.push("", "[[lists.kept]]", `authority = "ca/${folder}/${it}.cer"`, `url = "${CA_URL}${family}/crl/${it}.crl"`);
        if (it === "nca") lines.push(`changes = "${CA_URL}${family}/crl/nca_d.crl"`);
      }
    }
    lines.push("", "[messages]", `listen = "127.0.0.1:${messages}"`);
    lines.push("", "[messages.tls]", `certificates = ["ca/rsa/tls-${name}.cer", "ca/rsa/nca.cer"]`, `key = "ca/rsa/tls-${name}.key"`, `roots = ["ca/rsa/root.cer"]`);
    if (this.nats) lines.push("", "[messages.nats]", `servers = ${JSON.stringify(this.natsServers())}`, "replicas = 3");
    lines.push(...(role === "gateway" ? this.routes() : this.peers(name, role)));
    return `# Made by examples/federation/start.mjs.\n${lines.join("\n")}\n`;
  }

  peers(name, role) {
    const url = this.nats && role === "region" ? "nats:gateway" : `https://127.0.0.1:${this.ports.gateway.messages}/shep`;
    const lines = ["", "[[peer]]", 'id = "gateway"', 'role = "gateway"', `common_name = "${this.common("gateway")}"`, `url = "${url}"`];
    const others = role === "region" ? ["portal", "center"] : Object.keys(REGIONS);
    for (const other of others) {
      const kind = other.startsWith("region") ? "region" : other;
      lines.push("", "[[peer]]", `id = "${other}"`, `role = "${kind}"`, `common_name = "${this.common(other)}"`, 'via = "gateway"');
      if (kind === "region") lines.push(`addressees = ${JSON.stringify(REGIONS[other].organizations)}`);
    }
    if (name === FOREIGN.region) {
      const { id } = FOREIGN;
      lines.push("", "[[peer]]", `id = "${id}"`, 'role = "portal"', `common_name = "${this.common(id)}"`, 'via = "gateway"', 'form = "published"', `route = "${id}"`);
    }
    if (role === "region") {
      for (const id of REGIONS[name].organizations) {
        const { bin } = this.organization(id);
        lines.push("", "[[stamp]]", `organization = "${id}"`, `certificate = "ca/rsa/stamp-${bin}.cer"`, `along = ["ca/rsa/nca.cer"]`, `key = "ca/rsa/stamp-${bin}.key"`);
      }
    }
    if (name === FOREIGN.region) lines.push(PUBLISHED);
    return lines;
  }

  /** Who is at the gateway, where each is, and which register answers which service. */
  routes() {
    const lines = ["", "[addresses]"];
    for (const id of ["portal", "center", ...Object.keys(REGIONS)]) {
      const at = this.nats && id.startsWith("region") ? `nats:${id}/client` : `https://127.0.0.1:${this.ports[id].messages}/shep/client`;
      lines.push(`"${id}" = "${at}"`);
    }
    for (const id of Object.keys(REGISTERS)) lines.push(`"${id}" = "http://127.0.0.1:${this.ports[id].messages}/shep/sync"`);
    for (const id of ["portal", "center", ...Object.keys(REGIONS)]) {
      lines.push("", `[routes.systems.${id}]`, `endpoint = "${id}"`, `peer = { common_name = "${this.common(id)}" }`, "notices = true");
    }
    // It cannot be called and asks for its answers itself.
    lines.push("", `[routes.systems.${FOREIGN.id}]`, `peer = { common_name = "${this.common(FOREIGN.id)}" }`);
    const asking = ["portal", "center", ...Object.keys(REGIONS)];
    const senders = JSON.stringify(asking);
    // The published message names no route: such a one is for the region that has the tables.
    lines.push("", '[routes.services."MON_ES_REQUEST_FORM_IMPORT"]', `senders = ${JSON.stringify([...asking, FOREIGN.id])}`, `to = "${FOREIGN.region}"`);
    for (const [id, service] of Object.entries(REGISTERS)) {
      lines.push("", `[routes.registers."${service}"]`, `senders = ${senders}`, `endpoint = "${id}"`, `peer = { common_name = "${this.common("gateway")}" }`);
    }
    lines.push("", "[routes.addressees]", 'portal = "portal"', 'center = "center"', `${FOREIGN.id} = "${FOREIGN.id}"`);
    // No organisation is named as an addressee: its territory says which region it is at.
    const organizations = Object.values(REGIONS).flatMap((it) => it.organizations);
    lines.push("", "[routes.organizations]", ...organizations.map((id) => `${id} = "${this.organization(id).kato}"`));
    lines.push("", "[routes.territories]", ...Object.entries(REGIONS).map(([id, { territory }]) => `"${territory}" = "${id}"`));
    return lines;
  }

  natsConfig(name) {
    const { client, cluster } = this.ports[name];
    const routes = ["nats-1", "nats-2", "nats-3"].filter((it) => it !== name).map((it) => `nats://127.0.0.1:${this.ports[it].cluster}`);
    return `server_name: ${name}\nlisten: 127.0.0.1:${client}\nmax_payload: 17825792\njetstream { store_dir: "${this.path(name)}" }\ncluster { name: qyzmet, listen: 127.0.0.1:${cluster}, routes: [${routes.join(", ")}] }\n`;
  }

  /** Sets the clocks of all processes wrong by so many seconds, while they run. */
  setClocks(seconds) { writeFileSync(this.path("clock"), `${seconds}\n`); }

  /** The command of a process. */
  command(name) {
    if (name.startsWith("nats")) return ["nats-server", ["-c", this.path(`${name}.conf`)]];
    if (name === "authority") return [this.binary, ["eds", "dev-ca", this.path("ca"), "--demo", ...KEYED, "--serve", String(this.ports.authority.messages), "--clock", this.path("clock")]];
    if (name in REGISTERS) return [this.binary, ["simulate-register", name, "--port", String(this.ports[name].messages), "--data", this.data, "--clock", this.path("clock")]];
    return [this.binary, ["serve", "--config", this.path(`${name}.toml`)]];
  }

  names() { return [...(this.nats ? ["nats-1", "nats-2", "nats-3"] : []), "authority", ...Object.keys(REGISTERS), ...SYSTEMS]; }

  /** Starts one process and waits until it answers. */
  async start(name) {
    const [program, args] = this.command(name);
    for (const port of Object.values(this.ports[name])) {
      if (await answers(port)) throw new Error(`port ${port}, which ${name} needs, is taken by another program: end it, or name another first port by --port`);
    }
    const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"], env: ENV });
    const entry = { child, complaints: "" };
    entry.ended = new Promise((done) => {
      child.once("exit", done);
      child.on("error", (error) => { entry.failed ??= error; done(); });
    });
    child.stderr.on("data", (chunk) => { entry.complaints = (entry.complaints + chunk).slice(-65_536); this.log(name, String(chunk)); });
    this.processes.set(name, entry);
    const port = this.ports[name].client ?? this.ports[name].pages ?? this.ports[name].messages;
    const end = Date.now() + START_SECONDS_MAX * 1000;
    while (!(await answers(port))) {
      if (entry.failed?.code === "ENOENT") throw new Error(`${program} is not found: ${program === "nats-server" ? "install it (Debian: apt install nats-server), or start with --http" : "build it, or name it by QYZMET_BIN"}`);
      if (entry.failed) throw new Error(`${name} cannot be started: ${entry.failed.message}`);
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}: ${entry.complaints}`);
      if (Date.now() > end) throw new Error(`${name} does not answer at port ${port}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async startAll() { for (const name of this.names()) await this.start(name); }

  /** Ends a process: by SIGKILL as a power cut would, or gently. */
  async stop(name, signal = "SIGTERM") {
    const entry = this.processes.get(name);
    if (!entry) return;
    if (entry.child.exitCode === null && entry.child.signalCode === null) entry.child.kill(signal);
    await entry.ended;
    this.processes.delete(name);
  }

  async stopAll() { for (const name of this.names().reverse()) await this.stop(name); }

  /** The BIN and the territory code of an organisation. */
  organization(id) {
    const text = readFileSync(join(ROOT, "organizations", `${id}.toml`), "utf8");
    return { bin: /^bin = "(\d{12})"/m.exec(text)[1], kato: /^kato = "(\d{9})"/m.exec(text)[1] };
  }
}

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => { socket.destroy(); done(true); });
    socket.on("error", () => done(false));
  });
}

/** Builds the program unless QYZMET_BIN names one; returns its path. */
export function build() {
  if (process.env.QYZMET_BIN) return process.env.QYZMET_BIN;
  execFileSync("cargo", ["build", "--quiet", "--package", "qyzmet"], { cwd: ROOT, stdio: "inherit" });
  return join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug", "qyzmet");
}

async function main() {
  const { values } = parseArgs({ options: { data: { type: "string", default: "data/federation" }, fresh: { type: "boolean" }, port: { type: "string", default: "7400" }, http: { type: "boolean" } } });
  const data = resolve(values.data);
  if (values.fresh && existsSync(data)) {
    if (!existsSync(join(data, MARKER))) throw new Error(`${data} was not made here and is left alone`);
    rmSync(data, { recursive: true });
  }
  const federation = new Federation({ data, port: Number(values.port), binary: build(), nats: !values.http, log: (name, text) => process.stderr.write(text.replace(/^/gm, `${name}: `)) });
  let ending = false;
  const stop = async (status) => {
    if (ending) return;
    ending = true;
    await federation.stopAll();
    process.exit(status);
  };
  process.on("SIGINT", () => stop(0));
  process.on("SIGTERM", () => stop(0));
  try {
    federation.prepare();
    await federation.startAll();
  } catch (error) {
    if (!ending) console.error(`The federation does not start: ${error.message}`);
    return stop(1);
  }
  console.log(`Portal of the citizen   ${federation.base("portal")}/kk\nOne-stop-shop           ${federation.base("center")}/kk/center`);
  for (const id of Object.keys(REGIONS)) console.log(`${id.padEnd(24)}${federation.base(id)}/kk/region`);
  console.log(`What is stuck           ${federation.base("gateway")}/kk/admin, and /kk/admin of each system (administrator)\nKey files               ${federation.path("ca", "rsa")} (password Qwerty12); accounts as of the demonstration (README)\nCtrl-C ends all.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
