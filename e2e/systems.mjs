// SPDX-License-Identifier: MIT OR Apache-2.0
// What a journey over several processes asks of them: their journals, their administrators' boards, and patience.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { enter } from "./offices.mjs";
import { word } from "./words.mjs";
import { Looks, World } from "./world.mjs";

/** A process that was killed is started, and brokers choose a leader anew. */
export const WAIT_MS = 90_000;

/** The cases of which a role's own journal says this, one event each. */
export function told(federation, role, kind) {
  const query = "import json, sqlite3, sys; c = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True); "
    + "print(json.dumps([row[0] for row in c.execute('select stream from events where kind = ? order by stream', [sys.argv[2]])]))";
  return JSON.parse(execFileSync("python3", ["-c", query, federation.path(role, "journal", "journal.db"), kind], { encoding: "utf8" }));
}

export const opened = (federation, role) => told(federation, role, "case.opened");

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export const until = async (what, holds) => {
  const end = Date.now() + WAIT_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
};

/** An exchange of the gateway told in such a stream, by its session id. */
export function exchange(federation, kind) {
  const query = "import json, sqlite3, sys; c = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True); "
    + "print(next(key for key, body in c.execute(\"select key, body from view_rows where tbl = 'relay-exchanges' order by key\") if json.loads(body)['stream'].startswith(sys.argv[2])))";
  return execFileSync("python3", ["-c", query, federation.path("gateway", "journal", "journal.db"), `${kind}/`], { encoding: "utf8" }).trim();
}

/** The administrator of a system at his board, with eyes of his own. */
export async function administrator(world, federation, name) {
  const looks = new Looks();
  const board = new World({ ...world.demo, base: federation.base(name) }, world.browser, looks, `${world.name}-admin`);
  const admin = await board.visitor();
  admin.setDefaultTimeout(WAIT_MS);
  assert.equal(await board.open(admin, "/kk/admin/sign-in/eds"), 200);
  await board.look(admin, `${name}-sign-in-eds`);
  await board.open(admin, "/kk/admin");
  await enter(admin, { login: "administrator" });
  await admin.waitForSelector("details[data-menu]");
  return { admin, board, looks };
}

/** Waits until the page says it, looking again as a person would. */
export async function shown(page, text) {
  const end = Date.now() + WAIT_MS;
  while (!(await page.locator("main").innerText()).includes(text)) {
    if (Date.now() > end) throw new Error(`the page does not say: ${text}\n${await page.locator("main").innerText()}`);
    await new Promise((done) => setTimeout(done, 300));
    await page.goto(page.url());
  }
}

/** Waits until the page says it no more. */
export async function gone(page, text) {
  const end = Date.now() + WAIT_MS;
  while ((await page.locator("main").innerText()).includes(text)) {
    if (Date.now() > end) throw new Error(`the page still says: ${text}`);
    await new Promise((done) => setTimeout(done, 300));
    await page.goto(page.url());
  }
}

/** Orders what is on the page to be tried again; what is tried by itself may be faster than the hand. */
export async function retried(page) {
  await page.getByRole("button", { name: word("bd-retry") }).or(page.getByText(word("bd-none"))).first().waitFor();
  if (await page.getByText(word("bd-none")).count()) return;
  await page.getByRole("button", { name: word("bd-retry") }).first().click();
  await page.getByText(word("bd-retried")).or(page.getByText(word("bd-gone"))).first().waitFor();
}

/** What the command tells beside the running process. */
export function stuck(federation, name) {
  try {
    return JSON.parse(execFileSync(federation.binary, ["stuck", "--config", federation.path(`${name}.toml`), "--json"], { encoding: "utf8" }));
  } catch (error) {
    return JSON.parse(error.stdout);
  }
}
