// SPDX-License-Identifier: MIT OR Apache-2.0
// The way in which this browser signed last: a convenience, not a secret, and the page works without it.

export type Way = "ncalayer" | "key-file" | "phone";
const KEPT = "qyzmet-sign-way";

export function lastWay(): Way | undefined {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === "ncalayer" || kept === "key-file" || kept === "phone" ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keepWay(way: Way): void {
  try {
    localStorage.setItem(KEPT, way);
  } catch {
    // The browser keeps nothing: the person chooses again next time.
  }
}
