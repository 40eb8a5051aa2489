// SPDX-License-Identifier: MIT OR Apache-2.0
// The signer of GOST R 34.10-2012 (crates/gostkey) as a module of WebAssembly: bytes go through its exchange.

export const GOST_KEY_BYTES = 64;
export const GOST_DIGEST_BYTES = 64;
export const GOST_POINT_BYTES = 128;
const RANDOM_BYTES = 32;

/** What is asked of the module; whoever answers may be a worker. */
export type GostRequest =
  | { readonly act: "public"; readonly key: Uint8Array }
  | { readonly act: "digest"; readonly bytes: Uint8Array }
  | { readonly act: "sign"; readonly key: Uint8Array; readonly digest: Uint8Array };

interface Exports {
  readonly memory: WebAssembly.Memory;
  exchange(): number;
  exchange_bytes(): number;
  hash_begin(): void;
  hash_add(length: number): number;
  hash_end(): void;
  public_key(): number;
  sign(): number;
}

export class GostModule {
  private constructor(private readonly module: WebAssembly.Module) {}

  static async of(bytes: BufferSource): Promise<GostModule> {
    return new GostModule(await WebAssembly.compile(bytes));
  }

  /** Answers a request: the public key and the signature with their numbers' lowest bytes first, as the authority writes them. */
  answer(request: GostRequest): Uint8Array {
    // What calculates leaves copies on its stack. So each request gets a memory of its own, which is wiped whole.
    const exports = new WebAssembly.Instance(this.module).exports as unknown as Exports;
    try {
      return new Run(exports).answer(request);
    } finally {
      new Uint8Array(exports.memory.buffer).fill(0);
    }
  }
}

class Run {
  constructor(private readonly exports: Exports) {}

  answer(request: GostRequest): Uint8Array {
    switch (request.act) {
      case "public":
        this.put(request.key, GOST_KEY_BYTES, 0);
        return this.taken(this.exports.public_key(), GOST_POINT_BYTES);
      case "digest":
        return this.digest(request.bytes);
      case "sign":
        this.put(request.key, GOST_KEY_BYTES, 0);
        this.put(request.digest, GOST_DIGEST_BYTES, GOST_KEY_BYTES);
        this.put(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)), RANDOM_BYTES, GOST_KEY_BYTES + GOST_DIGEST_BYTES);
        return this.taken(this.exports.sign(), GOST_POINT_BYTES);
    }
  }

  private digest(bytes: Uint8Array): Uint8Array {
    const size = this.exports.exchange_bytes();
    this.exports.hash_begin();
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      this.exchange().set(piece);
      if (this.exports.hash_add(piece.length) !== 0) throw new Error("the digest failed");
    }
    this.exports.hash_end();
    return this.exchange().slice(0, GOST_DIGEST_BYTES);
  }

  private put(bytes: Uint8Array, length: number, at: number): void {
    if (bytes.length !== length) throw new Error("of another length");
    this.exchange().set(bytes, at);
  }

  private taken(answer: number, length: number): Uint8Array {
    if (answer !== 0) throw new Error(`the module answered ${answer}`);
    return this.exchange().slice(0, length);
  }

  private exchange(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, this.exports.exchange(), this.exports.exchange_bytes());
  }
}
