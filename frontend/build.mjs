// SPDX-License-Identifier: MIT OR Apache-2.0
// Builds the styles and scripts into dist/ under hashed names, with manifest.json (plain name → hashed name)
// and a packed .gz beside each text file. `--tests` bundles tests/*.test.ts into build/tests instead.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { buildGost } from "./gost.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
/** Only the scripts of our three languages: Kazakh and Russian need cyrillic and cyrillic-ext, ₸ is in latin-ext. */
const FONT_SUBSETS = ["cyrillic-ext", "cyrillic", "latin-ext", "latin"];
const FONT_WEIGHTS = [400, 700];
const PACKED = new Set([".css", ".js", ".svg", ".wasm"]);

if (process.argv.includes("--tests")) {
  await bundleTests();
} else {
  await buildDist();
}

async function bundleTests() {
  const names = (await readdir(join(root, "tests"))).filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    entryPoints: names.map((name) => join(root, "tests", name)),
    outdir: join(root, "build/tests"),
    outExtension: { ".js": ".mjs" },
    bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "warning",
    define: { GOST_WORKER: '""' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}

async function buildDist() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const css = sass.compile(join(root, "src/styles/app.scss"), {
    loadPaths: [join(root, "node_modules")], style: "expanded", quietDeps: true, charset: false,
  }).css;
  const options = {
    bundle: true, minify: true, outdir: dist, metafile: true, logLevel: "warning",
    entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".svg": "file" }, target: ["chrome109", "firefox115", "safari16"],
  };
  const styles = await esbuild.build({
    ...options, entryNames: "app-[hash]",
    stdin: { contents: (await fontFaces()) + css, resolveDir: join(root, "src/styles"), loader: "css", sourcefile: "app.css" },
  });
  const scripts = await esbuild.build({
    ...options, entryPoints: [join(root, "src/app.ts")], format: "esm", splitting: true,
    define: { GOST_WORKER: JSON.stringify(await buildWorker(options)) },
  });
  const manifest = { ...named(styles.metafile, "app.css"), ...named(scripts.metafile, "app.js") };
  for (const image of await readdir(join(root, "src/images"))) {
    manifest[image] = await copyHashed(join(root, "src/images", image));
  }
  for (const name of await readdir(dist)) {
    if (PACKED.has(extname(name))) {
      await writeFile(join(dist, `${name}.gz`), gzipSync(await readFile(join(dist, name)), { level: 9 }));
    }
  }
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The worker that signs by GOST, and its module; an empty name where the module could not be built. */
async function buildWorker(options) {
  const module = await buildGost();
  if (!module) return "";
  const define = { GOST_MODULE: JSON.stringify(await copyHashed(module)) };
  const worker = await esbuild.build({ ...options, entryPoints: [join(root, "src/sign/gost.worker.ts")], format: "esm", define });
  return named(worker.metafile, "gost.js")["gost.js"];
}

/** Takes the @font-face rules with their unicode ranges from the font package, our subsets and woff2 only. */
async function fontFaces() {
  let faces = "";
  for (const weight of FONT_WEIGHTS) {
    const all = await readFile(join(root, `node_modules/@fontsource/noto-sans/${weight}.css`), "utf8");
    for (const face of all.match(/@font-face \{[^}]*\}/g) ?? []) {
      const subset = /files\/noto-sans-([a-z-]+)-\d+-normal\.woff2/.exec(face)?.[1];
      if (FONT_SUBSETS.includes(subset)) {
        faces += face
          .replace(/src: url\(\.\/(files\/[^)]*\.woff2)\) format\('woff2'\)[^;]*;/, 'src: url("@fontsource/noto-sans/$1") format("woff2");')
          .concat("\n");
      }
    }
  }
  return faces;
}

/** The built file of the entry point, under its plain name. */
function named(metafile, plain) {
  const made = Object.entries(metafile.outputs).find(([path, output]) => output.entryPoint && path.endsWith(extname(plain)));
  return { [plain]: basename(made[0]) };
}

async function copyHashed(path) {
  const bytes = await readFile(path);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const name = `${basename(path, extname(path))}-${hash}${extname(path)}`;
  await writeFile(join(dist, name), bytes);
  return name;
}
