/** Triggers: what a rule can wait for. One table says for each which events it hears, which names its expressions know, and what it means. */
import type { LiveEvent } from "../events/live-event.ts";

/** A name that only some triggers give to expressions; the others (viewer apart) are known everywhere. */
export type EventName =
  | "count"
  | "diamonds"
  | "gift"
  | "tier"
  | "combo"
  | "text"
  | "argument"
  | "number"
  | "likes"
  | "months"
  | "cost"
  | "reward"
  | "viewer";

export interface TriggerDefinition {
  /** One sentence for editors and docs: fires when ... */
  readonly summary: string;
  /** LiveEvent it hears; "" for what the show itself does. */
  readonly event: LiveEvent["type"] | "";
  /** Names it adds for expressions. */
  readonly names: readonly EventName[];
  /** Somebody paid for it: never dropped. */
  readonly paid: boolean;
}

const trigger = (
  summary: string,
  event: TriggerDefinition["event"],
  names: readonly EventName[] = [],
  paid = false,
): TriggerDefinition => ({ summary, event, names, paid });

const giftNames = ["viewer", "gift", "tier", "count", "diamonds", "combo"] as const;

/** Every trigger by the name a rule gives after `on:`. */
export const triggers = {
  chat: trigger("a viewer comments", "chat", ["viewer", "text", "argument", "number"]),
  gift: trigger("a viewer sends a gift; each step of a combo counts what it adds", "gift", giftNames, true),
  "combo.end": trigger("a gift combo has ended; adds nothing by itself", "giftStreakEnd", giftNames),
  likes: trigger("the likes of the whole room fill a meter", "like", ["count"]),
  like: trigger("a viewer likes; with `every`, when the viewer's own likes reach that number", "like", [
    "viewer",
    "likes",
    "count",
  ]),
  join: trigger("a viewer comes in", "join", ["viewer"]),
  follow: trigger("a viewer follows", "follow", ["viewer"]),
  share: trigger("a viewer shares the stream", "share", ["viewer"]),
  subscribe: trigger("a viewer subscribes or gives subscriptions", "subscribe", ["viewer", "months", "count"], true),
  emote: trigger("a viewer sends an emote", "emote", ["viewer"]),
  raid: trigger("somebody brings their audience over", "raid", ["viewer", "count"]),
  redeem: trigger("a viewer redeems a reward of the platform's points", "redeem", ["viewer", "reward", "cost", "text"]),
  envelope: trigger("a treasure chest or red envelope appears", "envelope"),
  pin: trigger("a comment is pinned", "pin", ["text"]),
  intro: trigger("the room's introduction is shown", "intro", ["text"]),
  caption: trigger("the host says something that the platform writes down", "caption", ["text"]),
  battle: trigger("a battle between streamers changes its state", "battle"),
  battleScores: trigger("the scores of a battle change", "battleScores"),
  viewers: trigger("the number of people watching crosses a number", "viewers", ["count"]),
  streamStart: trigger("the stream is live and heard", "streamStart"),
  streamEnd: trigger("the stream has ended", "streamEnd"),
  error: trigger("a source is in trouble", "error", ["text"]),
  phase: trigger("a phase of the round begins", ""),
  "round.start": trigger("a round begins to gather players", ""),
  "round.end": trigger("a round is over: its results are shown", ""),
  timer: trigger("time has passed", ""),
  meter: trigger("a declared meter is full; `viewer` is who filled it", "", ["viewer"]),
  crowd: trigger("so many different viewers do a thing within a time; `viewer` is the last of them", "", ["viewer"]),
} as const satisfies Readonly<Record<string, TriggerDefinition>>;

export type TriggerName = keyof typeof triggers;

export const triggerNames = Object.keys(triggers) as TriggerName[];
