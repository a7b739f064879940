/** What waits: which calls become one, who goes first, what a fault or a change of rules does to them. Each case once lost or changed a gift. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { AnyGame } from "../../../shared/game/define.ts";
import { aChat, aGift, aLike } from "../../support/events.ts";
import { aShow, game, joining, rulesOf } from "./a-show.ts";

const combo = (nr: number, fields: object = {}): LiveEvent => aGift(1, "ana", nr, { streakKey: "k", ...fields });
const jumpsOf = ({ log }: ReturnType<typeof aShow>) => log.filter(({ state }) => state === "applied");
const long = "options: { playSeconds: 1000 }\n";

describe("what becomes one call", () => {
  test("gifts of one price only, or a large one would count as a small one", () => {
    const rule = "  - { on: gift, cooldown: { viewer: 1s }, whenLimited: merge, do: { jump: { size: diamonds } } }\n";
    const show = aShow(rule);
    show.step([aGift(1, "ana", 1), aGift(1, "ana", 2), aGift(1, "ana", 3), aGift(5, "ana", 4)]);
    show.run(300);
    expect(jumpsOf(show).map(({ params: { size } }) => size)).toEqual([1, 2, 5]);
  });

  test("calls of one step only: two of one choice stay two", () => {
    const choice = "{ do: [{ wait: 1s }, jump, { wait: 1s }, jump] }";
    const show = aShow(`  - { on: gift, do: { oneOf: [${choice}, ${choice}] } }\n`);
    show.step([combo(1)]);
    show.run(300);
    expect(jumpsOf(show)).toHaveLength(2);
  });

  test("calls of the same rules: a step of a combo after a change of rules has the new params", () => {
    const rule = (size: number) => `  - { id: r, on: gift, do: [{ wait: 2s }, { jump: { size: ${size} } }] }\n`;
    const show = aShow(rule(1));
    show.step([combo(1)]);
    show.step([combo(2)], rulesOf(`rules:\n${joining}${rule(9)}`));
    show.run(300);
    expect(jumpsOf(show).map(({ params: { size } }) => size)).toEqual([1, 9]);
  });

  test("never a gift with a free call, though a change of rules gave both one name", () => {
    const rule = (on: string) => `  - { on: ${on}, cooldown: { viewer: 3s }, whenLimited: merge, do: jump }\n`;
    const show = aShow(rule("chat, command: hop"));
    show.run(450);
    show.step([aChat("hop", "ana", { id: "1" }), aChat("hop", "ana", { id: "2" })]);
    show.step([aGift(1)], rulesOf(`rules:\n${joining}${rule("gift")}`));
    show.run(1200);
    expect(show.outcomes.get("gift-ana-1-1")).toMatchObject({ state: "applied" });
  });

  test("nothing that may act with what never does in this show", () => {
    const limits = "cooldown: { viewer: 1s }, quota: { viewer: { day: 2 } }, whenLimited: merge";
    const show = aShow(`  - { on: gift, ${limits}, do: jump }\n`);
    for (const nr of [1, 2, 3]) {
      show.step([aGift(1, "ana", nr)]);
      show.run(70);
    }
    expect(show.outcomes.get("gift-ana-1-3")).toMatchObject({ state: "banked", reason: "waits for the next show" });
    for (const nr of [4, 5]) show.step([aGift(1, "ana", nr, { receivedAt: 86_400_000 })]);
    show.run(200);
    expect([4, 5].map((nr) => show.outcomes.get(`gift-ana-1-${nr}`)?.state)).toEqual(["applied", "applied"]);
  });

  test("an extension counts every call in it", () => {
    const rule = "cooldown: { viewer: 1s }, whenLimited: merge, do: { shine: {}, lasts: { for: 5s, again: extend } }";
    const show = aShow(`  - { on: gift, ${rule} }\n`, long);
    for (const nr of [1, 2, 3]) show.step([aGift(1, "ana", nr)]);
    show.run(120);
    const seconds = jumpsOf(show).map(({ params }) => params.seconds as number);
    expect(seconds.map(Math.round)).toEqual([5, 14]);
  });
});

describe("who goes first", () => {
  test("comments without patience do not pass a gift that waits for a busy power", () => {
    const show = aShow("  - { on: chat, do: giant }\n  - { on: gift, do: giant }\n", long);
    show.step([aChat("x", "bo", { id: "first" })]);
    show.step([aGift(1)]);
    for (let nr = 0; nr < 300; nr++) show.step([aChat("x", "cem", { id: `${nr}` })]);
    expect(show.outcomes.get("gift-ana-1-1")).toMatchObject({ state: "applied" });
  });

  test("one who waits for an end of their own effects holds up nobody in the queue", () => {
    const rule = "queue: q, do: { shine: {}, lasts: { for: 30s, again: stack, most: 1 } }";
    const show = aShow(`  - { on: gift, ${rule} }\n`, `${long}queues: { q: { gap: 0.1s } }\n`);
    show.step([aGift(1, "ana", 1)]);
    show.run(30);
    show.step([aGift(1, "ana", 2), aGift(1, "bo", 3)]);
    show.run(60);
    expect(show.outcomes.get("gift-bo-1-3")).toMatchObject({ state: "applied" });
    expect(show.outcomes.get("gift-ana-1-2")).toMatchObject({ state: "banked" });
  });

  test("a full meter for somebody who is not here takes no place from others", () => {
    const rules =
      '  - { on: like, do: { fill: { m: 1 } } }\n  - { on: meter, meter: m, do: { jump: {}, target: "@nobody" } }\n' +
      "  - { on: chat, do: [{ wait: 1s }, shine] }\n";
    const show = aShow(rules, `${long}meters: { m: { full: 1 } }\n`);
    for (let nr = 0; nr < 1100; nr++) show.step([aLike(1, "bo")]);
    show.step([aChat("x", "bo")]);
    show.run(120);
    expect(show.done().map((line) => line.split(" ")[0])).toEqual(["shine"]);
  });
});

test("of a free call that many join, few ids are kept", () => {
  const show = aShow("  - { on: chat, quota: { viewer: { round: 1 } }, whenLimited: merge, do: jump }\n");
  for (let nr = 0; nr < 200; nr++) show.step([aChat("x", "bo", { id: `${nr}` })]);
  show.run(900);
  expect(jumpsOf(show)).toHaveLength(2);
  expect(jumpsOf(show)[1]!.eventIds.length).toBeLessThanOrEqual(20);
});

describe("faults", () => {
  const players = (isBroken: () => boolean): AnyGame["players"] => ({
    ...game.players!,
    teams: {
      get names() {
        if (isBroken()) throw new Error("a bug in the game");
        return ["red"];
      },
      active: () => 1,
    },
  });

  test("a game that cannot tell teams stops no tick, and its gifts act when it can", () => {
    let isBroken = false;
    const rules = "  - { on: gift, do: [{ jump: {}, target: team }, { wait: 1s }, { pulse: {}, target: team }] }\n";
    const show = aShow(rules, "", { players: players(() => isBroken) });
    isBroken = true;
    show.step([aGift(1)]);
    show.run(100);
    expect(show.outcomes.get("gift-ana-1-1")).toMatchObject({ state: "banked" });
    expect(show.simulation.counters.errors).toBeGreaterThan(0);
    isBroken = false;
    show.run(100);
    expect(show.outcomes.get("gift-ana-1-1")).toMatchObject({ state: "applied" });
  });
});

test("what rules dropped is counted over changes of rules", () => {
  const rules = "  - { on: chat, cooldown: { everyone: 1s }, queue: q, whenLimited: queue, do: jump }\n";
  const head = "queues: { q: { gap: 1s, most: 1 } }\n";
  const show = aShow(rules, head);
  for (let nr = 0; nr < 20; nr++) show.step([aChat("x", `v${nr}`)]);
  const before = show.simulation.counters.rulesDropped;
  show.step([], rulesOf(`${head}rules:\n${joining}${rules}`));
  expect(before).toBeGreaterThan(0);
  expect(show.simulation.counters.rulesDropped).toBe(before);
});

test("the ledger says which condition keeps a gift from its rule", () => {
  const show = aShow("  - { id: fans, on: gift, viewer: { follower: true }, do: jump }\n");
  show.step([aGift(1)]);
  expect(show.outcomes.get("gift-ana-1-1")).toMatchObject({
    state: "rejected",
    reason: "no rule for it now: viewer.follower of rule fans does not hold",
  });
});
