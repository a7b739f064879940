/** Rules in a show: targets, calls that wait, new rules in the middle of a show, teams and lines of the feed. */
import { describe, expect, test } from "vitest";
import { aChat, aGift, anAct } from "../../support/events.ts";
import { aShow, joining, rulesOf } from "./a-show.ts";

describe("targets", () => {
  test.each([
    ["the one who acts", "me", aChat("x"), ["jump ana 0"]],
    ["the leader", "leader", aChat("x"), ["jump bo 0"]],
    ["everyone with a body", "everyone", aChat("x"), ["jump ana 0", "jump bo 0", "jump cem 0"]],
    ["whom the comment names", "named", aChat("x @cem please"), ["jump cem 0"]],
    ["a viewer by name", '"@cem"', aChat("x"), ["jump cem 0"]],
    ["nobody, when that viewer is not here", '"@dora"', aChat("x"), []],
  ])("%s", (_name, target, event, expected) => {
    const show = aShow(`  - { on: chat, do: { jump: {}, target: ${target} } }\n`);
    show.step([event]);
    expect(show.done()).toEqual(expected);
  });

  test("one at random: always one with a body, not always the same", () => {
    const show = aShow("  - { on: chat, do: { jump: {}, target: random } }\n");
    for (let nr = 0; nr < 30; nr++) show.step([aChat("x", "ana", { id: `c${nr}` })]);
    const names = new Set(show.done().map((line) => line.split(" ")[1]));
    expect([...names].sort()).toEqual(["ana", "bo", "cem"]);
  });

  test("my team: those of my team alone, and a team that is nobody's keeps a gift waiting", () => {
    const show = aShow(
      "  - { on: gift, do: { jump: {}, target: team } }\n",
      "teams: { red: [red, rot], blue: [blue] }\n",
    );
    show.step([aChat("ROT"), aChat("red!", "cem"), aChat("blue", "bo")]);
    show.step([aGift(1, "ana"), aGift(1, "dora")]);
    show.run(60);
    expect(show.done()).toEqual(["jump ana 1", "jump cem 1"]);
    expect(show.outcomes.get("gift-dora-1-1")).toMatchObject({ state: "banked", reason: "waits for a team" });
  });
});

describe("waiting", () => {
  test("steps act in order, each after its pause, paid or free", () => {
    const rule = "do: [jump, { wait: 500ms }, jump, { jump: {}, after: 1s }]";
    const show = aShow(`  - { on: chat, ${rule} }\n  - { on: gift, ${rule} }\n`);
    show.step([aChat("x"), aGift(1, "bo")]);
    show.run(120);
    expect(show.done()).toEqual(["jump ana 0", "jump bo 0", "jump bo 30", "jump ana 30", "jump bo 90", "jump ana 90"]);
    expect(show.outcomes.get("gift-bo-1-1")).toMatchObject({ state: "applied" });
  });

  test("a queue keeps its gap and its order, and drops free calls beyond its bound, never gifts", () => {
    const show = aShow(
      "  - { id: free, on: chat, whenLimited: queue, queue: slow, do: jump }\n  - { id: paid, on: gift, queue: slow, do: jump }\n",
      "queues: { slow: { gap: 1s, most: 1 } }\n",
    );
    show.step([aChat("x"), aChat("y", "bo"), aChat("z", "cem"), aGift(1, "ana"), aGift(1, "bo")]);
    show.run(300);
    // The first comment acts at once; of those who wait, who paid goes first.
    expect(show.log.filter(({ state }) => state === "applied").map(({ rule, viewer }) => `${rule} ${viewer}`)).toEqual([
      "free tiktok:ana",
      "paid tiktok:ana",
      "paid tiktok:bo",
      "free tiktok:bo",
    ]);
    const ticks = show.done().map((line) => Number(line.split(" ")[2]));
    for (let i = 1; i < ticks.length; i++) expect(ticks[i]! - ticks[i - 1]!).toBeGreaterThanOrEqual(60);
    expect(show.simulation.counters.rulesDropped).toBe(1);
  });

  test("a banked gift acts in the next round, a queued one as soon as there is room", () => {
    const show = aShow(
      "  - { id: b, on: gift, gift: bank, quota: { everyone: { round: 1 } }, whenLimited: bank, do: jump }\n",
    );
    const gift = (who: string) =>
      aGift(1, who, 1, { gift: { id: "9", name: "Bank", unitValue: 1, currency: "diamond" } });
    show.step([gift("ana"), gift("bo")]);
    show.run(300);
    expect(show.done()).toEqual(["jump ana 0"]);
    expect(show.simulation.ready(5)).toMatchObject([{ name: "bo", reason: "waits for the next round" }]);
    show.run(720);
    expect(show.done()).toHaveLength(2);
    expect(show.simulation.phase.round).toBe(2);
  });

  test("a gift that only fills a meter is applied, and the full meter acts", () => {
    const show = aShow(
      "  - { id: f, on: gift, do: { fill: { rage: diamonds } } }\n  - { on: meter, meter: rage, do: jump }\n  - { on: chat, do: jump }\n",
      "meters: { rage: { full: 10 } }\n",
    );
    show.step([aGift(7)]);
    expect(show.outcomes.get("gift-ana-7-1")).toMatchObject({
      state: "applied",
      actions: [{ rule: "f", action: "fill" }],
    });
    expect(show.simulation.meters()).toMatchObject([{ title: "rage", value: 7, max: 10 }]);
    show.step([aGift(5, "bo")]);
    show.run(2);
    expect(show.done()).toHaveLength(1);
    expect(show.simulation.meters()).toMatchObject([{ value: 2 }]);
  });

  test("an effect that lasts is extended up to its cap", () => {
    const show = aShow("  - { on: gift, do: { shine: , lasts: { for: 4s, again: extend, upTo: 10s } } }\n");
    for (let nr = 0; nr < 4; nr++) show.step([aGift(1, "ana", nr)]);
    const seconds = show.log
      .filter(({ state }) => state === "applied")
      .map(({ params: { seconds } }) => seconds as number);
    expect(seconds.map((value) => Math.round(value * 10) / 10)).toEqual([4, 8, 10, 10]);
  });
});

test("a rule can say a line with values in it", () => {
  const show = aShow('  - { on: gift, do: [jump, { say: "{viewer.name} gives {diamonds}!" }] }\n');
  show.step([aGift(30, "bo", 1, { count: 2 })]);
  expect(show.simulation.feed.at(-1)).toMatchObject({ name: "bo", words: "bo gives 60!" });
});

describe("new rules in the middle of a show", () => {
  const before = "  - { id: hop, on: chat, cooldown: { viewer: 10s }, do: jump }\n";

  test("take over at a tick, and what still exists keeps its cooldown", () => {
    const show = aShow(before);
    show.step([aChat("x")]);
    const next = rulesOf(`rules:\n${joining}${before}  - { id: new, on: share, do: jump }\n`);
    show.step([aChat("x", "ana", { id: "2" }), anAct("share", "bo")], next);
    expect(show.done()).toEqual(["jump ana 0", "jump bo 1"]);
    expect(show.simulation.rules).toBe(next);
  });

  test("a call that waits still acts, though its rule is gone", () => {
    const show = aShow("  - { id: late, on: gift, do: { jump: {}, after: 1s } }\n");
    show.step([aGift(1)]);
    show.step([], rulesOf(`rules:\n${joining}`));
    show.run(80);
    expect(show.done()).toEqual(["jump ana 60"]);
    expect(show.outcomes.get("gift-ana-1-1")).toMatchObject({ state: "applied" });
  });

  test("options hold from the next round on", () => {
    const show = aShow(before);
    const { phase } = show.simulation;
    const end = phase.endTick;
    show.step([], rulesOf(`options: { playSeconds: 3 }\nrules:\n${joining}${before}`));
    expect(phase.endTick).toBe(end);
    while (phase.round === 1 || phase.name !== "play") show.step();
    expect(phase.endTick - phase.startTick).toBe(180);
  });

  test("are an input of the show: the same change at the same tick gives the same hash", () => {
    const next = rulesOf(`rules:\n${joining}  - { id: hop, on: chat, do: [jump, wave] }\n`);
    const play = (changeAt: number) => {
      const show = aShow(before);
      for (let tick = 0; tick < 30; tick++) {
        show.step(tick % 5 === 0 ? [aChat("x", "ana", { id: `${tick}` })] : [], tick === changeAt ? next : undefined);
      }
      return show.simulation.hash();
    };
    expect(play(7)).toBe(play(7));
    expect(play(7)).not.toBe(play(17));
  });
});
