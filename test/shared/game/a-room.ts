/** Builds a show of a small game with players, for tests of their keeper: everybody who writes anything asks for a body. */
import { z } from "zod";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { defineGame, type ShowContext } from "../../../shared/game/define.ts";
import { enterAction } from "../../../shared/game/enter-action.ts";
import { type PhaseName, phaseOptions } from "../../../shared/game/phases.ts";
import type { Player, PlayersDeclaration } from "../../../shared/game/players-interface.ts";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import { createSimulation, resumeSimulation, type Simulation } from "../../../shared/sim/simulation.ts";
import { aChat } from "../../support/events.ts";

/** What the small game keeps of a player. */
export interface Counted {
  /** Bodies they had, bodies they lost, rounds they were renewed for. */
  bodies: number;
  losses: number;
  renewals: number;
  /** Somebody else, so that players refer to each other. */
  friend: Player<Counted> | undefined;
}

const phases = { lobby: { seconds: 1 }, play: { seconds: 1 }, results: { seconds: 0.5 } };
const options = z.strictObject({
  ...phaseOptions(phases),
  most: z.number().default(8),
  teams: z.number().default(0),
  fillTo: z.number().default(0),
});
export type RoomOptions = z.output<typeof options>;
export type Room = { first: Player<Counted> | undefined };
export type RoomShow = ShowContext<RoomOptions, Counted>;
export type RoomPlayer = Player<Counted>;

const players: PlayersDeclaration<Room, RoomOptions, Counted> = {
  fields: () => ({ bodies: 0, losses: 0, renewals: 0, friend: undefined }),
  renew: (player) => void player.renewals++,
  most: ({ most }) => most,
  least: 1,
  body(game, player, { world, players: { active } }) {
    player.bodies++;
    player.friend = active.at(-1);
    game.first ??= player;
    const x = 100 + active.length * 30;
    return world.spawn({ kind: "dot", shape: { type: "circle", radius: 10 }, x, y: 100, viewer: player.key });
  },
  left: (_game, player) => void player.losses++,
  seats: () => [
    { x: 50, y: 900 },
    { x: 150, y: 900 },
  ],
  bots: { fillTo: ({ fillTo }) => fillTo },
  teams: { names: ["Red", "Blue", "Green"], active: ({ teams }) => teams },
};

export const roomGame = defineGame<Room, RoomOptions, Counted>({
  id: "room",
  title: "Room",
  summary: "For tests of players.",
  world: { width: 1000, height: 1000, gravity: 0, maxEntities: 80 },
  options,
  phases,
  actions: { enter: enterAction },
  players,
  create: () => ({ first: undefined }),
  step: () => undefined,
});

export interface RoomChanges {
  readonly options?: Partial<RoomOptions>;
  /** Rules behind the one that lets people in. */
  readonly rules?: string;
  readonly players?: Partial<PlayersDeclaration<Room, RoomOptions, Counted>>;
  readonly newRound?: (game: Room, show: RoomShow) => void;
  readonly enterPhase?: (game: Room, phase: PhaseName, show: RoomShow) => void;
}

function rulesOf(given: Partial<RoomOptions>, more: string): CompiledRules {
  const teams = "teams: { Red: [red], Blue: [blue], Green: [green] }";
  const text = `game: room\noptions: ${JSON.stringify(given)}\n${teams}\nrules:\n  - { on: chat, do: enter }\n${more}`;
  const result = compileRules(oneFile(text), roomGame);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.rules;
}

/** A show at tick 0, with a lobby of 1 s, 1 s of play and results of 0.5 s. */
export function aRoom(changes: RoomChanges = {}, seed = 1) {
  const { options: given = {}, players: changed, newRound, enterPhase } = changes;
  const rules = rulesOf(given, changes.rules ?? "");
  let show: RoomShow | undefined;
  const game = defineGame({
    ...roomGame,
    players: { ...players, ...changed },
    ...(newRound && { newRound }),
    ...(enterPhase && { enterPhase }),
    step(_game, context) {
      show = context;
    },
  });
  let simulation: Simulation = createSimulation({ playlist: [{ game, rules }], seed });
  const room = {
    get simulation() {
      return simulation;
    },
    get show(): RoomShow {
      return show!;
    },
    step: (...events: LiveEvent[]) => simulation.step(events),
    /** Gives the game other options, which hold from the next round. */
    retune(next: Partial<RoomOptions>) {
      simulation.step([], rulesOf({ ...given, ...next }, changes.rules ?? ""));
    },
    run(ticks: number) {
      for (let i = 0; i < ticks; i++) simulation.step([]);
    },
    /** Everybody of the list writes something, each in a tick of their own. */
    come(...who: string[]) {
      for (const id of who) simulation.step([aChat("hi", id)]);
    },
    until(phase: PhaseName) {
      for (let left = 36_000; left > 0; left--) {
        if (simulation.step([]).entered === phase) return;
      }
      throw new Error(`${phase} never came`);
    },
    player(id: string): RoomPlayer {
      const found = show!.players.get(`tiktok:${id}`);
      if (!found) throw new Error(`${id} is not enrolled`);
      return found;
    },
    /** Ids of those with a body. */
    active: () => show!.players.active.map(({ key }) => key.replace(/^tiktok:/, "")),
    words: () => simulation.feed.map(({ name, words }) => `${name} ${words}`),
    /** Saves, and goes on with what was saved in this show's place. Only after a checkpoint. */
    resume() {
      const saved = JSON.parse(JSON.stringify(simulation.save()));
      simulation = resumeSimulation({ games: new Map([[game.id, game]]), saved, rulesOf: () => rules });
      simulation.step([]);
    },
  };
  room.run(1);
  return room;
}
