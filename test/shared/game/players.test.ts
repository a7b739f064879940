/** Players: who gets a body, who waits, who gives way, whose turn it is, and that a saved show goes on the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlayerKeeper } from "../../../shared/game/players.ts";
import { aChat, anAct } from "../../support/events.ts";
import { aRoom } from "./a-room.ts";

const second = 60;
const ids = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

describe("a first act", () => {
  test("enrols, and gives one body, however often it is repeated", () => {
    const room = aRoom();
    room.come("ana", "ana", "ana");
    expect(room.active()).toEqual(["ana"]);
    expect(room.player("ana")).toMatchObject({ bot: false, team: 0, playedRound: 1, actedRound: 1, bodies: 1 });
    const { body } = room.player("ana");
    expect(room.show.players.of(body!)).toBe(room.player("ana"));
    expect(room.simulation.world.entities.size).toBe(1);
  });

  test("in play waits: a face on a seat, one line, a body in the next round", () => {
    const room = aRoom();
    room.come("ana");
    room.until("play");
    room.come("bo", "bo", "cem", "dee");
    expect(room.active()).toEqual(["ana"]);
    expect(["bo", "cem", "dee"].map((id) => room.player(id).seat?.x)).toEqual([50, 150, undefined]);
    const { seat } = room.player("bo");
    expect(seat?.wear.get("waiting")).toBe(1);
    expect(room.show.players.of(seat!)).toBeUndefined();
    expect(room.words().filter((line) => line === "bo in next round")).toHaveLength(1);
    room.until("lobby");
    expect(seat?.alive).toBe(false);
    expect(room.active().sort()).toEqual(["ana", "bo", "cem", "dee"]);
    expect(room.player("ana").losses).toBe(1);
  });

  test.each([
    ["", "body"],
    ["wait", "seat"],
    ["the door is shut", "nothing"],
  ])("is answered by the game's own word %j: %s", (word, found) => {
    const room = aRoom({ players: { admits: () => word } });
    room.come("ana");
    const { body, seat } = room.player("ana");
    expect(body ? "body" : seat ? "seat" : "nothing").toBe(found);
  });

  test("is told to `admits` as one that returns or not", () => {
    const asked: boolean[] = [];
    const admits = (_game: unknown, _player: unknown, _show: unknown, { returns }: { returns: boolean }) => {
      asked.push(returns);
      return "no";
    };
    const room = aRoom({ players: { admits } });
    room.come("ana");
    const member = room.simulation.crowd.find("ana");
    expect(room.show.players.enter({ member }, { returns: false }).why).toBe("no");
    expect(room.show.players.enter({ member: undefined }).why).toBe("nobody to act for");
    expect(asked).toEqual([true, false]);
  });
});

describe("a body", () => {
  test("that something removes from the world has left", () => {
    const room = aRoom();
    room.come("ana", "bo");
    room.simulation.world.remove(room.player("ana").body!);
    room.run(1);
    expect(room.active()).toEqual(["bo"]);
    expect(room.player("ana")).toMatchObject({ body: undefined, losses: 1 });
  });

  test("can be taken and given by the game, up to the most", () => {
    const room = aRoom({ options: { most: 2 } });
    room.come("ana", "bo");
    room.until("play");
    room.come("cem");
    expect(room.show.players.putIn(room.player("cem"))).toBe(false);
    room.show.players.takeOut(room.player("bo"));
    expect(room.show.players.putIn(room.player("cem"))).toBe(true);
    expect(room.active()).toEqual(["ana", "cem"]);
    expect(room.player("cem").seat).toBeUndefined();
  });

  test("of somebody else is refused, in words for the game's maker", () => {
    const room = aRoom({
      players: { body: (_game, _player, { world }) => world.spawn({ kind: "x", shape, x: 1, y: 1, viewer: "" }) },
    });
    room.come("ana");
    expect(room.simulation.counters.lastError).toContain("viewer: player.key");
    expect(room.simulation.world.entities.size).toBe(0);
  });
  const shape = { type: "circle", radius: 10 } as const;
});

test("everybody whom a rule means has a body in play: a face that waits is not one", () => {
  const room = aRoom({ rules: "  - { on: follow, do: { enter: {}, target: everyone } }\n" });
  room.come("ana", "bo");
  room.until("play");
  room.come("cem");
  expect(room.player("cem").seat?.alive).toBe(true);
  const { acts } = room.step(anAct("follow", "dee"));
  expect(acts.map(({ viewer }) => viewer)).toEqual(["tiktok:ana", "tiktok:bo"]);
});

describe("a full room", () => {
  test("in the lobby lets a bot give way first, then whoever was silent for 30 s, else nobody", () => {
    const room = aRoom({ options: { most: 3, fillTo: 3, lobbySeconds: 100 } });
    room.come("old", "b");
    room.run(second);
    expect(room.active()).toHaveLength(3);
    room.come("c");
    expect(room.active()).toEqual(["old", "b", "c"]);
    room.come("d");
    expect(room.words()).toContain("d in next round");
    room.run(25 * second);
    room.come("b", "c");
    room.run(6 * second);
    room.come("d");
    expect(room.active()).toEqual(["b", "c", "d"]);
  });

  test("in the lobby keeps who was silent while there is a bot", () => {
    const room = aRoom({ options: { most: 3, fillTo: 3, lobbySeconds: 100 } });
    room.come("old");
    room.run(40 * second);
    room.come("b");
    expect(room.active()).toContain("old");
    expect(room.active()).toContain("b");
  });

  test.each(["rounds", "acts"] as const)("in play, by turns of %s", (turns) => {
    const room = aRoom({ options: { most: 2, playSeconds: 100 }, players: { turns, admits: () => "" } });
    room.come("a", "b");
    room.until("play");
    room.run(20 * second);
    room.come("a", "c");
    expect(room.active()).toEqual(["a", "b"]);
    room.run(12 * second);
    room.come("c");
    expect(room.active()).toEqual(turns === "acts" ? ["a", "c"] : ["a", "b"]);
  });
});

describe("rounds", () => {
  test("begin in their order: bodies leave, the rest is renewed, the game builds, starters come, the phase begins", () => {
    const log: string[] = [];
    const room = aRoom({
      players: { left: () => void log.push("left"), renew: () => void log.push("renew") },
      newRound: (_game, { players: { active } }) => void log.push(`newRound with ${active.length}`),
      enterPhase: (_game, phase, { players: { active } }) => void log.push(`${phase} with ${active.length}`),
    });
    room.come("ana");
    log.length = 0;
    room.until("lobby");
    expect(log.slice(-4)).toEqual(["left", "renew", "newRound with 0", "lobby with 1"]);
  });

  test("forget who said nothing for two of them", () => {
    const room = aRoom();
    room.come("ana", "bo");
    for (let round = 2; round <= 4; round++) {
      room.until("play");
      room.come("bo");
      expect(room.show.players.all.has("tiktok:ana")).toBe(true);
      room.until("lobby");
    }
    expect(room.show.players.all.has("tiktok:ana")).toBe(false);
    expect(room.active()).toEqual(["bo"]);
  });

  test("wait in the lobby for as many as the game needs", () => {
    const room = aRoom({ players: { least: 2 } });
    room.come("ana");
    room.run(20 * second);
    expect(room.simulation.phase.name).toBe("lobby");
    room.come("bo");
    room.run(6 * second);
    expect(room.simulation.phase.round).toBeGreaterThanOrEqual(1);
    expect(room.player("bo").playedRound).toBeGreaterThan(0);
    expect(room.simulation.world.tick).toBeGreaterThan(0);
    expect(room.simulation.phase.name).not.toBe("lobby");
  });
});

test("players go over to another game with their turns, bots do not", () => {
  const before = aRoom({ options: { most: 2, fillTo: 2 } });
  before.come("ana");
  before.until("play");
  before.come("bo");
  const after = aRoom({ options: { most: 1 } });
  const keeper = after.show.players as unknown as PlayerKeeper;
  keeper.takeOver(before.show.players.all.values());
  expect([...keeper.all.keys()]).toEqual(["tiktok:ana", "tiktok:bo"]);
  expect(after.player("ana")).toMatchObject({ playedRound: 1, turnRound: 1, bodies: 0, body: undefined });
  expect(after.player("ana")).not.toBe(before.player("ana"));
  keeper.startRound();
  expect(after.active()).toEqual(["bo"]);
});

describe("what a game does with bodies and faces", () => {
  test("a face that it removes from the world comes back on a seat, once, and leaves with the round", () => {
    const room = aRoom({ options: { most: 1 }, players: { seats: () => [{ x: 50, y: 900 }] } });
    room.come("ana");
    room.until("play");
    room.come("bo");
    const first = room.player("bo").seat!;
    room.show.world.remove(first);
    room.come("bo");
    expect(room.player("bo").seat).toMatchObject({ alive: true, x: 50 });
    expect(room.player("bo").seat).not.toBe(first);
    expect((room.show.players as PlayerKeeper).record.seated).toEqual([room.player("bo")]);
    room.until("lobby");
    expect((room.show.players as PlayerKeeper).record.seated).toEqual([]);
  });

  test("a body that it gives back at once leaves all the same when the round is over", () => {
    let left = 0;
    const room = aRoom({
      options: { most: 5 },
      players: {
        left(_game, player, show) {
          left++;
          show.players.putIn(player);
        },
      },
    });
    room.come("ana", "bo");
    room.until("play");
    expect(left).toBe(0);
    room.until("lobby");
    expect(left).toBeLessThan(6);
    expect(room.active()).toEqual(expect.arrayContaining(["ana", "bo"]));
  });
});

describe("whatever viewers do", () => {
  const anAct = fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 40 }));

  test("there are never more bodies than `most`, one for each viewer, and everybody with a body is enrolled", () => {
    const property = fc.property(
      fc.array(anAct, { maxLength: 60 }),
      fc.record({
        most: fc.integer({ min: 1, max: 9 }),
        teams: fc.integer({ min: 0, max: 3 }),
        fillTo: fc.integer({ min: 0, max: 9 }),
      }),
      (acts, options) => {
        const room = aRoom({ options });
        for (const [who, wait] of acts) {
          room.step(aChat(["hi", "red", "blue", "green"][wait % 4]!, `v${who}`));
          for (let i = 0; i <= wait; i++) {
            const { active, all } = room.show.players;
            expect(active.length).toBeLessThanOrEqual(options.most);
            expect(new Set(active.map(({ key }) => key)).size).toBe(active.length);
            const bodies = [...room.simulation.world.entities.values()].filter(({ kind }) => kind === "dot");
            expect(bodies.map(({ viewer }) => viewer).sort()).toEqual(active.map(({ key }) => key).sort());
            for (const player of active) {
              expect(all.get(player.key)).toBe(player);
              expect(player.body?.alive).toBe(true);
              expect(player.team > 0).toBe(options.teams > 0);
            }
            room.run(1);
          }
        }
        expect(room.simulation.counters.errors).toBe(0);
      },
    );
    fc.assert(property, { numRuns: 25 });
  });

  test("turns are fair: of N who all act, with room for M, everybody has played after N / M rounds", () => {
    const property = fc.property(fc.integer({ min: 1, max: 17 }), fc.integer({ min: 1, max: 6 }), (count, most) => {
      const room = aRoom({ options: { most } });
      room.come(...ids(count));
      for (let round = 1; round <= 2 * Math.ceil(count / most); round++) {
        room.until("play");
        room.step(...ids(count).map((id) => aChat("hi", id)));
        const played = ids(count).map((id) => room.player(id).playedRound);
        if (round >= Math.ceil(count / most)) {
          expect(round - Math.min(...played), `round ${round}`).toBeLessThan(Math.ceil(count / most));
        }
        room.until("lobby");
      }
    });
    fc.assert(property, { numRuns: 20 });
  });

  test("nobody who came earlier waits behind those who come later, round after round", () => {
    const room = aRoom({ options: { most: 2 } });
    room.come("a", "b", "c");
    for (let round = 1; round <= 6; round++) {
      room.until("play");
      room.step(...["a", "b", "c", `new${round}`, `other${round}`].map((id) => aChat("hi", id)));
      room.until("lobby");
      if (round === 1) expect(room.active()).toContain("c");
    }
    const turns = ["a", "b", "c"].map((id) => room.player(id).playedRound);
    expect(Math.min(...turns)).toBeGreaterThan(1);
  });

  test("a show that was saved goes on as it would have, and what game and players share stays one", () => {
    const property = fc.property(fc.array(anAct, { minLength: 5, maxLength: 30 }), fc.integer(), (acts, seed) => {
      const play = (resumes: boolean) => {
        const room = aRoom({ options: { most: 4, teams: 2, fillTo: 4 } }, seed);
        const prints: string[] = [];
        for (const [who, wait] of acts) {
          let { checkpoint } = room.step(aChat(["hi", "red", "blue"][wait % 3]!, `v${who}`));
          for (let i = 0; i < wait * 3; i++) {
            if (resumes && checkpoint) {
              room.resume();
              checkpoint = false;
            } else ({ checkpoint } = room.step());
            if (i % 40 === 0) prints.push(room.simulation.hash());
          }
        }
        const { active, all } = room.show.players;
        for (const player of active) expect(all.get(player.key)).toBe(player);
        for (const { friend } of active) if (friend?.body) expect(active).toContain(friend);
        return prints;
      };
      expect(play(true)).toEqual(play(false));
    });
    fc.assert(property, { numRuns: 8 });
  });
});
