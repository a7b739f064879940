/** Checks that a show is the same whenever it is played again: from its seed, and from where it was saved. */
import { resumeSimulation } from "../sim/simulation.ts";
import { createAudience } from "./audience.ts";
import { type CheckedGame, type GameCheck, must, rulesOf } from "./checked-game.ts";
import { played } from "./played-game.ts";

const viewers = 12;
const ticks = 60 * 50;
/** How long it goes on after it was saved. */
const afterTicks = 60 * 20;

/** All checks of this kind. */
export function sameAgainChecks(checked: CheckedGame): GameCheck[] {
  return [
    { name: "the same seed and events give the same show", run: () => checkSeed(checked) },
    { name: "a show that was saved goes on as it would have", run: () => checkSave(checked) },
  ];
}

function checkSeed(checked: CheckedGame): void {
  const [first, second] = [1, 2].map(() => {
    const playing = played(checked, { viewers, givers: 3 });
    const hashes: string[] = [];
    for (let tick = 0; tick < ticks; tick++) {
      playing.step();
      if (tick % 300 === 0) hashes.push(playing.show.simulation.hash());
    }
    return hashes;
  });
  const at = first!.findIndex((hash, index) => hash !== second![index]);
  must(
    at < 0,
    () => `two runs differ from tick ${at * 300} on: look for a clock, or chance that is not show.world.random`,
  );
}

function checkSave(checked: CheckedGame): void {
  const { rules } = rulesOf(checked);
  const { show, step } = played(checked, { viewers, givers: 3 });
  do step();
  while (!show.isCheckpoint);
  const saved = JSON.parse(JSON.stringify(show.simulation.save())) as unknown;
  const again = resumeSimulation({
    games: new Map([[checked.game.id, checked.game]]),
    saved,
    rulesOf: () => show.simulation.rules,
  });
  const audience = createAudience({ viewers, givers: 3, rules, seed: 99 });
  for (let tick = 0; tick < afterTicks; tick++) {
    const events = audience.at(tick);
    for (const event of events) show.send(event);
    show.run();
    show.forget();
    again.step(events);
    if (tick % 60 > 0) continue;
    const [was, is] = [show.simulation.hashes(), again.hashes()];
    const part = Object.keys(was).find((name) => was[name as keyof typeof was] !== is[name as keyof typeof is]);
    must(part === undefined, () => `a saved show differs in "${part}" ${tick} ticks after it was saved`);
  }
}
