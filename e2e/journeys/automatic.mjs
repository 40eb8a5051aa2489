// SPDX-License-Identifier: MIT OR Apache-2.0
// The automatic way: the register knows the guardianship, nobody's hand touches the case.
import assert from "node:assert/strict";
import { KNOWN, KNOWN_TOO, SERVICE } from "../people.mjs";
import { PAPER, archiveOf, attach, begin, bytesOf, downloaded, fill, filesToReview, numberShown, openKey, resultLink, resultReady, sign, signedIn, toFiles, toReview } from "../portal.mjs";
import { watchKey } from "../watch.mjs";
import { archiveProves, cmsIsGood, pdfIsGood, qrOf, textOf } from "../verifiers.mjs";
import { word } from "../words.mjs";

const THREE_YEARS_MS = 3 * 365 * 24 * 3_600_000;
/** How often the way from "sign" to the result is measured. */
const TIMES = 5;

async function wholeWay(world) {
  const page = await world.visitor({ acceptDownloads: true });
  await world.open(page, "/kk");
  await world.look(page, "home");
  await world.open(page, "/kk/sign-in");
  await world.look(page, "sign-in");
  await signedIn(world, page, KNOWN);
  await world.look(page, "cabinet-empty");
  await world.open(page, "/kk/services");
  await world.look(page, "services");
  await page.locator(`a[href="/kk/services/${SERVICE}"]`).first().click();
  await page.waitForSelector(`a[href="/kk/services/${SERVICE}/apply"]`);
  await world.look(page, "passport");
  await begin(world, page);
  await world.look(page, "form-empty");
  await fill(page, KNOWN);
  await world.look(page, "form-filled");
  await toFiles(page);
  await world.look(page, "files-empty");
  await attach(page, PAPER);
  await world.look(page, "files");
  await filesToReview(page);
  await world.look(page, "review");
  const review = await page.locator("main").innerText();
  for (const child of KNOWN.children) assert.ok(review.includes(child.surname) && review.includes(child.given), "a child is not on the review page");
  const { sent, nothingLeft } = await watchKey(page, world.demo.keyBytes(KNOWN.key));
  await openKey(page, world.demo.key(KNOWN.key));
  await world.look(page, "review-key-open");
  await sign(page);
  await nothingLeft();
  assert.equal(sent.length, 1, "one form is sent");
  assert.ok([...sent[0].keys()].every((name) => !/password|file|key/.test(name)), [...sent[0].keys()].join());
  const number = await numberShown(page);
  await world.look(page, "sent");
  await resultReady(page);
  await world.look(page, "case-issued");
  await judge(world, page, number);
  await lists(world, page, number);
  return number;
}

/** Everything that was signed is judged by others. */
async function judge(world, page, number) {
  const at = world.demo.now();
  const { name, bytes: pdf } = await downloaded(page, resultLink(page));
  assert.match(name, /\.pdf$/);
  pdfIsGood(pdf, world.demo.root, at);
  const archive = await archiveOf(page, "result");
  const now = world.demo.now();
  archiveProves(world.demo, { archive, pdf }, now, new Date(now.getTime() + THREE_YEARS_MS));
  const text = textOf(pdf);
  for (const part of [KNOWN.surname, ...KNOWN.children.map((it) => it.surname)]) assert.ok(text.toLowerCase().includes(part.toLowerCase()), `the paper does not name ${part}`);
  const href = (id) => page.getByRole("link", { name: word(id) }).first().getAttribute("href");
  const xml = (await bytesOf(page, await href("case-signed-xml"))).bytes;
  const cms = (await bytesOf(page, await href("case-signed-cms"))).bytes;
  cmsIsGood(xml, cms, world.demo.root, at);
  const [address] = qrOf(pdf).filter((it) => it.includes("/verify/"));
  assert.ok(address?.startsWith(world.demo.base), `the QR says ${address}`);
  const stranger = await world.visitor();
  await stranger.goto(address);
  await stranger.getByText(word("vf-genuine-title")).first().waitFor();
  const shown = await stranger.locator("main").innerText();
  assert.ok(!shown.includes(KNOWN.iin) && !shown.includes(KNOWN.surname), "the public page shows personal data");
  await world.look(stranger, "verify-genuine");
  await stranger.goto(address.replace(/.{4}$/, "AAAA"));
  await stranger.getByText(word("vf-unknown-title")).first().waitFor();
  await world.look(stranger, "verify-unknown");
  await world.open(stranger, "/kk/verify");
  await world.look(stranger, "verify");
  const caseAddress = page.url();
  await stranger.goto(caseAddress);
  assert.ok(!(await stranger.content()).includes(number), "a stranger reads the case");
}

async function lists(world, page, number) {
  for (const [path, name] of [["/kk/cabinet", "cabinet"], ["/kk/cabinet/history", "history"], ["/kk/cabinet/notices", "notices"]]) {
    await world.open(page, path);
    assert.ok((await page.locator("main").innerText()).includes(number), `${path} does not name the application`);
    await world.look(page, name);
  }
}

/** From the press on "sign" to the link to the result, as the person sees it. */
async function measured(world) {
  const page = await world.visitor();
  await signedIn(world, page, KNOWN_TOO);
  const times = [];
  for (let count = 0; count < TIMES; count += 1) {
    await begin(world, page);
    await fill(page, KNOWN_TOO);
    await toReview(page);
    await openKey(page, world.demo.key(KNOWN_TOO.key));
    const pressed = Date.now();
    await sign(page);
    await resultReady(page);
    times.push(Date.now() - pressed);
  }
  times.sort((a, b) => a - b);
  return `median ${times[Math.floor(TIMES / 2)]} ms of ${times.join(", ")}`;
}

export const automatic = [
  { name: "1 automatic: from the passport to a paper that everybody calls genuine", act: wholeWay },
  { name: "1b automatic: time from signing to the result in the cabinet", act: measured },
];
