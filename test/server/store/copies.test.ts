/** The ledger's row of a gift that is told of more than once: it only goes on, whatever a later copy says. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../../server/store/sqlite.ts";
import type { LedgerState, Store } from "../../../server/store/store.ts";
import { aGift } from "./a-gift.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "uproar-copies-"));
  store = await openStore({ folder });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(
  (["at once", "later"] as const).flatMap((when) =>
    (
      [
        ["applied", "rejected"],
        ["applied", "banked"],
        ["applied", "applied"],
        ["banked", "rejected"],
        ["rejected", "rejected"],
      ] as const
    ).map(([first, copy]) => [first, copy, when] as const),
  ),
)("a gift that was %s stays what it was when a copy of it is %s %s", async (first, copy, when) => {
  const row = aGift({ state: first, reason: "the first" });
  store.recordGifts([row]);
  if (when === "later") await store.flush();
  store.recordGifts([aGift({ state: copy, reason: "sent before this connection", actions: [], count: 1 })]);
  expect((await store.ledger()).rows).toEqual([row]);
  expect(store.status()).toMatchObject({ queued: 0, written: 1, invalid: 0, ofOtherShows: 0, superseded: 1 });
});

test.each(["at once", "later"])("a gift goes on %s: what was rejected may wait, what waits may act", async (when) => {
  const states: readonly LedgerState[] = ["rejected", "banked", "banked", "applied"];
  for (const [index, state] of states.entries()) {
    const row = aGift({ state, reason: `${index}` });
    store.recordGifts([row]);
    if (when === "later") expect((await store.ledger()).rows).toEqual([row]);
  }
  expect((await store.ledger()).rows).toEqual([aGift({ state: "applied", reason: "3" })]);
  expect(store.status()).toMatchObject({ superseded: 0, ofOtherShows: 0 });
});
