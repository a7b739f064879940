/** Last Ball: balls on a shrinking platform; who is knocked over the rim is out, and the last one wins. */
import { defineGame } from "../../game/define.ts";
import * as actions from "./actions.ts";
import { arenaX, arenaY, createArena, keepInside, moveArena } from "./arena.ts";
import { dress, forget, minRadius, resize } from "./balls.ts";
import { playBot } from "./bots.ts";
import { makeBall, whyNoBall } from "./enrol.ts";
import { dropFallen } from "./falls.ts";
import { answerContacts } from "./hits.ts";
import { type LastBallOptions, lastBallOptions, lastBallPhases } from "./options.ts";
import { dropMeteors, pullMagnets, wearOff } from "./powers.ts";
import { direct, enterPhase, fitSizes, judge, newRound, renew } from "./rounds.ts";
import { seats } from "./seats.ts";
import { type Ball, createBall, isFighting, type LastBall, type Player, type Show } from "./state.ts";
import { rollTo, steer } from "./steering.ts";
import { teamNames, teamScore } from "./teams.ts";

export default defineGame<LastBall, LastBallOptions, Ball>({
  id: "last-ball",
  title: "Last Ball",
  summary: "Everybody is a ball on a platform that shrinks; the last one on it wins.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 120 },
  options: lastBallOptions,
  phases: lastBallPhases,
  actions,
  boards: {
    round: "A point for each knock-out, and those of the show.",
    show: "Points for the win, for most knock-outs and for knocking out who wears revenge marks.",
  },
  bank: { summary: "A gift sent between rounds, or while its viewer is out, acts in the next play." },
  players: {
    fields: createBall,
    renew,
    most: ({ maxBalls }) => maxBalls,
    admits: whyNoBall,
    body: makeBall,
    left: (_game, player, show) => forget(player, show),
    seats,
    seatRadius: minRadius,
    bots: { fillTo: ({ bots }) => bots.fillTo, step: (_game, bot, show) => playBot(bot, show) },
    teams: { names: teamNames, active: ({ teams }) => teams },
  },
  create,
  newRound,
  enterPhase,
  step,
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
});

function create(): LastBall {
  return {
    arena: createArena(),
    meteors: [],
    savedOnce: new Set(),
    baseRadius: 56,
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
    falling: [],
  };
}

function step(game: LastBall, show: Show): void {
  const { name } = show.phase;
  moveArena(game, show);
  if (name === "lobby" || name === "countdown") fitSizes(game, show);
  direct(game, show);
  pullMagnets(show);
  for (const player of show.players.active) {
    wearOff(player, show);
    resize(game, player, show);
    if (name === "countdown") rollToPlace(player, show);
    else steer(game, player, show);
    if (!isFighting(show) || show.world.tick < game.rimOpensAtTick) keepInside(game, player, show);
  }
  if (isFighting(show)) dropMeteors(game, show);
}

function afterStep(game: LastBall, show: Show): void {
  answerContacts(game, show);
  if (isFighting(show)) dropFallen(game, show);
  judge(game, show);
  for (const player of show.players.active) dress(game, player, show);
}

/** Starting places: one ring, or two when there are many, neighbours side by side in both. */
function rollToPlace(player: Player, show: Show): void {
  const index = player.place;
  const count = show.players.active.length;
  const outer = count <= 22 ? count : Math.ceil(count * 0.58);
  const before = Math.floor((index * outer) / count);
  const isOuter = Math.floor(((index + 1) * outer) / count) > before;
  const angle = isOuter ? before / outer : (index - before + 0.5) / (count - outer);
  const reach = isOuter ? 325 : 232;
  rollTo(player, arenaX + Math.cos(angle * Math.PI * 2) * reach, arenaY + Math.sin(angle * Math.PI * 2) * reach, show);
}

function headline(game: LastBall, show: Show): string {
  const inTeams = show.options.teams > 0;
  const left = show.players.active.length;
  switch (show.phase.name) {
    case "lobby":
      return inTeams ? teamScore(show) : "Comment to join";
    case "countdown":
      return inTeams ? teamScore(show) : `${left} balls`;
    case "results": {
      const winner = show.players.get(game.winner);
      if (!winner) return "No winner";
      return winner.team > 0 ? `${show.players.teamName(winner.team)} wins` : "Winner";
    }
    default:
      if (game.holdUntil > show.world.tick) return "Comment to return";
      return inTeams ? teamScore(show) : `${left} left`;
  }
}
