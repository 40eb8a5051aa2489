// SPDX-License-Identifier: MIT OR Apache-2.0
// Independent judges of what was signed: openssl, poppler, pyHanko; and of what was printed: zbar.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PYHANKO = `
import sys
from datetime import datetime
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
context = ValidationContext(trust_roots=list(load_certs_from_pemder([sys.argv[2]])), allow_fetching=False, moment=datetime.fromisoformat(sys.argv[3]))
with open(sys.argv[1], 'rb') as file:
    for signature in PdfFileReader(file).embedded_signatures:
        status = validate_pdf_signature(signature, context)
        print(status.intact, status.valid, status.trusted, status.coverage.name)
`;

function within(act) {
  const folder = mkdtempSync(join(tmpdir(), "qyzmet-judge-"));
  const run = (program, ...args) => {
    try {
      return execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      throw new Error(`${program} refused: ${error.stdout ?? ""}${error.stderr ?? error.message}`);
    }
  };
  try {
    return act(folder, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function python() {
  const named = process.env.QYZMET_PYHANKO ?? join(ROOT, ".venv", "bin", "python");
  if (!existsSync(named)) throw new Error("pyHanko is missing: run `make verifiers`, or name a python that has it in QYZMET_PYHANKO");
  return named;
}

/** openssl accepts the detached signature over exactly these bytes. */
export function cmsIsGood(content, cms, rootDer, at) {
  within((folder, run) => {
    writeFileSync(join(folder, "content"), content);
    writeFileSync(join(folder, "cms.der"), cms);
    run("openssl", "x509", "-inform", "DER", "-in", rootDer, "-out", "root.pem");
    run("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "cms.der", "-content", "content",
      "-CAfile", "root.pem", "-purpose", "any", "-attime", String(Math.floor(at.getTime() / 1000)), "-out", "seen");
    assert.ok(readFileSync(join(folder, "seen")).equals(Buffer.from(content)), "openssl saw other bytes");
  });
}

/** pdfsig and pyHanko call the signature of the paper valid, and it covers the whole file. */
export function pdfIsGood(pdf, rootDer, at) {
  within((folder, run) => {
    writeFileSync(join(folder, "s.pdf"), pdf);
    const poppler = run("pdfsig", "-nocert", "s.pdf");
    assert.match(poppler, /Signature is Valid\./, poppler);
    assert.match(poppler, /Total document signed/, poppler);
    const said = run(python(), "-c", PYHANKO, "s.pdf", rootDer, at.toISOString().replace("Z", "+00:00"));
    assert.match(said, /^True True True ENTIRE_FILE$/m, said);
  });
}

/** The archive proves the signature of the paper, also once its key has ended; then the paper alone proves nothing. */
export function archiveProves({ binary, root }, { archive, pdf }, now, later) {
  within((folder) => {
    const [held, paper] = [join(folder, "result.json"), join(folder, "s.pdf")];
    writeFileSync(held, archive);
    writeFileSync(paper, pdf);
    const verify = (at, ...args) => {
      const { status, stdout, stderr } = spawnSync(binary, ["eds", "verify", ...args, "--root", root, "--at", at.toISOString(), "--json"], { cwd: ROOT, encoding: "utf8" });
      const said = `${stdout}${stderr}`;
      assert.ok(status === 0 || status === 1, said);
      return { status, said, report: JSON.parse(stdout) };
    };
    for (const at of [now, later]) {
      const { status, said, report } = verify(at, held, "--content", paper);
      assert.equal(`${status} ${report.kind} ${report.outcome}`, "0 archive valid", said);
    }
    const { status, said, report } = verify(later, paper, "--no-revocation");
    assert.equal(`${status} ${report.outcome}`, "1 invalid", said);
    assert.ok(report.checks.some((it) => it.code === "certificate-expired" && it.result === "failed"), said);
  });
}

/** Returns what the QR codes of a paper say, after it was drawn at the fineness of a plain printer. */
export function qrOf(pdf) {
  return within((folder, run) => {
    writeFileSync(join(folder, "s.pdf"), pdf);
    run("pdftoppm", "-r", "150", "-png", "s.pdf", "page");
    const pages = readdirSync(folder).filter((name) => name.endsWith(".png")).sort();
    return run("zbarimg", "--quiet", "--raw", ...pages).trim().split("\n");
  });
}

/** Reads the codes in a picture, as a camera would. */
export function qrOfPicture(png) {
  return within((folder, run) => {
    writeFileSync(join(folder, "code.png"), png);
    return run("zbarimg", "--quiet", "--raw", "code.png").trim().split("\n");
  });
}

/** Returns the words of a paper. */
export function textOf(pdf) {
  return within((folder, run) => {
    writeFileSync(join(folder, "s.pdf"), pdf);
    return run("pdftotext", "-layout", "s.pdf", "-");
  });
}
