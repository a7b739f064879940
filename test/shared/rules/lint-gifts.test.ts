/** No gift is wasted: the linter names limits, queues and phases that let gifts wait for ever, and prices that no rule takes. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultTiers, tierNames, tierOf } from "../../../shared/game/tiers.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import type { TriggerFilter } from "../../../shared/rules/compiled.ts";
import { gapsOf, isWithin, type PriceRange, pricesOf } from "../../../shared/rules/lint/prices.ts";
import { lintRules } from "../../../shared/rules/lint.ts";
import type { Problem } from "../../../shared/rules/problem.ts";
import { tinyGame } from "../../support/tiny-game.ts";

function warnings(rules: string, head = ""): Problem[] {
  const result = compileRules(oneFile(`game: tiny\n${head}rules:\n  - { on: chat, do: picky }\n${rules}`), tinyGame);
  if (!result.ok) throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return lintRules(result.rules, tinyGame);
}

describe("gifts that would wait for ever or very long", () => {
  test.each([
    [
      "a quota per show",
      "quota: { viewer: { show: 3 } }, do: jump",
      "",
      "Gifts beyond the first 3 of each viewer per show would wait for ever (`quota`)",
    ],
    ["a quota per day", "quota: { everyone: { day: 1 } }, do: jump", "", "Gifts beyond the first one of all per day"],
    [
      "in the bank, too",
      "quota: { team: { show: 2 } }, whenLimited: bank, do: jump",
      "",
      "first 2 of each team per show",
    ],
    [
      "a group's quota",
      "group: big, do: jump",
      "groups: { big: { quota: { everyone: { show: 9 } } } }\n",
      '(`quota` of group "big")',
    ],
    ["everybody's quota", "do: jump", "limits: { quota: { viewer: { show: 9 } } }\n", "(`quota` under `limits:`)"],
    [
      "a long cooldown",
      "cooldown: { viewer: 6m }, do: jump",
      "",
      "`cooldown` lets one act every 6 minutes for each viewer",
    ],
    [
      "a long gap",
      "queue: slow, do: jump",
      "queues: { slow: { gap: 10m } }\n",
      'queue "slow" starts one every 10 minutes',
    ],
    [
      "phases apart",
      "phase: lobby, do: jump",
      "",
      '"jump" can act in play and sudden only, and this rule is for lobby. Change',
    ],
    [
      "a phase without time",
      "phase: sudden, do: jump",
      "",
      "this rule is for sudden. Under these `options` sudden has no time.",
    ],
  ])("%s", (_name, rule, head, words) => {
    const problems = warnings(`  - { on: gift, ${rule} }\n`, head);
    expect(problems.map(({ code }) => code)).toEqual(["RULES_GIFT_WASTED"]);
    expect(problems[0]?.message).toContain(words);
  });
  test.each([
    ["a quota per round", "quota: { viewer: { round: 1 } }, do: jump", ""],
    ["five minutes", "cooldown: { everyone: 5m }, do: jump", ""],
    ["a short gap", "queue: slow, do: jump", "queues: { slow: { gap: 5m } }\n"],
    ["phases that meet", "phase: [lobby, play], do: jump", ""],
    ["a quota of what only counts", "quota: { viewer: { show: 3 } }, do: { add: { n: 1 } }", "counters: { n: }\n"],
  ])("fine: %s", (_name, rule, head) => expect(warnings(`  - { on: gift, ${rule} }\n`, head)).toEqual([]));
  test("free acts may have such limits", () => {
    expect(
      warnings("  - { on: gift, do: jump }\n  - { on: follow, quota: { viewer: { show: 1 } }, do: wave }\n"),
    ).toEqual([]);
  });
  test("an action whose phases have no time", () => {
    const game = {
      ...tinyGame,
      actions: { ...tinyGame.actions, jump: { ...tinyGame.actions.jump!, phases: ["sudden" as const] } },
    };
    const result = compileRules(
      oneFile("game: tiny\nrules:\n  - { on: chat, do: picky }\n  - { on: gift, do: jump }\n"),
      game,
    );
    const problems = result.ok ? lintRules(result.rules, game) : [];
    expect(problems.map(({ message }) => message)).toEqual([
      'Gifts would wait for ever here: "jump" can act in sudden only, and none of that ever comes. Under these `options` sudden has no time. Change `phase`, the options, or the action.',
    ]);
  });
});

describe("gifts without a rule", () => {
  test.each([
    ["no gift rule at all", "", "", 1, 'Gifts would do nothing. Add a rule for them, such as "on: gift" without more'],
    [
      "named gifts alone",
      "  - { on: gift, gift: Rose, do: jump }\n",
      "",
      4,
      "Gifts that no rule names would do nothing.",
    ],
    [
      "a line in the feed alone, which takes them from no rule",
      "  - { on: gift, stop: true, do: { say: thank you } }\n",
      "",
      4,
      "Gifts would do nothing but show a line. Add a rule for them",
    ],
    [
      "a missing tier",
      "  - { on: gift, tier: [T1, T2, T4, T5, T6], do: jump }\n",
      "",
      4,
      "Gifts of 30 to 98 diamonds (T3) would do nothing",
    ],
    [
      "the dearest",
      "  - { on: gift, value: { to: 200 }, do: jump }\n",
      "",
      4,
      "Gifts of 201 diamonds and more (T4, T5, T6)",
    ],
    [
      "two gaps",
      "  - { on: gift, tier: T2, do: jump }\n  - { on: gift, value: { from: 31 }, do: jump }\n",
      "",
      4,
      "Gifts of 1 to 4 diamonds (T1) and 30 diamonds (T3)",
    ],
    [
      "own tiers",
      "  - { on: gift, tier: [T2, T3, T4, T5, T6], do: jump }\n",
      "tiers: { T2: 2 }\n",
      5,
      "Gifts of 1 diamond (T1)",
    ],
    ["the end of combos is no help", "  - { on: combo.end, do: jump }\n", "", 1, "Gifts would do nothing."],
  ])("%s", (_name, rules, head, line, words) => {
    const problems = warnings(rules, head);
    expect(problems).toMatchObject([{ code: "RULES_GIFT_WITHOUT_RULE", severity: "warning", line }]);
    expect(problems[0]?.message).toContain(words);
  });
  test.each([
    ["a rule for every gift", "  - { on: gift, do: jump }\n"],
    ["all tiers", "  - { on: gift, tier: [T1, T2, T3], do: jump }\n  - { on: gift, tier: [T4, T5, T6], do: wave }\n"],
    ["a tier and a value", "  - { on: gift, tier: T1, do: jump }\n  - { on: gift, value: { from: 5 }, do: wave }\n"],
    [
      "values without a gap between whole numbers",
      "  - { on: gift, value: { to: 9 }, do: jump }\n  - { on: gift, value: { from: 10 }, do: wave }\n",
    ],
  ])("fine: %s", (_name, rules) => expect(warnings(rules)).toEqual([]));
});

describe("prices", () => {
  const filterOf = (tiers: readonly (typeof tierNames)[number][], valueFrom: number, valueTo: number) =>
    ({ gifts: [], tiers, valueFrom, valueTo }) as unknown as TriggerFilter;
  const isIn = (price: number, ranges: readonly PriceRange[]) =>
    ranges.some(({ from, to }) => from <= price && price <= to);
  const anyFilter = fc.record({
    tiers: fc.subarray([...tierNames]),
    from: fc.double({ min: 0, max: 1200, noNaN: true }),
    to: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.double({ min: 0, max: 1200, noNaN: true })),
  });

  test("are what a gift of that price meets, and gaps are the rest", () => {
    fc.assert(
      fc.property(anyFilter, fc.integer({ min: 1, max: 1300 }), ({ tiers, from, to }, price) => {
        const ranges = pricesOf(filterOf(tiers, from, to), defaultTiers);
        const tier = tierOf({ id: "1", name: "x", unitValue: price, currency: "diamond" }, defaultTiers);
        const meets = (tiers.length === 0 || tiers.includes(tier)) && price >= from && price <= to;
        expect(isIn(price, ranges)).toBe(meets);
        expect(isIn(price, gapsOf(ranges))).toBe(!meets);
      }),
    );
  });
  test("of one rule are within those of another when each of them is", () => {
    fc.assert(
      fc.property(anyFilter, anyFilter, (a, b) => {
        const [inner, outer] = [a, b].map(({ tiers, from, to }) =>
          pricesOf(filterOf(tiers, from, to), defaultTiers),
        ) as [PriceRange[], PriceRange[]];
        const all = Array.from({ length: 1300 }, (_, index) => index + 1);
        expect(isWithin(inner, outer)).toBe(all.every((price) => !isIn(price, inner) || isIn(price, outer)));
      }),
    );
  });
});

test("the shipped rules of Last Ball are free of warnings", () => {
  const text = readFileSync(new URL("../../../shared/games/last-ball/rules.yaml", import.meta.url), "utf8");
  const result = compileRules(oneFile(text), lastBall);
  expect(result.ok && lintRules(result.rules, lastBall)).toEqual([]);
});
