// SPDX-License-Identifier: MIT OR Apache-2.0
// NCALayer, the national signing program of the person's computer: a WebSocket at a fixed address. Nothing is asked of it
// before the person wants to sign, or to know whether he can. Its answers differ by module and version; all seen are read here.
import { type NcaProblemKind, type ProblemKind, SignProblem } from "./signer";

/** Where it listens; the page's policy lets scripts connect here and nowhere else. */
export const NCALAYER_ADDRESS = "wss://127.0.0.1:13579";
const BASICS = "kz.gov.pki.knca.basics";
const COMMON_UTILS = "kz.gov.pki.knca.commonUtils";
/** The storage of key files: its window lets the person choose one. */
const KEY_FILES = "PKCS12";
/** Storages that the old module may name at once; more kinds of tokens are not known. */
const TOKENS_MAX = 7;
const HEARTBEAT = "--heartbeat--";
const CONNECT_MS_MAX = 5_000;
/** The person looks for the key and types its password meanwhile. */
const ANSWER_MS_MAX = 5 * 60_000;
const HEARTBEAT_MS = 20_000;
const OPEN = 1;

/** What of a `WebSocket` is used, so that a test may bring another. */
export type Socket = Pick<WebSocket, "readyState" | "send" | "close" | "onmessage" | "onerror" | "onclose">;

export interface NcaOptions {
  readonly address?: string;
  readonly open?: (address: string) => Socket;
  readonly connectMs?: number;
  readonly answerMs?: number;
}

/** Whose key may sign; passed on, so that another cannot be picked. */
export interface NcaSignatory {
  readonly iin?: string | undefined;
  readonly bin?: string | undefined;
  readonly usages: readonly string[];
  /** Also keys of authorities other than the national one: only in the demonstration. */
  readonly anyAuthority?: boolean;
}

export interface NcaRequest {
  readonly format: "cms" | "xml";
  /** Base64 for CMS, text for XML. */
  readonly data: readonly string[];
  readonly signatory: NcaSignatory;
  readonly locale: string;
  /** CMS: the content goes into the signature. */
  readonly encapsulate?: boolean;
  /** CMS: what is given is a hash already. */
  readonly digested?: boolean;
}

type Json = Readonly<Record<string, unknown>>;

export class NcaLayer {
  private waiting: { got: (answer: Json) => void; failed: (error: SignProblem) => void } | undefined;

  private constructor(
    private readonly socket: Socket,
    readonly version: string,
    private readonly options: NcaOptions,
  ) {
    socket.onmessage = (event: MessageEvent) => this.heard(String(event.data));
    socket.onclose = () => this.fail("nca-closed");
    socket.onerror = () => this.fail("nca-closed");
  }

  /** Connects and waits for the greeting with the version. */
  static connect(options: NcaOptions = {}): Promise<NcaLayer> {
    const open = options.open ?? ((address: string): Socket => new WebSocket(address));
    return new Promise((done, failed) => {
      let socket: Socket;
      try {
        socket = open(options.address ?? NCALAYER_ADDRESS);
      } catch {
        return failed(new SignProblem("nca-off"));
      }
      const end = (act: () => void): void => {
        clearTimeout(timer);
        socket.onmessage = socket.onerror = socket.onclose = null;
        act();
      };
      const refuse = (kind: NcaProblemKind) => end(() => {
        // A socket that is closed while it connects may complain once more.
        socket.onerror = () => undefined;
        socket.close();
        failed(new SignProblem(kind));
      });
      const timer = setTimeout(() => refuse(socket.readyState === OPEN ? "nca-silent" : "nca-off"), options.connectMs ?? CONNECT_MS_MAX);
      socket.onerror = socket.onclose = () => refuse("nca-off");
      socket.onmessage = (event: MessageEvent) => {
        const version = greeting(parsed(String(event.data)));
        if (version === undefined) refuse("nca-refused");
        else end(() => done(new NcaLayer(socket, version, options)));
      };
    });
  }

  /** Signs; answers one signature for each of the data, in their order: bare base64 for CMS, exact text for XML. */
  async sign(request: NcaRequest): Promise<string[]> {
    const answer = await this.ask(basics(request));
    const signed = isUnknownModule(answer) ? await this.signOldWay(request) : results(answer);
    if (signed.length !== request.data.length) throw new SignProblem("nca-refused");
    return request.format === "cms" ? signed.map(bare) : signed;
  }

  close(): void {
    this.fail("nca-closed");
    this.socket.onclose = null;
    this.socket.close();
  }

  /** The module before `basics`: a storage, one document at a time, no choice of whose key signs. */
  private async signOldWay(request: NcaRequest): Promise<string[]> {
    const [first, ...others] = request.data;
    if (first === undefined) return [];
    const { storage, signature } = await this.signFirst(request, first);
    const signed = [signature];
    for (const data of others) signed.push(await this.signOne(storage, request, data));
    return signed;
  }

  /**
   * The old module asks for one storage only. Whoever has a token in may sign by a key file all the same: he closes the token's
   * window and is asked for the file. The storage that signed the first document signs all.
   */
  private async signFirst(request: NcaRequest, data: string): Promise<{ storage: string; signature: string }> {
    let told = new SignProblem("nca-no-key");
    for (const storage of await this.storages()) {
      try {
        return { storage, signature: await this.signOne(storage, request, data) };
      } catch (error) {
        if (!(error instanceof SignProblem) || !PASSED_OVER.has(error.kind)) throw error;
        // What is wrong with a token says more than a window that was closed after it.
        if (NO_CHOICE.has(told.kind)) told = error;
      }
    }
    throw told;
  }

  /** The tokens that are in, then key files. */
  private async storages(): Promise<string[]> {
    const tokens = await this.ask({ module: COMMON_UTILS, method: "getActiveTokens" });
    if (isUnknownModule(tokens)) throw new SignProblem("nca-old");
    const found = tokens.responseObject === undefined ? [] : results(tokens, true);
    return [...found.filter((it) => it !== KEY_FILES).slice(0, TOKENS_MAX), KEY_FILES];
  }

  private async signOne(storage: string, { format, digested, encapsulate }: NcaRequest, data: string): Promise<string> {
    const args = [storage, "SIGNATURE", data];
    const call = format === "xml"
      ? { method: "signXml", args: [...args, "", ""] }
      : digested
        ? { method: "createCAdESFromBase64Hash", args }
        : { method: "createCAdESFromBase64", args: [...args, encapsulate === true] };
    const [signature, ...more] = results(await this.ask({ module: COMMON_UTILS, ...call }));
    if (signature === undefined || more.length > 0) throw new SignProblem("nca-refused");
    return signature;
  }

  private ask(message: Json): Promise<Json> {
    if (this.waiting) return Promise.reject(new SignProblem("nca-busy"));
    if (this.socket.readyState !== OPEN) return Promise.reject(new SignProblem("nca-closed"));
    return new Promise((done, failed) => {
      const beat = setInterval(() => this.socket.send(HEARTBEAT), HEARTBEAT_MS);
      const timer = setTimeout(() => this.fail("nca-silent"), this.options.answerMs ?? ANSWER_MS_MAX);
      const end = (): void => {
        clearInterval(beat);
        clearTimeout(timer);
        this.waiting = undefined;
      };
      this.waiting = {
        got: (answer) => (end(), done(answer)),
        failed: (error) => (end(), failed(error)),
      };
      this.socket.send(JSON.stringify(message));
    });
  }

  private heard(text: string): void {
    const answer = parsed(text);
    // A heartbeat is answered by the greeting.
    if (greeting(answer) !== undefined) return;
    if (answer) this.waiting?.got(answer);
    else this.fail("nca-refused");
  }

  private fail(kind: NcaProblemKind): void {
    this.waiting?.failed(new SignProblem(kind));
  }
}

function basics({ format, data, signatory, locale, encapsulate, digested }: NcaRequest): Json {
  const { iin, bin, usages, anyAuthority } = signatory;
  return {
    module: BASICS,
    method: "sign",
    args: {
      allowedStorages: null,
      format,
      data: data.length === 1 ? data[0] : data,
      // These must be booleans; without `tsaProfile` the program asks nobody for a time stamp.
      signingParams: format === "cms" ? { decode: true, encapsulate: encapsulate === true, digested: digested === true } : {},
      signerParams: {
        extKeyUsageOids: usages,
        ...(iin ? { iin } : {}),
        ...(bin ? { bin } : {}),
        ...(anyAuthority ? { chain: [] } : {}),
      },
      locale,
    },
  };
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function greeting(answer: Json | undefined): string | undefined {
  const version = (answer?.result as Json | undefined)?.version;
  return typeof version === "string" ? version : undefined;
}

function isUnknownModule(answer: Json): boolean {
  return answer.errorCode === "MODULE_NOT_FOUND";
}

/** The person chose nothing in the window of a storage. */
const NO_CHOICE: ReadonlySet<ProblemKind> = new Set<ProblemKind>(["nca-cancelled", "nca-no-key"]);
/** After these another storage may serve. */
const PASSED_OVER: ReadonlySet<ProblemKind> = new Set<ProblemKind>([...NO_CHOICE, "nca-locked", "nca-refused"]);

/** Returns what was signed, or throws why nothing was. */
function results(answer: Json, empty = false): string[] {
  const { status, code, errorCode } = answer;
  const good = status === true || (status === undefined && (code === "200" || code === 200 || errorCode === "NONE"));
  if (!good) throw new SignProblem(refusal(answer));
  const body = status === true ? (answer.body as Json | null | undefined)?.result : undefined;
  const found = texts(body ?? answer.responseObject ?? answer.result);
  // Success without a result: the window was closed.
  if (found.length === 0 && !empty) throw new SignProblem("nca-cancelled");
  return found;
}

/** Where an object holds what was signed. */
const HOLDS = ["signatures", "cms", "signature", "xml"] as const;
/** Objects in objects; no program goes deeper. */
const DEPTH_MAX = 4;

/** A string, an object that holds it, or an array of either: one text for each, for the order says what each signs. */
function texts(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  if (depth >= DEPTH_MAX) throw new SignProblem("nca-refused");
  if (!Array.isArray(value)) {
    const place = HOLDS.find((name) => name in value);
    return place ? texts((value as Json)[place], depth + 1) : [];
  }
  const each = value.map((it) => texts(it, depth + 1));
  if (each.length > 1 && each.some((it) => it.length !== 1)) throw new SignProblem("nca-refused");
  return each.flat();
}

/** The program tells most of its refusals only in words: its own, or those of its language. */
const REFUSALS: readonly (readonly [RegExp, NcaProblemKind])[] = [
  [/cancel|отмен|прерван\S* пользовател|отказал\S* от подпис|бас тарт|болдырма|болдырылма|тоқтатыл|тоқтатты/i, "nca-cancelled"],
  [/pin[_ ]?locked|locked|blocked|заблокирован|бұғатта/i, "nca-locked"],
  [/busy|already (running|in progress)|занят|выполняется|бос емес|орындалуда|орындалып жат|орындап жат/i, "nca-busy"],
  [/not[_ ]?(found|suitable)|no[_ ](suitable|certificate|key)|empty[_ ]key|не найден|не подход|табылмады|таппады|сәйкес келме/i, "nca-no-key"],
];

function refusal(answer: Json): NcaProblemKind {
  const told = [answer.code, answer.errorCode, answer.message, answer.details].filter((it) => typeof it === "string").join(" ");
  return REFUSALS.find(([pattern]) => pattern.test(told))?.[1] ?? "nca-refused";
}

/** PEM or base64 with line breaks, as base64. */
function bare(text: string): string {
  return text.replace(/-----(BEGIN|END)[^-]*-----/g, "").replace(/\s+/g, "");
}
