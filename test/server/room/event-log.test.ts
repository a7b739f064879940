/** The event log: what it keeps, what it lets go, and whom it tells what. */
import { expect, test } from "vitest";
import { createEventLog, keptEvents, type LoggedEvent } from "../../../server/room/event-log.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { RuleTrace } from "../../../shared/rules/decision.ts";
import type { Acted, Decided } from "../../../shared/sim/acted.ts";
import { aChat, aGift } from "../../support/events.ts";

const rules = {} as CompiledRules;
const all = () => true;
const decided = (event: LiveEvent | undefined, tick = 1): Decided => ({ event, tick, traces: [], rules });
const anAct = (eventIds: readonly string[], fields: Partial<Acted> = {}): Acted => ({
  ...{ eventIds, rule: "rose", file: "rules.yaml", line: 3, action: "grow", params: {}, viewer: "tiktok:ana" },
  ...{ tick: 1, state: "applied", reason: "", ...fields },
});
const ids = (entries: readonly LoggedEvent[]) => entries.map(({ event }) => event?.id);
const gift = (nr: number) => aGift(1, "ana", nr);
const waits = { state: "waits", reason: "waits for play" } as const;

/** A log, and what a listener of it was told. */
function aLog() {
  const log = createEventLog();
  const told: string[] = [];
  const end = log.listen({
    decided: ({ event, acts }) => told.push(`${event?.id}: ${acts.map(({ state }) => state).join(" ")}`),
    acted: ({ eventIds, state }) => told.push(`${eventIds.join(" ")} ${state}`),
  });
  return { log, told, end };
}

test("events come back oldest first, with time, tick and what was done in the same tick", () => {
  const { log, told } = aLog();
  const [chat, rose] = [aChat("hi"), gift(1)];
  log.note({ decisions: [decided(rose, 7), decided(chat, 7)], acts: [anAct([rose.id])] }, 1234);
  expect(log.recent(9, all)).toMatchObject([
    { event: rose, atMs: 1234, tick: 7, acts: [{ rule: "rose" }], rules },
    { event: chat, acts: [] },
  ]);
  expect(told).toEqual([`${rose.id}: applied`, `${chat.id}: `]);
});

test("what the show did of itself stands with its moment, by the rule and the tick, and is told once", () => {
  const { log, told } = aLog();
  const trace = { rule: { id: "rage" }, verdict: "fired", detail: "", ticks: 0 } as unknown as RuleTrace;
  const moment: Decided = { event: undefined, tick: 5, traces: [trace], rules };
  const act = anAct([], { rule: "rage", tick: 5 });
  log.note({ decisions: [moment], acts: [act, anAct([], { rule: "other", tick: 5 })] }, 0);
  log.note({ decisions: [], acts: [anAct([], { rule: "rage", tick: 6 })] }, 0);
  expect(log.recent(1, all)[0]!.acts).toEqual([act]);
  expect(told).toEqual(["undefined: applied", " applied", " applied"]);
});

test("gifts and others come in the order in which they happened, and so do the acts of each", () => {
  const { log } = aLog();
  const events = [aChat("a"), gift(1), aChat("b"), gift(2), aChat("c")];
  // So many others that their ring begins anew between the two acts of the last one.
  for (let i = 0; i < 1999; i++) log.note({ decisions: [], acts: [anAct([`other ${i}`])] }, 0);
  for (const event of events) log.note({ decisions: [decided(event)], acts: [] }, 0);
  const id = aChat("c").id;
  log.note({ decisions: [], acts: [anAct([id], waits), anAct([id])] }, 0);
  expect(ids(log.recent(9, all))).toEqual(events.map((event) => event.id));
  expect(log.recent(1, all)[0]!.acts.map(({ state }) => state)).toEqual(["waits", "applied"]);
});

test("what is done later is added and told, each thing once however often it is asked again", () => {
  const { log, told } = aLog();
  const rose = gift(1);
  log.note({ decisions: [decided(rose)], acts: [anAct([rose.id], waits)] }, 0);
  for (let tick = 2; tick < 50; tick++) log.note({ decisions: [], acts: [anAct([rose.id], { ...waits, tick })] }, 0);
  const busy = { state: "refused", reason: "another giant is here" } as const;
  log.note({ decisions: [], acts: [anAct([rose.id], busy), anAct([rose.id], busy)] }, 0);
  log.note({ decisions: [], acts: [anAct([rose.id]), anAct([rose.id])] }, 0);
  const states = ["waits", "refused", "applied", "applied"];
  expect(log.recent(1, all)[0]!.acts.map(({ state }) => state)).toEqual(states);
  expect(told).toEqual([`${rose.id}: waits`, ...states.slice(1).map((state) => `${rose.id} ${state}`)]);
});

test("an act for several gifts stands with each of them, and is told once", () => {
  const { log, told } = aLog();
  const [a, b] = [gift(1), gift(2)];
  log.note({ decisions: [decided(a), decided(b)], acts: [] }, 0);
  log.note({ decisions: [], acts: [anAct([a.id, b.id])] }, 0);
  expect(log.recent(2, all).map(({ acts }) => acts.length)).toEqual([1, 1]);
  expect(told.slice(2)).toEqual([`${a.id} ${b.id} applied`]);
});

test("moments of the show are told, and a repeated refusal only once", () => {
  const { log, told } = aLog();
  const no = anAct([], { state: "refused", reason: "no place" });
  for (let tick = 0; tick < 5; tick++) log.note({ decisions: [], acts: [no] }, 0);
  log.note({ decisions: [decided(undefined)], acts: [anAct([]), anAct([])] }, 0);
  expect(told).toEqual([" refused", "undefined: ", " applied", " applied"]);
});

test("a flood of comments pushes out comments, never gifts", () => {
  const { log } = aLog();
  log.note({ decisions: [decided(gift(1))], acts: [] }, 0);
  for (let i = 0; i < 3 * keptEvents; i++) log.note({ decisions: [decided(aChat(`${i}`))], acts: [] }, 0);
  const kept = ids(log.recent(5000, all));
  expect([kept.length, kept[0], kept[1], kept.at(-1)]).toEqual([
    keptEvents + 1,
    gift(1).id,
    aChat(`${2 * keptEvents}`).id,
    aChat(`${3 * keptEvents - 1}`).id,
  ]);
  expect(ids(log.recent(2, all))).toEqual([1498, 1499].map((i) => aChat(`${i}`).id));
  expect(ids(log.recent(2, (event) => event?.type === "gift"))).toEqual([gift(1).id]);
});

test("an event that was pushed out takes no more acts; they are told all the same", () => {
  const { log, told } = aLog();
  for (let nr = 0; nr <= keptEvents; nr++) log.note({ decisions: [decided(gift(nr))], acts: [] }, 0);
  told.length = 0;
  log.note({ decisions: [], acts: [anAct([gift(0).id], waits), anAct([gift(0).id])] }, 0);
  expect(told).toEqual([`${gift(0).id} waits`, `${gift(0).id} applied`]);
  expect(log.recent(5000, all).flatMap(({ acts }) => acts)).toEqual([]);
});

test("an id that comes twice belongs to the newer entry, also when the older one goes", () => {
  const { log } = aLog();
  log.note({ decisions: [decided(gift(1)), decided(gift(1))], acts: [] }, 0);
  for (let nr = 2; nr <= keptEvents; nr++) log.note({ decisions: [decided(gift(nr))], acts: [] }, 0);
  log.note({ decisions: [], acts: [anAct([gift(1).id])] }, 0);
  expect(log.recent(5000, all)[0]).toMatchObject({ event: gift(1), acts: [{ state: "applied" }] });
});

test("acts of one event are bounded", () => {
  const { log } = aLog();
  log.note({ decisions: [decided(gift(1))], acts: [] }, 0);
  for (let tick = 0; tick < 99; tick++) log.note({ decisions: [], acts: [anAct([gift(1).id], { tick })] }, 0);
  expect(log.recent(1, all)[0]!.acts.length).toBe(20);
});

test("who stops listening is told no more", () => {
  const { log, told, end } = aLog();
  end();
  log.note({ decisions: [decided(gift(1))], acts: [anAct([])] }, 0);
  expect(told).toEqual([]);
});
