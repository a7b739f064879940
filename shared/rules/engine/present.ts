/** Present: what is decided about now - an event, or a moment of the show itself - with everything that rules ask of it, each made at most once. */
import type { Gift, LiveEvent } from "../../events/live-event.ts";
import { type Viewer, type ViewerKey, viewerKey } from "../../events/viewer.ts";
import { type TierName, type TierTable, tierOf } from "../../game/tiers.ts";
import { commandIn, fold, wordsIn } from "../fold.ts";

const dayMs = 86_400_000;

/** What somebody paid for. */
export type PaidEvent = Extract<LiveEvent, { type: "gift" | "subscribe" }>;

/** Somebody paid for it: never dropped, waits when it cannot act. */
export function isPaid(event: LiveEvent): event is PaidEvent {
  return event.type === "gift" || event.type === "subscribe";
}

/** One object, used for every event in turn. */
export class Present {
  readonly #teamOf: (viewer: ViewerKey) => string;
  readonly #tiers: TierTable;
  event: LiveEvent | undefined;
  viewer: Viewer | undefined;
  /** Units behind what fires now. */
  count = 1;
  tick = 0;
  /** UTC day of the last event that was no test, days since 1970. */
  day = 0;
  paid = false;
  #key: ViewerKey | undefined;
  #team: string | undefined;
  #folded: string | undefined;
  #command: string | undefined;
  #words: string | undefined;
  #bare: string | undefined;
  #foldedHandle: string | undefined;
  #foldedTeam: string | undefined;
  #names: readonly string[] | undefined;
  #tier: TierName | undefined;

  constructor(tiers: TierTable, teamOf: (viewer: ViewerKey) => string) {
    this.#tiers = tiers;
    this.#teamOf = teamOf;
  }

  /** Turns to an event; `units` of it. */
  turnTo(event: LiveEvent, tick: number): void {
    this.#begin(event, "viewer" in event ? event.viewer : undefined, tick);
    this.paid = isPaid(event);
    this.count = unitsOf(event);
    if (!event.test) this.day = Math.floor(event.receivedAt / dayMs);
  }

  /** Turns to a moment of the show that a viewer, or nobody, brought about. */
  turnToMoment(viewer: Viewer | undefined, tick: number): void {
    this.#begin(undefined, viewer, tick);
    this.paid = false;
    this.count = 1;
  }

  /** Turns to what was delayed or waited: its event is over, but its expressions are computed now. */
  turnBack(event: LiveEvent | undefined, viewer: Viewer | undefined, count: number, tick: number): void {
    this.#begin(event, viewer, tick);
    this.paid = event !== undefined && isPaid(event);
    this.count = count;
  }

  /** Turns to somebody else behind the same event, or nobody. */
  setViewer(viewer: Viewer | undefined): void {
    this.viewer = viewer;
    this.#key = undefined;
    this.#team = undefined;
    this.#foldedHandle = undefined;
    this.#foldedTeam = undefined;
  }

  #begin(event: LiveEvent | undefined, viewer: Viewer | undefined, tick: number): void {
    this.event = event;
    this.tick = tick;
    this.setViewer(viewer);
    this.#folded = undefined;
    this.#command = undefined;
    this.#words = undefined;
    this.#bare = undefined;
    this.#names = undefined;
    this.#tier = undefined;
  }

  /** Key of who did it, "" for nobody. */
  get key(): ViewerKey {
    this.#key ??= this.viewer ? viewerKey(this.viewer) : "";
    return this.#key;
  }

  /** Team of who did it, "" for none. */
  get team(): string {
    this.#team ??= this.viewer ? this.#teamOf(this.key) : "";
    return this.#team;
  }

  get foldedTeam(): string {
    this.#foldedTeam ??= fold(this.team);
    return this.#foldedTeam;
  }

  get foldedHandle(): string {
    this.#foldedHandle ??= fold(this.viewer?.handle ?? "");
    return this.#foldedHandle;
  }

  /** Made by hand to see what rules do: it acts at once and leaves nothing of theirs behind. */
  get test(): boolean {
    return this.event?.test ?? false;
  }

  /** The combo it is a step of, "" for none. */
  get streakKey(): string {
    return this.event?.type === "gift" ? this.event.streakKey : "";
  }

  get gift(): Gift | undefined {
    return this.event && "gift" in this.event ? this.event.gift : undefined;
  }

  get tier(): TierName | "" {
    const { gift } = this;
    if (!gift) return "";
    this.#tier ??= tierOf(gift, this.#tiers);
    return this.#tier;
  }

  /** Text of the event as written, "" for none. */
  get text(): string {
    const { event } = this;
    if (!event) return "";
    if ("text" in event) return event.text;
    return event.type === "error" ? event.reason : "";
  }

  get folded(): string {
    this.#folded ??= fold(this.text);
    return this.#folded;
  }

  /** The comment's first word without "!" and the like. */
  get command(): string {
    this.#command ??= commandIn(this.folded);
    return this.#command;
  }

  /** The folded text without "!" and the like before it. */
  get bare(): string {
    this.#bare ??= this.folded.replace(/^[!/.]+/, "");
    return this.#bare;
  }

  /** Folded id and name of the gift, emote, reward or state that it is about. */
  get names(): readonly string[] {
    this.#names ??= namesOf(this.event);
    return this.#names;
  }

  /** The folded text's words, each between spaces. */
  get words(): string {
    this.#words ??= wordsIn(this.folded);
    return this.#words;
  }
}

/** Units that an event stands for: gifts, subscriptions, else 1. */
export function unitsOf(event: LiveEvent): number {
  if (event.type === "gift") return event.count;
  return event.type === "subscribe" ? Math.max(1, event.giftCount) : 1;
}

function namesOf(event: LiveEvent | undefined): readonly string[] {
  switch (event?.type) {
    case "gift":
    case "giftStreakEnd":
      return [fold(event.gift.id), fold(event.gift.name)];
    case "emote":
      return [fold(event.emoteId)];
    case "redeem":
      return [fold(event.rewardId), fold(event.title)];
    case "battle":
      return [event.phase];
    default:
      return [];
  }
}
