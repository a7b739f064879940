/**
 * Faults: what goes wrong between a broadcast and its clients, seeded and on demand. Pure: it is told what happened, when lines come
 * and go and what reached them, and says what goes out on the lines and how they end.
 *
 * Decidable is what a perfect client can know, and only that is done to gifts:
 * - a combo's units are its largest total, so its frames may be repeated (under the same id, another one or none), shuffled and lost but
 *   for the frame with that total; its group is never taken away;
 * - a single gift is known by its id alone (where the protocol names retries, also by that name): one whose id is withheld goes out on
 *   one line only, and no line is ended before it is known to have arrived;
 * - what happens while nobody is connected, or did not arrive before a line broke, is kept and goes out on the next line with its old
 *   time and id.
 * So a gift counts as sent when its largest total has reached a client, be it late or as a replay.
 *
 * For a client whose process may be killed (`resendMs`), what reached it need not have been kept by it. What is paid then goes out once
 * more on each new line until one has lasted (resend.ts), and no single gift goes out without its id: it could not be sent again, and is
 * lost when a client dies between hearing and keeping it. Combos may lack ids as ever, as their totals tell.
 */
import { createRandom, type Random } from "../../shared/world/random.ts";
import { hugeFrame } from "./garbage.ts";
import type { Parcel } from "./parcel.ts";
import type { Close, Note, Protocol, Room } from "./protocol.ts";
import { createResending, type Resending } from "./resend.ts";

/** Faults after which a client must lose and double nothing, and be back soon: what `all` stands for. */
export const decidableFaults = [
  "duplicates",
  "reorder",
  "lost-ends",
  "missing-ids",
  "disconnects",
  "replays",
  "close-codes",
  "nudges",
  "floods",
  "garbage",
] as const;
/** Faults after which a client must stay away for minutes or hours. */
export const waitingFaults = ["quota", "evicted", "wrong-key"] as const;

export type FaultName = (typeof decidableFaults)[number] | (typeof waitingFaults)[number];

/** How long a line lives on average until it is ended, ms. */
const defaultLineMs = 8000;
/** Furthest that a frame is put off, ms, by `reorder` and as a late duplicate. */
const shuffleMs = 700;
const lateCopyMs = 4000;
/** Frames remembered to be replayed, and most that one replay holds. */
const maxRecent = 400;
const maxReplay = 80;
/** Unpaid messages kept while nobody is connected. */
const maxKept = 3000;

const chance = { copy: 0.15, copyWithNewId: 0.1, shuffle: 0.4, loseEnd: 0.6, withholdId: 0.3, garbage: 0.15 };

/** What goes out on all lines now, in this order: parcels and frames that are no message. */
export interface Step {
  readonly out: readonly (Parcel | string)[];
  /** Ends all lines after it. */
  readonly ending: { readonly frames: readonly string[]; readonly close: Close } | undefined;
}

export interface FaultsOptions {
  kinds: ReadonlySet<FaultName>;
  /** 32-bit whole number. */
  seed: number;
  protocol: Protocol;
  room: Room;
  /** Makes ids for copies that get one of their own. */
  nextId: () => string;
  /** How long a line lives on average until it is ended, ms. Default 8000. */
  lineMs?: number;
  /** Send what is paid again on new lines until one has lasted so long after it, ms. Default: what has arrived is not sent again. */
  resendMs?: number | undefined;
}

export interface Faults {
  /** Takes what happened at `nowMs`. */
  take(note: Note, nowMs: number): void;
  /** What goes out now. Call it every tick. */
  step(nowMs: number): Step;
  /** A line has opened; gives what goes out on it before all else. */
  opened(nowMs: number): readonly Parcel[];
  /** A client has these; `onArrival` hears of those that had not arrived before. */
  arrived(parcels: readonly Parcel[]): void;
  /** A line is over; whether these arrived is not known. */
  over(unconfirmed: readonly Parcel[]): void;
  /** From now on nothing goes wrong any more; what was put off goes out at the next step. */
  calm(): void;
  /** Nothing waits to be sent. */
  isEmpty(): boolean;
  /** How often each fault was done, by its name. */
  counts(): Readonly<Partial<Record<FaultName, number>>>;
  /** Single gifts without an id that were under way when a line broke by itself: whether they arrived nobody can know. */
  unsure(): number;
}

/** Creates the layer; `onArrival` is told of every note once, when it has reached a client. */
export function createFaults(options: FaultsOptions, onArrival: (note: Note) => void): Faults {
  return new FaultLayer(options, onArrival);
}

/** A parcel that goes out at `atMs`; `order` is its place among all, -1 for a copy. */
interface Due {
  readonly parcel: Parcel;
  atMs: number;
  readonly order: number;
}

type LineEnding = { readonly name: FaultName; readonly frames: readonly string[]; readonly close: Close | undefined };

class FaultLayer implements Faults {
  readonly #options: FaultsOptions;
  readonly #onArrival: (note: Note) => void;
  readonly #random: Random;
  readonly #counts: Partial<Record<FaultName, number>> = {};
  #kinds: ReadonlySet<FaultName>;
  #due: Due[] = [];
  #order = 0;
  #lastOrder = -1;
  #lines = 0;
  #linesEver = 0;
  #endsAtMs = Number.POSITIVE_INFINITY;
  #bag: FaultName[] = [];
  #kept: Parcel[] = [];
  #recent: Parcel[] = [];
  /** Notes that have arrived. */
  readonly #known = new WeakSet<Note>();
  /** Gifts that cannot be sent again, under way. */
  readonly #risky = new Set<Parcel>();
  #unsure = 0;
  readonly #resending: Resending | undefined;
  #nowMs = 0;

  constructor(options: FaultsOptions, onArrival: (note: Note) => void) {
    this.#options = options;
    this.#onArrival = onArrival;
    this.#random = createRandom(options.seed ^ 0xfa17);
    this.#kinds = options.kinds;
    this.#resending = options.resendMs === undefined ? undefined : createResending(options.resendMs);
  }

  take(note: Note, nowMs: number): void {
    const { what } = note;
    if (what.type === "gift" && what.end && this.#hits("lost-ends", chance.loseEnd)) {
      this.#count("lost-ends");
      return;
    }
    const idless = this.#mayLackId(note) && this.#hits("missing-ids", chance.withholdId);
    if (idless) this.#count("missing-ids");
    const sent = idless ? { ...note, id: "" } : note;
    const parcel = { note: sent, about: note, certain: !idless || isCombo(note) };
    const delayMs = this.#hits("reorder", chance.shuffle) ? this.#random.between(0, shuffleMs) : 0;
    this.#put(parcel, nowMs + delayMs);
    if (parcel.certain) this.#copy(parcel, nowMs + delayMs);
  }

  opened(nowMs: number): readonly Parcel[] {
    this.#nowMs = nowMs;
    const first = this.#linesEver++ === 0;
    this.#lines++;
    const { lineMs = defaultLineMs } = this.#options;
    this.#endsAtMs = nowMs + lineMs * this.#random.between(0.6, 1.4);
    const replay = !first && this.#kinds.has("replays") ? this.#recent.slice(-1 - this.#random.index(maxReplay)) : [];
    if (replay.length > 0) this.#count("replays", replay.length);
    const again = this.#resending?.again() ?? [];
    const kept = this.#kept;
    this.#kept = [];
    for (const parcel of kept) this.#underWay(parcel);
    return [...replay, ...again, ...kept];
  }

  step(nowMs: number): Step {
    const out: (Parcel | string)[] = [];
    this.#nowMs = nowMs;
    if (this.#lines > 0) this.#resending?.forget(nowMs);
    for (const parcel of this.#takeDue(nowMs)) {
      if (this.#lines > 0) {
        this.#underWay(parcel);
        out.push(parcel);
      } else this.#keep(parcel);
    }
    if (this.#lines === 0) return { out, ending: undefined };
    if (this.#hits("garbage", chance.garbage)) {
      this.#count("garbage");
      const at = this.#random.index(out.length + 1);
      out.splice(at, 0, this.#options.protocol.garbage(this.#random, this.#options.room));
    }
    return { out, ending: this.#ending(nowMs, out) };
  }

  arrived(parcels: readonly Parcel[]): void {
    this.#resending?.arrived(parcels, this.#nowMs);
    for (const parcel of parcels) {
      this.#risky.delete(parcel);
      if (this.#known.has(parcel.about)) continue;
      this.#known.add(parcel.about);
      this.#onArrival(parcel.about);
    }
  }

  over(unconfirmed: readonly Parcel[]): void {
    this.#lines = Math.max(0, this.#lines - 1);
    if (this.#lines > 0) return;
    const again: Parcel[] = [];
    for (const parcel of unconfirmed) {
      if (this.#risky.delete(parcel)) this.#unsure++;
      else if (this.#resending?.has(parcel)) continue;
      else if (parcel.certain && !this.#known.has(parcel.about)) again.push(parcel);
    }
    this.#kept.unshift(...again);
  }

  calm(): void {
    this.#kinds = new Set();
    this.#bag = [];
    for (const item of this.#due) item.atMs = 0;
  }

  isEmpty(): boolean {
    return this.#due.length === 0 && this.#kept.length === 0;
  }

  counts(): Readonly<Partial<Record<FaultName, number>>> {
    return { ...this.#counts };
  }

  unsure(): number {
    return this.#unsure;
  }

  #hits(name: FaultName, probability: number): boolean {
    return this.#kinds.has(name) && this.#random.next() < probability;
  }

  #mayLackId(note: Note): boolean {
    return !this.#resending || !isPaid(note) || isCombo(note);
  }

  #count(name: FaultName, times = 1): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + times;
  }

  #put(parcel: Parcel, atMs: number): void {
    this.#due.push({ parcel, atMs, order: this.#order++ });
  }

  #putCopy(parcel: Parcel, atMs: number): void {
    this.#count("duplicates");
    this.#due.push({ parcel, atMs, order: -1 });
  }

  /** Copies go out beside the parcel or some seconds later. */
  #copy(parcel: Parcel, atMs: number): void {
    const soonOrLate = (): number => atMs + (this.#random.next() < 0.5 ? 0 : this.#random.between(0, lateCopyMs));
    if (this.#hits("duplicates", chance.copy)) {
      this.#putCopy({ ...parcel }, soonOrLate());
    }
    const { what } = parcel.note;
    const isKnownAnyway = isCombo(parcel.note) || (what.type === "gift" && this.#options.protocol.namesRetries);
    if (isKnownAnyway && this.#hits("duplicates", chance.copyWithNewId)) {
      this.#putCopy({ ...parcel, note: { ...parcel.note, id: this.#options.nextId() } }, soonOrLate());
    }
  }

  #takeDue(nowMs: number): Parcel[] {
    const now = this.#due.filter(({ atMs }) => atMs <= nowMs);
    if (now.length === 0) return [];
    this.#due = this.#due.filter(({ atMs }) => atMs > nowMs);
    now.sort((a, b) => a.atMs - b.atMs);
    for (const { order } of now) {
      if (order >= 0 && order < this.#lastOrder) this.#count("reorder");
      this.#lastOrder = Math.max(this.#lastOrder, order);
    }
    return now.map(({ parcel }) => parcel);
  }

  #underWay(parcel: Parcel): void {
    if (!parcel.certain) {
      if (parcel.note.what.type === "gift") this.#risky.add(parcel);
      return;
    }
    if (isPaid(parcel.note)) this.#resending?.sent(parcel);
    this.#recent.push(parcel);
    if (this.#recent.length > 2 * maxRecent) this.#recent = this.#recent.slice(-maxRecent);
  }

  /** Gifts and subscriptions are kept however long nobody comes; of the rest the oldest goes. */
  #keep(parcel: Parcel): void {
    this.#kept.push(parcel);
    if (this.#kept.length <= maxKept) return;
    const oldest = this.#kept.findIndex(({ note }) => !isPaid(note));
    if (oldest >= 0) this.#kept.splice(oldest, 1);
  }

  /** The end of all lines, when it is time and nothing is under way whose arrival could not be known after it. */
  #ending(nowMs: number, out: (Parcel | string)[]): Step["ending"] {
    if (nowMs < this.#endsAtMs || this.#risky.size > 0) return undefined;
    const ending = this.#pickEnding();
    if (!ending) {
      this.#endsAtMs = Number.POSITIVE_INFINITY;
      return undefined;
    }
    this.#count(ending.name);
    if (ending.close !== undefined) return { frames: ending.frames, close: ending.close };
    out.push(...ending.frames);
    this.#endsAtMs = nowMs + (this.#options.lineMs ?? defaultLineMs);
    return undefined;
  }

  /** Every chosen way to end a line comes once before any comes again. */
  #pickEnding(): LineEnding | undefined {
    const { protocol, room } = this.#options;
    if (this.#bag.length === 0) this.#bag = this.#shuffled(this.#waysToEnd());
    const name = this.#bag.pop();
    switch (name) {
      case undefined:
        return undefined;
      case "disconnects":
        return { name, frames: [], close: "cut" };
      case "close-codes":
        return { name, frames: [], close: this.#random.pick(protocol.closes) };
      case "nudges": {
        const { frames, close } = protocol.nudge(room)!;
        return { name, frames, close };
      }
      case "garbage":
        return { name, frames: [hugeFrame()], close: "cut" };
      default:
        return { name, frames: [], close: waitOf(protocol, name) };
    }
  }

  #waysToEnd(): FaultName[] {
    const { protocol, room } = this.#options;
    const ways = [...this.#kinds].filter((name) => {
      if (name === "nudges") return protocol.nudge(room) !== undefined;
      return (
        name === "disconnects" || name === "close-codes" || name === "garbage" || waitOf(protocol, name) !== undefined
      );
    });
    // Nothing is replayed on a line that never ends.
    return ways.length === 0 && this.#kinds.has("replays") ? ["disconnects"] : ways;
  }

  #shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.#random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}

/** Whether a note is a frame of a combo, which its group names. */
function isCombo({ what }: Note): boolean {
  return what.type === "gift" && what.gift.type === 1;
}

function isPaid({ what }: Note): boolean {
  return what.type === "gift" || what.type === "subscribe";
}

function waitOf({ waits }: Protocol, name: FaultName): Close | undefined {
  if (name === "quota") return waits.quota;
  if (name === "evicted") return waits.evicted;
  return name === "wrong-key" ? waits.wrongKey : undefined;
}

/** Reads `all` or a list of names with commas between; throws an Error that names what is unknown. */
export function parseFaults(list: string): Set<FaultName> {
  const known: readonly FaultName[] = [...decidableFaults, ...waitingFaults];
  const kinds = new Set<FaultName>();
  for (const name of list
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean)) {
    if (name === "all") for (const each of decidableFaults) kinds.add(each);
    else if (known.includes(name as FaultName)) kinds.add(name as FaultName);
    else throw new Error(`There is no fault called ${name}; choose all, or from ${known.join(", ")}.`);
  }
  if (kinds.size === 0) throw new Error(`Name at least one fault: all, or from ${known.join(", ")}.`);
  return kinds;
}
