/** Played game: the game whose turn it is, with its world, players and data. Another one takes its place when the turn passes. */
import type { AnyGame, Hud } from "../game/define.ts";
import { type PhaseMachine, phaseSeconds } from "../game/phases.ts";
import type { PlayersRecord } from "../game/players.ts";
import type { SavedWorld } from "../world/entity.ts";
import type { Random } from "../world/random.ts";
import { createWorld, type World } from "../world/world.ts";
import type { Guard } from "./acting.ts";
import { createContext, type SimulationContext } from "./context.ts";
import { type Outside, type PackedData, packData, unpackData } from "./pack.ts";
import { beginRound, type RoundParts } from "./round-order.ts";
import type { ShowMemory } from "./show-memory.ts";

/** What a game is played with. */
export interface PlayedParts {
  readonly game: AnyGame;
  readonly options: unknown;
  readonly phase: PhaseMachine;
  readonly memory: ShowMemory;
  readonly random: Random;
  readonly guard: Guard;
  /** The world it goes on in; undefined for a new one at tick 0. */
  readonly world: SavedWorld | undefined;
}

const noHud: Hud = { headline: "", leader: "", podium: [] };

export class PlayedGame {
  readonly game: AnyGame;
  readonly world: World;
  readonly context: SimulationContext;
  readonly round: RoundParts;
  /** False until it has begun, and when it could not: then nothing of it is called, and its world is empty. */
  works = false;
  #data: unknown;

  constructor({ game, options, phase, memory, random, guard, world }: PlayedParts) {
    this.game = game;
    this.world = createWorld({ ...game.world, random }, world);
    const data = () => this.#data;
    this.context = createContext({ game, world: this.world, phase, options, memory, data });
    this.round = { game, context: this.context, data, guard };
  }

  get data(): unknown {
    return this.#data;
  }

  /** Creates the game, and begins its round. False when it throws. */
  begin(): boolean {
    const { game, context } = this;
    const create = () => {
      this.#data = game.create(context);
      return true;
    };
    this.works = this.round.guard(`create of ${game.id}`, create, false);
    return this.works && this.goOn();
  }

  /** Begins another round of it. False when it throws. */
  goOn(): boolean {
    this.works = beginRound(this.round);
    return this.works;
  }

  /** Other options hold from the round on that has just begun. */
  setOptions(options: unknown, phase: PhaseMachine): void {
    this.context.options = options;
    phase.retime(phaseSeconds(this.game.phases, options));
  }

  hud(): Hud {
    return this.#ask("hud", () => this.game.hud(this.#data, this.context), noHud);
  }
  props(): Readonly<Record<string, number>> {
    return this.#ask("props", () => this.game.props?.(this.#data, this.context) ?? {}, {});
  }
  camera(): { readonly x: number; readonly y: number } {
    const middle = { x: this.world.width / 2, y: this.world.height / 2 };
    return this.#ask("camera", () => this.game.camera?.(this.#data, this.context) ?? middle, middle);
  }
  /** Whether a viewer may not be forgotten now. */
  needs(viewer: string): boolean {
    if (this.context.players.get(viewer) !== undefined) return true;
    return this.#ask("needs", () => this.game.needs?.(this.#data, viewer) === true, false);
  }
  #ask<T>(what: string, run: () => T, otherwise: T): T {
    return this.works ? this.round.guard(what, run, otherwise) : otherwise;
  }

  /** What stands for it in the show's hash. */
  shown(): unknown {
    const shown = () => this.#pack(this.game.snapshot ? this.game.snapshot(this.#data) : this.#data);
    return this.#ask("snapshot", shown, null);
  }
  /** The game's data and its players as one, so that what they share stays one and the same; null of one that could not begin. */
  save(): PackedData | null {
    return this.works ? this.#pack(this.#data) : null;
  }
  load(packed: PackedData | null): void {
    this.works = packed !== null;
    if (!packed) return;
    const { game, players } = unpackData(packed, this.#outside) as { game: unknown; players: PlayersRecord };
    this.#data = game;
    this.context.players.record = players;
  }
  #pack(game: unknown): PackedData {
    return packData({ game, players: this.context.players.record }, this.#outside);
  }
  /** What the data may refer to. */
  get #outside(): Outside {
    return { entity: (id) => this.world.entities.get(id), member: (key) => this.context.crowd.get(key) };
  }
}

/** An empty world for the next game: ticks and ids of bodies go on. */
export function emptied(world: World, { world: { gravity } }: AnyGame): SavedWorld {
  return { ...world.save(), gravity: [0, gravity], entities: [], constraints: [], touching: [] };
}
