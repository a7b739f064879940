/** Rotation: which game of the playlist plays a round. One that cannot begin is passed over, and never takes the show down. */
import { type PhaseMachine, phaseSeconds } from "../game/phases.ts";
import type { Random } from "../world/random.ts";
import type { Guard } from "./acting.ts";
import { emptied, PlayedGame } from "./played-game.ts";
import type { RuleBooks } from "./rule-books.ts";
import type { SavedSimulation } from "./saved.ts";
import type { ShowMemory } from "./show-memory.ts";
import { nextEntry, type PlaylistTurn, type Turn, turnAfter } from "./turns.ts";

export interface RotationParts {
  readonly playlist: readonly PlaylistTurn[];
  readonly phase: PhaseMachine;
  readonly memory: ShowMemory;
  readonly random: Random;
  readonly guard: Guard;
  readonly books: RuleBooks;
  /** A game could not begin. */
  noteFailure(): void;
}

/** What is saved of the game that plays. */
type SavedPlay = Pick<SavedSimulation, "turn" | "world" | "data"> & {
  readonly options: unknown;
  readonly number: number;
};

/** Whose turn it is, and the game that plays. */
export class Rotation {
  readonly #parts: RotationParts;
  #turn: Turn;
  #played: PlayedGame;
  /** Number of the rules whose options hold in this round. */
  #options: number;

  /** At the first entry, where `begin` is to be called; or as it was saved. */
  constructor(parts: RotationParts, saved: SavedPlay | undefined) {
    this.#parts = parts;
    this.#turn = saved?.turn ?? { entry: 0, round: 1 };
    const { game } = parts.playlist[this.#turn.entry]!;
    const { rules, number } = parts.books.of(game.id);
    this.#options = saved?.number ?? number;
    const options = saved ? saved.options : rules.options;
    this.#played = new PlayedGame({ ...parts, game, options, world: saved?.world });
    if (saved) this.#played.load(saved.data);
  }

  get turn(): Turn {
    return this.#turn;
  }
  get played(): PlayedGame {
    return this.#played;
  }
  get optionsNumber(): number {
    return this.#options;
  }

  /** The first round of the show begins. */
  begin(): void {
    this.#beginAt(this.#turn);
  }

  /** A round is over, and the next one begins. */
  pass(): void {
    this.#beginAt(turnAfter(this.#turn, this.#parts.playlist));
  }

  /** Begins a round with the first game from this turn on that can; with none when all fail, and the next round tries again. */
  #beginAt(turn: Turn): void {
    const { playlist, noteFailure } = this.#parts;
    this.#turn = turn;
    const before = this.#played;
    for (let tries = 0; tries < playlist.length; tries++) {
      if (this.#canBegin(before)) return;
      noteFailure();
      const failed = this.#played.game;
      this.#turn = nextEntry(this.#turn, playlist);
      const { game } = playlist[this.#turn.entry]!;
      const isLast = tries === playlist.length - 1;
      const then = isLast ? "another try comes with the next round" : `${game.title} is next`;
      this.#played.context.feed(undefined, `${failed.title} cannot begin, ${then}`, "bad");
    }
    this.#make(before);
  }

  #canBegin(before: PlayedGame): boolean {
    const { playlist, books, phase } = this.#parts;
    const { game } = playlist[this.#turn.entry]!;
    const { rules, number } = books.of(game.id);
    if (this.#played.game !== game || !this.#played.works) {
      this.#make(before);
      return this.#played.begin();
    }
    if (this.#options !== number) this.#played.setOptions(rules.options, phase);
    this.#options = number;
    return this.#played.goOn();
  }

  /** The game whose turn it is takes the place of the one before, with nothing in its world; who played goes on in it. */
  #make(before: PlayedGame): void {
    const { playlist, books, phase, guard } = this.#parts;
    const { game } = playlist[this.#turn.entry]!;
    const { rules, number } = books.of(game.id);
    const { players } = before.context;
    // What the game does as its bodies leave is done in its own world and round: ids of it are not given again, its wishes are over.
    guard("players", () => players.clearRound(), undefined);
    const world = emptied(this.#played.world, game);
    this.#played = new PlayedGame({ ...this.#parts, game, options: rules.options, world });
    this.#options = number;
    phase.restart(phaseSeconds(game.phases, rules.options));
    guard("players", () => this.#played.context.players.takeOver(players.all.values()), undefined);
  }
}
