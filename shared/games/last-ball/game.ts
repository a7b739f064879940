/** Last Ball: balls on a shrinking platform; who is knocked over the rim is out, and the last one wins. */
import { defineGame } from "../../game/define.ts";
import type { PhaseName } from "../../game/phases.ts";
import * as actions from "./actions.ts";
import { arenaX, arenaY, createArena, keepInside, moveArena } from "./arena.ts";
import { dress, resize } from "./balls.ts";
import { fillWithBots, playBots } from "./bots.ts";
import { dropFallen } from "./falls.ts";
import { answerContacts } from "./hits.ts";
import { type LastBallOptions, lastBallOptions, phaseSeconds } from "./options.ts";
import { dropMeteors, pullMagnets, wearOff } from "./powers.ts";
import { direct, enterPhase, fitSizes, judge } from "./rounds.ts";
import { snapshot } from "./snapshot.ts";
import { isFighting, type LastBall, type Player, type Show, ticksOf } from "./state.ts";
import { rollTo, steer } from "./steering.ts";
import { joinTeam, teamNames, teamScore } from "./teams.ts";

export default defineGame<LastBall, LastBallOptions>({
  id: "last-ball",
  title: "Last Ball",
  summary: "Everybody is a ball on a platform that shrinks; the last one on it wins.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 120 },
  options: lastBallOptions,
  phases: phaseSeconds,
  actions,
  create,
  enterPhase: (game, phase: PhaseName, show) => enterPhase(game, phase, show),
  beforeStep,
  afterStep,
  hud: (game, show) => ({ headline: headline(game, show), leader: game.leader, podium: game.podium }),
  props: ({ arena, heat, rimOpensAtTick }, show) => ({
    arenaX,
    arenaY,
    arenaRadius: Math.round(arena.radius * 2) / 2,
    nextRadius: Math.round(arena.nextRadius * 2) / 2,
    shrinkAtTick: arena.shrinkAtTick,
    rimOpensAtTick: rimOpensAtTick,
    heat: isFighting(show) ? Math.round(heat * 10) / 10 : 1,
  }),
  teams: {
    names: teamNames.slice(1),
    active: ({ teams }) => teamNames.slice(1, teams + 1),
    of: (game, viewer) => teamNames[game.players.get(viewer)?.team ?? game.teamOf.get(viewer) ?? 0] ?? "",
    join(game, { key }, team, show) {
      const player = game.players.get(key);
      if (player) joinTeam(game, player, team, show);
    },
  },
  needs: (game, viewer) => game.players.has(viewer),
  snapshot,
});

function create(): LastBall {
  return {
    players: new Map(),
    alive: [],
    byEntity: new Map(),
    arena: createArena(),
    meteors: [],
    savedOnce: new Set(),
    teamOf: new Map(),
    baseRadius: 56,
    round: 0,
    peak: 0,
    heat: 1,
    contactCount: 0,
    lastOutTick: 0,
    rimOpensAtTick: 0,
    outs: [],
    winner: "",
    decided: false,
    leader: "",
    podium: [],
    holdUntil: 0,
    nextRingTick: 0,
    nextMeteorTick: 0,
    nextBotTick: 0,
    falling: [],
  };
}

function beforeStep(game: LastBall, show: Show): void {
  const { name } = show.phase;
  moveArena(game, show);
  if (name === "lobby") waitForPlayers(game, show);
  if (name === "lobby" || name === "countdown") fitSizes(game);
  direct(game, show);
  playBots(game, show);
  pullMagnets(game, show);
  for (let i = 0; i < game.alive.length; i++) {
    const player = game.alive[i]!;
    wearOff(player, show);
    resize(game, player, show);
    if (name === "countdown") lineUp(game, player, i, show);
    else steer(game, player, show);
    if (!isFighting(show) || show.world.tick < game.rimOpensAtTick) keepInside(game, player, show);
  }
  if (isFighting(show)) dropMeteors(game, show);
}

function afterStep(game: LastBall, show: Show): void {
  answerContacts(game, show);
  if (isFighting(show)) dropFallen(game, show);
  judge(game, show);
  for (const player of game.alive) dress(game, player, show);
}

/** The lobby fills up with bots, and lasts until there are two balls. */
function waitForPlayers(game: LastBall, show: Show): void {
  fillWithBots(game, show);
  if (game.alive.length < 2 && show.phase.endTick - show.world.tick <= 1) show.extendPhase(ticksOf(5));
}

/** Starting places: one ring, or two when there are many, neighbours side by side in both. */
function lineUp(game: LastBall, player: Player, index: number, show: Show): void {
  const count = game.alive.length;
  const outer = count <= 22 ? count : Math.ceil(count * 0.58);
  const before = Math.floor((index * outer) / count);
  const isOuter = Math.floor(((index + 1) * outer) / count) > before;
  const angle = isOuter ? before / outer : (index - before + 0.5) / (count - outer);
  const reach = isOuter ? 325 : 232;
  rollTo(player, arenaX + Math.cos(angle * Math.PI * 2) * reach, arenaY + Math.sin(angle * Math.PI * 2) * reach, show);
}

function headline(game: LastBall, show: Show): string {
  const inTeams = show.options.teams > 0;
  const left = game.alive.length;
  switch (show.phase.name) {
    case "lobby":
      return inTeams ? teamScore(game, show) : "Comment to join";
    case "countdown":
      return inTeams ? teamScore(game, show) : `${left} balls`;
    case "results": {
      const winner = game.players.get(game.winner);
      if (!winner) return "No winner";
      return winner.team > 0 ? `${teamNames[winner.team]} wins` : "Winner";
    }
    default:
      if (game.holdUntil > show.world.tick) return "Comment to return";
      return inTeams ? teamScore(game, show) : `${left} left`;
  }
}
