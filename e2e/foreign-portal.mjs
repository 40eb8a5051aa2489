// SPDX-License-Identifier: MIT OR Apache-2.0
// A portal that is none of ours: it knows the published form alone. It takes nothing from this project and nothing that we
// wrote signs, checks or reads for it: `xmlsec1` makes and judges the signatures, XML is read below. The order of the form's
// header is not public and is that of the list of its fields; codes of fields, services and dictionaries are INVENTED.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate, createPrivateKey, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const CHANNEL = "http://bip.bee.kz/AsyncChannel/v10/Types";
const FORM = "http://bip.bee.kz/AsyncChannel/";
const SERVICE = "MON_ES_REQUEST_FORM_IMPORT";
const DS = "http://www.w3.org/2000/09/xmldsig#";
const C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
const ANSWER_WAIT_MS = 60_000;
/** Hours of the country's time. */
const ZONE = 5;

// Writing.

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const element = (name, ...inside) => `<${name}>${inside.join("")}</${name}>`;
const leaf = (name, text) => (text === undefined ? "" : element(name, escaped(text)));
const now = () => new Date(Date.now() + ZONE * 3_600_000).toISOString().replace("Z", `+0${ZONE}:00`);

/** A field of the form and its values. */
export const field = (code, ...values) => element("updatedValues", leaf("code", code), ...values.map((it) => element("values", it)));
export const text = (it) => leaf("string", it);
export const date = (it) => leaf("date", it);
export const flag = (it) => leaf("boolean", String(it));
export const item = (code, kk, ru) => element("domainItemData", leaf("code", code), leaf("kkValue", kk), leaf("ruValue", ru));
export const file = (name, bytes) => element("fileData", leaf("name", name), leaf("base64Data", bytes.toString("base64")));
export const complex = (...fields) => element("complexValue", ...fields);

/** What is signed how, without its values: the program fills them in. */
const template = (reference, transforms, form, keyInfo) =>
  `<ds:Signature xmlns:ds="${DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${form}"/>`
  + '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
  + `<ds:Reference URI="${reference}"><ds:Transforms>${transforms.map((it) => `<ds:Transform Algorithm="${it}"/>`).join("")}</ds:Transforms>`
  + '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue></ds:DigestValue></ds:Reference>'
  + `</ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo>${keyInfo}</ds:KeyInfo></ds:Signature>`;

// Reading.

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const unescaped = (it) => it.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, digits, name) => (name ? ENTITIES[name] : String.fromCodePoint(parseInt(hex ?? digits, hex ? 16 : 10))));

/** An element by its local name, with where it stands in the text. */
class Element {
  children = [];
  text = "";

  constructor(name, attributes, from) { Object.assign(this, { name, attributes, from }); }

  all(name) { return this.children.filter((it) => it.name === name); }

  /** The only child of that name, one under the other. */
  at(...names) {
    return names.reduce((parent, name) => {
      const [only, ...others] = parent.all(name);
      assert.ok(only && others.length === 0, `${parent.name} has ${others.length + (only ? 1 : 0)} of ${name}`);
      return only;
    }, this);
  }

  attribute(name) { return new RegExp(`\\s(?:[\\w-]+:)?${name}="([^"]*)"`).exec(this.attributes)?.[1]; }

  /** The text of the child; nothing where there is none. */
  told(name) { return this.all(name).length ? this.at(name).text.trim() : undefined; }
}

/** Reads a document; comments and declarations of types have no place in it. */
function read(xml) {
  const open = [new Element("", "", 0)];
  for (const it of xml.matchAll(/<\?[^]*?\?>|<(\/?)((?:[\w-]+:)?)([\w-]+)([^<>]*?)(\/?)>|[^<]+|</g)) {
    const [all, closes, , name, attributes, empty] = it;
    assert.notEqual(all, "<", "something that is no element");
    if (all.startsWith("<?")) continue;
    if (name === undefined) {
      open.at(-1).text += unescaped(all);
    } else if (closes) {
      const ended = open.pop();
      assert.equal(ended.name, name, "an element is not closed");
      ended.to = it.index + all.length;
    } else {
      const begun = new Element(name, attributes, it.index);
      open.at(-1).children.push(begun);
      if (empty) begun.to = it.index + all.length;
      else open.push(begun);
    }
  }
  assert.equal(open.length, 1, "the document is cut off");
  return open[0].children[0];
}

/** What the gateway refused, by its code. */
class Refused extends Error {}

export class ForeignPortal {
  /**
   * `signs` and `connects` are files of its keys for messages and for connections, `believes` the certificates of the two whose
   * signatures it awaits: the gateway's over bodies and the region's over payloads. Certificates are DER, keys PKCS#8 DER.
   */
  constructor({ id, url, signs, connects, believes }) {
    Object.assign(this, { id, url, signs, believes });
    const pem = (path) => new X509Certificate(readFileSync(path)).toString();
    const key = createPrivateKey({ key: readFileSync(connects.key), format: "der", type: "pkcs8" });
    this.tls = { cert: connects.certificates.map(pem).join(""), ca: connects.roots.map(pem), key: key.export({ type: "pkcs8", format: "pem" }) };
  }

  /** Has the program work on a document. */
  #xmlsec(xml, ...args) {
    const folder = mkdtempSync(join(tmpdir(), "foreign-portal-"));
    try {
      writeFileSync(join(folder, "it.xml"), xml);
      const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 64 * 1024 * 1024 };
      return execFileSync("xmlsec1", [...args, "it.xml"], options);
    } catch (error) {
      if (error.code === "ENOENT") throw new Error("xmlsec1 is missing (Debian: apt install xmlsec1)");
      throw new Error(`xmlsec1 ${args[0]}: ${error.stderr ?? error.message}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The document with its signature filled in; without a declaration, so that it can stand in another. */
  #signed(xml, ...args) {
    const signed = this.#xmlsec(DECLARATION + xml, "--sign", "--privkey-der", `${this.signs.key},${this.signs.certificate}`, ...args);
    return signed.replace(/^<\?xml[^]*?\?>\s*/, "").trimEnd();
  }

  /** A form with the signature inside it, as a document of its own. */
  #form(content) {
    const transforms = [`${DS}enveloped-signature`, C14N];
    const signature = template("", transforms, C14N, "<ds:X509Data><ds:X509Certificate></ds:X509Certificate></ds:X509Data>");
    return this.#signed(`<a:typedRequestFormImportData xmlns:a="${FORM}">${content}${signature}</a:typedRequestFormImportData>`);
  }

  /** An envelope, its body signed by WS-Security. */
  #envelope(operation, request) {
    const id = `id-${randomUUID()}`;
    const certificate = readFileSync(this.signs.certificate).toString("base64");
    const token = `<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType="${OASIS}soap-message-security-1.0#Base64Binary" ValueType="${OASIS}x509-token-profile-1.0#X509v3">${certificate}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`;
    const security = `<wsse:Security xmlns:wsse="${OASIS}wssecurity-secext-1.0.xsd" soapenv:mustUnderstand="1">${template(`#${id}`, [EXCLUSIVE], EXCLUSIVE, token)}</wsse:Security>`;
    const body = `<soapenv:Body xmlns:wsu="${OASIS}wssecurity-utility-1.0.xsd" wsu:Id="${id}"><t:${operation} xmlns:t="${CHANNEL}"><request>${request}</request></t:${operation}></soapenv:Body>`;
    const envelope = `<soapenv:Envelope xmlns:soapenv="${SOAP}"><soapenv:Header>${security}</soapenv:Header>${body}</soapenv:Envelope>`;
    return DECLARATION + this.#signed(envelope, "--id-attr:Id", `${SOAP}:Body`);
  }

  #sender() { return element("sender", leaf("senderId", this.id)); }

  /** An application, signed as it is sent. `fields` are in the portal's own codes. */
  application({ messageId, chain, number, service, person, bin, fields }) {
    const form = this.#form([
      leaf("importSource", "EGOV_PORTAL"), ...fields,
      leaf("externalRequestChainId", chain), leaf("externalRequestId", number), leaf("requestOriginSystemId", "EGOV_PORTAL"),
      leaf("requesterIin", person.iin), leaf("requesterFirstName", person.first), leaf("requesterLastName", person.last), leaf("requesterMiddleName", person.middle),
      leaf("serviceProviderBin", bin), leaf("serviceType", service),
    ].join(""));
    const info = element("messageInfo",
      leaf("messageId", messageId), leaf("correlationId", chain), leaf("serviceId", SERVICE), leaf("messageType", "REQUEST"), leaf("messageDate", now()),
      this.#sender(), element("properties", leaf("key", "ADDL_CLIENT_KEY"), leaf("value", service)));
    return this.#envelope("sendMessage", info + element("messageData", element("data", form)));
  }

  /** Sends an application; answers with the receipt. */
  async send(envelope) {
    const receipt = await this.#ask(envelope, "sendMessageResponse");
    return Object.fromEntries(["messageId", "correlationId", "responseDate", "sessionId"].map((name) => [name, receipt.told(name)]));
  }

  /** Asks for what has come, and confirms each message once it was read. */
  async take() {
    const asked = leaf("requestDate", now()) + leaf("serviceId", SERVICE) + this.#sender() + leaf("amount", "10");
    const found = await this.#ask(this.#envelope("getMessages", asked), "getMessagesResponse");
    const messages = found.all("messages").map((it) => this.#message(it, found.xml));
    for (const { messageId } of messages) {
      const status = element("deliveryStatus", leaf("receiveStatus", "MESSAGE_ACCEPTED"), leaf("statusDate", now()), leaf("resendMessage", "NOT_RESEND"));
      const notice = element("notification", leaf("messageId", messageId), leaf("serviceId", SERVICE), leaf("notificationDate", now()), status);
      await this.#ask(this.#envelope("sendDeliveryNotification", notice + leaf("requestDate", now()) + this.#sender()), "sendDeliveryNotificationResponse");
    }
    return messages;
  }

  #message(message, xml) {
    const info = message.at("messageInfo");
    const form = message.at("messageData", "data", "typedRequestFormImportData");
    this.#check(xml.slice(form.from, form.to), this.believes.region, form.at("Signature"), "");
    return {
      xml: xml.slice(message.from, message.to),
      messageId: info.told("messageId"), chain: info.told("correlationId"), type: info.told("messageType"), service: info.at("properties").told("value"),
      form, fields: new Map(form.all("updatedValues").map((it) => [it.told("code"), it.all("values")])),
    };
  }

  /** Says whose signature that has to be, over what; the certificate inside of it is not asked. */
  #check(xml, certificate, signature, reference) {
    assert.equal(signature.at("SignedInfo", "Reference").attribute("URI"), reference, "another part is signed");
    this.#xmlsec(xml, "--verify", "--enabled-key-data", "key-name", "--id-attr:Id", `${SOAP}:Body`, "--pubkey-cert-der", certificate);
  }

  /** Calls the gateway; answers with the response of the signed body, and with its text. */
  async #ask(envelope, operation) {
    const xml = await this.#post(envelope);
    const root = read(xml);
    const body = root.at("Body");
    this.#check(xml, this.believes.gateway, root.at("Header", "Security", "Signature"), `#${body.attribute("Id")}`);
    const fault = body.all("Fault")[0];
    if (fault) throw new Refused(fault.at("detail").children[0].told("errorCode"));
    return Object.assign(body.at(operation, "response"), { xml });
  }

  #post(envelope) {
    const body = Buffer.from(envelope);
    const headers = { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '""', "Content-Length": body.length };
    return new Promise((done, failed) => {
      const call = request(this.url, { method: "POST", headers, timeout: ANSWER_WAIT_MS, agent: false, ...this.tls }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", failed);
        answer.on("end", () => done(Buffer.concat(parts).toString("utf8")));
      });
      call.on("timeout", () => call.destroy(new Error("the gateway gave no answer")));
      call.on("error", failed);
      call.end(body);
    });
  }
}
