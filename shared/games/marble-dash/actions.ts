/** What viewers can do in Marble Dash. Each action is one block: its params, when it acts, and what it does. */
import { z } from "zod";
import { maxMembers } from "../../game/crowd.ts";
import { type Act, type ActionResult, actionsFor } from "../../game/define.ts";
import { phaseNames, ticksOf } from "../../game/phases.ts";
import { logarithmic } from "../../game/tiers.ts";
import { openGates, sectionToOpen } from "./gates.ts";
import { makeGhost, makeHeavy } from "./marbles.ts";
import { hop as hopMarble, steer as steerMarble } from "./moves.ts";
import type { MarbleDashOptions } from "./options.ts";
import { boost as boostMarble, buildRail, laneOf, push } from "./powers.ts";
import { type MarbleDash, type Runner, type Runners, type Show, trailColors } from "./state.ts";

export { enterAction as enter } from "../../game/enter-action.ts";

const defineAction = actionsFor<MarbleDash, MarbleDashOptions, Runner>();

/** A number with limits, a default and a sentence for the editor. */
const number = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description });

/** Rails a track has room for. */
const mostRails = 2;
/** Most times one act counts for how long something lasts. */
const mostTimes = 2;

/** Runs `use` with the member's marble while it runs, or says why there is none. */
function withMarble(act: Act, show: Show, use: (player: Runners) => ActionResult): ActionResult {
  const entry = show.players.enter(act, { returns: act.paid });
  if (!entry.player) return { refused: entry.why };
  if (entry.player.place > 0) return { refused: "already at the finish" };
  return use(entry.player);
}

/** Runs `use` for the member whether they have a marble now or not. */
function withMember(act: Act, show: Show, use: (player: Runners) => ActionResult): ActionResult {
  const entry = show.players.enter(act, { returns: false });
  const player = act.member && show.players.get(act.member.key);
  return player ? use(player) : { refused: entry.why };
}

export const steer = defineAction({
  title: "Steer",
  summary: "Pushes the viewer's marble to one side.",
  params: z.object({
    side: z.enum(["left", "right"]).default("left").meta({ description: "Where to." }),
    power: number(6, 2, 10, "Speed added, units per tick."),
  }),
  apply(_game, { side, power }, act, show) {
    return withMarble(act, show, (player) => {
      steerMarble(player, side === "left" ? -1 : 1, power, show);
      return undefined;
    });
  },
});

export const hop = defineAction({
  title: "Hop",
  summary: "Throws the viewer's marble up, over whatever holds it.",
  params: z.object({ power: number(10, 4, 14, "Speed upwards, units per tick.") }),
  apply(_game, { power }, act, show) {
    return withMarble(act, show, (player) => {
      hopMarble(player, power, show);
      show.feed(act.member, "hops");
      return undefined;
    });
  },
});

export const trail = defineAction({
  title: "Trail",
  summary: "Gives the viewer's marble a trail of this colour, and the rails of that colour.",
  params: z.object({ color: z.enum(trailColors).default("cyan").meta({ description: "Colour of the trail." }) }),
  phases: phaseNames,
  apply(_game, { color }, act, show) {
    return withMember(act, show, (player) => {
      player.trail = trailColors.indexOf(color) + 1;
      show.effect("trail", { ...(player.body && { on: player.body }), viewer: player.key, power: player.trail });
      return undefined;
    });
  },
});

export const openGate = defineAction({
  title: "Shortcut",
  summary: "Opens a shortcut gate for everybody for a while; while one is open, it stays open longer.",
  params: z.object({ seconds: number(4, 1, 20, "How long.") }),
  lasts: "seconds",
  apply(game, { seconds }, act, show) {
    const section = sectionToOpen(game, show);
    if (section < 0) return { refused: "everybody is past the gates" };
    openGates(game, section, show.world.tick + ticksOf(seconds), show);
    show.feed(act.member, "SHORTCUT", "power");
    return undefined;
  },
});

export const spurt = defineAction({
  title: "Spurt",
  summary: "A tiny push for the viewer's own marble.",
  params: z.object({ power: number(2, 0.5, 4, "Speed added, units per tick.") }),
  apply(_game, { power }, act, show) {
    return withMarble(act, show, (player) => {
      push(player, power, show);
      show.effect("spurt", { on: player.body!, viewer: player.key, power: 0.3 });
      return undefined;
    });
  },
});

export const shield = defineAction({
  title: "Bubble",
  summary: "Once per show, a bubble that takes one hazard.",
  params: z.object({}),
  phases: phaseNames,
  apply(game, _, act, show) {
    return withMember(act, show, (player) => {
      const { shieldedOnce } = game;
      if (shieldedOnce.has(player.key)) return { refused: "once per show" };
      if (shieldedOnce.size >= maxMembers) shieldedOnce.delete(shieldedOnce.values().next().value!);
      shieldedOnce.add(player.key);
      player.bubbles++;
      show.effect("shield", { ...(player.body && { on: player.body }), viewer: player.key });
      show.feed(act.member, "has a bubble", "good");
      return undefined;
    });
  },
});

export const ticket = defineAction({
  title: "Ticket",
  summary: "Once per round, brings a burst marble back at its last checkpoint at once; kept until it is needed.",
  params: z.object({}),
  phases: ["lobby", "countdown", "play", "sudden"],
  apply(_game, _params, act, show) {
    return withMember(act, show, (player) => {
      if (player.ticketRound === show.phase.round) return { refused: "once per round" };
      player.ticketRound = show.phase.round;
      player.ticket = true;
      show.effect("ticket", { ...(player.body && { on: player.body }), viewer: player.key });
      show.feed(act.member, "has a respawn ticket", "good");
      return undefined;
    });
  },
});

export const boost = defineAction({
  title: "Boost",
  summary: "Pushes the marble down the track; gifts within 3 s of each other make it stronger by their logarithm.",
  params: z.object({ power: number(4, 1, 8, "Speed added by one, units per tick.") }),
  apply(_game, { power }, act, show) {
    return withMarble(act, show, (player) => {
      const strength = boostMarble(player, act.count, power, show);
      show.effect("boost", { on: player.body!, viewer: player.key, power: strength / 3, test: act.test });
      show.feed(act.member, strength > 1 ? `BOOST x${Math.round(strength * 10) / 10}` : "BOOST", "power");
      return undefined;
    });
  },
});

export const heavy = defineAction({
  title: "Heavy",
  summary:
    "The marble weighs two and a half times as much for a while: it shoves others aside and breaks plates at once.",
  params: z.object({ seconds: number(8, 1, 40, "How long.") }),
  lasts: "seconds",
  apply(_game, { seconds }, act, show) {
    return withMarble(act, show, (player) => {
      makeHeavy(player, Math.max(player.heavyUntil, show.world.tick + ticksOf(seconds)), show);
      show.effect("heavy", { on: player.body!, viewer: player.key, power: 1, test: act.test });
      show.feed(act.member, "HEAVY", "power");
      return undefined;
    });
  },
});

export const ghost = defineAction({
  title: "Ghost",
  summary: "The marble passes through all others for a while.",
  params: z.object({ seconds: number(4, 1, 20, "How long.") }),
  lasts: "seconds",
  apply(_game, { seconds }, act, show) {
    return withMarble(act, show, (player) => {
      makeGhost(player, show.world.tick + ticksOf(seconds), show);
      push(player, 3, show);
      show.effect("ghost", { on: player.body!, viewer: player.key, power: 1, test: act.test });
      show.feed(act.member, "GHOST", "power");
      return undefined;
    });
  },
});

export const gust = defineAction({
  title: "Gust",
  summary:
    "Wind blows the whole pack to the viewer's side (their last left or right, else where they are) and boosts them.",
  params: z.object({
    push: number(0.2, 0.05, 0.4, "Speed it adds, units per tick per tick."),
    seconds: number(2.2, 0.5, 6, "How long."),
    everySeconds: number(6, 0, 60, "Between two of anybody."),
  }),
  apply(game, { push: strength, seconds, everySeconds }, act, show) {
    return withMarble(act, show, (player) => {
      const { tick } = show.world;
      const wait = game.nextGustTick - tick;
      if (wait > 0) return { later: wait, why: "another gust is blowing" };
      const lane = laneOf(player);
      const times = logarithmic(act.count, mostTimes);
      game.gust = { push: strength * lane, untilTick: tick + ticksOf(seconds * times) };
      game.nextGustTick = tick + ticksOf(Math.max(everySeconds, seconds * times));
      boostMarble(player, act.count, 6, show);
      show.effect("gust", { on: player.body!, viewer: player.key, power: lane, test: act.test });
      show.feed(act.member, "GUST", "power");
      return undefined;
    });
  },
});

export const rail = defineAction({
  title: "Rail",
  summary:
    "Builds a strip further down that throws everybody of the viewer's team or trail colour; it stays all race. Two per race.",
  params: z.object({}),
  apply(game, _, act, show) {
    return withMarble(act, show, (player) => {
      if (game.rails.length >= mostRails) return { refused: "this track has its two rails" };
      const built = buildRail(game, player, show);
      if (!built) return { refused: "no room before the finish" };
      boostMarble(player, act.count, 6, show);
      show.effect("railBuilt", { on: player.body!, viewer: player.key, power: 1, test: act.test });
      show.feed(act.member, "RAIL", "power");
      return undefined;
    });
  },
});

export const honour = defineAction({
  title: "Carousel",
  summary:
    "The next race has a carousel with the viewer's face and name, and there are fireworks for all; one per race.",
  params: z.object({}),
  apply(game, _, act, show) {
    return withMember(act, show, (player) => {
      if (game.nextPatron !== "") return { refused: "the next race has its carousel" };
      game.nextPatron = player.key;
      if (player.body && player.place === 0) boostMarble(player, act.count, 6, show);
      show.effect("fireworks", {
        ...(player.body && { on: player.body }),
        ...{ viewer: player.key, power: 1, test: act.test },
      });
      show.feed(act.member, "builds a CAROUSEL for the next race", "power");
      return undefined;
    });
  },
});

export const badge = defineAction({
  title: "Rim light",
  summary: "Lights the rim of the viewer's marble, for good.",
  params: z.object({}),
  phases: phaseNames,
  apply(_game, _params, act, show) {
    return withMember(act, show, (player) => {
      player.subscriber = true;
      show.effect("subscriber", { ...(player.body && { on: player.body }), viewer: player.key });
      show.feed(act.member, "joined the club", "good");
      return undefined;
    });
  },
});
