// SPDX-License-Identifier: MIT OR Apache-2.0
// Builds the module that signs by GOST (gost/) for WebAssembly. Where Rust has no such target and it cannot be added, the build
// goes on without the module and says so; the page then says that GOST key files cannot be used in this build.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const TARGET = "wasm32-unknown-unknown";
/** Where the built module is put; tests look here too. */
export const GOST_WASM = join(root, "build/gost.wasm");

/** Returns the path of the module, or nothing. */
export async function buildGost() {
  if (!hasTarget() && !addTarget()) {
    const line = "!".repeat(100);
    console.warn(`${line}\n!! The module of GOST is NOT built: Rust has no target ${TARGET} here and it could not be added.`);
    console.warn(`!! In this build key files of GOST cannot sign; NCALayer can. To add it: rustup target add ${TARGET}\n${line}`);
    return undefined;
  }
  const target = join(process.env.CARGO_TARGET_DIR ?? join(root, "../target"), "gost");
  const args = ["build", "--quiet", "--locked", "--release", "--target", TARGET, "--manifest-path", join(root, "gost/Cargo.toml")];
  // A module must not differ with the flags of the one who builds.
  const env = { ...process.env, CARGO_TARGET_DIR: target, RUSTFLAGS: "", CARGO_INCREMENTAL: "0" };
  delete env.CARGO_ENCODED_RUSTFLAGS;
  execFileSync("cargo", args, { stdio: "inherit", env });
  await mkdir(dirname(GOST_WASM), { recursive: true });
  await copyFile(join(target, TARGET, "release/gost_module.wasm"), GOST_WASM);
  return GOST_WASM;
}

function hasTarget() {
  const found = spawnSync("rustc", ["--print", "target-libdir", "--target", TARGET], { encoding: "utf8", cwd: join(root, "gost") });
  return found.status === 0 && existsSync(found.stdout.trim());
}

function addTarget() {
  spawnSync("rustup", ["target", "add", TARGET], { stdio: "inherit", cwd: join(root, "gost") });
  return hasTarget();
}
