// SPDX-License-Identifier: MIT OR Apache-2.0
// The automatic way with a GOST key file, as the national authority issues them now: the page signs, the region verifies.
import assert from "node:assert/strict";
import { HEAD, KNOWN_TOO } from "../people.mjs";
import { give, grant, openCase, signResult } from "../offices.mjs";
import { begin, downloaded, fill, numberShown, openKey, resultLink, resultReady, sign, signedIn, toReview } from "../portal.mjs";
import { applied, officeToExecutor } from "./manual.mjs";
import { watchKey } from "../watch.mjs";
import { word } from "../words.mjs";

const NOT_RUN = "not run: the module of GOST is not built here (no target wasm32-unknown-unknown)";
/** The key of a name, of GOST. */
const gost = (name) => `gost/${name}`;

async function wholeWay(world) {
  if (!world.demo.signsByGost()) return NOT_RUN;
  const page = await world.visitor();
  await signedIn(world, page, KNOWN_TOO);
  await begin(world, page);
  await fill(page, KNOWN_TOO);
  await toReview(page);
  const { sent, nothingLeft } = await watchKey(page, world.demo.keyBytes(gost(KNOWN_TOO.key)), world.demo.pkcs8(gost(KNOWN_TOO.key)));
  const opened = Date.now();
  await openKey(page, world.demo.key(gost(KNOWN_TOO.key)));
  assert.match(await page.locator("[data-sign-issuer]").innerText(), /GOST/);
  assert.equal(await page.locator("[data-sign-uncertified]").innerText(), word("sign-gost-uncertified"));
  await world.look(page, "gost-key-open");
  const signed = Date.now();
  await sign(page);
  await nothingLeft();
  assert.equal(sent.length, 1, "one form is sent");
  await numberShown(page);
  const done = Date.now();
  await resultReady(page);
  return `opened in ${signed - opened} ms, signed and sent in ${done - signed} ms`;
}

/** The identifier of the signature's algorithm, 1.2.398.3.10.1.1.2.3.2, as it stands in the PDF. */
const ALGORITHM = /2a830e030a0101020302/i;

async function headSigns(world) {
  if (!world.demo.signsByGost()) return NOT_RUN;
  const { page: citizen, number } = await applied(world);
  const { office, head, executor } = await officeToExecutor(world, number);
  await grant(executor);
  await openCase(world, head, number);
  await signResult(world, head, gost(HEAD.key));
  await openCase(world, office, number);
  await give(office, "dispatch", "done-dispatched");
  await resultLink(citizen).waitFor();
  const { bytes } = await downloaded(citizen, resultLink(citizen));
  assert.match(bytes.toString("latin1"), ALGORITHM, "the paper is not signed by GOST");
}

export const gostKeys = [
  { name: "2b gost: the applicant's key file signs in the page, the region verifies, nothing of the key leaves", act: wholeWay },
  { name: "3b gost: the head signs the result as a PDF", act: headSigns },
];
