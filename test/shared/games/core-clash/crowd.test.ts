/** Crowds of Core Clash: who has a cannon, whose likes they are, floods, fairness, and rooms of every size. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { likeShares, noteLikes } from "../../../../shared/games/core-clash/likes.ts";
import { createRandom } from "../../../../shared/world/random.ts";
import { aClash, second } from "./a-clash.ts";

/** These play minutes of show; a machine that is busy with other tests takes its time. */
const longMs = 120_000;

const people = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

describe("cannons", () => {
  test("are seven to a line; others push from it, and what they push counts", () => {
    const clash = aClash().play(...people(20));
    expect(clash.context.players.active).toHaveLength(14);
    expect(clash.player("v19").body).toBeUndefined();
    clash.show.act("pebble", "v19");
    clash.show.run(5);
    expect(clash.player("v19").pushes).toBe(1);
    expect(clash.shots("barrage")).toHaveLength(1);
  });

  test("go from who was silent for 30 s to who acts, in the same team", () => {
    const clash = aClash().play(...people(16));
    clash.show.run(29 * second);
    for (const who of people(14).slice(2)) clash.show.act("pebble", who);
    clash.show.run(2 * second);
    clash.show.chat("v14", "hello");
    clash.show.run();
    expect(clash.player("v14")).toMatchObject({ team: 1 });
    expect(clash.player("v14").body?.kind).toBe("cannon");
    expect(clash.player("v0").body).toBeUndefined();
    expect(clash.player("v1").body?.kind).toBe("cannon");
    expect(clash.context.players.sizes()).toEqual([0, 7, 7]);
  });

  test("change sides in the lobby, by number, word or heart", () => {
    const clash = aClash({ lobbySeconds: 20 });
    for (const who of ["a", "b", "c", "d"]) clash.show.chat(who, "hi");
    clash.show.run();
    clash.show.chat("a", "2");
    clash.show.run(2);
    expect(clash.player("a").team).toBe(2);
    expect(clash.player("a").body!.y).toBeLessThan(1030);
    clash.show.chat("a", "💙");
    clash.show.run(2);
    expect(clash.player("a").team).toBe(1);
    expect(clash.player("a").body!.y).toBeGreaterThan(1030);
    clash.show.skipTo("play");
    clash.show.chat("a", "pink");
    clash.show.run(2);
    expect(clash.player("a").team).toBe(1);
  });

  test("of bots keep both lines as long as each other, and go when people come", () => {
    const clash = aClash({ bots: { fillTo: 6 } }).play("ana");
    const sizes = () => clash.context.players.sizes();
    expect(sizes()).toEqual([0, 3, 3]);
    for (const who of ["bo", "cem", "dan", "eve", "fay", "gil"]) clash.show.chat(who, "hi");
    clash.show.run(6 * second);
    const [, one, two] = sizes();
    expect(one).toBe(two);
    const bots = clash.context.players.active.filter(({ bot }) => bot);
    expect(bots.length).toBeLessThanOrEqual(1);
  });

  test("that go leave their load to the line", () => {
    const clash = aClash().play("ana", "bo");
    clash.player("ana").loaded = 3;
    clash.player("ana").jammedUntil = clash.show.tick + second;
    clash.context.players.takeOut(clash.player("ana"));
    expect(clash.team(1).charge).toBe(3);
  });
});

describe("likes", () => {
  test.each([
    ["seen", 60, 20, 80, 0.75],
    ["seen", 0, 0, 100, 2 / 3],
    ["seen", 30, 0, 60, 0.5 + 0.5 * (2 / 3)],
    ["headcount", 0, 80, 80, 2 / 3],
    ["even", 80, 0, 80, 0.5],
  ] as const)("by %s: %i seen of Cyan, %i of Pink, %i in all", (likeSplit, cyan, pink, room, share) => {
    const clash = aClash({ likeSplit }).play("ana", "bo", "cem");
    noteLikes(clash.game, clash.player("ana"), cyan, cyan, clash.context);
    noteLikes(clash.game, clash.player("bo"), pink, room - cyan, clash.context);
    expect(likeShares(clash.game, clash.context)[1]).toBeCloseTo(share, 6);
  });

  test("are forgotten after 20 s", () => {
    const clash = aClash().play("ana", "bo");
    noteLikes(clash.game, clash.player("ana"), 50, 50, clash.context);
    clash.show.run(19 * second);
    expect(likeShares(clash.game, clash.context)[1]).toBe(1);
    clash.show.run(2 * second);
    expect(likeShares(clash.game, clash.context)[1]).toBe(0.5);
    noteLikes(clash.game, clash.player("bo"), 10, 10, clash.context);
    expect(likeShares(clash.game, clash.context)[2]).toBe(1);
  });

  test("are shared without loss, whoever gives them when", () => {
    const clash = aClash().play("ana", "bo");
    const like = fc.record({ who: fc.constantFrom("ana", "bo"), own: fc.nat(50), room: fc.nat(90), wait: fc.nat(90) });
    fc.assert(
      fc.property(fc.array(like, { maxLength: 12 }), (likes) => {
        for (const { who, own, room, wait } of likes) {
          clash.show.run(wait);
          noteLikes(clash.game, clash.player(who), own, room, clash.context);
          const shares = likeShares(clash.game, clash.context);
          expect(shares[1] + shares[2]).toBeCloseTo(1, 9);
          expect(Math.min(shares[1], shares[2])).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe("a flood", () => {
  test(
    "is never more than 60 shots in the air, and all of it is fired in the end",
    () => {
      const clash = aClash({ playSeconds: 120, goalsToWin: 10 }).play(...people(40));
      let most = 0;
      for (let tick = 0; tick < 10 * second; tick++) {
        if (tick < 5 * second) {
          for (let i = 0; i < 4; i++) clash.show.chat(`v${(tick * 4 + i) % 240}`, "go");
          if (tick % 6 === 0) clash.show.gift(`v${tick % 40}`, { value: 10 });
          if (tick % 9 === 0) clash.show.like(`v${tick % 39}`, 300);
        }
        clash.show.run();
        most = Math.max(most, clash.shots().length);
      }
      expect(most).toBeLessThanOrEqual(60);
      expect(most).toBeGreaterThan(10);
      expect(clash.game.weight).toBeGreaterThan(3);
      const waiting = () =>
        [1, 2]
          .map((team) => clash.team(team as 1 | 2))
          .filter(({ charge, heavies }) => charge >= 1 || heavies.length > 0);
      clash.show.until(() => waiting().length === 0, 30 * second);
      const owned = [...clash.context.players.all.values()].reduce((sum, { pushes }) => sum + pushes, 0);
      const counted = clash.team(1).pushes + clash.team(2).pushes;
      expect(counted).toBeGreaterThan(owned);
      expect(owned).toBe(5 * second * 4 + 50 * 9);
    },
    longMs,
  );
});

describe("fairness", () => {
  test(
    "gives each side about as many matches, with equal teams",
    () => {
      const times = { lobbySeconds: 0, countdownSeconds: 0, resultsSeconds: 1, flatSeconds: 5 };
      const clash = aClash({ ...times, goalsToWin: 1, bumperHits: 0 }).play("ana", "bo", "cem", "dan");
      const random = createRandom(5);
      const wins = [0, 0, 0];
      for (let match = 0; match < 24; match++) {
        clash.show.until(() => {
          for (const who of ["ana", "bo", "cem", "dan"]) if (random.next() < 1 / 70) clash.show.chat(who, "go");
          return clash.show.phase === "results";
        });
        wins[clash.game.winner]!++;
        clash.show.skipTo("play");
      }
      expect(wins[0]).toBe(0);
      expect(wins[1]).toBeGreaterThan(6);
      expect(wins[2]).toBeGreaterThan(6);
    },
    longMs,
  );
});

describe("a match ends by itself", () => {
  test.each([0, 1, 2, 30, 2000])(
    "with %i viewers",
    (viewers) => {
      const clash = aClash({ playSeconds: 30, suddenSeconds: 10, resultsSeconds: 1, bots: { fillTo: 6 } });
      const random = createRandom(viewers + 1);
      let start = 0;
      clash.show.until(() => {
        const acts = Math.min(viewers, clash.show.tick < 2 * second ? 20 : 1);
        for (let i = 0; i < acts; i++)
          if (random.next() < 0.3)
            clash.show.chat(`v${random.index(viewers)}`, random.pick(["go", "left", "block", "1", "2"]));
        if (clash.show.phase === "play" && start === 0) start = clash.show.tick;
        return clash.show.rounds.length > 0;
      });
      expect(clash.show.tick - start).toBeLessThanOrEqual(45 * second);
      expect(clash.show.round).toBe(2);
    },
    longMs,
  );
});
