/** Stopping while gifts pour in: every gift that was accepted has its row in the ledger afterwards. */
import { afterAll, expect, test, vi } from "vitest";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { startTiktoolSimulator } from "../../../server/simulator/tiktool.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const gifts = 3000;

test("nothing that was accepted is lost", { timeout: 60_000 }, async () => {
  const simulator = await startTiktoolSimulator({ scenario: loadScenario("quiet"), seed: 1 });
  const env = { TIKTOOL_URL: simulator.url };
  const show = uproar(["--source", "tiktool", "--user", "ana", "--port", "0", "--data", folder.path], { env });
  await show.prints(/\[tiktool\] Receiving/);
  const [, base] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  for (let nr = 0; nr < gifts; nr++) {
    const user = { userId: String(nr), uniqueId: `viewer${nr}`, nickname: `Viewer ${nr}` };
    const gift = { giftId: 5, giftName: "Spark", diamondCount: 1, repeatCount: 1, repeatEnd: false, giftType: 2 };
    simulator.send({
      event: "gift",
      data: { type: "gift", timestamp: Date.now(), msgId: `burst-${nr}`, user, ...gift },
    });
  }
  // Stopped as soon as all are accepted: most still wait in the queue then.
  await vi.waitFor(
    async () => {
      const { shows } = (await (await fetch(`${base}/health`)).json()) as {
        shows: [{ sources: [{ counters: { giftUnits: number } }] }];
      };
      expect(shows[0].sources[0].counters.giftUnits).toBeGreaterThanOrEqual(gifts);
    },
    { timeout: 20_000, interval: 5 },
  );
  show.process.kill("SIGTERM");
  expect((await show.ended).code).toBe(0);
  await simulator.stop();
  const store = await openStore({ folder: folder.path });
  const { applied, banked, rejected } = await store.ledgerTotals();
  await store.close();
  expect(applied.count + banked.count + rejected.count).toBeGreaterThanOrEqual(gifts);
});
