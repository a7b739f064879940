/**
 * The rule engine: what one event costs with 10, 50, 200 and 1,000 rules, how much of a tick a flood of events takes, and what a new
 * rule file costs the thread that plays the show.
 */
import { deserialize, serialize } from "node:v8";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { createRuleCompiler, oneFile } from "../../shared/rules/compile.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import type { ShowFacts } from "../../shared/rules/decision.ts";
import { createRuleEngine } from "../../shared/rules/engine.ts";
import { packRules, unpackRules } from "../../shared/rules/portable.ts";
import { createRandom } from "../../shared/world/random.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { benchGame } from "./bench-game.ts";
import { compare } from "./harness.ts";
import { senders } from "./messages.ts";
import type { Row } from "./report.ts";

const sizes = [10, 50, 200, 1000] as const;
/** Rules and events a second of the share of a tick: what the engine must carry. */
const usualRules = 200;
const eventsPerSecond = 5000;
/** Events of one step: those of one tick. */
const eventsPerTick = Math.round(eventsPerSecond / ticksPerSecond);
/** Events that are made before anything is measured, and then come again and again. */
const streamLength = 20_000;
const blockSteps = 50;
const groups = 4;
const warmUpSteps = 300;
const reloadedRules = 1000;

/** Measures the engine, each size against ten rules, and a reload. */
export function benchRuleEngine(repeats: number): Row[] {
  return [...sizes.flatMap((size) => engineRows(size, repeats)), reloadRow(repeats)];
}

function engineRows(size: number, repeats: number): Row[] {
  const subject = createShow(size);
  const baseline = createShow(sizes[0]);
  const result = compare({
    subject: subject.tick,
    baseline: baseline.tick,
    blockSteps,
    groups,
    repeats,
    warmUpSteps,
  });
  subject.check();
  const { ratio, low, high, subjectMs } = result;
  const perEvent = `${((subjectMs / eventsPerTick) * 1_000_000).toFixed(0)} ns an event`;
  const note = `${perEvent}, ${subject.callsPerEvent().toFixed(2)} calls for each`;
  const row: Row = {
    suite: "rules",
    name: `${size} rules: one event / with 10 rules`,
    value: ratio,
    unit: "x",
    low,
    high,
    note,
  };
  if (size !== usualRules) return [row];
  const share = (subjectMs * ticksPerSecond) / 10;
  const name = `${size} rules, ${eventsPerSecond} events/s: share of a tick`;
  return [row, { suite: "rules", name, value: share, unit: "%", note: `${subjectMs.toFixed(3)} ms of 16.7 ms` }];
}

/**
 * What the thread that plays a show does about a new file of 1,000 rules, which another thread has compiled, against
 * compiling it. How long a tick is late cannot be measured fairly: on two cores the other thread takes its share of the machine.
 */
function reloadRow(repeats: number): Row {
  const text = textOf(reloadedRules);
  const compile = createRuleCompiler(benchGame("pile", 1, () => ""));
  const bytes = serialize(packRules(compiled(text)));
  const result = compare({
    subject: () => unpackRules(deserialize(bytes)),
    baseline: () => compile(oneFile(text)),
    blockSteps: 1,
    groups: 3,
    repeats,
    warmUpSteps: 1,
  });
  const { ratio, low, high, subjectMs, baselineMs } = result;
  const name = `${reloadedRules} rules: taken from the rule worker / compiled`;
  const note = `${subjectMs.toFixed(1)} ms, in slices; ${baselineMs.toFixed(0)} ms`;
  return { suite: "rules", name, value: ratio, unit: "x", low, high, note };
}

/** An engine with so many rules, and events that say, give and like what these rules wait for. */
function createShow(size: number) {
  const facts = { phase: { name: "play", round: 1, startTick: 0, endTick: 1e9 }, watching: 900, playing: 200 } as const;
  const engine = createRuleEngine(compiled(textOf(size)), {
    ...facts,
    teamOf: () => "",
    random: () => 0,
  } satisfies ShowFacts);
  const stream = streamFor(size);
  let tick = 0;
  let next = 0;
  let calls = 0;
  let events = 0;
  return {
    tick() {
      calls += engine.passTick(++tick).calls.length;
      for (let i = 0; i < eventsPerTick; i++) {
        calls += engine.evaluate(stream[next]!, tick).calls.length;
        next = (next + 1) % stream.length;
      }
      events += eventsPerTick;
    },
    callsPerEvent: () => calls / events,
    /** Throws when the rules did not do what was measured. */
    check() {
      if (calls < events / 10) throw new Error(`Only ${calls} calls for ${events} events: the rules hardly fired.`);
    },
  };
}

/**
 * What every file has, and what it has more of the larger it is: commands, gifts by name and words, in turns. Limits are so wide that
 * they are asked but hardly met: with ten rules as with a thousand the same share of events fires.
 */
function textOf(size: number): string {
  const usual = [
    "{ on: gift, tier: [T1, T2], if: diamonds > 3, do: { cheer: { points: 1 + diamonds / 10 } } }",
    "{ on: gift, tier: [T3, T4, T5, T6], do: cheer }",
    "{ on: likes, every: 500, do: cheer }",
    "{ on: join, cooldown: { viewer: 10s }, do: cheer }",
    "{ on: chat, phase: lobby, do: cheer }",
    "{ on: timer, every: 10s, do: cheer }",
  ];
  const own = Array.from({ length: size - usual.length }, (_, nr) =>
    nr % 4 === 0
      ? `{ on: chat, command: [word${nr}, palabra${nr}], cooldown: { viewer: 20ms }, do: cheer }`
      : nr % 4 === 1
        ? `{ on: gift, gift: Gift ${nr}, if: count > 0 && !viewer.moderator, cooldown: { viewer: 20ms }, do: cheer }`
        : nr % 4 === 2
          ? `{ on: chat, command: word${nr}, if: viewer.gifterLevel > 2, quota: { viewer: { round: 100000000 } }, do: cheer }`
          : `{ on: chat, contains: [sign${nr}, word${nr} up], do: cheer }`,
  );
  return ["game: bench", "rules:", ...[...usual, ...own].map((rule) => `  - ${rule}`), ""].join("\n");
}

function compiled(text: string): CompiledRules {
  const result = createRuleCompiler(benchGame("pile", 1, () => ""))(oneFile(text));
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join(" "));
  return result.rules;
}

/** Per hundred: 45 comments (half of them commands), 35 likes, 12 gifts (half of them named by a rule), 8 arrivals. */
function streamFor(size: number): LiveEvent[] {
  const random = createRandom(7);
  const viewers = Array.from({ length: senders }, (_, nr) => viewerOf(nr));
  const ownOf = (kind: number) => kind + 4 * random.index(Math.max(1, Math.floor((size - 6) / 4)));
  return Array.from({ length: streamLength }, (_, nr): LiveEvent => {
    const base = {
      id: `bench:${nr}`,
      source: "bench",
      roomId: "room",
      ts: nr,
      receivedAt: nr,
      replay: false,
      weakId: false,
      test: false,
    };
    const by = { ...base, viewer: viewers[random.index(senders)]! };
    const dice = random.index(100);
    if (dice < 23) return { ...by, type: "chat", text: `!Word${ownOf(2 * random.index(2))} now` };
    if (dice < 45) return { ...by, type: "chat", text: `what a game, sign${ownOf(3)} ${dice} 😂` };
    if (dice < 80) return { ...by, type: "like", count: 1 + (dice % 15), roomDelta: 1 + (dice % 15), roomTotal: 0 };
    if (dice >= 92) return { ...by, type: "join" };
    const nrOfGift = dice < 86 ? ownOf(1) : 100_000 + dice;
    const gift = { id: `g${nrOfGift}`, name: `Gift ${nrOfGift}`, unitValue: 1 + (nrOfGift % 40), currency: "diamond" };
    return { ...by, type: "gift", gift, count: 1 + (dice % 3), streakKey: "", streakTotal: 1 };
  });
}

function viewerOf(nr: number) {
  const roles = { moderator: nr % 50 === 0, subscriber: false, follower: nr % 2 === 0, owner: false };
  const levels = { gifter: nr % 8, team: 0 };
  return {
    platform: "tiktok",
    id: String(7_000_000 + nr),
    handle: `viewer_${nr}`,
    name: `Viewer ${nr}`,
    roles,
    levels,
  };
}
