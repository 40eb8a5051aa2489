// SPDX-License-Identifier: MIT OR Apache-2.0
// What a journey has in its hands: the program, a browser context of its own, and the eyes that look at every page.
import assert from "node:assert/strict";
import { CONTEXT, NARROW, WIDE, axe, screenshot, tooWide } from "./lib.mjs";

/** A page, a click or a wait may take this long on a busy machine of two cores. */
export const WAIT_MS = 20_000;
/** Answers that the journeys provoke; a browser writes each to its console. */
const PROVOKED = /the server responded with a status of 4\d\d|WebSocket connection to 'wss:\/\/127\.0\.0\.1:13579\/?' failed/;

/** What all journeys share: which pages were looked at and what was found. */
export class Looks {
  seen = new Set();
  found = [];
}

export class World {
  #contexts = [];
  #without = new Set();
  complaints = [];

  constructor(demo, browser, looks, name) {
    Object.assign(this, { demo, browser, looks, name });
  }

  /** Opens a page as somebody who was never here. */
  async visitor(options = {}) {
    const context = await this.browser.newContext({ ...CONTEXT, ...options });
    context.setDefaultTimeout(WAIT_MS);
    context.setDefaultNavigationTimeout(WAIT_MS);
    this.#contexts.push(context);
    if (options.javaScriptEnabled === false) this.#without.add(context);
    context.on("page", (page) => this.#watch(page));
    return context.newPage();
  }

  #watch(page) {
    const note = (text) => this.complaints.push(`${new URL(page.url()).pathname}: ${text}`);
    page.on("pageerror", (error) => note(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !PROVOKED.test(message.text())) note(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(this.demo.base) && !/^(blob|data):/.test(request.url())) note(`foreign address: ${request.url()}`);
    });
    page.on("websocket", (socket) => { if (!/^wss:\/\/127\.0\.0\.1:13579\/?$/.test(socket.url())) note(`foreign address: ${socket.url()}`); });
    page.on("response", (response) => { if (response.status() >= 500) note(`${response.status()} from ${response.url()}`); });
  }

  /** Goes to a path of the program. */
  async open(page, path) {
    const answer = await page.goto(this.demo.base + path);
    return answer.status();
  }

  /** Looks at a page once a name, wide and narrow: accessibility, width, a picture. What is wrong is told at the end. */
  async look(page, name) {
    // Where scripts are off, the rules cannot be run in the page.
    if (this.looks.seen.has(name) || this.#without.has(page.context())) return;
    this.looks.seen.add(name);
    const wrong = (size, text) => this.looks.found.push(`${name} (${new URL(page.url()).pathname}), ${size}: ${text}`);
    for (const [size, viewport] of [["narrow", NARROW], ["wide", WIDE]]) {
      await page.setViewportSize(viewport);
      const { violations } = await axe(page);
      for (const it of violations) wrong(size, `${it.id} ${it.nodes.slice(0, 3).join(" | ")}`);
      const wide = await tooWide(page);
      if (wide.length > 0) wrong(size, `wider than the window: ${wide.slice(0, 4).join(", ")}`);
      await screenshot(page, `${name}-${size}`);
    }
  }

  /** Pictures of where everybody stands, for who must find out what failed. */
  async pictures() {
    let count = 0;
    for (const context of this.#contexts) {
      for (const page of context.pages()) {
        count += 1;
        await screenshot(page, `failed-${this.name}-${count}`).catch(() => undefined);
      }
    }
  }

  async close() {
    await Promise.all(this.#contexts.map((context) => context.close().catch(() => undefined)));
  }

  /** No page may have complained. */
  nothingComplained() {
    assert.deepEqual(this.complaints, [], "a page complained");
  }
}
