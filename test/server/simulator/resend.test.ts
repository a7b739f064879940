/** Resending: a client that may die between hearing and keeping loses and doubles nothing, as long as it needs less time than agreed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAudience } from "../../../server/simulator/audience.ts";
import { createFaults, decidableFaults, type FaultName } from "../../../server/simulator/faults.ts";
import type { Parcel } from "../../../server/simulator/parcel.ts";
import { createMessageIds } from "../../../server/simulator/protocol.ts";
import { protocols } from "../../../server/simulator/protocols.ts";
import { createResending } from "../../../server/simulator/resend.ts";
import { parseScenario } from "../../../server/simulator/scenario.ts";
import { createTally } from "../../../server/simulator/tally.ts";
import { createRandom } from "../../../shared/world/random.ts";

const scenario = parseScenario(
  `summary: gifts
crowd: { size: 12, fillSeconds: 1, staySeconds: [60, 90] }
perMinute: { chats: 60, likes: 60, gifts: 150, follows: 5, shares: 5, subscribes: 5 }
words: { dash: 1 }
smalltalk: [hi, "yo"]
gifts:
  - { id: 1, name: Spark, diamonds: 1, weight: 3, combo: [1, 30] }
  - { id: 3, name: Comet, diamonds: 500, type: 2, weight: 3 }
`,
  "gifts.yaml",
);
const tickMs = 100;

/** A client that has kept what it heard `keepMs` later, knows it again by id, retry's name and combo, and forgets the rest when it dies. */
function createClient(keepMs: number) {
  const known = new Set<string>();
  const totals = new Map<string, number>();
  const units: Record<string, number> = {};
  let heard: { parcel: Parcel; atMs: number }[] = [];
  const keep = ({ note: { what, id } }: Parcel): void => {
    if (what.type !== "gift") return;
    const pair = `${what.person.id}|${what.gift.id}`;
    const isCombo = what.gift.type === 1;
    const names = isCombo ? [] : [id, `tx ${what.transactionId}`].filter(Boolean);
    const before = isCombo ? (totals.get(what.groupId) ?? 0) : 0;
    if (what.total > before && !names.some((name) => known.has(name))) {
      units[pair] = (units[pair] ?? 0) + what.total - before;
      if (isCombo) totals.set(what.groupId, what.total);
    }
    for (const name of names) known.add(name);
  };
  return {
    units,
    hear(out: readonly (Parcel | string)[], nowMs: number): void {
      for (const parcel of out) if (typeof parcel !== "string") heard.push({ parcel, atMs: nowMs });
    },
    tick(nowMs: number): void {
      for (const { parcel } of heard.filter(({ atMs }) => nowMs - atMs >= keepMs)) keep(parcel);
      heard = heard.filter(({ atMs }) => nowMs - atMs < keepMs);
    },
    die(): void {
      heard = [];
    },
  };
}

interface Run {
  seed: number;
  kinds: ReadonlySet<FaultName>;
  keepMs: number;
  resendMs: number | undefined;
}

/** A broadcast of 40 s whose only client dies every few seconds; gives what it has kept at the end, and what was done. */
function play({ seed, kinds, keepMs, resendMs }: Run) {
  const random = createRandom(seed ^ 0xdead);
  const audience = createAudience({ scenario, seed });
  const truth = createTally();
  const sent = createTally();
  const nextId = createMessageIds("7000000000000000001");
  const room = { roomId: "7000000000000000001", title: "resend", base: "http://127.0.0.1" };
  const protocol = protocols.tiktool;
  const layer = createFaults({ kinds, seed, protocol, room, nextId, lineMs: 3500, resendMs }, ({ what }) =>
    sent.add(what),
  );
  const client = createClient(keepMs);
  let backAtMs = 0;
  let diesAtMs = Number.POSITIVE_INFINITY;
  const receive = (out: readonly (Parcel | string)[], nowMs: number): void => {
    client.hear(out, nowMs);
    layer.arrived(out.filter((item) => typeof item !== "string"));
  };
  const leave = (nowMs: number): void => {
    layer.over([]);
    backAtMs = nowMs + random.between(0, 2000);
    diesAtMs = Number.POSITIVE_INFINITY;
  };
  const tick = (nowMs: number, mayDie: boolean): void => {
    if (nowMs >= backAtMs) {
      backAtMs = Number.POSITIVE_INFINITY;
      if (mayDie) diesAtMs = nowMs + random.between(0, 4000);
      receive(layer.opened(nowMs), nowMs);
    }
    for (const act of audience.advance(tickMs)) {
      if (act.type === "leave") continue;
      truth.add(act);
      layer.take({ what: act, atMs: nowMs, id: nextId() }, nowMs);
    }
    const { out, ending } = layer.step(nowMs);
    receive(out, nowMs);
    client.tick(nowMs);
    if (nowMs >= diesAtMs) {
      client.die();
      leave(nowMs);
    } else if (ending) leave(nowMs);
  };
  let nowMs = 0;
  for (; nowMs < 40_000; nowMs += tickMs) tick(nowMs, true);
  diesAtMs = Number.POSITIVE_INFINITY;
  audience.rest();
  layer.calm();
  for (const untilMs = nowMs + 60_000; nowMs < untilMs; nowMs += tickMs) tick(nowMs, false);
  return { kept: client.units, sent: sent.totals().gifts, truth: truth.totals().gifts, unsure: layer.unsure() };
}

describe("a client that dies every few seconds", () => {
  it("has in the end kept every unit once, whatever else goes wrong", () => {
    fc.assert(
      fc.property(
        fc.subarray([...decidableFaults]),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 3000 }),
        (kinds, seed, keepMs) => {
          const { kept, sent, truth, unsure } = play({
            seed,
            kinds: new Set(kinds),
            keepMs,
            resendMs: keepMs + tickMs,
          });
          expect(unsure).toBe(0);
          expect(kept).toEqual(sent.byViewerAndGift);
          expect(sent).toEqual({ ...truth, frames: sent.frames });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("loses what it did not keep in time when nothing is sent again", () => {
    const { kept, sent } = play({ seed: 1, kinds: new Set(), keepMs: 1000, resendMs: undefined });
    const units = Object.values(kept).reduce((sum, count) => sum + count, 0);
    expect(units).toBeLessThan(sent.units);
  });
});

describe("what goes out again", () => {
  const parcel = {} as Parcel;

  it.each([
    ["never arrived", undefined, true],
    ["arrived just now", 5000, true],
    ["arrived as long ago as agreed", 4000, true],
    ["arrived longer ago", 3999, false],
  ])("is what %s", (_name, arrivedAtMs, isAgain) => {
    const resending = createResending(1000);
    resending.sent(parcel);
    if (arrivedAtMs !== undefined) resending.arrived([parcel], arrivedAtMs);
    resending.forget(5000);
    expect(resending.has(parcel)).toBe(isAgain);
    expect(resending.again()).toEqual(isAgain ? [parcel] : []);
  });

  it("must arrive anew on each line", () => {
    const resending = createResending(1000);
    resending.sent(parcel);
    resending.arrived([parcel], 0);
    resending.again();
    resending.forget(9000);
    expect(resending.has(parcel)).toBe(true);
    resending.arrived([parcel], 9000);
    resending.forget(10_001);
    expect(resending.has(parcel)).toBe(false);
  });
});
