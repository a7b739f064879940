/** Who gets a ball: first acts, returns and lives, revenge, bench, budget, bots. */
import { describe, expect, test } from "vitest";
import { aChat, aGift, aLike, anAct } from "../../../support/events.ts";
import { aMatch } from "./a-match.ts";

const second = 60;
const people = (count: number) => Array.from({ length: count }, (_, i) => aChat("hi", `p${i}`));

describe("a first act", () => {
  test.each([
    ["comment", aChat("hello")],
    ["like", aLike(3)],
    ["gift", aGift(1)],
    ["follow", anAct("follow")],
    ["share", anAct("share")],
  ])("a %s gives a ball in the same tick, protected for 2 s", (_, event) => {
    const match = aMatch();
    match.step(event);
    const { body, shieldUntil } = match.player("ana");
    expect(body?.alive).toBe(true);
    expect(body?.viewer).toBe("tiktok:ana");
    expect(shieldUntil).toBe(2 * second);
    expect(body?.wear.get("shield")).toBe(2 * second);
    expect(match.kinds()).toContain("spawn");
  });

  test("joining the stream alone gives none", () => {
    const match = aMatch();
    match.step(anAct("join"));
    expect(match.show.players.all.size).toBe(0);
  });

  test("during play it drops in; the rim cannot take it while it is protected", () => {
    const match = aMatch();
    match.step(...people(3));
    match.toOpenPlay();
    match.step(aChat("hi", "late"));
    match.simulation.world.setPosition(match.player("late").body!, 485, 1600);
    match.step();
    expect(match.player("late").body?.alive).toBe(true);
    match.run(2 * second);
    match.throwOut("late");
    match.step();
    expect(match.player("late").body).toBeUndefined();
  });
});

describe("a knocked-out viewer", () => {
  const out = (options = {}) => {
    const match = aMatch(options);
    match.step(...people(4));
    match.toOpenPlay();
    match.throwOut("p1", "p0");
    match.step();
    return match;
  };

  test("is out, and credited to who hit last", () => {
    const match = out();
    expect(match.player("p1").body).toBeUndefined();
    expect(match.player("p0").knockOuts).toBe(1);
    expect(match.effects.find(({ kind }) => kind === "knockOut")).toMatchObject({
      viewer: "tiktok:p1",
      other: match.player("p0").body!.id,
    });
    expect(match.words()).toContain("p0 knocked out p1");
    expect(match.simulation.boards.round).toMatchObject([{ viewer: "tiktok:p0", score: 1 }]);
    expect(match.simulation.boards.show).toEqual([]);
    expect(match.simulation.hud().leader).toBe("tiktok:p0");
  });

  test("returns by a new comment with 60 % strength, marks who knocked them out, and goes for them", () => {
    const match = out();
    match.step(aChat("typed before the fall", "p1"));
    expect(match.player("p1").body).toBeUndefined();
    match.run(second);
    match.step(aChat("back", "p1"));
    const { body, size, target } = match.player("p1");
    expect(size).toBe(0.6);
    expect(body!.radius).toBe(42);
    expect(body!.mass).toBeLessThan(0.5 * match.player("p2").body!.mass);
    expect(match.player("p0").body!.wear.get("revenge")).toBe(1);
    expect(target).toBe("tiktok:p0");
  });

  test("knocking out who wears a mark gives a bonus and is told as revenge", () => {
    const match = out();
    match.run(second + 1);
    match.step(aChat("back", "p1"));
    match.throwOut("p0", "p1");
    match.step();
    expect(match.simulation.boards.round[0]).toMatchObject({ viewer: "tiktok:p1", score: 2 });
    expect(match.kinds()).toContain("revenge");
  });

  test("has two lives and no more; a share gives one more, once", () => {
    const match = out();
    const again = () => {
      match.run(second + 1);
      match.step(aChat("back", "p1"));
      return match.player("p1").body !== undefined;
    };
    expect(again()).toBe(true);
    match.throwOut("p1");
    match.step();
    expect(again()).toBe(false);
    match.step(anAct("share", "p1"));
    expect(again()).toBe(true);
    match.throwOut("p1");
    match.step();
    match.step(anAct("share", "p1"));
    expect(again()).toBe(false);
  });

  test("is not brought back by a like", () => {
    const match = out();
    match.run(second + 1);
    match.step(aLike(5, "p1"));
    expect(match.player("p1").body).toBeUndefined();
  });

  test("without revenge no mark is given", () => {
    const match = out({ revenge: false });
    match.run(second + 1);
    match.step(aChat("back", "p1"));
    expect(match.player("p0").marks).toBe(0);
  });

  test("keeps a gift that finds no ball for the next round", () => {
    const match = out({ lives: 1 });
    match.step(aGift(5, "p1"));
    expect(match.simulation.banked).toBe(1);
    match.throwOut("p2");
    match.throwOut("p3");
    match.until("lobby");
    match.until("play");
    match.run(second);
    expect(match.simulation.banked).toBe(0);
    expect(match.player("p1").spikesUntil).toBeGreaterThan(match.simulation.world.tick);
  });
});

describe("who comes too late", () => {
  test("is told, sits beside the platform at once, and plays the next round", () => {
    const match = aMatch();
    match.step(...people(4));
    match.until("play");
    match.show.endPhase("sudden");
    match.step();
    match.step(aChat("hi", "late"), aChat("hello?", "late"));
    const { seat, body } = match.player("late");
    expect(body).toBeUndefined();
    expect(seat?.viewer).toBe("tiktok:late");
    expect(Math.hypot(seat!.x - 485, seat!.y - 1010)).toBeGreaterThan(430 + 42);
    expect(match.words().filter((line) => line === "late in next round")).toHaveLength(1);
    match.until("lobby");
    expect(seat?.alive).toBe(false);
    expect(match.player("late").body?.alive).toBe(true);
  });
});

describe("the limit of balls", () => {
  test("a full lobby sends a bot away first, then who was silent longest", () => {
    const match = aMatch({ lobbySeconds: 60, maxBalls: 3, bots: { fillTo: 3 } });
    match.step(aChat("hi", "old"));
    match.run(2 * second);
    expect(match.show.players.active).toHaveLength(3);
    match.step(aChat("hi", "b"));
    match.step(aChat("hi", "c"));
    expect(match.show.players.active.map(({ key }) => key).sort()).toEqual(["tiktok:b", "tiktok:c", "tiktok:old"]);
    match.step(aChat("hi", "d"));
    expect(match.player("d").body).toBeUndefined();
    expect(match.words()).toContain("d in next round");
    match.run(20 * second);
    match.step(aChat("still here", "b"), aChat("still here", "c"));
    match.run(15 * second);
    match.step(aChat("now?", "d"));
    expect(match.player("d").body?.alive).toBe(true);
    expect(match.player("old").body).toBeUndefined();
  });

  test("play never has more than the limit, and who waited comes first in the next round", () => {
    const match = aMatch({ maxBalls: 10 });
    match.step(...people(12));
    expect(match.show.players.active).toHaveLength(10);
    match.toOpenPlay();
    match.step(aChat("hi", "x"));
    expect(match.player("x").body).toBeUndefined();
    match.show.endPhase("results");
    match.until("lobby");
    for (const id of ["p10", "p11", "x"]) expect(match.player(id).body?.alive).toBe(true);
    expect(match.show.players.active).toHaveLength(10);
  });

  test("who said nothing for two rounds is forgotten, who did returns by itself", () => {
    const match = aMatch({ resultsSeconds: 1 });
    match.step(...people(4));
    const round = () => {
      match.until("play");
      match.step(aChat("me", "p0"), aChat("me", "p1"));
      match.show.endPhase("results");
      match.until("lobby");
    };
    round();
    round();
    expect(match.player("p2").body?.alive).toBe(true);
    round();
    expect(match.show.players.all.has("tiktok:p2")).toBe(false);
    expect(match.player("p0").body?.alive).toBe(true);
  });
});

describe("bots", () => {
  test("fill a small room, leave when people come, and are labelled", () => {
    const match = aMatch({ lobbySeconds: 60, bots: { fillTo: 5 } });
    match.run(5 * second);
    expect(match.show.players.active.filter(({ bot }) => bot)).toHaveLength(5);
    expect(match.simulation.crowd.get(match.show.players.active[0]!.key)).toMatchObject({ bot: true });
    match.step(...people(4));
    match.run(5 * second);
    expect(match.show.players.active.filter(({ bot }) => bot)).toHaveLength(1);
    match.step(aChat("hi", "fifth"));
    match.run(2 * second);
    expect(match.show.players.active.filter(({ bot }) => bot)).toHaveLength(0);
  });

  test("one person alone gets company even when bots are off", () => {
    const match = aMatch();
    match.step(aChat("hi"));
    match.until("play");
    expect(match.show.players.active.map(({ bot }) => bot)).toEqual([false, true]);
  });

  test("are not replaced in play, and never enter the show's board", () => {
    const match = aMatch({ bots: { fillTo: 6 } });
    match.toOpenPlay();
    let most = match.show.players.active.length;
    while (match.simulation.phase.name !== "results") {
      match.step();
      expect(match.show.players.active.length).toBeLessThanOrEqual(most);
      most = match.show.players.active.length;
    }
    expect(match.simulation.boards.round.length).toBeGreaterThan(0);
    expect(match.simulation.boards.show).toEqual([]);
  });
});
