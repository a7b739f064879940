/** Last Ball's own data as plain JSON, in a fixed order: what golden shows guard beyond the bodies. */
import type { LastBall, Player } from "./state.ts";

/** Everything that can change what comes next. */
export function snapshot(game: LastBall): unknown {
  const { arena } = game;
  return {
    round: game.round,
    decided: game.decided,
    winner: game.winner,
    leader: game.leader,
    podium: game.podium,
    outs: game.outs,
    peak: game.peak,
    heat: game.heat,
    baseRadius: game.baseRadius,
    contactCount: game.contactCount,
    holdUntil: game.holdUntil,
    lastOutTick: game.lastOutTick,
    rimOpensAtTick: game.rimOpensAtTick,
    next: [game.nextRingTick, game.nextMeteorTick, game.nextBotTick],
    arena: {
      radius: arena.radius,
      nextRadius: arena.nextRadius,
      shrinkAtTick: arena.shrinkAtTick,
      speed: arena.speed,
      step: arena.step,
      barAngle: arena.barAngle,
      barTurn: arena.barTurn,
    },
    meteors: game.meteors.map(({ x, y, hitTick, owner, power }) => ({ x, y, hitTick, owner, power })),
    savedOnce: [...game.savedOnce],
    teamOf: [...game.teamOf],
    players: [...game.players.values()].map(playerSnapshot),
  };
}

function playerSnapshot(player: Player) {
  const { entity, seat, aim, ...rest } = player;
  return { ...rest, entity: entity?.id ?? 0, seat: seat?.id ?? 0, aim: aim?.key ?? "" };
}
