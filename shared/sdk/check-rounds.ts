/** Checks of whole rounds: they end alone in rooms of every size, and nobody has to pay to win. */
import { type CheckedGame, type GameCheck, must } from "./checked-game.ts";
import { played } from "./played-game.ts";
import type { TestShow } from "./test-show.ts";

/** People in the rooms that are played, and rounds played in each. */
const rooms = [
  { viewers: 0, rounds: 2 },
  { viewers: 1, rounds: 2 },
  { viewers: 2, rounds: 2 },
  { viewers: 30, rounds: 2 },
  { viewers: 2000, rounds: 1 },
] as const;
/** Rounds in which somebody who gave nothing must win once. */
const maxRounds = 12;

/** All checks of rounds. */
export function roundChecks(checked: CheckedGame): GameCheck[] {
  return [
    ...rooms.map(({ viewers, rounds }) => ({
      name: `rounds end alone with ${viewers} viewers`,
      run: () => played(checked, { viewers, givers: Math.floor(viewers / 10) }).playRounds(rounds),
    })),
    { name: "chat and likes alone can win", run: () => checkFree(checked, 0) },
    { name: "who gives nothing can win against who gives", run: () => checkFree(checked, 2) },
  ];
}

function checkFree(checked: CheckedGame, givers: number): void {
  const playing = played(checked, { viewers: 8, givers });
  const { show, audience } = playing;
  while (show.rounds.length < maxRounds) {
    playing.playRounds(1);
    const winners = winnersOf(show);
    if (winners.some((viewer) => !audience.gives(viewer))) return;
  }
  must(false, () => `nobody who gave nothing has won in ${maxRounds} rounds of 8 viewers`);
}

/** People, not bots, who won the last round. */
function winnersOf({ rounds, context }: TestShow): string[] {
  return rounds
    .at(-1)!
    .rows.filter(({ viewer, wins }) => wins > 0 && context.crowd.get(viewer)?.bot === false)
    .map(({ viewer }) => viewer);
}
