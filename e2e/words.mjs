// SPDX-License-Identifier: MIT OR Apache-2.0
// The words of the interface, read from where the program reads them, so that a better word breaks no journey.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LOCALES = join(dirname(fileURLToPath(import.meta.url)), "..", "locales");

function read(lang) {
  const words = new Map();
  for (const line of readFileSync(join(LOCALES, `${lang}.ftl`), "utf8").split("\n")) {
    const found = /^([a-z][a-z0-9-]*) = (.*)$/.exec(line);
    if (found) words.set(found[1], found[2].replace(/\{ "(.*?)" \}/g, "$1"));
  }
  return words;
}

const WORDS = Object.fromEntries(["kk", "ru", "en"].map((lang) => [lang, read(lang)]));

/** Returns a word without arguments. */
export function word(id, lang = "kk") {
  const found = WORDS[lang].get(id);
  if (found === undefined) throw new Error(`there is no word ${id} in ${lang}`);
  return found;
}

/** Returns an expression that finds a word with its arguments, whatever they are. */
export function worded(id, lang = "kk") {
  const parts = word(id, lang).split(/\{ \$[a-z]+ \}/);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^]{0,200}?"));
}
