/** Tests of My Game. A show is played here without a screen, a minute of it in some milliseconds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createTestShow } from "uproar/game";
import game, { ballRadius, type Coins } from "./game.ts";

const rules = readFileSync(new URL("rules.yaml", import.meta.url), "utf8");

/** A show in play, with these people in it. */
function inPlay(...people: string[]) {
  const show = createTestShow<Coins>({ game, rules, options: { lobbySeconds: 3 } });
  for (const who of people) show.chat(who, "hi");
  show.run();
  show.skipTo("play");
  return show;
}

test("a comment gives a ball", () => {
  assert.ok(inPlay("ana").body("ana"));
});

test("whoever touches a coin has it, and a new one comes", () => {
  const show = inPlay("ana");
  show.run(2);
  const [coin] = show.game.coins;
  show.world.setPosition(show.body("ana")!, coin!.x, coin!.y);
  show.run(2);
  assert.equal(coin!.alive, false);
  assert.equal(show.context.boards.round.find(({ viewer }) => viewer.endsWith("ana"))?.score, 1);
  assert.equal(show.game.coins.length, 8);
});

test("giants shrink again", () => {
  const show = inPlay("ana");
  show.act("giant", "ana", { size: 2, seconds: 3 });
  show.run(60);
  assert.equal(show.body("ana")!.radius, ballRadius * 2);
  show.run(180);
  assert.equal(show.body("ana")!.radius, ballRadius);
});

test("a round has a winner", () => {
  const show = inPlay("ana", "bo");
  const { rows } = show.playRound();
  assert.equal(rows.filter(({ wins }) => wins > 0).length, 1);
});
