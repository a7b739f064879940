/** Rule books: the rules of each game of a show and the engine that goes by them. Those of a game that does not play keep their state. */
import type { AnyGame } from "../game/define.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import type { RuleEngine, RuleState, ShowFacts } from "../rules/decision.ts";
import { createRuleEngine } from "../rules/engine.ts";

/** The rules of one game. */
export interface RuleBook {
  readonly rules: CompiledRules;
  /** Their number in the show. */
  readonly number: number;
  readonly engine: RuleEngine;
}

export interface RuleBooks {
  /** The book of a game of the show. */
  of(game: string): RuleBook;
  /** Rules take over for the game they are for. Throws when the show has no such game. */
  change(next: CompiledRules): RuleBook;
  /** In the order of the games. */
  all(): readonly RuleBook[];
  /** Number of the last rules that were given. */
  readonly last: number;
  /** Free acts that the engines lost to full queues and bounds, ever. */
  readonly dropped: number;
}

export interface RuleBookParts {
  readonly games: ReadonlyMap<string, AnyGame>;
  /** Numbers of the rules that hold, in the order of the games, and of the last that were given. */
  readonly numbers: { readonly now: readonly number[]; readonly last: number };
  /** Rules by number, those of calls that wait among them. */
  readonly known: ReadonlyMap<number, CompiledRules>;
  /** States to go on from, in the order of the games. */
  readonly engines: readonly (RuleState | undefined)[];
  readonly facts: ShowFacts;
}

/** Creates the books of a show, or goes on with saved ones. */
export function createRuleBooks({ games, numbers, known, engines, facts }: RuleBookParts): RuleBooks {
  const books = new Map<string, RuleBook>();
  let { last } = numbers;
  /** Of engines whose rules have changed. */
  let dropped = 0;
  for (const [index, game] of [...games.keys()].entries()) {
    const number = numbers.now[index]!;
    const rules = known.get(number)!;
    const former = [...known.values()].filter((others) => others.game === game);
    books.set(game, { rules, number, engine: createRuleEngine(rules, facts, engines[index], former) });
  }
  return {
    of: (game) => books.get(game)!,
    change(next) {
      const before = books.get(next.game);
      if (!before) throw new Error(`the show does not play ${next.game}`);
      const engine = createRuleEngine(next, facts, before.engine);
      dropped += before.engine.dropped;
      const book = { rules: next, number: ++last, engine };
      books.set(next.game, book);
      return book;
    },
    all: () => [...books.values()],
    get last() {
      return last;
    },
    get dropped() {
      return [...books.values()].reduce((sum, { engine }) => sum + engine.dropped, dropped);
    },
  };
}
