/** What waits when a game of a playlist leaves, and when a show ends: decided anew, once, or kept for its own game. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { GiftOutcome } from "../../../shared/sim/outcome.ts";
import type { PlaylistEntry } from "../../../shared/sim/simulation.ts";
import { aChat, aGift, anEvent } from "../../support/events.ts";
import { rulesFor } from "../../support/small-games.ts";
import { aShow, asText, chat, entry, gift, second, tiny } from "./a-playlist.ts";

describe("what waits when a game leaves", () => {
  const acted = (outcome: GiftOutcome | undefined) =>
    outcome && { state: outcome.state, reason: outcome.reason, actions: outcome.actions.map(({ action }) => action) };

  test("a gift is decided anew by the next game, in the tick of the change, and acts in its next play", () => {
    const show = aShow([entry(tiny, gift("jump")), entry(second, gift("pulse"))]);
    show.step([aGift(1, "ana", 1, { count: 3 })]);
    expect(acted(show.of(1))).toEqual({ state: "banked", reason: "waits for play", actions: [] });
    show.endRound();
    expect(acted(show.of(1))).toEqual({ state: "banked", reason: "waits for play", actions: [] });
    expect(show.acts.filter(({ state }) => state === "withdrawn")).toMatchObject([
      { action: "jump", eventIds: ["gift-ana-1-1"], reason: "decided anew for SECOND" },
    ]);
    show.until("play");
    show.step();
    expect(acted(show.of(1))).toEqual({ state: "applied", reason: "", actions: ["pulse"] });
    expect(show.simulation.banked).toBe(0);
    show.endRound();
    show.until("play");
    for (let tick = 0; tick < 100; tick++) show.step();
    expect(show.acts.filter(({ action, state }) => action === "jump" && state === "applied")).toEqual([]);
    const applied = show.acts.filter(({ state }) => state === "applied");
    expect(applied).toHaveLength(1);
  });

  test("a subscription, too", () => {
    const sub = (action: string) => `  - { id: sub, on: subscribe, do: ${action} }\n`;
    const show = aShow([entry(tiny, sub("jump")), entry(second, sub("pulse"))]);
    show.step([anEvent("subscribe")]);
    expect(show.simulation.banked).toBe(1);
    show.endRound();
    show.until("play");
    show.step();
    expect(show.acts.filter(({ state }) => state === "applied").map(({ action }) => action)).toEqual(["pulse"]);
    expect(show.simulation.banked).toBe(0);
  });

  test("a gift of which something has acted waits for its own game, which does the rest", () => {
    const show = aShow([entry(tiny, gift("[wave, jump]")), entry(second, gift("pulse"))]);
    show.step([aGift(1)]);
    show.endRound();
    expect(acted(show.of(1))).toEqual({ state: "banked", reason: "waits for TINY", actions: ["wave"] });
    show.until("play");
    show.step();
    expect(acted(show.of(1))?.actions).toEqual(["wave"]);
    show.endRound();
    show.until("play");
    for (let tick = 0; tick < 40; tick++) show.step();
    expect(acted(show.of(1))).toEqual({ state: "applied", reason: "", actions: ["wave", "jump"] });
  });

  test("a gift that has filled a meter of its game waits for that game", () => {
    const meters = "meters: { m: { full: 100 } }\n";
    const rules = rulesFor(tiny, gift("[{ fill: { m: 10 } }, jump]"), meters);
    const show = aShow([{ game: tiny, rules }, entry(second, gift("pulse"))]);
    show.step([aGift(1)]);
    show.endRound();
    expect(acted(show.of(1))).toMatchObject({ state: "banked", reason: "waits for TINY" });
  });

  test("a gift that the next game has no rule for waits for its own game", () => {
    const show = aShow([entry(tiny), entry(second, chat)]);
    show.step([aGift(1)]);
    show.endRound();
    expect(acted(show.of(1))).toMatchObject({ state: "banked", reason: "waits for TINY" });
    expect(show.simulation.banked).toBe(1);
    show.until("play");
    show.endRound();
    show.until("play");
    for (let tick = 0; tick < 40; tick++) show.step();
    expect(acted(show.of(1))).toEqual({ state: "applied", reason: "", actions: ["jump"] });
  });

  test("a gift for which the next game's rules only say something waits for its own game", () => {
    const thanks = '  - { id: thanks, on: gift, do: { say: "thanks" } }\n';
    const show = aShow([entry(tiny, gift("jump")), entry(second, thanks)]);
    show.step([aGift(1, "ana", 1)]);
    show.endRound();
    expect(acted(show.of(1))).toEqual({ state: "banked", reason: "waits for TINY", actions: [] });
    show.endRound();
    show.until("play");
    for (let tick = 0; tick < 100; tick++) show.step();
    expect(acted(show.of(1))).toEqual({ state: "applied", reason: "", actions: ["jump"] });
  });

  test("a gift that the next game's rules only count is applied by that", () => {
    const meters = "meters: { m: { full: 100 } }\n";
    const rules = rulesFor(second, gift("{ fill: { m: 10 } }"), meters);
    const show = aShow([entry(tiny), { game: second, rules }]);
    show.step([aGift(1)]);
    show.endRound();
    expect(acted(show.of(1))).toEqual({ state: "applied", reason: "", actions: ["fill"] });
    expect(show.simulation.banked).toBe(0);
  });

  test("of steps of a combo that wait as one, those of which something has acted stay, each with its own units", () => {
    const rules = "[giant, { wait: 20s }, { jump: { size: count } }]";
    const show = aShow([entry(tiny, gift(rules)), entry(second, gift("{ pulse: { size: count } }"))]);
    const step = (nr: number, count: number) => aGift(1, "ana", nr, { count, streakKey: "combo", streakTotal: 9 });
    show.until("play");
    // The second giant waits for the first; what both do 20 s later waits as one.
    show.step([step(1, 2)]);
    show.step([step(2, 5)]);
    expect(show.simulation.ready(9)).toMatchObject([{ count: 7 }, { count: 5 }]);
    show.endRound();
    expect([acted(show.of(1))?.reason, acted(show.of(2))?.reason]).toEqual(["waits for TINY", "waits for play"]);
    for (let round = 0; round < 8; round++) {
      for (let tick = 0; tick < 300; tick++) show.step();
      show.endRound();
    }
    const applied = show.acts.filter(({ state }) => state === "applied");
    expect(applied.map(({ action, params, eventIds }) => [action, params.size, eventIds.length])).toEqual([
      ["giant", undefined, 1],
      ["pulse", 5, 1],
      ["jump", 2, 1],
    ]);
    expect([acted(show.of(1))?.state, acted(show.of(2))?.state]).toEqual(["applied", "applied"]);
  });

  test("free calls end, with a reason", () => {
    const rules = "  - { id: late, on: chat, queue: q, do: [{ wait: 20s }, wave] }\n";
    const withQueue = { game: tiny, rules: rulesFor(tiny, rules, "queues: { q: { gap: 1s } }\n") };
    const show = aShow([withQueue, entry(second)]);
    show.step([aChat("hi")]);
    show.endRound();
    const ended = show.acts.filter(({ state }) => state === "refused");
    expect(ended).toMatchObject([{ action: "wave", reason: "TINY has made way for SECOND" }]);
  });
});

describe("what is carried to the next show", () => {
  const ended = (playlist: readonly PlaylistEntry[], events: readonly LiveEvent[]) => {
    const show = aShow(playlist);
    show.step(events);
    return { saved: asText(show.simulation.carry("first")!), rules: [playlist[0]!.rules] };
  };

  test("waits for its game, when the new show has it", () => {
    const own = entry(tiny);
    const carried = ended([own], [aGift(1)]);
    const show = aShow([entry(second, gift("pulse")), own], { carried });
    show.step();
    expect(show.of(1)).toMatchObject({ state: "banked", reason: "waits for TINY", arrivedIn: "first" });
    show.until("play");
    show.endRound();
    show.until("play");
    for (let tick = 0; tick < 40; tick++) show.step();
    expect(show.of(1)).toMatchObject({ state: "applied", actions: [{ action: "jump" }] });
  });

  test("is decided anew by the first game, when the new show has not its own", () => {
    const carried = ended([entry(tiny)], [aGift(1)]);
    const show = aShow([entry(second, gift("pulse"))], { carried: { ...carried, rules: [undefined] } });
    show.until("play");
    for (let tick = 0; tick < 40; tick++) show.step();
    expect(show.of(1)).toMatchObject({ state: "applied", arrivedIn: "first", actions: [{ action: "pulse" }] });
    expect(show.simulation.carry("second")).toBeNull();
  });

  test("is carried on when something of it has acted and its game is not there", () => {
    const own = entry(tiny, gift("[wave, jump]"));
    const carried = ended([own], [aGift(1)]);
    const show = aShow([entry(second, gift("pulse"))], { carried: { ...carried, rules: [undefined] } });
    show.until("play");
    show.endRound();
    expect(show.of(1)).toMatchObject({ state: "banked", reason: "waits for tiny", actions: [{ action: "wave" }] });
    const again = asText(show.simulation.carry("second")!);
    const third = aShow([own], { carried: { saved: again, rules: [own.rules] } });
    third.until("play");
    for (let tick = 0; tick < 40; tick++) third.step();
    expect(third.of(1)).toMatchObject({ state: "applied", arrivedIn: "first" });
    expect(third.of(1)?.actions.map(({ action, show: where }) => [action, where])).toEqual([
      ["wave", "first"],
      ["jump", undefined],
    ]);
  });

  test("keeps each game's quota of the day", () => {
    const daily = "  - { id: d, on: chat, quota: { viewer: { day: 1 } }, do: wave }\n";
    const playlist = [entry(tiny, daily), entry(second, daily)];
    const show = aShow(playlist);
    show.step([aChat("a")]);
    const carried = { saved: asText(show.simulation.carry("first")!), rules: [] };
    const next = aShow(playlist, { carried });
    next.step([aChat("b")]);
    next.endRound();
    next.step([aChat("c")]);
    const waves = next.acts.filter(({ state }) => state === "applied");
    expect(waves).toHaveLength(1);
  });
});
