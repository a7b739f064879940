/** Small games for tests of playlists: variants of the tiny game that differ in world, phases and what their actions are called. */
import { type AnyGame, defineGame } from "../../shared/game/define.ts";
import { compileRules, oneFile } from "../../shared/rules/compile.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { type Tiny, tinyGame } from "./tiny-game.ts";

/** A variant of the tiny game: a wide world, three seconds of play. */
export function aSmallGame(id: string, changes: Partial<AnyGame> = {}): AnyGame {
  return defineGame<Tiny, Record<string, never>>({
    ...(tinyGame as unknown as AnyGame),
    id,
    title: id.toUpperCase(),
    world: { width: 1500, height: 800, gravity: 0, maxEntities: 30 },
    options: undefined as never,
    phases: { lobby: { seconds: 0.5 }, play: { seconds: 3 }, results: { seconds: 0.5 } },
    ...changes,
  });
}

/** Compiles rules for a game; throws the problems when there are any. */
export function rulesFor(game: AnyGame, rules: string, head = ""): CompiledRules {
  const text = `game: ${game.id}\nallow: [COMPLIANCE_PAY_TO_PLAY]\n${head}rules:\n${rules}`;
  const result = compileRules(oneFile(text, `${game.id}.yaml`), game);
  if (result.ok) return result.rules;
  throw new Error(result.problems.map(({ message }) => message).join("\n"));
}
