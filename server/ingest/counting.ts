/** Counting of one source: from what it says to LiveEvents that each add exactly what is new, across reconnects of one room. */
import type { LiveEvent, LiveEventOf } from "../../shared/events/live-event.ts";
import {
  createDedupe,
  hashText,
  isRepeat,
  isRepeatedFollow,
  isRepeatedShare,
  isRepeatedSubscribe,
  markSeen,
  weakId,
} from "./dedupe.ts";
import { closeAll, closeIdle, countGift, createGifts, type Streak } from "./gifts.ts";
import { countLikes, createLikes, likesReconnected } from "./likes.ts";
import { createNormaliser } from "./normalise.ts";
import type { SourceEvent, SourceGift } from "./source.ts";

/** A message older than the connection by more than this is from before it, ms (protocols 10.2). */
export const backlogAgeMs = 10_000;
/** A backlog comes right after connecting; later, an old time only means a wrong clock, and the message counts as live. */
export const backlogWindowMs = 60_000;
/** Longest message id kept as it is; a longer one is kept as its hash. */
const maxIdLength = 180;

export interface CountingCounters {
  /** Messages that led to an event or changed a count. */
  accepted: number;
  duplicates: number;
  /** Messages that do not fit the schema. */
  broken: number;
  /** Numbers that could not be true and were clamped. */
  clamped: number;
  replayed: number;
  giftUnits: number;
  likes: number;
}

/** Counts what one source says. Everything comes out through `out`, in order. */
export interface Counting {
  /** The room is live on a line opened at `connectedAtMs`; another room than before starts all counts anew. True if it is another. */
  enterRoom(roomId: string, connectedAtMs: number): boolean;
  count(event: SourceEvent, nowMs: number): void;
  /** Closes combos that fell silent; call it about once a second. */
  idle(nowMs: number): void;
  roomId(): string;
  counters(): CountingCounters;
}

type GiftEvent = LiveEventOf<"gift">;

function createRoomState() {
  return { gifts: createGifts<GiftEvent>(), likes: createLikes(), dedupe: createDedupe() };
}

/** Creates the counting of the source named `source`. */
export function createCounting(source: string, out: (event: LiveEvent) => void): Counting {
  const normalise = createNormaliser();
  let roomId = "";
  let state = createRoomState();
  let connectedAtMs = 0;
  /** When this room was first entered: what was paid for since then counts, whichever line brings it. */
  let enteredAtMs = 0;
  const past = { accepted: 0, duplicates: 0, broken: 0, clamped: 0, replayed: 0, giftUnits: 0, likes: 0 };

  const isReplay = (event: SourceEvent, nowMs: number): boolean => {
    if (event.replay) return true;
    if (connectedAtMs === 0 || !(event.ts > 0) || nowMs - connectedAtMs > backlogWindowMs) return false;
    const paid = event.type === "gift" || event.type === "subscribe";
    return event.ts < (paid ? enteredAtMs : connectedAtMs) - backlogAgeMs;
  };
  const stampOf = (event: SourceEvent, nowMs: number) => {
    const given = event.id.length > maxIdLength ? `#${hashText(event.id)}` : event.id;
    const id = given === "" ? weakId(state.dedupe, contentOf(event), event.ts > 0 ? event.ts : nowMs) : given;
    return {
      id: `${source}:${id}`,
      source,
      roomId: event.roomId === "" ? roomId : event.roomId,
      receivedAt: nowMs,
      replay: isReplay(event, nowMs),
      weakId: given === "",
    };
  };
  const flush = (streaks: Streak<GiftEvent>[], nowMs: number): void => {
    for (const streak of streaks) out(streakEnd(streak.last, streak.streakKey, streak.max, nowMs, true));
  };
  const emitGift = (raw: SourceGift, event: GiftEvent, nowMs: number): void => {
    const frame = {
      viewerId: event.viewer.id,
      giftId: event.gift.id,
      groupId: raw.groupId.slice(0, 128),
      streakable: raw.streakable,
      total: raw.total,
      end: raw.end,
    };
    const { count, streakKey, streakTotal, closed } = countGift(state.gifts, frame, event, nowMs);
    if (count > 0) out({ ...event, count, streakKey, streakTotal });
    if (closed) out(streakEnd(event, streakKey, streakTotal, nowMs, false));
  };
  const emit = (raw: SourceEvent, event: LiveEvent, nowMs: number): void => {
    if (raw.type === "gift" && event.type === "gift") emitGift(raw, event, nowMs);
    else if (raw.type === "like" && event.type === "like") {
      out({ ...event, ...countLikes(state.likes, raw.count, event.roomTotal) });
    } else out(event);
  };

  return {
    enterRoom(nextRoomId, atMs) {
      const another = enteredAtMs === 0 || (nextRoomId !== "" && roomId !== "" && nextRoomId !== roomId);
      if (another) {
        flush(closeAll(state.gifts), atMs);
        addUp(past, state);
        state = createRoomState();
        enteredAtMs = atMs;
      } else likesReconnected(state.likes);
      if (nextRoomId !== "") roomId = nextRoomId;
      connectedAtMs = atMs;
      return another;
    },
    count(raw, nowMs) {
      if (isRepeat(state.dedupe, raw.id, nowMs)) return;
      const transaction = raw.type === "gift" ? transactionOf(raw) : "";
      if (isRepeat(state.dedupe, transaction, nowMs)) return;
      const event = normalise(raw, stampOf(raw, nowMs));
      if (!event) {
        past.broken++;
        return;
      }
      markSeen(state.dedupe, raw.id, nowMs);
      markSeen(state.dedupe, transaction, nowMs);
      if (isRepeatedActOf(event, state.dedupe, nowMs)) return;
      past.accepted++;
      if (event.replay) past.replayed++;
      emit(raw, event, nowMs);
    },
    idle: (nowMs) => flush(closeIdle(state.gifts, nowMs), nowMs),
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
  sum.likes += likes.counters.units;
}

function isRepeatedActOf(event: LiveEvent, dedupe: ReturnType<typeof createDedupe>, nowMs: number): boolean {
  switch (event.type) {
    case "follow":
      return isRepeatedFollow(dedupe, event.viewer.id, nowMs);
    case "share":
      return isRepeatedShare(dedupe, event.viewer.id, nowMs);
    case "subscribe":
      return event.giftCount === 0 && isRepeatedSubscribe(dedupe, event.viewer.id, event.tier, nowMs);
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
