/** The line to Twitch's chat: IRC over a WebSocket, without an account, which is enough to read (protocols 7). */

import type { Clock } from "../../clock.ts";
import { cut } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import { openSocketLine } from "../../ingest/socket-line.ts";
import type { CloseClass, Connection, SourceListener } from "../../ingest/source.ts";
import type { TwitchEar } from "./ear.ts";

/** Time in which a channel's chat opens; Twitch says nothing about names that nobody has, ms. */
const joinWithinMs = 15_000;

export interface ChatLineOptions {
  url: URL;
  /** Login of the channel. */
  channel: string;
  listener: SourceListener;
  clock: Clock;
  /** What it means when there is no such chat. */
  unjoined: CloseClass;
  /** Makes what hears the line. */
  ear(listener: SourceListener): TwitchEar;
}

/**
 * Opens the line. An own one instead of @twurple/chat's client, which comes back by itself on timers of its own: that is the
 * supervisor's part here.
 */
export function openChatLine({ url, channel, listener, clock, unjoined, ear: makeEar }: ChatLineOptions): Connection {
  let cancelJoin: (() => void) | undefined;
  const line = openSocketLine({
    url,
    listener: {
      ...listener,
      closed(ending) {
        cancelJoin?.();
        listener.closed(ending);
      },
    },
    listen(line) {
      const ear = makeEar(line);
      let answer: (message: string) => void = () => undefined;
      return {
        opened(send) {
          answer = send;
          // Any name "justinfan" with digits may read; who gives no password is asked for none.
          const name = `justinfan${1000 + (Math.trunc(clock.now()) % 80_000)}`;
          const login = ["CAP REQ :twitch.tv/tags twitch.tv/commands", `NICK ${name}`, `JOIN #${channel}`];
          for (const message of login) send(message);
          cancelJoin = clock.after(joinWithinMs, () => {
            line.closed({ class: unjoined, detail: `Twitch does not open the chat of ${channel}` });
          });
        },
        hear(frame) {
          if (ear.hearChat(frame, answer)) cancelJoin?.();
        },
        meaningOf: (code, reason) => ({
          class: "network",
          detail: cut(reason, 200) || `Twitch's chat closed, code ${code}`,
        }),
      };
    },
    refused: (status, headers, body) => {
      const ending = classifyRefusal(status, headers, body, clock.now());
      // Nothing is asked for that could be wrong: only too much can.
      return ending.class === "rateLimited" ? ending : { ...ending, class: "network" };
    },
    // Twitch asks every 5 minutes; a quiet chat says nothing between.
    pongIsLife: true,
  });
  return {
    async stop() {
      cancelJoin?.();
      await line.stop();
    },
  };
}
