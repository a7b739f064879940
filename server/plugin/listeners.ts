/** Listeners: whoever wants to hear what happens in a room's live events. One that throws is counted, and harms nobody. */
import type { Acted } from "../../shared/sim/acted.ts";
import type { FeedLine } from "../../shared/sim/show-memory.ts";
import type { StepResult } from "../../shared/sim/simulation.ts";
import type { Effect } from "../../shared/world/effect.ts";
import type { EventLog, LoggedEvent } from "../room/event-log.ts";

/** What can be listened to, with what is told. */
export interface LiveNews {
  /** An event, or a moment of the show, was decided: which rules fired, which did not and why, and what was done at once. */
  readonly decision: LoggedEvent;
  /** Something was done later: a gift came out of the bank, or waits for another reason. */
  readonly act: Acted;
  /** A new line of the feed. */
  readonly feed: FeedLine;
  /** An action called `show.effect`. */
  readonly effect: Effect;
}

type Listen = <Name extends keyof LiveNews>(name: Name, listener: (news: LiveNews[Name]) => void) => () => void;

export interface Listeners {
  readonly on: Listen;
  /** Tells what a tick brought. */
  tell(step: Pick<StepResult, "effects">, feed: readonly FeedLine[]): void;
}

/** Creates it with nobody who listens. `failed` takes what a listener threw. */
export function createListeners(
  log: Pick<EventLog, "listen">,
  failed: (what: string, error: unknown) => void,
): Listeners {
  const all: { readonly [Name in keyof LiveNews]: Set<(news: LiveNews[Name]) => void> } = {
    decision: new Set(),
    act: new Set(),
    feed: new Set(),
    effect: new Set(),
  };
  let endLog: (() => void) | undefined;
  let lastSeq = 0;

  const tellAll = <Name extends keyof LiveNews>(name: Name, news: LiveNews[Name]) => {
    for (const listener of all[name]) {
      try {
        listener(news);
      } catch (error) {
        failed(`a listener of "${name}"`, error);
      }
    }
  };
  /** The log keeps more while somebody listens. */
  const followLog = () => {
    const isWanted = all.decision.size + all.act.size > 0;
    if (isWanted)
      endLog ??= log.listen({ decided: (entry) => tellAll("decision", entry), acted: (act) => tellAll("act", act) });
    else {
      endLog?.();
      endLog = undefined;
    }
  };
  return {
    on(name, listener) {
      all[name].add(listener);
      followLog();
      return () => {
        all[name].delete(listener);
        followLog();
      };
    },
    tell({ effects }, feed) {
      for (const effect of effects) tellAll("effect", effect);
      for (const line of feed) if (line.seq > lastSeq) tellAll("feed", line);
      lastSeq = feed.at(-1)?.seq ?? lastSeq;
    },
  };
}
