/** Counting of one source: from what it says to LiveEvents that each add exactly what is new, across reconnects of one room. */
import type { LiveEvent, LiveEventOf } from "../../shared/events/live-event.ts";
import { viewerKey } from "../../shared/events/viewer.ts";
import { createBacklog } from "./backlog.ts";
import {
  createDedupe,
  forgottenEarly,
  hashText,
  isRepeat,
  isRepeatedFollow,
  isRepeatedShare,
  isRepeatedSubscribe,
  markSeen,
  weakId,
} from "./dedupe.ts";
import { type CarriedCombo, carryOn, closeAll, closeIdle, countGift, createGifts, type FreshStreak } from "./gifts.ts";
import { createHolding } from "./holding.ts";
import { countLikes, createLikes, likesReconnected } from "./likes.ts";
import { createNormaliser } from "./normalise.ts";
import type { Receipt, SourceEvent, SourceGift } from "./source.ts";

/** Longest message id kept as it is; a longer one is kept as its hash. With what stands before it, it fits into an event's id. */
const maxIdLength = 160;

export interface CountingCounters {
  /** Messages that led to an event or changed a count. */
  accepted: number;
  /** Messages dropped as told before: by their id, as an act done once only, or taken by an earlier run of the program. */
  duplicates: number;
  /** Messages that do not fit the schema. */
  broken: number;
  /** Numbers that could not be true and were clamped. */
  clamped: number;
  /** Events from before the line was opened. */
  replayed: number;
  /** Paid events that waited for a later message to tell whether they are of the backlog. */
  heldBack: number;
  giftUnits: number;
  /** Gift frames that added nothing: their combo was already that far. */
  giftRepeats: number;
  /** Combos closed without an end frame, for silence or because the broadcast was over. */
  inferredEnds: number;
  /** Combos forgotten early for want of space; a late frame of one would count anew. */
  combosEvicted: number;
  /** Message ids and once-only acts forgotten early for want of space; a repeat of one would count anew. */
  forgottenEarly: number;
  likes: number;
}

/** Counts what one source says. Everything comes out through `out`, in order. */
export interface Counting {
  /** The room is live on a line opened at `connectedAtMs`; another room than before starts all counts anew. True if it is another. */
  enterRoom(roomId: string, connectedAtMs: number): boolean;
  /** Counts one message and says what became of it. What it leads to comes out at once, but for paid events whose age is not known yet: those within `holdMs`. */
  count(event: SourceEvent, nowMs: number): Receipt;
  /** Lets out at once what waits for its age to be known: the broadcast or the source is over. */
  settle(): void;
  /** Closes combos that fell silent, ends waits that are over; call it about once a second. */
  idle(nowMs: number): void;
  roomId(): string;
  counters(): CountingCounters;
}

type GiftEvent = LiveEventOf<"gift">;

/** A checked message on its way out. */
interface Arrival {
  readonly raw: SourceEvent;
  readonly event: LiveEvent;
}

function createRoomState() {
  return { gifts: createGifts<GiftEvent>(), likes: createLikes(), dedupe: createDedupe() };
}

/** Every counter at zero. */
export function zeroCounters(): CountingCounters {
  return {
    accepted: 0,
    duplicates: 0,
    broken: 0,
    clamped: 0,
    replayed: 0,
    heldBack: 0,
    giftUnits: 0,
    giftRepeats: 0,
    inferredEnds: 0,
    combosEvicted: 0,
    forgottenEarly: 0,
    likes: 0,
  };
}

export interface CountingOptions {
  /** Name of the source whose events these are; their ids begin with it. */
  source: string;
  out: (event: LiveEvent) => void;
  /**
   * Events whose id is in it are duplicates: nothing comes out for them, nor for the end of a combo of which nothing is new; gifts
   * among them still set how far their combo is. Default none.
   */
  takenBefore?: ReadonlySet<string> | undefined;
  /** Combos of this source that an earlier run of the program has counted; they go on in the first room (gifts.ts, `carryOn`). Default none. */
  combosBefore?: readonly CarriedCombo[] | undefined;
  /** Events say themselves by `replay` what is not to act, and their age tells nothing. Default false. */
  tellsReplay?: boolean | undefined;
  /** Stands in each id after the source's name, at most 10 characters: tells one playing of a recording from another. Default "", nothing. */
  playing?: string | undefined;
}

/** Creates the counting of one source. */
export function createCounting(options: CountingOptions): Counting {
  const { source, out, takenBefore = new Set(), combosBefore = [], tellsReplay = false, playing = "" } = options;
  const idBegin = playing === "" ? `${source}:` : `${source}:${playing}:`;
  const normalise = createNormaliser();
  const backlog = createBacklog();
  let roomId = "";
  let state = createRoomState();
  let entered = false;
  const past = zeroCounters();

  const stampOf = (event: SourceEvent, nowMs: number) => {
    const given = nameOf(event);
    const id = given === "" ? weakId(state.dedupe, contentOf(event), event.ts > 0 ? event.ts : nowMs) : given;
    return {
      id: `${idBegin}${id}`,
      source,
      roomId: event.roomId === "" ? roomId : event.roomId,
      receivedAt: nowMs,
      replay: event.replay,
      weakId: given === "",
    };
  };
  const flush = (streaks: FreshStreak<GiftEvent>[], nowMs: number): void => {
    for (const streak of streaks) out(streakEnd(streak.last, streak.streakKey, streak.max, nowMs, true));
  };
  const emitGift = (raw: SourceGift, event: GiftEvent, nowMs: number): void => {
    const frame = {
      viewerId: viewerKey(event.viewer),
      giftId: event.gift.id,
      groupId: raw.groupId.slice(0, 128),
      streakable: raw.streakable,
      total: raw.total,
      end: raw.end,
      takenBefore: takenBefore.has(event.id),
      roomId: event.roomId,
      sentAtMs: event.ts,
    };
    const { count, streakKey, streakTotal, closed } = countGift(state.gifts, frame, event, nowMs);
    if (count > 0 && !frame.takenBefore) out({ ...event, count, streakKey, streakTotal });
    if (closed) out(streakEnd(event, streakKey, streakTotal, nowMs, false));
  };
  const emit = (raw: SourceEvent, event: LiveEvent, nowMs: number): void => {
    if (raw.type === "gift" && event.type === "gift") emitGift(raw, event, nowMs);
    else if (raw.type === "like" && event.type === "like") {
      out({ ...event, ...countLikes(state.likes, raw.count, event.roomTotal) });
    } else out(event);
  };
  const deliver = ({ raw, event }: Arrival, atMs: number, replay: boolean): void => {
    const known = takenBefore.has(event.id);
    if (known) past.duplicates++;
    else {
      past.accepted++;
      if (replay) past.replayed++;
    }
    if (raw.type === "gift" || !known) emit(raw, { ...event, replay }, atMs);
  };
  const holding = createHolding<Arrival>(({ raw }, atMs) => {
    if (raw.replay) return "replay";
    return tellsReplay ? "live" : backlog.judge(raw.ts, isPaid(raw), atMs);
  }, deliver);

  return {
    enterRoom(nextRoomId, atMs) {
      holding.settle();
      const another = !entered || (nextRoomId !== "" && roomId !== "" && nextRoomId !== roomId);
      if (another) {
        flush(closeAll(state.gifts), atMs);
        addUp(past, state);
        state = createRoomState();
        if (!entered) carryOn(state.gifts, combosBefore, atMs);
        entered = true;
      } else likesReconnected(state.likes);
      if (nextRoomId !== "") roomId = nextRoomId;
      backlog.connected(atMs, another);
      return another;
    },
    count(raw, nowMs) {
      backlog.heard(raw.ts, nowMs);
      holding.release(nowMs);
      if (isRepeat(state.dedupe, raw.id, isPaid(raw), nowMs)) return "duplicate";
      const transaction = raw.type === "gift" ? transactionOf(raw) : "";
      if (isRepeat(state.dedupe, transaction, true, nowMs)) return "duplicate";
      const event = normalise(raw, stampOf(raw, nowMs));
      if (!event) {
        past.broken++;
        return "broken";
      }
      markSeen(state.dedupe, raw.id, isPaid(raw), nowMs);
      markSeen(state.dedupe, transaction, true, nowMs);
      if (isRepeatedActOf(event, state.dedupe, nowMs)) return "duplicate";
      if (holding.take({ raw, event }, isPaid(raw), nowMs)) past.heldBack++;
      return takenBefore.has(event.id) ? "duplicate" : "accepted";
    },
    settle: holding.settle,
    idle(nowMs) {
      holding.release(nowMs);
      flush(closeIdle(state.gifts, nowMs), nowMs);
    },
    roomId: () => roomId,
    counters() {
      const sum = { ...past };
      addUp(sum, state);
      return sum;
    },
  };
}

/** Adds the counters of a room to `sum`. */
function addUp(sum: CountingCounters, { gifts, likes, dedupe }: ReturnType<typeof createRoomState>): void {
  const { sameId, follow, share, subscribe } = dedupe.counters;
  sum.duplicates += sameId + follow + share + subscribe;
  sum.clamped += gifts.counters.clamped + likes.counters.clamped;
  sum.giftUnits += gifts.counters.units;
  sum.giftRepeats += gifts.counters.repeats;
  sum.inferredEnds += gifts.counters.inferredEnds;
  sum.combosEvicted += gifts.counters.evicted;
  sum.forgottenEarly += forgottenEarly(dedupe);
  sum.likes += likes.counters.units;
}

function isPaid({ type }: SourceEvent): boolean {
  return type === "gift" || type === "subscribe";
}

function isRepeatedActOf(event: LiveEvent, dedupe: ReturnType<typeof createDedupe>, nowMs: number): boolean {
  switch (event.type) {
    case "follow":
      return isRepeatedFollow(dedupe, viewerKey(event.viewer), nowMs);
    case "share":
      return isRepeatedShare(dedupe, viewerKey(event.viewer), nowMs);
    case "subscribe":
      return event.giftCount === 0 && isRepeatedSubscribe(dedupe, viewerKey(event.viewer), event, nowMs);
    default:
      return false;
  }
}

function streakEnd(
  last: GiftEvent,
  streakKey: string,
  streakTotal: number,
  nowMs: number,
  inferred: boolean,
): LiveEvent {
  const { count: _count, type: _type, ...rest } = last;
  const receivedAt = inferred ? nowMs : last.receivedAt;
  return {
    ...rest,
    type: "giftStreakEnd",
    id: `${last.id.slice(0, 240)}/end`,
    receivedAt,
    streakKey,
    streakTotal,
    inferred,
  };
}

/**
 * By what a message is known, also to a later run of the program: its id, but of a single gift the transaction where there is one, as
 * retries of it come under other ids. "" when it has neither.
 */
function nameOf(event: SourceEvent): string {
  const transaction = event.type === "gift" && !event.streakable ? transactionOf(event) : "";
  if (transaction !== "") return `tx-${hashText(transaction)}`;
  return event.id.length > maxIdLength ? `#${hashText(event.id)}` : event.id;
}

/** Names this very frame across the provider's retries: used to drop exact repeats only (protocols 10.1.8). */
function transactionOf(gift: SourceGift): string {
  if (gift.transactionId === "") return "";
  return `tx ${gift.transactionId.slice(0, maxIdLength)} ${gift.viewer.id} ${gift.gift.id} ${gift.total} ${gift.end}`;
}

/** What makes a message this message and no other, for those without an id. */
function contentOf(event: SourceEvent): string {
  const who = "viewer" in event ? (event.viewer?.id ?? "") : "";
  const what =
    event.type === "gift"
      ? `${event.gift.id} ${event.groupId} ${event.total} ${event.end}`
      : event.type === "like"
        ? `${event.count} ${event.roomTotal}`
        : "text" in event
          ? String(event.text).slice(0, 500)
          : "";
  return `${event.type} ${who} ${what}`;
}
