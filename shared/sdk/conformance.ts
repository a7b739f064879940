/**
 * Conformance: what every game must keep, whoever made it. Each check plays the game headless with made-up viewers; together they take some
 * seconds. `testGame` hands them to a test runner, `gameChecks` to whoever wants them one by one.
 */
import { actionChecks } from "./check-actions.ts";
import { declarationChecks } from "./check-declaration.ts";
import { giftChecks } from "./check-gifts.ts";
import { roundChecks } from "./check-rounds.ts";
import { sameAgainChecks } from "./check-same-again.ts";
import type { CheckedGame, GameCheck } from "./checked-game.ts";

export type { CheckedGame, GameCheck } from "./checked-game.ts";

/** All checks, quick ones first. */
export function gameChecks(checked: CheckedGame): GameCheck[] {
  return [declarationChecks, actionChecks, giftChecks, sameAgainChecks, roundChecks].flatMap((of) => of(checked));
}

/** What `testGame` takes. */
export interface TestGameOptions extends CheckedGame {
  /** A runner's function that declares a test: `test` of vitest or node:test, `it` of others. */
  test(name: string, run: () => void): unknown;
}

/** Declares a test for each check. */
export function testGame({ test, ...checked }: TestGameOptions): void {
  for (const { name, run } of gameChecks(checked)) test(`${checked.game.id}: ${name}`, run);
}
