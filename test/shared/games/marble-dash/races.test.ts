/** Whole races: they end by themselves in rooms of every size, nobody is stuck, and points go to who finishes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MarbleDash, Runners } from "../../../../shared/games/marble-dash/state.ts";
import { gateY } from "../../../../shared/games/marble-dash/track.ts";
import { aRace } from "./a-race.ts";

const second = 60;
const rules = { lobbySeconds: 3, countdownSeconds: 2, resultsSeconds: 1 };

describe("a room of any size", () => {
  test.each([0, 1, 2, 30, 2000])("with %i viewers a race ends by itself, with three on the podium", (viewers) => {
    const race = aRace({ ...rules, bots: { fillTo: 6 }, track: "normal" }, viewers + 1);
    for (let nr = 0; nr < viewers; nr++) race.show.chat(`v${nr}`, "hi");
    race.show.until(() => race.show.phase === "play");
    const began = race.show.tick;
    race.show.until(() => race.show.phase === "results", 110 * second);
    expect(race.show.tick - began).toBeGreaterThan(15 * second);
    expect(race.record.finished.length).toBeGreaterThanOrEqual(3);
    expect(race.record.podium).toEqual(race.record.finished.slice(0, 3));
    expect(race.context.players.active.length).toBeLessThanOrEqual(40);
    expect(race.context.world.counters.refused).toBe(0);
    // Whoever found no room races next.
    const waiting = [...race.context.players.all.values()].filter(({ bot, playedRound }) => !bot && playedRound === 0);
    race.show.until(() => race.show.round === 2, 10 * second);
    const starters = race.context.players.active.filter(({ bot }) => !bot);
    expect(starters.filter((player) => waiting.includes(player))).toHaveLength(Math.min(40, waiting.length));
  });
});

/** What is wrong with a race, "" when nothing is. */
function fault({ track, cameraY }: MarbleDash, runners: readonly Runners[], cameraBefore: number): string {
  const { finishY, floorY } = track!;
  for (const { key, body, nudges, place } of runners) {
    if (nudges > 5) return `${key} is stuck at ${body!.x}, ${body!.y}`;
    const isOn = body!.x > 40 && body!.x < 930 && body!.y < (place === 0 ? finishY + 30 : floorY);
    if (!isOn) return `${key} is at ${body!.x}, ${body!.y}`;
  }
  if (Math.abs(cameraY - cameraBefore) > 24.001) return `the camera jumps from ${cameraBefore} to ${cameraY}`;
  return cameraY < floorY ? "" : `the camera is at ${cameraY}`;
}

describe("any seed", () => {
  test("nobody is stuck, everybody stays on the track, the camera stays in the world, and the race ends", () => {
    const property = fc.property(
      fc.integer(),
      fc.constantFrom("easy", "hard"),
      fc.constantFrom(5, 16),
      (seed, track, marbles) => {
        const race = aRace({ ...rules, track, screens: 5, countdownSeconds: 0 }, seed);
        race.start(...Array.from({ length: marbles }, (_, nr) => `v${nr}`));
        const before = { cameraY: race.record.cameraY };
        race.show.until(() => {
          const found = fault(race.record, race.context.players.active, before.cameraY);
          if (found) throw new Error(`${found} in tick ${race.show.tick}`);
          before.cameraY = race.record.cameraY;
          race.show.forget();
          return race.show.phase === "results";
        }, 110 * second);
        expect(new Set(race.record.finished).size).toBe(race.record.finished.length);
      },
    );
    fc.assert(property, { numRuns: 3 });
  });
});

/** A race of three who have all but finished: ana before bo before cem. */
function almostDone(options = {}) {
  const race = aRace({ ...rules, ...options });
  race.start("ana", "bo", "cem", "dee");
  const { finishY } = race.record.track!;
  for (const [nr, id] of ["ana", "bo", "cem"].entries()) race.place(id, 200 + nr * 250, finishY - 30 - nr * 160);
  race.place("dee", 480, gateY + 90);
  return race;
}

describe("the finish", () => {
  test("gives 10, 7 and 5 points in order of arrival, and cuts the race 10 s after the third", () => {
    const race = almostDone();
    race.show.until(() => race.record.finished.length === 3, 4 * second);
    expect(race.record.finished).toEqual(["tiktok:ana", "tiktok:bo", "tiktok:cem"]);
    expect(race.context.boards.show.map(({ score }) => score)).toEqual([10, 7, 5]);
    const third = race.show.tick;
    expect(Math.abs(race.context.phase.endTick - third - 10 * second)).toBeLessThan(3);
    expect(race.body("ana").wear.get("place")).toBe(1);
    race.show.until(() => race.show.phase === "results", 12 * second);
    expect(Math.abs(race.show.tick - third - 10 * second)).toBeLessThan(3);
    expect(race.record.podium).toEqual(race.record.finished);
    expect(race.context.boards.show[0]).toMatchObject({ viewer: "tiktok:ana", wins: 1 });
  });

  test("counts double on a hard track", () => {
    const race = almostDone({ track: "hard" });
    race.show.until(() => race.record.finished.length === 3, 4 * second);
    expect(race.context.boards.show.map(({ score }) => score)).toEqual([20, 14, 10]);
  });

  test("calls a photo finish when two arrive together", () => {
    const race = almostDone();
    race.place("bo", 600, race.record.track!.finishY - 36);
    race.show.until(() => race.record.finished.length === 2, 4 * second);
    expect(race.kinds()).toContain("photo");
  });

  test("with teams, points count together, and everybody of the best team has won", () => {
    const race = almostDone({ teams: 2 });
    race.show.until(() => race.show.phase === "results", 20 * second);
    const teamOf = (id: string) => race.player(id).team;
    const points = [0, 0, 0];
    for (const [nr, id] of ["ana", "bo", "cem"].entries()) points[teamOf(id)]! += [10, 7, 5][nr]!;
    expect(race.show.simulation.hud().score?.map(({ value }) => value)).toEqual(points.slice(1));
    const best = points.indexOf(Math.max(...points));
    for (const id of ["ana", "bo", "cem", "dee"]) {
      const row = race.context.boards.round.find(({ viewer }) => viewer === `tiktok:${id}`);
      expect(row?.wins ?? 0, id).toBe(teamOf(id) === best ? 1 : 0);
    }
  });

  test("when nobody arrives, the furthest wins", () => {
    const race = aRace({ ...rules, playSeconds: 20, suddenSeconds: 10, gravity: 0.5 });
    race.start("ana", "bo");
    race.show.until(() => race.show.phase === "sudden", 30 * second);
    const { topY } = race.sectionOf("finale");
    while (race.show.phase === "sudden") {
      race.place("ana", 200, topY - 700);
      race.place("bo", 700, topY - 900);
      for (const player of race.context.players.active) if (player.bot) race.context.players.takeOut(player);
      race.show.run();
    }
    expect(race.record.podium[0]).toBe("tiktok:ana");
    expect(race.context.boards.show).toMatchObject([{ viewer: "tiktok:ana", score: 10, wins: 1 }]);
  });
});

describe("the way", () => {
  test("sudden death opens every gate and speeds everything up", () => {
    const race = aRace({ ...rules, modules: ["twinGates", "spinners"] });
    race.start("ana", "bo");
    const spinner = race.record.track!.machines.find(({ piece }) => piece.kind === "spinner")!;
    const turnOf = () => {
      const before = spinner.angle;
      race.show.run();
      return Math.abs(spinner.angle - before);
    };
    const slow = turnOf();
    race.show.skipTo("sudden");
    race.show.run(3);
    expect(race.record.track!.doors.every(({ openUntil }) => openUntil > race.show.tick)).toBe(true);
    expect(turnOf()).toBeGreaterThan(slow * 1.4);
  });

  test("who is behind falls faster, who is far ahead slower, and not at all without the option", () => {
    const speeds = (catchUp: number) => {
      const race = aRace({ ...rules, catchUp });
      race.start("ana", "bo", "cem", "dee");
      race.record.packY = gateY + 3000;
      const [ahead, behind] = [race.record.track!.finishY - 40, gateY + 90];
      race.place("ana", 300, behind);
      race.place("bo", 300, ahead);
      race.show.run();
      return [race.body("ana").vy, race.body("bo").vy] as const;
    };
    const [behind, ahead] = speeds(1);
    const [even, same] = speeds(0);
    expect(behind).toBeGreaterThan(even * 1.8);
    expect(ahead).toBeLessThan(same * 0.8);
  });

  test("checkpoints let nobody back up", () => {
    const race = aRace({ ...rules, screens: 6 });
    race.start("ana", "bo");
    const [at] = race.record.track!.checkpoints;
    race.place("ana", 480, at! + 60);
    race.show.run(2);
    expect(race.player("ana").checkpointY).toBe(at);
    race.context.world.setVelocity(race.body("ana"), 0, -14);
    race.show.run(10);
    expect(race.body("ana").y).toBeGreaterThan(at! + 20);
  });

  test("a marble that does not get on is nudged after 4 s, and in the end lifted to a free stretch", () => {
    const race = aRace(rules);
    race.start("ana", "bo");
    const y = gateY + 300;
    const hold = (ticks: number) => {
      for (let i = 0; i < ticks; i++) {
        race.place("ana", 480, y);
        race.show.run();
      }
    };
    hold(4 * second - 5);
    expect(race.player("ana").nudges).toBe(0);
    hold(20);
    expect(race.player("ana").nudges).toBe(1);
    expect(race.kinds()).toContain("nudge");
    hold(4 * second);
    expect(race.player("ana").nudges).toBeGreaterThanOrEqual(2);
    expect(race.player("ana").ghostUntil).toBeGreaterThan(0);
  });

  test("newcomers drop in behind the last marble until the pack is too far, later ones wait", () => {
    const race = aRace({ ...rules, lateStart: 0.4 });
    race.start("ana", "bo");
    race.show.chat("cem", "hi");
    race.show.run();
    expect(race.body("cem").y).toBeLessThanOrEqual(Math.max(race.body("ana").y, gateY + 100));
    race.record.packY = race.record.track!.finishY - 1000;
    race.show.chat("dee", "hi");
    race.show.run();
    expect(race.player("dee").body).toBeUndefined();
    expect(race.words()).toContain("dee in next round");
  });

  test("the hopper shakes in the countdown, and its gate holds until the race begins", () => {
    const race = aRace({ ...rules, countdownSeconds: 4, lobbySeconds: 8 });
    for (const id of ["ana", "bo", "cem"]) race.show.chat(id, "hi");
    race.show.until(() => race.show.phase === "countdown");
    race.show.run(20);
    expect(race.kinds()).toContain("shake");
    for (const { body } of race.context.players.active) expect(body!.y).toBeLessThan(gateY - 130);
    race.show.until(() => {
      for (const { body } of race.context.players.active) expect(body!.y).toBeLessThan(gateY);
      return race.show.phase === "play";
    });
    race.show.run(second);
    expect(race.context.players.active.some(({ body }) => body!.y > gateY)).toBe(true);
  });

  test("two wins in a row are worn", () => {
    const race = aRace({ ...rules, screens: 4 });
    for (const round of [1, 2]) {
      race.start("ana", "bo");
      race.place("ana", 480, race.record.track!.finishY + 5);
      race.show.run(2);
      race.show.skipTo("results");
      race.show.until(() => race.show.round > round, 10 * second);
    }
    race.show.run(5);
    expect(race.body("ana").wear.get("streak")).toBe(2);
    expect(race.player("bo").body?.wear.has("streak")).toBe(false);
  });
});

test("the game's own rule file has the defaults for its options", () => {
  const race = aRace();
  const { options } = race.context;
  const shipped = { lobbySeconds: 30, countdownSeconds: 5, track: "mixed", screens: 0, bots: { fillTo: 8 } };
  expect({ ...options, ...shipped }).toEqual(race.show.simulation.game.options.parse({}));
});
