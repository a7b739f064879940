/**
 * The fault layer: whatever decidable faults there are, what a client receives, understood by the real source and counted by the real
 * ingest, gives what the layer says has arrived. No sockets: a network that delays and loses is played by hand.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIngest } from "../../../server/ingest/ingest.ts";
import type { LineEar } from "../../../server/ingest/socket-line.ts";
import type { SourceDefinition, SourceListener } from "../../../server/ingest/source.ts";
import { createAudience } from "../../../server/simulator/audience.ts";
import {
  createFaults,
  decidableFaults,
  type FaultName,
  type Faults,
  parseFaults,
  type Step,
  waitingFaults,
} from "../../../server/simulator/faults.ts";
import type { Parcel } from "../../../server/simulator/parcel.ts";
import { createMessageIds, type Note, type Visit } from "../../../server/simulator/protocol.ts";
import { type ProtocolId, protocols } from "../../../server/simulator/protocols.ts";
import { parseScenario } from "../../../server/simulator/scenario.ts";
import { createTally } from "../../../server/simulator/tally.ts";
import euler from "../../../server/sources/euler.ts";
import tikfinity from "../../../server/sources/tikfinity.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { createRandom, type Random } from "../../../shared/world/random.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";

const sources: Record<ProtocolId, SourceDefinition> = { tiktool, euler, tikfinity };
/** Many gifts, of both kinds, from few people. */
const scenario = parseScenario(
  `summary: gifts
crowd: { size: 12, fillSeconds: 1, staySeconds: [60, 90] }
perMinute: { chats: 60, likes: 60, gifts: 150, follows: 5, shares: 5, subscribes: 5 }
words: { dash: 1 }
smalltalk: [hi, "yo"]
gifts:
  - { id: 1, name: Spark, diamonds: 1, weight: 3, combo: [1, 30] }
  - { id: 2, name: Kite, diamonds: 20, weight: 2, combo: [1, 2] }
  - { id: 3, name: Comet, diamonds: 500, type: 2, weight: 3 }
`,
  "gifts.yaml",
);
const tickMs = 100;

interface Wire {
  listener: SourceListener;
  ear: LineEar;
  /** Sent and not yet delivered. */
  flying: (Parcel | string)[];
  /** Delivered; the answer is still on its way. */
  unanswered: Parcel[];
  over: boolean;
}

/** A network with one client: what is sent arrives in order, sometimes later; what is under way when a line is cut is partly lost. */
function createNetwork(protocolId: ProtocolId, random: Random) {
  const protocol = protocols[protocolId];
  const source = sources[protocolId];
  const room = { roomId: "7000000000000000001", title: "faults", base: "http://127.0.0.1" };
  const visit: Visit = { query: new URLSearchParams({ uniqueId: "ana" }) };
  const clock = createManualClock();
  const ingest = createIngest({ clock, capacity: 1_000_000, random: () => random.next() });
  let wire: Wire | undefined;
  let layer: Faults;

  const hear = (to: Wire, frame: string): void => {
    if (!to.over && frame.length < 4_000_000) to.ear.hear(frame);
  };
  const deliver = (to: Wire, items: readonly (Parcel | string)[]): void => {
    for (const item of items) {
      if (to.over) return;
      if (typeof item === "string") hear(to, item);
      else {
        for (const frame of protocol.frames([item.note], visit, room)) hear(to, frame);
        to.unanswered.push(item);
      }
    }
  };
  const hangUp = (to: Wire): void => {
    if (to === wire) wire = undefined;
    layer.over([...to.unanswered, ...to.flying].filter((item) => typeof item !== "string"));
  };
  const lineOf = (settings: Parameters<SourceDefinition["connect"]>[0], listener: SourceListener) => {
    const line: Wire = { listener, ear: undefined as never, flying: [], unanswered: [], over: false };
    const closed: SourceListener["closed"] = (why) => {
      line.over = true;
      listener.closed(why);
    };
    const meaningOf = () => ({ class: "network" as const, detail: "" });
    line.ear = { meaningOf, ...source.listen!(settings, { ...listener, closed }) };
    line.listener = { ...listener, closed };
    return line;
  };

  ingest.start(
    {
      ...source,
      connect(settings, listener) {
        const line = lineOf(settings, listener);
        clock.after(1, () => {
          wire = line;
          listener.opened();
          for (const frame of protocol.greeting(visit, room, { viewers: 1, likes: 0, nowMs: clock.now() })) {
            hear(line, frame);
          }
          line.flying.push(...layer.opened(clock.now()));
        });
        return { stop: async () => undefined };
      },
    },
    someSettings({ user: "ana", env: { EULER_API_KEY: "k", TIKTOOL_API_KEY: "k" } }),
  );
  return {
    room,
    clock,
    ingest,
    isQuiet: () => wire !== undefined && wire.flying.length === 0 && wire.unanswered.length === 0,
    attach: (faults: Faults) => {
      layer = faults;
    },
    /** Sends a step's messages, lets some arrive and some answers come back, and ends the line if the step says so. */
    carry({ out, ending }: Step): void {
      const line = wire;
      if (!line) return;
      layer.arrived(line.unanswered.splice(0, random.index(line.unanswered.length + 1)));
      line.flying.push(...out);
      const arriving = ending && ending.close !== "cut" ? line.flying.length : random.index(line.flying.length + 1);
      deliver(line, line.flying.splice(0, arriving));
      if (!ending) return;
      for (const frame of ending.frames) hear(line, frame);
      if (!line.over) {
        const { close } = ending;
        line.listener.closed(
          close === "cut" ? line.ear.meaningOf(1006, "") : line.ear.meaningOf(close.code, close.reason),
        );
      }
      hangUp(line);
    },
  };
}

/** Plays `seconds` with these faults and then lets everything come to its end; gives what was done, sent and counted. */
async function play(protocolId: ProtocolId, kinds: ReadonlySet<FaultName>, seed: number, seconds = 40) {
  const network = createNetwork(protocolId, createRandom(seed ^ 0xbad));
  const { clock, ingest, room } = network;
  const audience = createAudience({ scenario, seed });
  const truth = createTally();
  const sent = createTally();
  const nextId = createMessageIds(room.roomId);
  const layer = createFaults(
    { kinds, seed, protocol: protocols[protocolId], room, nextId, lineMs: 3500 },
    ({ what }: Note) => sent.add(what),
  );
  network.attach(layer);
  const counted: Record<string, number> = {};
  const ids = new Set<string>();
  const tick = (): void => {
    clock.advance(tickMs);
    for (const act of audience.advance(tickMs)) {
      if (act.type === "leave") continue;
      truth.add(act);
      layer.take({ what: act, atMs: clock.now(), id: nextId() }, clock.now());
    }
    network.carry(layer.step(clock.now()));
    for (const event of ingest.drain(1_000_000)) {
      if (event.type !== "gift") continue;
      expect(ids.has(event.id), "two gifts with one id").toBe(false);
      ids.add(event.id);
      const pair = `${event.viewer.id}|${event.gift.id}`;
      counted[pair] = (counted[pair] ?? 0) + event.count;
    }
  };
  clock.advance(1);
  for (let ms = 0; ms < seconds * 1000; ms += tickMs) tick();
  audience.rest();
  layer.calm();
  for (let ticks = 0; ticks < 3000; ticks++) {
    tick();
    if (!audience.busy() && layer.isEmpty() && network.isQuiet()) break;
  }
  // Longer than a gift waits for its age to be known.
  for (let ticks = 0; ticks < 110; ticks++) tick();
  const result = { truth: truth.totals().gifts, sent: sent.totals().gifts, counted, layer, ingest: ingest.counters() };
  await ingest.stop();
  return result;
}

describe("faults", () => {
  it("any decidable ones: what was done is what arrived is what is counted, per viewer and gift", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<ProtocolId>("tiktool", "euler", "tikfinity"),
        fc.subarray([...decidableFaults]),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        async (protocol, kinds, seed) => {
          const { truth, sent, counted, layer } = await play(protocol, new Set(kinds), seed);
          expect(layer.unsure()).toBe(0);
          expect(counted).toEqual(sent.byViewerAndGift);
          expect(sent.byViewerAndGift).toEqual(truth.byViewerAndGift);
          expect(sent.value).toBe(truth.value);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(["tiktool", "euler", "tikfinity"] as const)("%s: all of them really happen", async (protocol) => {
    const { layer, sent, ingest } = await play(protocol, parseFaults("all"), 7, 90);
    const counts = layer.counts();
    for (const name of decidableFaults) {
      // Floods are acts of the crowd.
      if (name !== "floods") expect(counts[name] ?? 0, name).toBeGreaterThan(0);
    }
    expect(sent.units).toBeGreaterThan(500);
    expect(ingest.sources.reconnects).toBeGreaterThan(5);
    expect(ingest.sources.duplicates).toBeGreaterThan(50);
    expect(ingest.sources.giftRepeats).toBeGreaterThan(20);
    expect(ingest.sources.inferredEnds).toBeGreaterThan(10);
    expect(ingest.sources.broken).toBeGreaterThan(0);
  });

  it("the same seed does the same", async () => {
    const first = await play("euler", parseFaults("all"), 3, 20);
    const again = await play("euler", parseFaults("all"), 3, 20);
    expect(again.layer.counts()).toEqual(first.layer.counts());
    expect(again.counted).toEqual(first.counted);
  });

  it("reads names, all, and says which there are", () => {
    expect([...parseFaults("all")]).toEqual([...decidableFaults]);
    expect([...parseFaults(" quota, replays ,quota")]).toEqual(["quota", "replays"]);
    expect([...parseFaults("all,evicted")]).toEqual([...decidableFaults, "evicted"]);
    expect(() => parseFaults("dupes")).toThrow(
      "There is no fault called dupes; choose all, or from duplicates, reorder",
    );
    expect(() => parseFaults(" , ")).toThrow("at least one");
    for (const name of waitingFaults) expect(parseFaults("all").has(name)).toBe(false);
  });
});
