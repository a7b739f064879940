/** TikTool's captions, a line of their own beside the event line (protocols 1.4). Its end never ends the other; it comes back by itself. */
import type { Clock } from "../../clock.ts";
import { LastWords } from "../../ingest/last-words.ts";
import { retryPolicy } from "../../ingest/policy.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import { type Ending, type LineEar, openSocketLine, textOf } from "../../ingest/socket-line.ts";
import type { CloseClass, Connection, Frame, SourceListener } from "../../ingest/source.ts";
import { stableAfterMs } from "../../ingest/supervise.ts";
import type { Translation } from "../../ingest/translation.ts";
import { endingOf } from "./rest.ts";

/** Longest wait between two attempts while nothing answers, ms. */
const retryWithinMs = 5 * 60_000;
/** Ends that nobody need know of: the line comes back at once, or there is nothing to say any more. */
const expected: ReadonlySet<CloseClass> = new Set(["refresh", "ended", "notLive"]);

export interface CaptionsOptions {
  /** The address, with a credential that is good now. Rejects with a TiktoolRefusal. */
  address(): Promise<URL>;
  /** Hears captions and frames beside what the event line tells it. */
  listener: SourceListener;
  clock: Clock;
  /** What a frame's text means; undefined stands for bytes. */
  translate(text: string | undefined): Translation;
  /** What a close means by code and reason text. */
  classifyClose(code: number, reason: string): Ending;
}

/** Opens the captions' line and keeps it open until stopped. */
export function openCaptions(options: CaptionsOptions): Connection {
  const { listener, clock, address } = options;
  const told = new Set<string>();
  let line: Connection | undefined;
  let cancelRetry: (() => void) | undefined;
  let tries = 0;
  let openedAtMs = 0;
  let opening: Promise<void> | undefined;
  let over = false;

  const tellOnce = (what: "end" | "words", detail: string): void => {
    if (!told.has(what)) listener.trouble(detail);
    told.add(what);
  };
  const lost = (ending: Ending): void => {
    if (over) return;
    tries = openedAtMs > 0 && clock.now() - openedAtMs >= stableAfterMs ? 1 : tries + 1;
    openedAtMs = 0;
    const retry = retryPolicy({
      class: ending.class,
      tries,
      ...(ending.retryAfterMs === undefined ? {} : { retryAfterMs: ending.retryAfterMs }),
      wasLive: true,
      random: 0.5,
      withinMs: retryWithinMs,
    });
    const again = retry.delayMs === undefined ? "" : "; they come back by themselves, everything else goes on";
    if (!expected.has(ending.class)) tellOnce("end", `No captions (${ending.detail})${again}.`);
    if (retry.delayMs !== undefined) cancelRetry = clock.after(retry.delayMs, open);
  };
  const opened = (): void => {
    openedAtMs = clock.now();
  };
  const open = (): void => {
    opening = address()
      .then((url) => {
        if (over) return;
        line = openSocketLine({
          url,
          listener: { ...quiet(listener), opened, closed: lost },
          listen: (own) => createEar({ ...options, listener: own, tell: listener, tellOnce }),
          refused: (status, headers, body) => classifyRefusal(status, headers, body, clock.now()),
        });
      })
      .catch((error: unknown) => lost(endingOf(error)));
  };
  open();
  return {
    async stop() {
      over = true;
      cancelRetry?.();
      await opening;
      await line?.stop();
    },
  };
}

/** The captions' line says nothing of the broadcast, the event line's life and its frames. */
function quiet(listener: SourceListener): SourceListener {
  const nothing = (): void => undefined;
  return { ...listener, live: nothing, alive: nothing, frame: nothing };
}

interface EarOptions extends CaptionsOptions {
  /** Takes the captions and the frames that told them. */
  tell: SourceListener;
  tellOnce(what: "end" | "words", detail: string): void;
}

/** Frames that concern this line alone stay out of a recording, in which there is one line. */
function createEar({ listener, clock, tell, tellOnce, translate, classifyClose }: EarOptions): LineEar {
  const words = new LastWords(() => clock.now());
  return {
    hear(frame: Frame): void {
      const said = translate(textOf(frame));
      if (said.kind === "events" && said.events.every(({ type }) => type === "caption")) {
        words.forget();
        tell.frame(frame);
        for (const event of said.events) tell.event(event);
      } else if (said.kind === "notice") tellOnce("words", said.detail);
      else if (said.kind === "trouble") words.say(said.detail);
      else if (said.kind === "ending") listener.closed(said.ending);
      else listener.ignored(said.kind === "ignored" ? said.reason : "unknown");
    },
    meaningOf: (code, reason) => classifyClose(code, words.reasonOf(reason)),
  };
}
