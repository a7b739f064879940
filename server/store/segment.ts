/** Segment: what a show wants kept, gathered in the order of telling until it goes out as one commit. */
import {
  type Checkpoint,
  type Commit,
  type GiftRecord,
  type InputBatch,
  type RoundScore,
  type StoredViewer,
  supersedes,
  type Trace,
} from "./store.ts";

/** What the parts of a row that are always there take, and one action of it, about, in characters. */
const rowChars = 400;
const actionChars = 60;
/** The same of a number or two, and of a viewer. */
const smallChars = 40;
const viewerChars = 120;

/** Why a row was not taken. */
export type Refused = "ofOtherShows" | "superseded";

/** Part of a show's writing. Grows until it is sealed; from then on it only loses what may be given up. */
export class Segment {
  /** Last tick that had ended when it was filled. */
  tick: number;
  /** True from the first try to write it, or when there is enough in it. */
  isSealed = false;
  /** Text in it, characters, about. */
  chars = 0;
  /** True when there is more in it than a tick's end and viewers' names, so that it should not wait for company. */
  isUrgent = false;
  readonly #inputs: InputBatch[] = [];
  readonly #entered: { seq: number; tick: number }[] = [];
  readonly #received: GiftRecord[] = [];
  readonly #gifts = new Map<string, GiftRecord>();
  readonly #viewers = new Map<string, StoredViewer>();
  readonly #scores = new Map<string, RoundScore>();
  #traces: Trace[] = [];
  #checkpoint: Checkpoint | undefined;
  #end: Commit["end"];

  constructor(tick: number) {
    this.tick = tick;
  }

  /** Ledger rows in it. */
  get rows(): number {
    return this.#received.length + this.#gifts.size;
  }

  /** Number of the last batch in it, undefined when there is none. */
  get lastSeq(): number | undefined {
    return this.#inputs.at(-1)?.seq;
  }

  input(batch: InputBatch, received: readonly GiftRecord[]): void {
    this.#inputs.push(batch);
    this.#received.push(...received);
    this.#grow(batch.body.length + received.reduce((sum, row) => sum + charsOf(row), 0));
  }

  entered(seq: number, tick: number): void {
    this.#entered.push({ seq, tick });
    this.#grow(smallChars);
  }

  /** Takes a row, in place of an older one of the same gift unless that one stands. A gift keeps the round it arrived in. */
  gift(row: GiftRecord): Refused | undefined {
    const older = this.#gifts.get(row.id);
    if (older && older.show !== row.show) return "ofOtherShows";
    if (older && !supersedes(row.state, older.state)) return "superseded";
    this.#gifts.set(row.id, older ? { ...row, round: older.round } : row);
    this.#grow(charsOf(row) - (older ? charsOf(older) : 0));
    return undefined;
  }

  viewer(viewer: StoredViewer): void {
    if (!this.#viewers.has(viewer.key)) this.chars += viewerChars;
    this.#viewers.set(viewer.key, viewer);
  }

  score(score: RoundScore): void {
    const key = `${score.round} ${score.viewer}`;
    if (!this.#scores.has(key)) this.#grow(viewerChars);
    this.#scores.set(key, score);
  }

  trace(trace: Trace): void {
    this.#traces.push(trace);
    this.#grow(trace.body.length);
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.dropCheckpoint();
    this.#checkpoint = checkpoint;
    this.#grow(checkpoint.body.length);
  }

  end(at: number, bank: string): void {
    this.#end = { at, bank };
    this.#grow(bank.length);
  }

  /** Gives up its traces; returns how many there were. */
  dropTraces(): number {
    const lost = this.#traces;
    this.#traces = [];
    for (const { body } of lost) this.chars -= body.length;
    return lost.length;
  }

  /** Gives up its checkpoint: there is a newer one. */
  dropCheckpoint(): void {
    this.chars -= this.#checkpoint?.body.length ?? 0;
    this.#checkpoint = undefined;
  }

  /** All of it, as the store takes it. */
  commit(show: string): Commit {
    return {
      ...{ show, tick: this.tick, inputs: this.#inputs, entered: this.#entered, traces: this.#traces },
      ...{ checkpoint: this.#checkpoint, received: this.#received, gifts: [...this.#gifts.values()] },
      ...{ viewers: [...this.#viewers.values()], scores: [...this.#scores.values()], end: this.#end },
    };
  }

  #grow(chars: number): void {
    this.chars += chars;
    this.isUrgent = true;
  }
}

function charsOf({ reason, actions }: GiftRecord): number {
  return rowChars + reason.length + actions.length * actionChars;
}
