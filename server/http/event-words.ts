/** Events in words: one short line for each, for the operator's list of what happened. */
import type { LiveEvent, LiveEventOf, LiveEventType } from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";

const lines: { readonly [Type in LiveEventType]: (event: LiveEventOf<Type>) => string } = {
  chat: ({ viewer, text }) => `${named(viewer)}: ${text}`,
  gift: ({ viewer, gift, count, streakTotal, streakKey }) => {
    const combo = streakKey !== "" ? `, combo of ${streakTotal}` : "";
    return `${named(viewer)} sends ${count} x ${gift.name} (${count * gift.unitValue} ${gift.currency}${combo})`;
  },
  giftStreakEnd: ({ viewer, gift, streakTotal }) => `${named(viewer)} ends a combo of ${streakTotal} x ${gift.name}`,
  like: ({ viewer, count, roomDelta }) => `${named(viewer)} likes ${count} times, the room ${roomDelta}`,
  join: ({ viewer }) => `${named(viewer)} comes in`,
  follow: ({ viewer }) => `${named(viewer)} follows`,
  share: ({ viewer }) => `${named(viewer)} shares the stream`,
  subscribe: ({ viewer, months, giftCount }) =>
    giftCount > 0
      ? `${named(viewer)} gives ${giftCount} subscriptions`
      : `${named(viewer)} subscribes (month ${months})`,
  emote: ({ viewer, emoteId }) => `${named(viewer)} sends the emote ${emoteId}`,
  viewers: ({ count }) => `${count} people watch`,
  battle: ({ phase, scores }) => `battle: ${phase}${scores.length > 0 ? `, ${scores.join(" to ")}` : ""}`,
  battleScores: ({ scores }) => `battle: ${scores.join(" to ")}`,
  pin: ({ text, pinned }) => (pinned ? `pinned: ${text}` : "the pinned comment is taken down"),
  caption: ({ text }) => `the host says: ${text}`,
  envelope: ({ viewer, value, people }) => `${named(viewer)} puts up a treasure of ${value} for ${people}`,
  intro: ({ text }) => `introduction: ${text}`,
  raid: ({ viewer, viewers }) => `${named(viewer)} brings ${viewers} people`,
  redeem: ({ viewer, title, cost }) => `${named(viewer)} redeems ${title} (${cost})`,
  streamStart: () => "the stream is live",
  streamEnd: ({ reason }) => `the stream has ended${reason === "" ? "" : `: ${reason}`}`,
  error: ({ reason }) => `a source is in trouble: ${reason}`,
};

/** What happened, in one line; `undefined` is a moment of the show itself. */
export function summaryOf(event: LiveEvent | undefined): string {
  if (!event) return "the show itself";
  const line = lines[event.type] as (event: LiveEvent) => string;
  return line(event);
}

function named(viewer: Viewer | undefined): string {
  if (!viewer) return "somebody";
  return viewer.name || viewer.handle || viewer.id;
}
