/** Show rules: the live rules of every game of a show, each kept in step with its file, whichever of them plays. */
import type { Problem } from "../shared/rules/problem.ts";
import type { LiveRules, RulesNews, RulesStatus } from "./live-rules.ts";

export interface ShowRules {
  /** The rules of a game, "" for the one that plays now; undefined for a game that the show has not. */
  of(game: string): LiveRules | undefined;
  /** Of the game that plays now, with what is wrong in any file. */
  status(): RulesStatus;
  /** How many problems are known of each rule file, by the file's path as people are told it. */
  problems(): ReadonlyMap<string, readonly Problem[]>;
  /** Calls back after each change and each failure in any of them; the returned function ends that. */
  listen(listener: (news: RulesNews) => void): () => void;
  /** Reloads that took effect, those that failed, of all. */
  counters(): { readonly reloads: number; readonly failures: number };
  stop(): Promise<void>;
}

/** Puts the rules of a show's games together; `playing` says which game plays now. */
export function createShowRules(rules: ReadonlyMap<string, LiveRules>, playing: () => string): ShowRules {
  const all = [...rules.values()];
  return {
    of: (game) => rules.get(game === "" ? playing() : game),
    status() {
      const troubles = all.map((live) => live.status().trouble).filter((text) => text !== "");
      return { ...rules.get(playing())!.status(), trouble: troubles.join(" ") };
    },
    problems: () => new Map(all.map((live) => [live.status().file, live.status().problems])),
    listen(listener) {
      const ends = all.map((live) => live.listen(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    counters() {
      const counters = all.map((live) => live.counters());
      const sum = (of: (counter: (typeof counters)[number]) => number) =>
        counters.reduce((total, one) => total + of(one), 0);
      return { reloads: sum(({ reloads }) => reloads), failures: sum(({ failures }) => failures) };
    },
    async stop() {
      await Promise.all(all.map((live) => live.stop()));
    },
  };
}
