/** The linter finds rules that can never fire, and questions that are never true. */
import { describe, expect, test } from "vitest";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { only, warnings, warningsOf } from "../../support/lint-warnings.ts";

describe("rules that never fire", () => {
  test.each([
    [
      "tier and value apart",
      "  - { on: gift, tier: T1, value: { from: 5 }, do: wave }\n",
      "no gift of T1 costs 5 diamonds or more",
    ],
    [
      "tiers and value apart",
      "  - { on: combo.end, tier: [T1, T3], value: { from: 5, to: 29 }, do: wave }\n",
      "no gift of T1 and T3 costs 5 to 29 diamonds",
    ],
    [
      "a crowd of such gifts",
      "  - { on: crowd, viewers: 2, within: 5s, of: { on: gift, tier: T2, value: { to: 4 } }, do: wave }\n",
      "no gift of T2",
    ],
    [
      "a meter that nobody fills",
      "  - { on: meter, meter: rage, do: wave }\n",
      'no rule fills meter "rage". Add "fill: { rage: 1 }"',
    ],
    [
      "a meter that is only drained",
      "  - { on: meter, meter: rage, do: wave }\n  - { on: like, do: { fill: { rage: -1 } } }\n",
      "no rule fills",
    ],
    [
      "a viewer where there is none",
      "  - { on: timer, every: 5s, viewer: { follower: true }, do: wave }\n",
      "nobody is behind `on: timer`",
    ],
    [
      "a viewer of the room's likes",
      "  - { on: likes, every: 5, viewer: { follower: true }, do: wave }\n",
      "nobody is behind `on: likes`",
    ],
    [
      "a source of the show itself",
      "  - { on: round.start, source: tiktok, do: wave }\n",
      "`on: round.start` comes from the show itself",
    ],
    [
      "an if that is always false",
      "  - { on: share, if: 1 > 2 || false, do: wave }\n",
      "`if: 1 > 2 || false` is always false",
    ],
    ["a phase without time", "  - { on: share, phase: sudden, do: wave }\n", "phase sudden has no time"],
    [
      "a phase in which the action cannot act",
      "  - { on: share, phase: [lobby, results], do: jump }\n",
      "it fires in lobby and results, but jump can act in play and sudden only. Change `phase`",
    ],
    [
      "the end of the round",
      "  - { on: round.end, do: jump }\n",
      "it fires in results, but jump can act in play and sudden only. Change `on`",
    ],
    ["the beginning of the round", "  - { on: round.start, do: jump }\n", "it fires in lobby"],
    [
      "the beginning of the round in a later phase",
      "  - { on: round.start, phase: play, do: jump }\n",
      "`on: round.start` comes in lobby, but `phase` is play. Leave `phase` out",
    ],
    [
      "the end of the round in an earlier phase, whatever it does",
      "  - { on: round.end, phase: [lobby, play], do: { add: { n: 1 } } }\n",
      "`on: round.end` comes in results, but `phase` is lobby and play",
    ],
    [
      "a phase and another one",
      '  - { on: share, phase: play, if: phase == "lobby", do: wave }\n',
      "`if` wants phase lobby, but `phase` is play",
    ],
    [
      "a phase without time in if",
      "  - { on: share, if: \"phase in ['sudden', 'countdown']\", do: wave }\n",
      "`if` wants phase sudden and countdown, which has no time",
    ],
    [
      "a tier and another one",
      '  - { on: gift, tier: T1, if: count > 1 && tier == "T2", do: wave }\n',
      "`if` wants tier T2, but the rule takes no gift of that price",
    ],
    [
      "a value and a tier",
      "  - { on: gift, value: { from: 30 }, if: '\"T2\" == tier', do: wave }\n",
      "`if` wants tier T2",
    ],
    [
      "a variable above its most",
      "  - { on: share, if: vars.mood > 5, do: wave }\n",
      "`vars.mood` is kept between -5 and 5, so `vars.mood > 5` is never true",
    ],
    ["a variable, turned", "  - { on: share, if: -5 > vars.mood, do: wave }\n", "`vars.mood < -5` is never true"],
    ["a variable that is only at most", "  - { on: share, if: vars.low == 6, do: wave }\n", "`vars.low` is at most 5"],
    [
      "a timer longer than its phase",
      "  - { on: timer, after: 11s, phase: play, do: wave }\n",
      "it fires 11 s after the beginning, but play lasts 10 s at most",
    ],
    ["a timer longer than every phase", "  - { on: timer, after: 11s, do: wave }\n", "but a phase lasts 10 s at most"],
    [
      "a timer longer than the round",
      "  - { on: timer, after: 13s, of: round, do: wave }\n",
      "but a round lasts 12 s at most",
    ],
    [
      "neither of two actions",
      "  - { on: share, phase: lobby, do: [jump, { pulse: {} }] }\n",
      "jump and pulse can act",
    ],
    [
      "inside oneOf",
      "  - { on: share, phase: lobby, do: { oneOf: [{ do: jump }, { do: pulse }] } }\n",
      "jump and pulse can act",
    ],
  ])("%s", (_name, rules, words) => {
    const problems = warnings(rules);
    expect(only(problems)).toContain(words);
    expect(problems[0]).toMatchObject({ code: "RULES_NEVER_FIRES", line: 7 });
  });

  test.each([
    ["tier and value that meet", "  - { on: gift, tier: T1, value: { from: 4 }, do: wave }\n"],
    [
      "a meter that somebody fills",
      "  - { on: meter, meter: rage, do: wave }\n  - { on: like, do: { fill: { rage: likes } } }\n",
    ],
    [
      "a meter filled by chance",
      "  - { on: meter, meter: rage, do: wave }\n  - { on: like, do: { oneOf: [{ do: wave }, { do: { fill: { rage: 1 } } }] } }\n",
    ],
    [
      "a viewer who filled the meter",
      "  - { on: meter, meter: rage, viewer: { follower: true }, do: wave }\n  - { on: like, do: { fill: { rage: 1 } } }\n",
    ],
    ["a viewer who pinned", "  - { on: pin, viewer: { moderator: true }, do: wave }\n"],
    ["an if that depends", "  - { on: share, if: round > 2, do: wave }\n"],
    ["an if that is always true", '  - { on: share, if: "true", do: wave }\n'],
    ["a phase in which one of its actions acts", "  - { on: share, phase: lobby, do: [jump, wave] }\n"],
    ["a step that comes later", "  - { on: share, phase: lobby, do: { jump: {}, after: 2s } }\n"],
    ["another step than a call", "  - { on: share, phase: lobby, do: [jump, { add: { n: 1 } }] }\n"],
    [
      "an act that is banked",
      "  - { on: share, phase: lobby, cooldown: { viewer: 1s }, whenLimited: bank, do: jump }\n",
    ],
    ["the end of the round with an action for it", "  - { on: round.end, do: wave }\n"],
    ["the end of the round in its phase", "  - { on: round.end, phase: results, do: wave }\n"],
    ["a phase among several", '  - { on: share, phase: [lobby, play], if: phase == "lobby", do: wave }\n'],
    ["a paid act that waits for its phase", '  - { on: subscribe, phase: play, if: phase == "lobby", do: wave }\n'],
    [
      "another phase or something else",
      '  - { on: share, phase: play, if: phase == "lobby" || round > 2, do: wave }\n',
    ],
    ["another phase denied", "  - { on: share, phase: play, if: '!(phase == \"lobby\")', do: wave }\n"],
    ["a tier among those that fit", '  - { on: gift, tier: [T1, T2], if: tier == "T2", do: wave }\n'],
    ["a variable at its most", "  - { on: share, if: vars.mood >= 5 && vars.mood != 0, do: wave }\n"],
    ["a timer as long as its phase", "  - { on: timer, after: 10s, phase: play, do: wave }\n"],
    ["a timer of the round", "  - { on: timer, after: 12s, of: round, do: wave }\n"],
    ["a timer of the show", "  - { on: timer, after: 1h, of: show, do: wave }\n"],
  ])("fine: %s", (_name, rules) => expect(warnings(rules)).toEqual([]));

  test("a team that does not play under the file's options", () => {
    const file = (teams: number, name: string) =>
      `game: last-ball\noptions: { teams: ${teams} }\nrules:\n  - { on: gift, do: grow }\n  - { on: chat, viewer: { team: ${name} }, do: dash }\n`;
    expect(only(warningsOf(file(0, "Pink"), lastBall))).toContain(
      "team Pink does not play; under these `options` everybody plays for themselves",
    );
    expect(only(warningsOf(file(2, "[Lime, Gold]"), lastBall))).toContain(
      "team Lime and Gold does not play; under these `options` only Cyan and Pink play",
    );
    expect(warningsOf(file(2, "[Lime, pink]"), lastBall)).toEqual([]);
  });
});

describe("words in if that a name never is", () => {
  const teams = "teams: { Pink: pink, Cyan: cyan }\n";
  test.each([
    ['phase == "playing"', '`phase` is never "playing". Did you mean "play"?'],
    ["phase in ['lobby', 'Play']", '`phase` is never "Play". Did you mean "play"?'],
    ['!("T7" == tier) || count > 2', '`tier` is never "T7".'],
    [
      'viewer.platform != "tikok"',
      '`viewer.platform` is never "tikok", unless a program of yours sends it. Did you mean "tiktok"?',
    ],
    ['viewer.team == "pink"', '`viewer.team` is never "pink". Did you mean "Pink"?'],
    ['(viewer.team == "Purple" ? 1 : 2) > 1', '`viewer.team` is never "Purple".'],
  ])("%s", (question, words) => {
    const problems = warnings(`  - { on: gift, if: ${JSON.stringify(question)}, do: wave }\n`, teams);
    expect(only(problems)).toContain(words);
    expect(problems[0]).toMatchObject({ code: "RULES_UNKNOWN_NAME", line: 8 });
  });
  test.each([
    'viewer.team == "Pink" || viewer.team == ""',
    'viewer.name == "playing"',
    'phase == "play"',
    'tier in ["T1", "T6"]',
    'viewer.platform == "youtube"',
    'viewer.platform + "s" == "tikoks"',
    'vars.king == "phase"',
  ])("fine: %s", (question) =>
    expect(warnings(`  - { on: gift, if: ${JSON.stringify(question)}, do: wave }\n`, teams)).toEqual([]),
  );
  test("of the game's own teams", () => {
    const file =
      "game: last-ball\nrules:\n  - { on: gift, do: grow }\n  - { on: chat, if: 'viewer.team == \"pink\"', do: dash }\n";
    expect(only(warningsOf(file, lastBall))).toContain('Did you mean "Pink"?');
  });
});
