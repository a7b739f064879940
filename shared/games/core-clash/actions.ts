/** What viewers can do in Core Clash. Each action is one block: its params, when it acts, and what it does. */
import { z } from "zod";
import { type Act, type ActionResult, actionsFor } from "../../game/define.ts";
import { phaseNames, ticksOf } from "../../game/phases.ts";
import { logarithmic } from "../../game/tiers.ts";
import { raisePaddle, raiseWall, repairBumper } from "./defences.ts";
import { puff } from "./idle.ts";
import { goalReach, homeY, middleX, otherTeam } from "./lane.ts";
import { likeShares, noteLikes } from "./likes.ts";
import type { CoreClashOptions } from "./options.ts";
import { blow, callTitan } from "./powers.ts";
import { cannonHolds, countForTeam, countPushes, giftWorth, load } from "./pushes.ts";
import { addHeavy } from "./shots.ts";
import {
  bothTeams,
  type CoreClash,
  type Fields,
  isClash,
  isPlaying,
  type Player,
  rememberOnce,
  type Show,
  type TeamNumber,
  teamNames,
  teamOf,
} from "./state.ts";

const defineAction = actionsFor<CoreClash, CoreClashOptions, Fields>();

/** A number with limits, a default and a sentence for the editor. */
const number = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description });

/** Most times one act counts: a combo of more makes no stronger effect. */
const maxTimes = 1000;
/** Boulders of a team that wait to be fired; further ones wait in the bank. */
const maxBoulders = 12;

/** Runs `act` with the player and their team, whether they have a cannon or push from the line. */
function withPlayer(
  game: CoreClash,
  act: Act,
  show: Show,
  use: (player: Player, team: TeamNumber) => ActionResult,
): ActionResult {
  game.called = true;
  const { why } = show.players.enter(act);
  const player = act.member && show.players.get(act.member.key);
  const team = player && teamOf(player);
  return player && team ? use(player, team) : { refused: why || "nobody to act for" };
}

/** Where an effect on a player is shown: on their cannon, or at their team's line. */
function placeOf({ body }: Player, team: TeamNumber) {
  return body ? { on: body } : { x: middleX, y: homeY(team, goalReach) };
}

/** Where pushes of this act come from. */
const source = ({ paid, test }: Act) => ({ paid, test });

export const enter = defineAction({
  title: "Join",
  summary: "Gives the viewer a team, and a cannon in its line when one is free.",
  params: z.object({}),
  phases: phaseNames,
  apply(game, _params, act, show) {
    if (act.event?.type !== "like") game.called = true;
    show.players.enter(act);
    const player = act.member && show.players.get(act.member.key);
    if (player) player.subscriber ||= act.member.viewer.roles.subscriber;
    return undefined;
  },
});

export const pebble = defineAction({
  title: "Pebble",
  summary:
    "The viewer's cannon fires at the core; several at once make a larger shot. Before and after a match it only warms up.",
  params: z.object({
    most: z.int().min(1).max(20).default(cannonHolds).meta({ description: "Most pebbles of one call." }),
  }),
  phases: phaseNames,
  apply(game, { most }, act, show) {
    return withPlayer(game, act, show, (player) => {
      const pebbles = Math.min(most, act.count);
      countPushes(game, player, pebbles, source(act), show);
      // A crowd that warms up would fill the line for the match.
      if (isPlaying(show) || player.body)
        load(game, player, isPlaying(show) ? pebbles : Math.min(1, cannonHolds - player.loaded));
      return undefined;
    });
  },
});

export const aim = defineAction({
  title: "Aim",
  summary:
    "Turns the viewer's cannon: at the core's middle, at one of its flanks, or as straight up the lane as it can.",
  params: z.object({
    at: z.enum(["mid", "left", "right", "up"]).default("mid").meta({ description: "Where it aims from now on." }),
  }),
  phases: phaseNames,
  apply(game, { at }, act, show) {
    return withPlayer(game, act, show, (player) => {
      player.aim = at;
      show.effect("aim", { on: player.body, viewer: player.key, text: at });
      return undefined;
    });
  },
});

export const block = defineAction({
  title: "Paddle",
  summary: "Throws a short-lived paddle up in front of the own goal.",
  params: z.object({ seconds: number(1.5, 0.5, 6, "How long it stands.") }),
  apply(game, { seconds }, act, show) {
    if (game.idle) return { refused: "nothing to block" };
    return withPlayer(game, act, show, (player, team) => {
      if (!raisePaddle(game, player, team, ticksOf(seconds), show)) return { refused: "a paddle is up" };
      show.feed(act.member, "blocks", "good");
      return undefined;
    });
  },
});

export const sabotage = defineAction({
  title: "Jam",
  summary: "Jams the cannon across the lane for a moment; what is loaded in it waits.",
  params: z.object({ seconds: number(3, 1, 10, "How long.") }),
  apply(game, { seconds }, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      const across = acrossFrom(player, team, show);
      if (!across?.body || !isClash(game, show)) return { refused: "no cannon to jam" };
      across.jammedUntil = show.world.tick + ticksOf(seconds);
      show.effect("jam", { on: across.body, with: player.body, viewer: player.key, power: 1 });
      show.feed(act.member, "jams a cannon", "bad");
      return undefined;
    });
  },
});

/** Of the other team, who is not jammed and stands nearest to the viewer's own column. */
function acrossFrom(player: Player, team: TeamNumber, { players, world }: Show): Player | undefined {
  const x = player.body?.x ?? world.width / 2;
  const foes = players.active.filter((foe) => foe.team === otherTeam(team) && foe.jammedUntil <= world.tick);
  const away = ({ body }: Player) => Math.abs((body?.x ?? 0) - x);
  let nearest: Player | undefined;
  for (const foe of foes) if (!nearest || away(foe) < away(nearest)) nearest = foe;
  return nearest;
}

export const cheer = defineAction({
  title: "Cheer",
  summary: "Notes whose likes they are, for the next volley.",
  params: z.object({}),
  phases: phaseNames,
  apply(game, _params, act, show) {
    const player = act.member && show.players.get(act.member.key);
    const { event } = act;
    const likes = event?.type === "like" ? event : { count: act.count, roomDelta: act.count };
    noteLikes(game, act.test ? undefined : player, likes.count, likes.roomDelta, show);
    if (game.idle && isPlaying(show)) puff(game, Math.max(likes.count, likes.roomDelta) / 100, show);
    return undefined;
  },
});

export const volley = defineAction({
  title: "Volley",
  summary:
    "Likes of the room fire from the lines of both teams, shared by who gave them. With nobody playing they keep the core up.",
  params: z.object({ pushes: number(10, 2, 40, "Pushes of one volley, both teams together.") }),
  apply(game, { pushes }, act, show) {
    const fills = Math.min(maxTimes, act.count);
    if (game.idle) {
      puff(game, fills, show);
      return undefined;
    }
    const shares = likeShares(game, show);
    for (const { team } of bothTeams(game)) {
      const share = pushes * fills * giftWorth(game) * shares[team];
      game.teams[team].charge += share;
      countForTeam(game, team, share, show);
      game.freePushes += share;
      show.effect("volley", {
        y: game.teams[team].team === 1 ? show.world.height : 0,
        power: shares[team],
        text: String(team),
      });
    }
    show.feed(act.member, "VOLLEY", "power");
    return undefined;
  },
});

export const banner = defineAction({
  title: "Banner",
  summary: "Once per show: raises the viewer's team banner and fires some pebbles.",
  params: z.object({ pebbles: z.int().min(0).max(20).default(3).meta({ description: "Pebbles that come with it." }) }),
  phases: phaseNames,
  apply(game, { pebbles }, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      if (!rememberOnce(game.bannered, player.key)) return { refused: "once per show" };
      if (isPlaying(show)) {
        countPushes(game, player, pebbles, source(act), show);
        load(game, player, pebbles);
      }
      show.effect("banner", { ...placeOf(player, team), viewer: player.key, power: 1, text: String(team) });
      show.feed(act.member, `raises the banner of ${teamNames[team]}`, "good");
      return undefined;
    });
  },
});

export const repair = defineAction({
  title: "Repair",
  summary: "Mends the most broken bumper of the own goal, once per round.",
  params: z.object({}),
  apply(game, _params, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      if (player.repairedRound === show.phase.round) return { refused: "once per round" };
      if (!repairBumper(game, team, show)) return { refused: "all bumpers are whole" };
      player.repairedRound = show.phase.round;
      show.feed(act.member, "mends a bumper", "good");
      return undefined;
    });
  },
});

export const stone = defineAction({
  title: "Stone",
  summary: "A stone shot from the own cannon; a combo makes one stone that grows with its logarithm.",
  params: z.object({ pushes: number(3, 1, 12, "Pushes of one stone.") }),
  apply(game, { pushes }, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      const strength = pushes * logarithmic(Math.min(maxTimes, act.count), 6);
      countPushes(game, player, strength, source(act), show);
      addHeavy(game, team, { kind: "stone", owner: player.key, strength: strength * giftWorth(game) });
      return undefined;
    });
  },
});

export const boulder = defineAction({
  title: "Boulder",
  summary: "A boulder from the own cannon; a team fires four a second at most, others wait.",
  params: z.object({ pushes: number(9, 3, 30, "Pushes of one boulder.") }),
  apply(game, { pushes }, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      const waiting = game.teams[team].heavies.filter(({ kind }) => kind === "boulder").length;
      // "refused", not "later": one team's queue must not hold up the other's.
      if (waiting >= maxBoulders) return { refused: "many boulders wait" };
      const strength = pushes * logarithmic(Math.min(maxTimes, act.count), 4);
      countPushes(game, player, strength, source(act), show);
      addHeavy(game, team, { kind: "boulder", owner: player.key, strength: strength * giftWorth(game) });
      show.feed(act.member, "BOULDER", "power");
      return undefined;
    });
  },
});

export const wall = defineAction({
  title: "Wall",
  summary:
    "A wall before the own goal, where the viewer aims; two of a team at most, another one makes them last longer.",
  params: z.object({ seconds: number(8, 2, 20, "How long it stands.") }),
  apply(game, { seconds }, act, show) {
    if (game.idle) return { refused: "waits for a match" };
    return withPlayer(game, act, show, (player, team) => {
      const ticks = ticksOf(seconds * logarithmic(Math.min(maxTimes, act.count), 2));
      if (!raiseWall(game, player, team, ticks, show)) return { refused: "the walls stand long enough" };
      countPushes(game, player, 5, source(act), show);
      show.feed(act.member, "WALL", "power");
      return undefined;
    });
  },
});

export const wind = defineAction({
  title: "Wind",
  summary: "A wind along the lane that pushes the core and all shots away from the own goal.",
  params: z.object({
    seconds: number(5, 1, 15, "How long it blows."),
    power: number(0.012, 0.004, 0.03, "Push on the core, units per tick and tick."),
    everySeconds: number(8, 0, 60, "From the beginning of one wind of a team to its next."),
  }),
  apply(game, { seconds, power, everySeconds }, act, show) {
    if (game.idle) return { refused: "waits for a match" };
    return withPlayer(game, act, show, (player, team) => {
      const state = game.teams[team];
      const { tick } = show.world;
      // "refused", not "later": one team's queue must not hold up the other's.
      if (state.nextWindTick > tick) return { refused: "the team's wind has just blown" };
      const ticks = ticksOf(seconds * logarithmic(Math.min(maxTimes, act.count), 2));
      state.nextWindTick = tick + Math.max(ticks, ticksOf(everySeconds));
      blow(game, team, power, ticks, show);
      countPushes(game, player, 15, source(act), show);
      show.effect("wind", { viewer: player.key, power: 1, text: String(team) });
      show.feed(act.member, "WIND", "power");
      return undefined;
    });
  },
});

export const upgrade = defineAction({
  title: "Cannon upgrade",
  summary:
    "The viewer's pushes weigh more for the rest of the round: x1.5, then x2. Further ones wait for the next round.",
  params: z.object({ levels: z.int().min(1).max(2).default(2).meta({ description: "Most upgrades in a round." }) }),
  apply(game, { levels }, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      if (player.level >= levels) return { refused: "fully upgraded, waits for the next round" };
      player.level++;
      countPushes(game, player, 20, source(act), show);
      show.effect("upgrade", { ...placeOf(player, team), viewer: player.key, power: player.level / 2 });
      show.feed(act.member, player.level > 1 ? "CANNON x2" : "CANNON x1.5", "power");
      return undefined;
    });
  },
});

export const titan = defineAction({
  title: "Titan",
  summary: "A giant ball of the team rolls down the lane, two seconds after it was announced.",
  params: z.object({
    power: number(1, 0.4, 2, "How heavy it is, 1 = normal; combos add by their logarithm."),
    everySeconds: number(25, 4, 120, "Between two titans of a team."),
  }),
  apply(game, { power, everySeconds }, act, show) {
    if (game.idle) return { refused: "waits for a match" };
    return withPlayer(game, act, show, (player, team) => {
      const state = game.teams[team];
      const { tick } = show.world;
      // "refused", not "later": one team's queue must not hold up the other's.
      if (state.titan || state.nextTitanTick > tick) return { refused: "the team's titan has just rolled" };
      state.nextTitanTick = tick + ticksOf(everySeconds);
      callTitan(game, player, team, power * logarithmic(Math.min(maxTimes, act.count), 1.5), show);
      countPushes(game, player, 40, source(act), show);
      show.feed(act.member, "TITAN", "power");
      return undefined;
    });
  },
});

export const badge = defineAction({
  title: "Golden cannon",
  summary: "Lights the rim of the viewer's cannon, for good.",
  params: z.object({}),
  phases: phaseNames,
  apply(game, _params, act, show) {
    return withPlayer(game, act, show, (player, team) => {
      player.subscriber = true;
      show.effect("subscriber", { ...placeOf(player, team), viewer: player.key });
      show.feed(act.member, "joined the club", "good");
      return undefined;
    });
  },
});
