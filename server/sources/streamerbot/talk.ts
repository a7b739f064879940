/**
 * What is said to Streamer.bot and what it answers, until it sends events (protocols 6): it says Hello, is given the password when it
 * asks for one, is asked which events it has, and is told which of them are wanted, as it refuses a list with an unknown name. Pure.
 */
import { createHash } from "node:crypto";
import { asFields, asList, asText, type Fields, reasonOf } from "../../ingest/fields.ts";
import type { Ending } from "../../ingest/socket-line.ts";

/** Where the password is set, in Streamer.bot's own words. */
const place = "Servers/Clients > WebSocket Server > Authentication";

/** What a message of the talk leads to. */
export type Step =
  | { kind: "say"; message: object }
  /** All is said: events follow. */
  | { kind: "ready" }
  | { kind: "ending"; ending: Ending }
  /** Known, and nothing to do. */
  | { kind: "nothing" };

export interface Talk {
  /** Takes a message that is no event. Undefined when it cannot be understood. */
  take(message: Fields): Step | undefined;
  /** The line was closed before the talk was over; why, when the talk knows. */
  cutShort(): Ending | undefined;
}

/** Begins a talk. `wanted` has names as "Twitch.Cheer"; `password` is "" when there is none. */
export function createTalk(wanted: readonly string[], password: string): Talk {
  let asksPassword = false;
  let said: "nothing" | "password" | "events" | "subscribe" = "nothing";

  const say = (what: typeof said, message: object): Step => {
    said = what;
    return { kind: "say", message: { ...message, id: idOf(what) } };
  };
  const hello = (message: Fields): Step => {
    const asked = asFields(message.authentication);
    if (asked) asksPassword = true;
    if (!asked || password === "") return say("events", { request: "GetEvents" });
    const authentication = answerTo(password, asText(asked.salt), asText(asked.challenge));
    return say("password", { request: "Authenticate", authentication });
  };
  const refused = (message: Fields): Step => {
    if (said === "password") return { kind: "ending", ending: wrongPassword() };
    if (asksPassword && password === "") return { kind: "ending", ending: noPassword() };
    if (said === "events") return subscribe(wanted);
    const detail = reasonOf(message.error ?? message.message) || "no reason given";
    return { kind: "ending", ending: { class: "network", detail: `Streamer.bot refused to send events: ${detail}` } };
  };
  const subscribe = (names: readonly string[]): Step =>
    say("subscribe", { request: "Subscribe", events: grouped(names) });

  return {
    take(message) {
      if (message.request === "Hello") return hello(message);
      if (typeof message.status !== "string") return undefined;
      if (message.id !== idOf(said)) return { kind: "nothing" };
      if (message.status !== "ok") return refused(message);
      if (said === "password") return say("events", { request: "GetEvents" });
      if (said === "events") return subscribe(known(wanted, message.events));
      return { kind: "ready" };
    },
    cutShort() {
      if (said === "password") return wrongPassword();
      return said === "events" && asksPassword ? noPassword() : undefined;
    },
  };
}

function idOf(what: string): string {
  return `uproar-${what}`;
}

/** Proves that the password is known, without telling it. */
function answerTo(password: string, salt: string, challenge: string): string {
  const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64");
  return sha256(sha256(password + salt) + challenge);
}

/** Those of the wanted names that this version has; all of them when it does not say. */
function known(wanted: readonly string[], events: unknown): readonly string[] {
  const sources = asFields(events);
  if (!sources) return wanted;
  const has = new Set(
    Object.entries(sources).flatMap(([source, types]) => asList(types, 1000).map((type) => `${source}.${type}`)),
  );
  return wanted.filter((name) => has.has(name));
}

function grouped(names: readonly string[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const name of names) {
    const [source, type] = name.split(".") as [string, string];
    groups[source] = [...(groups[source] ?? []), type];
  }
  return groups;
}

function wrongPassword(): Ending {
  return { class: "wrongKey", detail: `STREAMERBOT_PASSWORD is not the password in Streamer.bot's ${place}` };
}

function noPassword(): Ending {
  const detail = `Streamer.bot asks for a password: put the one of its ${place} into .env as STREAMERBOT_PASSWORD=...`;
  return { class: "wrongKey", detail };
}
