// SPDX-License-Identifier: MIT OR Apache-2.0
// What the federation does with the portal of others: it applies, officials decide, it gets the paper; and it is refused.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { FOREIGN } from "../examples/federation/start.mjs";
import { ForeignPortal, complex, date, field, file, flag, item, text } from "./foreign-portal.mjs";
import { atWork, give, grant, instruct, openCase, signResult } from "./offices.mjs";
import { EXECUTOR, HEAD, OFFICE, PROVIDER, UNKNOWN } from "./people.mjs";
import { ADDRESS, PAPER, PHONE } from "./portal.mjs";
import { WAIT_MS, administrator, gone, pause, shown, stuck, until } from "./systems.mjs";
import { pdfIsGood, textOf } from "./verifiers.mjs";
import { word, worded } from "./words.mjs";
import { Looks, World } from "./world.mjs";

/** The portal of others, with its keys and what it believes. */
function foreignPortal(federation) {
  const { id, region } = FOREIGN;
  const of = (name) => federation.path("ca", "rsa", name);
  return new ForeignPortal({
    id,
    url: `https://127.0.0.1:${federation.ports.gateway.messages}/shep/async`,
    signs: { certificate: of(`transport-${id}.cer`), key: of(`transport-${id}.key`) },
    connects: { certificates: [of(`tls-${id}.cer`), of("nca.cer")], key: of(`tls-${id}.key`), roots: [of("root.cer")] },
    believes: { gateway: of("transport-gateway.cer"), region: of(`transport-${region}.cer`) },
  });
}

/** What somebody applies for at that portal, in its codes and by its ids, none of which is a UUID. */
function foreignApplication(federation) {
  const [last, first, middle] = UNKNOWN.name.split(" ");
  const wards = UNKNOWN.children.map(({ surname, given, birth_date }) => complex(
    field("last_name", text(surname)), field("first_name", text(given)), field("birth_date", date(birth_date.split(".").reverse().join("-")))));
  return {
    messageId: "PEP-2000001", chain: "2000001", number: "10000000000001", service: FOREIGN.service,
    person: { iin: UNKNOWN.iin, last, first, middle }, bin: federation.organization(PROVIDER).bin,
    fields: [
      field("applicant_note", text("demo")), field("applicant_status", item("01", "қорғаншы", "опекун")), field("ward", ...wards),
      field("residence", text(ADDRESS)), field("phone_number", text(PHONE)), field("agreement", flag(true)),
      field("birth_act_copy", file(PAPER.name, PAPER.buffer)),
    ],
  };
}

/** Waits until that portal is told so; each of its answers names the application by its own ids and holds nothing of ours. */
async function heard(portal, asked, type) {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end) {
    for (const message of await portal.take()) {
      const { chain, service, form } = message;
      assert.deepEqual(
        { chain, service, inside: form.told("externalRequestChainId"), number: form.told("externalRequestId"), iin: form.told("requesterIin") },
        { chain: asked.chain, service: asked.service, inside: asked.chain, number: asked.number, iin: asked.person.iin });
      assert.ok(!message.xml.includes("qyzmet"), "an answer in the published form holds something of ours");
      if (message.type === type) return message;
      assert.equal(message.type, "NOTIFICATION", "it ended before its time");
    }
    await pause(300);
  }
  throw new Error(`that portal got no ${type}`);
}

/** How far the application is by an answer: the form's two words and the entry of the portal's dictionary. */
const stateOf = ({ form, fields }) =>
  [form.told("processingStatus"), form.told("resolutionType"), fields.get("processing_status")[0].at("domainItemData").told("code")];

/** Office, head and executor carry a case of the portal of others to its end. */
async function decided(world, number) {
  const office = await atWork(world, OFFICE);
  await openCase(world, office, number);
  const page = await office.locator("main").innerText();
  assert.match(page, worded("off-vouched"), "officials are not told that the applicant's signature is missing");
  assert.ok(page.includes(FOREIGN.id), "nor who vouches for the application");
  await world.look(office, "region-case-vouched");
  await give(office, "accept", "done-accepted");
  const head = await atWork(world, HEAD);
  await openCase(world, head, number);
  await instruct(head);
  const executor = await atWork(world, EXECUTOR);
  await openCase(world, executor, number);
  await grant(executor);
  await openCase(world, head, number);
  await signResult(world, head, HEAD.key);
  await openCase(world, office, number);
  await give(office, "dispatch", "done-dispatched");
  assert.deepEqual(world.looks.found, [], "the pages are accessible and fit");
}

export const foreign = [
  ["a portal that is none of ours applies in the published form alone: officials decide, and it gets the signed paper", async ({ world, federation }) => {
    const portal = foreignPortal(federation);
    const asked = foreignApplication(federation);
    const envelope = portal.application(asked);
    const receipt = await portal.send(envelope);
    assert.deepEqual([receipt.messageId, receipt.correlationId], [asked.messageId, asked.chain], "the receipt repeats the portal's ids");
    assert.deepEqual(await portal.send(envelope), receipt, "sent once more, it gets the same receipt");
    assert.deepEqual(stateOf(await heard(portal, asked, "NOTIFICATION")), ["IN_PROGRESS", "NO_RESOLUTION", "IN_PROCESSING"]);
    const offices = new World({ ...world.demo, base: federation.base(FOREIGN.region) }, world.browser, new Looks(), `${world.name}-offices`);
    try {
      await decided(offices, asked.number);
    } catch (error) {
      await offices.pictures();
      throw error;
    } finally {
      await offices.close();
    }
    const answer = await heard(portal, asked, "RESPONSE");
    assert.deepEqual(stateOf(answer), ["COMPLETED", "POSITIVE", "PROCESSED"]);
    const paper = Buffer.from(answer.fields.get("certificate_file")[0].at("fileData").told("base64Data"), "base64");
    pdfIsGood(paper, world.demo.root, world.demo.now());
    assert.match(textOf(paper), /Айсұлтан|АЙСҰЛТАН/);
    return [];
  }],
  ["that portal names a field that stands in no table: the region's administrator sees what to add, adds it, and the application is taken", async ({ world, federation }) => {
    const portal = foreignPortal(federation);
    const asked = foreignApplication(federation);
    const other = { ...asked, messageId: "PEP-2000002", chain: "2000002", number: "10000000000002", fields: [...asked.fields, field("ward_school", text("№ 1"))] };
    const receipt = await portal.send(portal.application(other));
    assert.deepEqual([receipt.messageId, receipt.correlationId], [other.messageId, other.chain]);
    const refused = ({ what, words }) => what.message === other.messageId && words.includes("SCE004");
    await until("the gateway is told SCE004", () => stuck(federation, "gateway").some(refused));
    const { admin, board, looks } = await administrator(world, federation, FOREIGN.region);
    await shown(admin, word("bd-not-in-tables"));
    const told = await admin.locator("main").textContent();
    for (const it of [other.messageId, FOREIGN.id, `${FOREIGN.service}: ward_school`]) assert.ok(told.includes(it), `the board does not name ${it}`);
    assert.ok(!told.includes(UNKNOWN.iin), "the board shows the number of a person");
    await board.look(admin, "admin-board-not-in-tables");
    for (const lang of ["ru", "en"]) {
      await board.open(admin, `/${lang}/admin`);
      await shown(admin, word("bd-not-in-tables-do", lang));
    }
    // He adds it and starts the role again; the gateway's brings the same message at once.
    const config = federation.path(`${FOREIGN.region}.toml`);
    writeFileSync(config, readFileSync(config, "utf8").replace('ignored = ["applicant_note"]', 'ignored = ["applicant_note", "ward_school"]'));
    await federation.stop(FOREIGN.region);
    await federation.start(FOREIGN.region);
    for (const { id } of stuck(federation, "gateway").filter(refused)) federation.qyzmet("stuck", "--config", federation.path("gateway.toml"), "retry", id);
    assert.deepEqual(stateOf(await heard(portal, other, "NOTIFICATION")), ["IN_PROGRESS", "NO_RESOLUTION", "IN_PROCESSING"]);
    await board.open(admin, "/kk/admin");
    await gone(admin, other.messageId);
    assert.deepEqual(looks.found, [], "the board is accessible and fits");
    return [];
  }],
];
