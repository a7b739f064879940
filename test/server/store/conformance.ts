/** Conformance: what every store must do, whatever database is behind it. A test file calls it with a way to open one. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../../server/store/store.ts";
import { aCommit, aShow } from "./a-gift.ts";
import { boardTests } from "./conformance-boards.ts";
import { bankTests, forgettingTests, journalTests, showTests } from "./conformance-journal.ts";
import { giftTests, ledgerTests } from "./conformance-ledger.ts";
import { type Given, type Home, refusal } from "./given.ts";

/** Declares the tests for the kind of store that `home` gives room to. */
export function conformance(name: string, home: () => Home): void {
  describe(`${name} keeps the store's word:`, () => {
    let place: Home;
    let store: Store;
    beforeEach(async () => {
      place = home();
      store = await place.open();
      await store.beginShow(aShow());
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const given = {
      store: () => store,
      async reopen() {
        await store.close();
        store = await place.open();
      },
    };
    showTests(given);
    bankTests(given);
    journalTests(given);
    forgettingTests(given);
    giftTests(given);
    ledgerTests(given);
    describe("boards", () => boardTests(given));
    restTests(given);
  });
}

function restTests({ store, reopen }: Given): void {
  test("bans are there until they are lifted", async () => {
    await store().ban({ viewer: "tiktok:1", at: 5, reason: "spam" });
    await store().ban({ viewer: "tiktok:2", at: 3, reason: "" });
    await store().ban({ viewer: "tiktok:1", at: 6, reason: "more spam" });
    await reopen();
    expect(await store().bans()).toEqual([
      { viewer: "tiktok:2", at: 3, reason: "" },
      { viewer: "tiktok:1", at: 6, reason: "more spam" },
    ]);
    expect([await store().unban("tiktok:1"), await store().unban("tiktok:1")]).toEqual([true, false]);
    expect((await store().bans()).map(({ viewer }) => viewer)).toEqual(["tiktok:2"]);
  });

  test("settings survive; unknown ones are undefined", async () => {
    await store().saveSetting("volume", { music: 0.5 });
    await store().saveSetting("volume", { music: 0.25 });
    await reopen();
    expect(await store().setting("volume")).toEqual({ music: 0.25 });
    expect(await store().setting("nothing")).toBeUndefined();
  });

  test("a closed store says so, and closing it again is no fault", async () => {
    await store().close();
    expect((await refusal(store().ledger())).code).toBe("STORE_CLOSED");
    expect((await refusal(store().commit(aCommit()))).code).toBe("STORE_CLOSED");
    await store().close();
  });
}
