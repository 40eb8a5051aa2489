// SPDX-License-Identifier: MIT OR Apache-2.0
// The journeys of issue "Road" in Chromium: `node run.mjs [word of the names …]`. One line a journey; 1 on any failure.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, startDemo } from "./demo.mjs";
import { startBrowser } from "./lib.mjs";
import { Looks, World } from "./world.mjs";
import { automatic } from "./journeys/automatic.mjs";
import { bad } from "./journeys/bad.mjs";
import { center } from "./journeys/center.mjs";
import { entrance } from "./journeys/entrance.mjs";
import { contract } from "./journeys/contract.mjs";
import { everywhere } from "./journeys/everywhere.mjs";
import { gostKeys } from "./journeys/gost.mjs";
import { keys } from "./journeys/keys.mjs";
import { manual } from "./journeys/manual.mjs";
import { ncalayer } from "./journeys/ncalayer.mjs";
import { paper } from "./journeys/paper.mjs";
import { registers } from "./journeys/registers.mjs";
import { signing } from "./journeys/signing.mjs";
import { services } from "./journeys/services.mjs";
import { walked } from "./journeys/walked.mjs";

const JOURNEY_MS_MAX = 120_000;
const wanted = process.argv.slice(2);
const journeys = [...automatic, ...manual, ...gostKeys, ...keys, ...center, ...paper, ...bad, ...entrance, ...everywhere, ...services, ...walked, ...ncalayer, ...signing, ...contract, ...registers]
  .filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

async function within(promise) {
  let timer;
  const late = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error(`took longer than ${JOURNEY_MS_MAX / 1000} s`)), JOURNEY_MS_MAX); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function walk(demo, browser, looks, { name, act }) {
  const world = new World(demo, browser, looks, name.replace(/[^a-z0-9]+/gi, "-"));
  const started = Date.now();
  const told = () => `${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
  try {
    const said = await within(act(world));
    world.nothingComplained();
    console.log(`ok      ${told()}${said ? `: ${said}` : ""}`);
    return true;
  } catch (error) {
    await world.pictures();
    const about = world.complaints.length > 0 ? `\n${world.complaints.join("\n")}` : "";
    console.log(`FAILED  ${told()}\n${String(error.stack ?? error).replace(/^/gm, "        ")}${about.replace(/^/gm, "        ")}`);
    return false;
  } finally {
    await world.close();
  }
}

const out = join(dirname(fileURLToPath(import.meta.url)), "out");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const begun = Date.now();
const demo = await startDemo(build());
console.log(`demonstration at ${demo.base} after ${demo.seconds.toFixed(1)} s`);
const browser = await startBrowser();
const results = [];
try {
  const looks = new Looks();
  for (const journey of journeys) results.push(await walk(demo, browser, looks, journey));
  const clean = looks.found.length === 0;
  results.push(clean);
  const what = `every page is accessible and fits 320 px: ${looks.seen.size} pages looked at, wide and narrow`;
  console.log(clean ? `ok      ${what}` : `FAILED  ${what}\n${looks.found.join("\n").replace(/^/gm, "        ")}`);
} finally {
  await browser.close();
  await demo.stop();
}
if (results.includes(false) && demo.complaints()) console.log(`the program said:\n${demo.complaints()}`);
const failed = results.filter((it) => !it).length;
console.log(`${results.length - failed} passed, ${failed} failed, ${((Date.now() - begun) / 1000).toFixed(0)} s`);
process.exitCode = failed > 0 ? 1 : 0;
