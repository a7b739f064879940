/** The conformance suite: a game that keeps everything passes, and each thing that a game may break is found by its check. */
import { expect, test } from "vitest";
import { z } from "zod";
import type { AnyGame } from "../../../shared/game/define.ts";
import { gameChecks, testGame } from "../../../shared/sdk/conformance.ts";
import { pit, pitActions, pitRules } from "./pit.ts";

testGame({ game: pit, rules: pitRules, test });

/** Runs the checks whose names contain `name` on a changed game; the first error's words. */
function errorOf(name: string, changes: Partial<AnyGame>, rules = pitRules): string {
  const checks = gameChecks({ game: { ...pit, ...changes }, rules }).filter((check) => check.name.includes(name));
  expect(checks.length).toBeGreaterThan(0);
  for (const { run } of checks) {
    try {
      run();
    } catch (error) {
      return (error as Error).message;
    }
  }
  return "";
}

const { hop } = pitActions;
const withHop = (changes: object): Partial<AnyGame> => ({ actions: { ...pitActions, hop: { ...hop, ...changes } } });
const step: AnyGame["step"] = pit.step;
let outside = 0;

const broken: readonly [what: string, check: string, changes: Partial<AnyGame>, error: RegExp, rules?: string][] = [
  ["a summary that is no sentence", "says what it does", { summary: "hop" }, /summary is no sentence/],
  [
    "a param without a default",
    "says what it does",
    withHop({ params: z.object({ power: z.number() }) }),
    /no default/,
  ],
  [
    "a param without a description",
    "says what it does",
    withHop({ params: z.object({ power: z.number().default(1) }) }),
    /hop.power does not say what it is/,
  ],
  ["lasting by a param that is not there", "says what it does", withHop({ lasts: "seconds" }), /which is no param/],
  ["an option without a default", "every option", { options: z.strictObject({ size: z.number() }) }, /size/],
  ["no play", "every option", { phases: { lobby: { seconds: 5 } } }, /play has no length/],
  ["nothing between rounds", "every option", { phases: { play: { seconds: 5 } } }, /neither lobby nor results/],
  ["rules with a mistake", "no mistake", {}, /Did you mean "hop"/, pitRules.replace("do: hop", "do: hopp")],
  ["rules without tests", "no mistake", {}, /has no tests/, pitRules.split("tests:")[0]!],
  [
    "a test of the rules that fails",
    "no mistake",
    {},
    /The test "a comment joins" fails/,
    pitRules.replace("expect: enter", "expect: hop"),
  ],
  ["an action that no rule calls", "uses every action", { actions: { ...pitActions, other: hop } }, /the action other/],
  [
    "an action that never acts",
    "hop acts",
    withHop({ apply: () => ({ refused: "not today" }) }),
    /never acts: not today/,
  ],
  [
    "an action that throws with its largest param",
    "hop acts",
    withHop({
      apply(...call: Parameters<typeof hop.apply>) {
        if (call[1].power === 20) throw new Error("too strong");
        return hop.apply(...call);
      },
    }),
    /too strong/,
  ],
  [
    "gifts without a rule",
    "a gift of every tier",
    {},
    /is rejected/,
    pitRules.replace("on: gift, do", "on: gift, tier: T1, do"),
  ],
  [
    "gifts that never act",
    "a gift of every tier",
    withHop({ apply: () => ({ refused: "not today" }) }),
    /is banked after a minute/,
  ],
  [
    "chance from outside",
    "the same seed",
    {
      step(game: never, show: never) {
        step(game, show);
        const { players, world } = show as Parameters<typeof pit.step>[1];
        for (const { body } of players.active) world.accelerate(body!, Math.random() - 0.5, 0);
      },
    },
    /two runs differ from tick/,
  ],
  [
    "a memory that is not saved",
    "was saved",
    {
      step(game: never, show: never) {
        step(game, show);
        const { players, world } = show as Parameters<typeof pit.step>[1];
        for (const { body } of players.active) world.accelerate(body!, (outside++ % 7) - 3, 0);
      },
    },
    /a saved show differs in "bodies"/,
  ],
  [
    "data that cannot be saved",
    "was saved",
    { create: (show: never) => ({ ...pit.create(show), tell: () => 1 }) },
    /plain data only/,
  ],
  ["a step that throws", "with 1 viewers", { step: () => void (undefined as never as { x: 1 }).x }, /The game threw/],
  [
    "a round that never ends",
    "with 2 viewers",
    {
      step(game: never, show: never) {
        step(game, show);
        (show as Parameters<typeof pit.step>[1]).extendPhase(1);
      },
    },
    /round 1 does not end/,
  ],
  [
    "two bodies of one viewer",
    "with 2 viewers",
    {
      players: {
        ...pit.players!,
        body(...[game, player, show]: Parameters<NonNullable<typeof pit.players>["body"]>) {
          const spec = {
            kind: "shadow",
            shape: { type: "circle", radius: 9 },
            x: 300,
            y: 300,
            viewer: player.key,
          } as const;
          show.world.spawn(spec);
          return pit.players!.body(game, player, show);
        },
      },
    },
    /has two bodies/,
  ],
  ["a body that leaves the world", "with 2 viewers", { create: () => ({ best: "" }) }, /has left the world/],
  ["a world that is too small", "with 30 viewers", { world: { ...pit.world, maxEntities: 8 } }, /the world was full/],
  ["a prop that is no number", "with 1 viewers", { props: () => ({ far: Number.NaN }) }, /the prop far is no number/],
  [
    "a headline of a whole sentence",
    "with 1 viewers",
    { hud: () => ({ headline: "x".repeat(41), leader: "", podium: [] }) },
    /longer than 40/,
  ],
  [
    "a leader whom nobody knows",
    "with 1 viewers",
    { hud: () => ({ headline: "", leader: "tiktok:nobody", podium: [] }) },
    /whom nobody knows/,
  ],
  ["nobody who wins", "chat and likes alone", { enterPhase: () => undefined }, /nobody who gave nothing has won/],
  [
    "only who pays wins",
    "can win against",
    withHop({
      apply(...call: Parameters<typeof hop.apply>) {
        return call[2].paid || call[3].phase.name !== "play" ? hop.apply(...call) : { refused: "pay first" };
      },
    }),
    /nobody who gave nothing has won/,
  ],
];

test.each(broken)("finds %s", (_what, check, changes, error, rules) => {
  expect(errorOf(check, changes, rules)).toMatch(error);
});
