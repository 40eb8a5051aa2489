// SPDX-License-Identifier: MIT OR Apache-2.0
// Attaching papers to an application.
import { button } from "../portal.mjs";

/** Attaches a file in the first place for files and waits until the page names it. */
export async function attach(page, file) {
  await page.locator('input[type="file"]').first().setInputFiles(file);
  await button(page, "att-add").first().click();
  await page.getByText(file.name).first().waitFor();
}
