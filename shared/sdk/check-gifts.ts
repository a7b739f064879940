/** Checks of gifts: each is accounted for, and one that comes between rounds waits for the next. */
import { phaseSeconds } from "../game/phases.ts";
import { tierNames } from "../game/tiers.ts";
import { type CheckedGame, type GameCheck, must, rulesOf } from "./checked-game.ts";
import { createTestShow } from "./test-show.ts";

/** How long a gift may wait within play for its turn. */
const patienceTicks = 60 * 60;

/** All checks of gifts. */
export function giftChecks(checked: CheckedGame): GameCheck[] {
  return [{ name: "a gift of every tier, sent between rounds, acts in the next one", run: () => checkBank(checked) }];
}

function checkBank(checked: CheckedGame): void {
  const { game, rules } = checked;
  const show = createTestShow({ game, rules });
  const { tiers } = rulesOf(checked).rules;
  const between = phaseSeconds(game.phases, rulesOf(checked).rules.options).results > 0 ? "results" : "lobby";
  for (const who of ["ana", "bo", "cem", "dee"]) show.chat(who, "hi");
  show.run();
  show.skipTo(between);
  const ids = tierNames.map((tier, index) => {
    const who = ["ana", "bo", "cem", "dee"][index % 4]!;
    return show.gift(who, { value: tiers[tier], name: `a gift of ${tier}` });
  });
  show.run();
  show.skipTo("play");
  const isDone = (id: string) => show.outcomes.get(id)?.state === "applied";
  for (let left = patienceTicks; left > 0 && !ids.every(isDone); left--) show.run();
  for (const [index, id] of ids.entries()) {
    const { state = "lost", reason = "" } = show.outcomes.get(id) ?? {};
    must(state === "applied", () => `the gift of ${tierNames[index]} is ${state} after a minute of play: ${reason}`);
  }
}
