// SPDX-License-Identifier: MIT OR Apache-2.0
// Pictures of every page for people to look at: walks all journeys, then writes out/index.html. `node shots.mjs`.
import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import "./run.mjs";

const out = join(dirname(fileURLToPath(import.meta.url)), "out");
const names = [...new Set(readdirSync(out).filter((it) => /-(wide|narrow)\.png$/.test(it)).map((it) => it.replace(/-(wide|narrow)\.png$/, "")))].sort();
const figure = (name) => `<figure><figcaption>${name}</figcaption><img src="${name}-wide.png" width="760" alt=""><img src="${name}-narrow.png" width="240" alt=""></figure>`;
writeFileSync(join(out, "index.html"), `<!doctype html><meta charset="utf-8"><title>Pages</title><style>img{vertical-align:top;margin:4px;border:1px solid #999}</style>${names.map(figure).join("\n")}\n`);
console.log(`${names.length} pages: ${join(out, "index.html")}`);
