/** Team mode: who is in which team, who fights whom, when a team has won, who scores, and the same show twice. */
import { describe, expect, test } from "vitest";
import { aChat, aGift } from "../../../support/events.ts";
import { aMatch, someRules } from "./a-match.ts";

const second = 60;
const people = (count: number) => Array.from({ length: count }, (_, i) => aChat("hi", `p${i}`));
const sizes = (match: ReturnType<typeof aMatch>) => match.show.players.sizes().slice(1);

/** Four people in two teams, p0 and p2 against p1 and p3, in open play. */
function inPlay(options = {}) {
  const match = aMatch({ teams: 2, ...options });
  match.step(...people(4));
  match.toOpenPlay();
  for (const player of match.show.players.active) Object.assign(player, { shieldUntil: 0, lastHitBy: "" });
  return match;
}

describe("a team", () => {
  test.each([2, 3, 4] as const)("of %i gets as many people as the others, one after the other", (teams) => {
    const match = aMatch({ teams, lobbySeconds: 20 });
    for (const [index, event] of people(11).entries()) {
      match.step(event);
      const now = sizes(match);
      expect(Math.max(...now) - Math.min(...now), `${index + 1} people`).toBeLessThanOrEqual(1);
    }
    for (const { body, team } of match.show.players.active) expect(body!.wear.get("team")).toBe(team);
  });

  test("is none without team mode", () => {
    const match = aMatch();
    match.step(...people(3));
    expect(match.show.players.active.map(({ team }) => team)).toEqual([0, 0, 0]);
    expect(match.player("p0").body!.wear.has("team")).toBe(false);
    expect(match.show.players.teams).toBe(0);
  });

  test("stays for the show, also for who was forgotten meanwhile", () => {
    const match = aMatch({ teams: 2, resultsSeconds: 1 });
    match.step(...people(5));
    const before = new Map([...match.show.players.all.values()].map(({ key, team }) => [key, team]));
    const round = () => {
      match.until("play");
      match.step(...people(4));
      match.show.endPhase("results");
      match.until("lobby");
    };
    for (let i = 0; i < 3; i++) round();
    expect(match.show.players.all.has("tiktok:p4")).toBe(false);
    match.step(aChat("new", "other"), aChat("again", "p4"));
    expect(match.player("other").team).toBe(1);
    // Anybody new would go to the other team now.
    expect(match.player("p4").team).toBe(before.get("tiktok:p4"));
    for (const id of ["p0", "p1", "p2", "p3"]) expect(match.player(id).team).toBe(before.get(`tiktok:${id}`));
  });

  test("can be chosen in the lobby by its name, while it is not far ahead", () => {
    const match = aMatch({ teams: 2 });
    match.step(aChat("hi", "a"), aChat("cyan!", "b"), aChat("CYAN", "c"), aChat("cyan please", "d"));
    expect(["a", "b", "c", "d"].map((id) => match.player(id).team)).toEqual([1, 1, 2, 1]);
    expect(match.words()).toContain("b joins Cyan");
    match.step(aChat("lime", "c"), aChat("gold", "c"));
    expect(match.player("c").team).toBe(2);
    match.until("play");
    match.step(aChat("pink", "a"));
    expect(match.player("a").team).toBe(1);
  });

  test("shows on who waits beside the platform too", () => {
    const match = inPlay();
    match.show.endPhase("sudden");
    match.step();
    match.step(aChat("hi", "late"));
    expect(match.player("late").seat!.wear.get("team")).toBe(match.player("late").team);
  });

  test("is never empty when a fight begins: somebody moves over", () => {
    const match = aMatch({ teams: 2 });
    match.step(aChat("hi", "a"), aChat("hi", "b"), aChat("hi", "c"));
    for (const player of match.show.players.active) player.team = 1;
    match.until("play");
    expect(sizes(match)).toEqual([2, 1]);
    expect(match.player("c").team).toBe(2);
  });
});

describe("bots", () => {
  test.each([
    [0, 2, 8],
    [0, 3, 9],
    [5, 2, 8],
    [7, 4, 8],
    [9, 2, 10],
  ] as const)("beside %i people make %i teams even, %i balls in all", (count, teams, total) => {
    const match = aMatch({ teams, lobbySeconds: 20, bots: { fillTo: 8 } });
    match.step(...people(count));
    match.run(10 * second);
    expect(new Set(sizes(match)).size).toBe(1);
    expect(match.show.players.active).toHaveLength(total);
  });

  test("change sides when people do, and leave the fuller team first", () => {
    const match = aMatch({ teams: 2, lobbySeconds: 60, bots: { fillTo: 6 } });
    match.step(...people(2));
    match.run(6 * second);
    match.step(aChat("cyan", "p1"));
    match.run(6 * second);
    expect(match.player("p1").team).toBe(1);
    expect(sizes(match)).toEqual([3, 3]);
    match.step(aChat("hi", "p2"));
    match.run(6 * second);
    expect(sizes(match)).toEqual([3, 3]);
  });

  test("stay away when they are off, and at the limit of balls", () => {
    const off = aMatch({ teams: 2, lobbySeconds: 20 });
    off.step(...people(3));
    off.run(6 * second);
    expect(off.show.players.active).toHaveLength(3);
    const full = aMatch({ teams: 4, maxBalls: 6, lobbySeconds: 20, bots: { fillTo: 8 } });
    full.step(...people(5));
    full.run(6 * second);
    expect(full.show.players.active).toHaveLength(6);
    full.step(aChat("hi", "p5"));
    expect(full.show.players.active.every(({ bot }) => !bot)).toBe(true);
  });
});

describe("a full room", () => {
  test("starts with as many of each team", () => {
    const match = aMatch({ teams: 2, maxBalls: 4, lobbySeconds: 20 });
    const teams = [1, 1, 1, 1, 2, 1, 2];
    for (const [index, team] of teams.entries()) {
      match.step(aChat("hi", `p${index}`));
      match.player(`p${index}`).team = team;
    }
    match.show.endPhase("results");
    match.until("lobby");
    expect(match.show.players.active.map(({ team }) => team).sort()).toEqual([1, 1, 2, 2]);
  });
});

describe("team mates", () => {
  test("get no knock-outs from each other; opponents do", () => {
    const match = inPlay();
    const meet = (victim: string, hitter: string) => {
      match.place(victim, 0, 300);
      match.place(hitter, -120, 300);
      match.player(victim).stunUntil = 1_000_000;
      match.player(victim).lastHitBy = "";
      match.simulation.world.setVelocity(match.player(hitter).body!, 20, 0);
      match.run(6);
      return match.player(victim).lastHitBy;
    };
    expect(meet("p0", "p2")).toBe("");
    expect(meet("p0", "p1")).toBe("tiktok:p1");
  });

  test("are left alone by each other's powers", () => {
    const match = inPlay();
    match.place("p0", -300, 0);
    match.place("p2", -180, 0);
    match.place("p1", -300, 140);
    match.step(aGift(30, "p0"));
    expect(match.player("p1").lastHitBy).toBe("tiktok:p0");
    expect(match.player("p2").lastHitBy).toBe("");
    match.step(aChat("freeze", "p0"), aGift(99, "p0"));
    expect(match.player("p1").frozenUntil).toBeGreaterThan(0);
    expect(match.player("p2").frozenUntil).toBe(0);
  });

  test("cannot be named as targets, and are not gone for", () => {
    const match = inPlay();
    match.step(aChat("@p2", "p0"), aChat("p2", "p0"));
    expect(match.player("p0").target).toBe("");
    match.step(aChat("@p1", "p0"));
    expect(match.player("p0").target).toBe("tiktok:p1");
    for (let i = 0; i < 10 * second; i++) {
      match.step();
      for (const { aim, team } of match.show.players.active) if (aim) expect(aim.team).not.toBe(team);
    }
  });
});

describe("the last team standing", () => {
  test("wins with all its members, knocked out or not; the headline tells the score", () => {
    const match = inPlay({ lives: 1 });
    expect(match.simulation.hud().headline).toBe("Cyan 2 : 2 Pink");
    match.throwOut("p0", "p1");
    match.step();
    expect(match.simulation.hud().headline).toBe("Cyan 1 : 2 Pink");
    match.throwOut("p2", "p3");
    match.run(2);
    expect(match.simulation.phase.name).toBe("results");
    const { headline, podium } = match.simulation.hud();
    expect(headline).toBe("Pink wins");
    expect([...podium.slice(0, 2)].sort()).toEqual(["tiktok:p1", "tiktok:p3"]);
    const board = new Map(match.simulation.boards.show.map(({ viewer, score, wins }) => [viewer, [score, wins]]));
    // 10 for the win each, 5 and 3 for most knock-outs.
    expect(board).toEqual(
      new Map([
        ["tiktok:p1", [15, 1]],
        ["tiktok:p3", [13, 1]],
      ]),
    );
    expect(match.words()).toContain("Pink WINS");
    expect(match.badges()).toEqual(["First win", "First win"]);
  });

  test("scores for who fell early as well", () => {
    const match = inPlay({ lives: 1 });
    for (const [id, by] of [
      ["p3", ""],
      ["p0", ""],
      ["p2", ""],
    ] as const) {
      match.throwOut(id, by);
      match.step();
    }
    match.step();
    expect(match.simulation.boards.show.map(({ viewer }) => viewer).sort()).toEqual(["tiktok:p1", "tiktok:p3"]);
    expect(match.simulation.hud().podium).toEqual(["tiktok:p1", "tiktok:p3", "tiktok:p2"]);
  });

  test("waits a moment for opponents who may return, not for its own", () => {
    const match = inPlay();
    match.run(second);
    match.throwOut("p0", "p1");
    match.throwOut("p2", "p1");
    match.run(3);
    expect(match.simulation.phase.name).toBe("play");
    expect(match.simulation.hud().headline).toBe("Comment to return");
    match.run(second);
    match.step(aChat("back", "p2"));
    expect(match.simulation.hud().headline).toBe("Cyan 1 : 2 Pink");

    const alone = inPlay();
    alone.player("p0").livesLeft = 0;
    alone.player("p2").livesLeft = 0;
    alone.throwOut("p1");
    alone.step();
    alone.throwOut("p0");
    alone.throwOut("p2");
    alone.run(2);
    expect(alone.simulation.phase.name).toBe("results");
  });

  test("is the one with more balls when time runs out", () => {
    const match = inPlay();
    match.throwOut("p3");
    match.step();
    match.player("p1").contactOrder = 1000;
    match.show.endPhase("results");
    match.step();
    expect(match.simulation.hud().headline).toBe("Cyan wins");
  });

  test.each([3, 4] as const)("of %i is told in a short list", (teams) => {
    const match = aMatch({ teams });
    match.step(...people(teams + 1));
    const list = ["Cyan 2", "Pink 1", "Lime 1", "Gold 1"].slice(0, teams).join(" · ");
    expect(match.simulation.hud().headline).toBe(list);
  });
});

describe("whole rounds", () => {
  test.each([
    [2, 1, 8],
    [3, 2, 8],
    [4, 3, 20],
  ] as const)("of %i teams end with one of them (seed %i, %i balls)", (teams, seed, fillTo) => {
    const match = aMatch({ teams, bots: { fillTo } }, seed);
    match.until("play");
    const began = match.simulation.world.tick;
    const starters = new Set(sizes(match));
    match.until("results");
    expect(starters.size).toBe(1);
    expect(match.simulation.world.tick - began).toBeGreaterThan(15 * second);
    expect(sizes(match).filter((size) => size > 0)).toHaveLength(1);
    expect(match.simulation.hud().headline).toMatch(/^(Cyan|Pink|Lime|Gold) wins$/);
    expect(match.simulation.counters.errors).toBe(0);
  });

  test("are the same twice", () => {
    const hashes = () => {
      const match = aMatch({ teams: 2, lobbySeconds: 4, bots: { fillTo: 8 } }, 9);
      match.step(...people(5), aChat("pink", "p0"));
      const found: string[] = [];
      for (let i = 0; i < 15; i++) {
        match.run(100);
        found.push(match.simulation.hash());
      }
      return found;
    };
    expect(hashes()).toEqual(hashes());
  });
});

test.each([1, 5, -2, 2.5])("%d teams are refused", (teams) => {
  expect(() => someRules({ teams: teams as 2 })).toThrow("0, 2, 3 or 4");
});
