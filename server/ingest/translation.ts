/** Translation: what one message of a live service means, before anybody acts on it; for sources whose translation is one pure function. */
import type { Ending } from "./socket-line.ts";
import type { SourceEvent } from "./source.ts";

export type Translation =
  | { kind: "events"; events: SourceEvent[] }
  /** The room is live; "" when the message does not name it. */
  | { kind: "room"; roomId: string }
  /** The provider gives this connection up. */
  | { kind: "ending"; ending: Ending }
  /** Trouble that the provider tells of without closing. */
  | { kind: "trouble"; detail: string }
  /** Worth telling once in a line's life; nothing is wrong with the line. */
  | { kind: "notice"; detail: string }
  | { kind: "ignored"; reason: "control" | "unknown" | "broken" };
