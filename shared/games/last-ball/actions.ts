/** What viewers can do in Last Ball. Each action is one block: its params, when it acts, and what it does. */
import { z } from "zod";
import { rememberIn } from "../../game/bounded.ts";
import { maxMembers } from "../../game/crowd.ts";
import { type Act, type ActionResult, actionsFor } from "../../game/define.ts";
import { ticksOf } from "../../game/phases.ts";
import { logarithmic } from "../../game/tiers.ts";
import { enter as enterGame, playerOf } from "./enrol.ts";
import { ballNamed, dash as dashBall, findTarget, guard as guardBall } from "./moves.ts";
import type { LastBallOptions } from "./options.ts";
import { callMeteors, freezeRing, giantOf, maxGrowth, pulse as pulseRoom, shockwave as shock } from "./powers.ts";
import type { Ball, LastBall, Player, Show } from "./state.ts";
import { areFoes } from "./teams.ts";

const defineAction = actionsFor<LastBall, LastBallOptions, Ball>();

/** A number with limits, a default and a sentence for the editor. */
const number = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description });

/** Most times one act counts: a combo of more makes no stronger effect. */
const maxTimes = 1000;

/** Runs `act` with the member's ball, or says why there is none. */
function withBall(act: Act, show: Show, use: (player: Player) => ActionResult): ActionResult {
  const entry = enterGame(act, show);
  if (!entry.player) return { refused: entry.why };
  return use(entry.player);
}

/** Remembers words that choose a power, and takes a comment that is just a name for a target. */
function listen(player: Player, text: string, show: Show): void {
  const words = text.toLowerCase().split(/[^\p{L}]+/u, 40);
  for (const word of words) {
    if (word === "magnet" || word === "freeze") player.ringWord = word;
    if (word === "left" || word === "right" || word === "top" || word === "bottom") player.zone = word;
    if (word === "up") player.zone = "top";
    if (word === "down") player.zone = "bottom";
  }
  const named = ballNamed(text, show);
  if (!named || !areFoes(player, named)) return;
  player.target = named.key;
  player.targetUntil = show.world.tick + ticksOf(12);
}

/** `factor` multiplied with itself `times` times; powers are not the same on every version of Node, products are. */
function timesOver(factor: number, times: number): number {
  let product = 1;
  for (let i = 0; i < Math.min(times, 50); i++) product *= factor;
  return product;
}

const everyPhase = ["lobby", "countdown", "play", "sudden", "results"] as const;

export const enter = defineAction({
  title: "Join",
  summary: "Gives the viewer a ball; brings it back when it is out and a life is left.",
  params: z.object({
    returns: z
      .boolean()
      .default(true)
      .meta({ description: "Whether this act also brings back a ball that was knocked out." }),
  }),
  phases: everyPhase,
  apply(_game, { returns }, act, show) {
    enterGame(act, show, returns);
    const player = playerOf(act, show);
    if (player) listen(player, act.text, show);
    // Waiting for the next round is an answer too: nothing is left to do for this act.
    return undefined;
  },
});

export const dash = defineAction({
  title: "Dash",
  summary: "Throws the viewer's ball at its target.",
  params: z.object({ power: number(9, 2, 16, "Speed added, units per tick.") }),
  apply(_game, { power }, act, show) {
    return withBall(act, show, (player) => {
      const why = dashBall(player, power, show);
      if (why) return { refused: why };
      show.feed(act.member, "dashed");
      return undefined;
    });
  },
});

export const aim = defineAction({
  title: "Target",
  summary: "The viewer's ball goes for the ball whose name the comment says.",
  params: z.object({ seconds: number(12, 1, 60, "How long it keeps after them.") }),
  lasts: "seconds",
  apply(_game, { seconds }, act, show) {
    return withBall(act, show, (player) => {
      const found = findTarget(player, act.text, show);
      if (!found?.body) return { refused: "nobody of that name is in" };
      player.target = found.key;
      player.targetUntil = show.world.tick + ticksOf(seconds);
      player.aimUntil = 0;
      show.effect("target", { on: player.body, with: found.body, viewer: player.key });
      show.feed(act.member, `goes for ${show.crowd.get(found.key)?.viewer.name ?? ""}`);
      return undefined;
    });
  },
});

export const guard = defineAction({
  title: "Guard",
  summary: "Doubles the ball's mass for a moment; it cannot dash meanwhile.",
  params: z.object({ seconds: number(3, 1, 10, "How long.") }),
  lasts: "seconds",
  apply(_game, { seconds }, act, show) {
    return withBall(act, show, (player) => {
      guardBall(player, seconds, show);
      show.feed(act.member, "guards");
      return undefined;
    });
  },
});

export const pulse = defineAction({
  title: "Pulse",
  summary: "The smaller half of the balls rolls faster for a while: the comeback of the room.",
  params: z.object({
    boost: number(0.15, 0.05, 0.5, "How much faster, 0.15 = 15 %."),
    seconds: number(8, 2, 30, "How long."),
  }),
  lasts: "seconds",
  apply(_game, { boost, seconds }, act, show) {
    if (show.players.active.length === 0) return { refused: "no ball is in" };
    pulseRoom(boost, seconds, show);
    show.feed(act.member, "PULSE", "power");
    return undefined;
  },
});

export const rimSave = defineAction({
  title: "Rim save",
  summary: "Once per show, the rim throws the viewer's ball back in.",
  params: z.object({}),
  phases: everyPhase,
  apply(game, _, act, show) {
    const entry = enterGame(act, show, false);
    const player = playerOf(act, show);
    if (!player) return { refused: entry.why || "nobody to save" };
    if (game.savedOnce.has(player.key)) return { refused: "once per show" };
    rememberIn(game.savedOnce, player.key, maxMembers);
    player.saves++;
    show.effect("shield", { on: player.body ?? player.seat, viewer: player.key });
    show.feed(act.member, "has a rim save", "good");
    return undefined;
  },
});

export const extraLife = defineAction({
  title: "Extra life",
  summary: "One more life in this round, once per round.",
  params: z.object({}),
  phases: ["lobby", "countdown", "play", "sudden"],
  apply(_game, _, act, show) {
    const entry = enterGame(act, show, false);
    const player = playerOf(act, show);
    if (!player) return { refused: entry.why || "nobody to help" };
    if (player.sharedRound === show.phase.round) return { refused: "once per round" };
    player.sharedRound = show.phase.round;
    player.livesLeft = Math.max(0, player.livesLeft) + 1;
    show.effect("extraLife", { on: player.body, viewer: player.key });
    show.feed(act.member, "extra life", "good");
    return undefined;
  },
});

export const grow = defineAction({
  title: "Grow",
  summary: "The ball grows by some per cent, up to a limit, and shrinks back slowly.",
  params: z.object({ percent: number(4, 1, 12, "Growth of one unit; combos add by their logarithm.") }),
  apply(_game, { percent }, act, show) {
    return withBall(act, show, (player) => {
      const added = (percent / 100) * logarithmic(Math.min(maxTimes, act.count), 6);
      player.growth = Math.min(maxGrowth, player.growth + added);
      show.effect("grow", { on: player.body, viewer: player.key, power: player.growth / maxGrowth, test: act.test });
      show.feed(act.member, "grows", "good");
      return undefined;
    });
  },
});

export const spikes = defineAction({
  title: "Spikes",
  summary: "Hits of the ball are half as strong again for a while.",
  params: z.object({ seconds: number(6, 1, 40, "How long.") }),
  lasts: "seconds",
  apply(_game, { seconds }, act, show) {
    return withBall(act, show, (player) => {
      player.spikesUntil = Math.max(player.spikesUntil, show.world.tick + ticksOf(seconds));
      show.effect("spikes", { on: player.body, viewer: player.key, power: 1, test: act.test });
      show.feed(act.member, "SPIKES", "power");
      return undefined;
    });
  },
});

export const shockwave = defineAction({
  title: "Shockwave",
  summary: "Pushes everybody near the ball away from it.",
  params: z.object({
    radius: number(190, 80, 320, "Reach, in world units."),
    power: number(11, 3, 18, "Speed given to the nearest, units per tick."),
    everySeconds: number(3, 0, 20, "Between two of the same viewer."),
  }),
  apply(game, { radius, power, everySeconds }, act, show) {
    return withBall(act, show, (player) => {
      const wait = player.nextShockTick - show.world.tick;
      // This viewer's own wait: others in line for a shockwave go on.
      if (wait > 0) return { refused: "the last shockwave has just been" };
      player.nextShockTick = show.world.tick + ticksOf(everySeconds);
      shock(game, player, radius, power, act, show);
      show.feed(act.member, "SHOCKWAVE", "power");
      return undefined;
    });
  },
});

export const ring = defineAction({
  title: "Ring",
  summary: "A magnet that pulls others in, or a frost that stops them: by the viewer's last word, else in turns.",
  params: z.object({
    seconds: number(2.5, 1, 8, "How long it lasts."),
    radius: number(240, 100, 400, "Reach of the frost, in world units."),
    everySeconds: number(5, 0, 30, "Between two of anybody."),
  }),
  apply(game, { seconds, radius, everySeconds }, act, show) {
    return withBall(act, show, (player) => {
      const { tick } = show.world;
      const wait = game.nextRingTick - tick;
      if (wait > 0) return { later: wait, why: "another ring is out" };
      game.nextRingTick = tick + ticksOf(everySeconds);
      const kind = player.ringWord || (player.lastRing === "magnet" ? "freeze" : "magnet");
      player.lastRing = kind;
      if (kind === "freeze") freezeRing(game, player, radius, seconds, act, show);
      else {
        player.magnetUntil = tick + ticksOf(seconds * logarithmic(act.count, 2));
        show.effect("magnet", { on: player.body, viewer: player.key, power: 1, test: act.test });
      }
      show.feed(act.member, kind === "freeze" ? "FREEZE" : "MAGNET", "power");
      return undefined;
    });
  },
});

export const giant = defineAction({
  title: "Giant",
  summary: "The ball becomes a giant that cannot be knocked out, until its time ends or three hits; one at a time.",
  params: z.object({
    seconds: number(8, 3, 20, "How long the first of a round lasts."),
    again: number(0.7, 0.2, 1, "Each further one of the same viewer in a round lasts so much of the one before."),
  }),
  apply(_game, { seconds, again }, act, show) {
    return withBall(act, show, (player) => {
      const { tick } = show.world;
      const other = giantOf(show);
      if (other) return { later: other.giantUntil - tick, why: "another giant is up" };
      player.giantUntil = tick + ticksOf(seconds * logarithmic(act.count, 1.5) * timesOver(again, player.giants++));
      player.giantHits = 0;
      player.frozenUntil = 0;
      show.effect("giant", { on: player.body, viewer: player.key, power: 1, test: act.test });
      show.feed(act.member, "GIANT", "power");
      return undefined;
    });
  },
});

export const meteors = defineAction({
  title: "Meteors",
  summary:
    "Announced impacts on the part of the platform the viewer named last (left, right, top, bottom), or anywhere.",
  params: z.object({
    impacts: z.int().min(1).max(16).default(8).meta({ description: "How many; combos add by their logarithm." }),
    power: number(13, 3, 18, "Speed given to who stands there, units per tick."),
    everySeconds: number(20, 0, 120, "Between two of anybody."),
  }),
  apply(game, { impacts, power, everySeconds }, act, show) {
    return withBall(act, show, (player) => {
      const wait = game.nextMeteorTick - show.world.tick;
      if (wait > 0) return { later: wait, why: "meteors have just fallen" };
      game.nextMeteorTick = show.world.tick + ticksOf(everySeconds);
      callMeteors(game, player, Math.round(impacts * logarithmic(act.count, 2)), power, act, show);
      show.feed(act.member, "METEORS", "power");
      return undefined;
    });
  },
});

export const badge = defineAction({
  title: "Rim light",
  summary: "Lights the rim of the viewer's ball, for good.",
  params: z.object({}),
  phases: everyPhase,
  apply(_game, _, act, show) {
    enterGame(act, show, false);
    const player = playerOf(act, show);
    if (!player) return { refused: "nobody to light" };
    player.subscriber = true;
    show.effect("subscriber", { on: player.body ?? player.seat, viewer: player.key });
    show.feed(act.member, "joined the club", "good");
    return undefined;
  },
});
