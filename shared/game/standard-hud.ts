/** The top of the stage for a game that says nothing about it: a headline by the phase, leader and podium from the round's board. */
import type { Boards } from "./boards.ts";
import type { Hud } from "./define.ts";
import type { PhaseView } from "./phases.ts";

/** Places of a podium. */
const places = 3;

/** What it looks at. */
interface Shown {
  readonly phase: PhaseView;
  readonly players: { readonly active: readonly unknown[] };
  readonly boards: Boards;
}

/** What a game without a `hud` shows. */
export function standardHud({ phase, players, boards }: Shown): Hud {
  const best = boards.round.slice(0, places).map(({ viewer }) => viewer);
  const playing = players.active.length;
  const headlines = {
    lobby: "Comment to join",
    countdown: "Get ready",
    play: `${playing} playing`,
    sudden: "Sudden death",
    results: best.length > 0 ? "Winner" : "No winner",
  };
  return { headline: headlines[phase.name], leader: best[0] ?? "", podium: best };
}
