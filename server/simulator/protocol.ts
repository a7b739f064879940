/** Protocol: what a provider's way of speaking is to the simulator, and what there is to tell of a broadcast. */
import type { Random } from "../../shared/world/random.ts";
import type { Act } from "./audience.ts";
import type { Person } from "./people.ts";

/** One side of a battle. */
export interface BattleHost {
  readonly id: string;
  readonly score: number;
}

/** What is told of a broadcast beside its viewers' everyday acts; `atMs` as in an act. */
export type Extra = { readonly atMs: number } & (
  | {
      readonly type: "viewers";
      readonly count: number;
      /** Viewers so far. */
      readonly total: number;
      /** Those who gave most. */
      readonly top: readonly Person[];
    }
  | {
      readonly type: "battle";
      readonly battleId: string;
      readonly phase: "active" | "ended";
      readonly seconds: number;
      readonly hosts: readonly BattleHost[];
    }
  | { readonly type: "battleScores"; readonly battleId: string; readonly hosts: readonly BattleHost[] }
  | { readonly type: "pin"; readonly person: Person; readonly text: string; readonly pinned: boolean }
  | { readonly type: "caption"; readonly text: string; readonly final: boolean }
  | { readonly type: "envelope"; readonly person: Person; readonly diamonds: number; readonly people: number }
  | { readonly type: "emote"; readonly person: Person; readonly emoteId: string }
  | { readonly type: "intro"; readonly text: string }
  | { readonly type: "streamEnd" }
);

/** Everything that a provider can be told of; of people leaving none tells anything. */
export type Happening = Exclude<Act, { type: "leave" }> | Extra;

/** One message to be: what happened, when, and the id by which it is known. */
export interface Note {
  readonly what: Happening;
  /** ms since 1970. */
  readonly atMs: number;
  /** "" when the message goes out without one. */
  readonly id: string;
}

/** What all messages of one broadcast share. */
export interface Room {
  readonly roomId: string;
  readonly title: string;
  /** Where its pictures are: `http://host:port`. */
  readonly base: string;
}

/** How things stand when somebody comes in. */
export interface Standing {
  readonly viewers: number;
  readonly likes: number;
  readonly nowMs: number;
}

/** A client, by what it asked for in its address. */
export interface Visit {
  readonly query: URLSearchParams;
}

/** A close code with its reason text; `cut` breaks the line without a word (a client then sees code 1006). */
export type Close = "cut" | { readonly code: number; readonly reason: string };

/** Whom the server lets in. */
export interface Door {
  isOffline(handle: string): boolean;
  isKey(key: string): boolean;
}

/** How a line is ended for one cause: frames still sent, then the close; without a close the line stays open. */
export interface Farewell {
  readonly frames: readonly string[];
  readonly close?: Close;
}

/** A line beside the event line, at a path of its own; nothing on it is paid for, so no fault is done to it. */
export interface SideLine {
  readonly path: string;
  greeting(): string[];
  /** The frames that tell of those notes that are told on it. */
  frames(notes: readonly Note[]): string[];
}

/** A provider's way of speaking. Pure but for the random numbers it is given. */
export interface Protocol {
  /** Its source's id. */
  readonly id: string;
  /** Port used when none is given; TikFinity clients look nowhere else. */
  readonly port: number;
  /** Environment variable by which a show finds the simulator. */
  readonly variable: string;
  /** What follows `npm start --` to start a show that listens to it. */
  readonly startFlags: string;
  /** Whether its lines are open also without a broadcast: then nothing is told on one before the broadcast begins. */
  readonly needsBroadcast: boolean;
  /** Whether its gift messages name each frame beside the id (`transactionId`), so that retries under a new id can be told. */
  readonly namesRetries: boolean;
  /** Why a client is turned away; undefined when it may come in. */
  refusal(visit: Visit, door: Door): Close | undefined;
  /** First frames on a line. */
  greeting(visit: Visit, room: Room, standing: Standing): string[];
  /** The frames that tell of notes, in their order; none for what this protocol has no message for. */
  frames(notes: readonly Note[], visit: Visit, room: Room): string[];
  /** The line for captions; undefined where there is none. */
  readonly captions?: SideLine;
  /** What it says and does when the broadcast is over. */
  goodbye: Farewell;
  /** Closes after which a client should be back soon. */
  readonly closes: readonly Close[];
  /** A warning that makes the line useless, and the close after it; undefined where the provider has none. */
  nudge(room: Room): Farewell | undefined;
  /** Closes that mean a long wait; undefined where the provider has no such. */
  readonly waits: Readonly<Record<"quota" | "evicted" | "wrongKey", Close | undefined>>;
  /** Frames that a careful client survives, none of which tells of a gift; one is picked with `random`. */
  garbage(random: Random, room: Room): string;
}

/** Makes ids like the service's: 19 digits, growing, and others in each broadcast. */
export function createMessageIds(roomId: string): () => string {
  let messages = 0;
  return () => `7${roomId.slice(4, 14)}${String(++messages).padStart(8, "0")}`;
}
