/** Conditions of rules, and which of several rules that fit an event fire. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { Viewer } from "../../../shared/events/viewer.ts";
import type { PhaseName } from "../../../shared/game/phases.ts";
import type { Conditions } from "../../../shared/rules/compiled.ts";
import type { ShowFacts } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, aLike, anEvent, aViewer } from "../../support/events.ts";
import { anExpression, aViewerCondition, firedIn, type RuleWords, someFacts, someRules } from "../../support/rules.ts";
import { tinyRules } from "../../support/tiny-game.ts";

const inPhase = (name: PhaseName) => someFacts({ phase: { name, round: 1, startTick: 0, endTick: 600 } });
const tracesOf = (rules: readonly RuleWords[], event: LiveEvent, facts: ShowFacts = someFacts()) =>
  createRuleEngine(someRules(rules), facts)
    .evaluate(event, 0)
    .traces.map(({ rule, verdict, detail }) => [rule.id, verdict, detail].join(" ").trim());

describe("a condition", () => {
  const viewer = aViewer("Ana", {
    roles: { moderator: true, subscriber: false, follower: true, owner: false },
    levels: { gifter: 10, team: 3 },
  });
  const facts = someFacts({ teamOf: (key) => (key === "tiktok:Ana" ? "Röd" : "") });
  const who = (fields: Parameters<typeof aViewerCondition>[0]) => ({ viewer: aViewerCondition(fields) });
  test.each<[Partial<Conditions>, string]>([
    [who({ follower: true }), ""],
    [who({ follower: false }), "viewer.follower"],
    [who({ subscriber: true }), "viewer.subscriber"],
    [who({ moderator: true, owner: false }), ""],
    [who({ owner: true }), "viewer.owner"],
    [who({ gifterLevel: 10, teamLevel: 3 }), ""],
    [who({ gifterLevel: 11 }), "viewer.gifterLevel"],
    [who({ teamLevel: 4 }), "viewer.teamLevel"],
    [who({ teams: ["blue", "rod"] }), ""],
    [who({ teams: ["blue"] }), "viewer.team"],
    [who({ platforms: ["tiktok"] }), ""],
    [who({ platforms: ["twitch"] }), "viewer.platform"],
    [who({ handles: ["ben", "ana"] }), ""],
    [who({ handles: ["ben"] }), "viewer.handle"],
    [{ sources: ["test-source"] }, ""],
    [{ sources: ["tiktok"] }, ""],
    [{ sources: ["twitch"] }, "source"],
    [{ phases: ["lobby", "play"] }, ""],
    [{ phases: ["results"] }, "phase"],
    [{ if: anExpression(({ text }) => text === "hi") }, ""],
    [{ if: anExpression(({ text }) => text === "ho") }, "if"],
    [{ ...who({ follower: false }), phases: ["results"] }, "viewer.follower"],
  ])("%j says %j", (conditions, failing) => {
    const [said] = tracesOf([{ on: "chat", conditions }], aChat("hi", "Ana", { viewer }), facts);
    expect(said).toBe(failing === "" ? "rule-1 fired" : `rule-1 condition ${failing}`);
  });

  test("about a viewer fails where there is none", () => {
    const rules: RuleWords[] = [
      { on: "viewers", conditions: who({ follower: false }) },
      { on: "likes", filter: { every: 5 }, conditions: who({ follower: false }) },
    ];
    const facts = someFacts();
    const engine = createRuleEngine(someRules(rules), facts);
    facts.watching = 5;
    expect(engine.evaluate(anEvent("viewers"), 0).traces).toMatchObject([{ verdict: "condition", detail: "viewer" }]);
    expect(tracesOf(rules, aLike(5))).toEqual(["rule-2 condition viewer"]);
  });
});

test("expressions read the event, the viewer and the show", () => {
  const checks: [LiveEvent, string[]][] = [
    [
      aChat("!dash  far 12.5 now", "ana"),
      ['text == "!dash  far 12.5 now"', 'argument == "far 12.5 now"', "number == 12.5"],
    ],
    [aChat("dash", "ana"), ['argument == ""', "number == 0"]],
    [
      aGift(5, "ana", 1, { count: 3, streakTotal: 7 }),
      [
        "count == 3",
        "diamonds == 15",
        "combo == 7",
        'tier == "T2"',
        "gift.value == 5",
        'gift.name == "Gift 5"',
        'gift.id == "g5"',
      ],
    ],
    [anEvent("giftStreakEnd"), ["count == 5", "diamonds == 5", "combo == 5"]],
    [aLike(9), ["likes == 1", "count == 1"]],
    [anEvent("subscribe"), ["months == 3", "count == 1"]],
    [{ ...anEvent("subscribe"), giftCount: 4 } as LiveEvent, ["count == 4"]],
    [anEvent("raid"), ["count == 30"]],
    [anEvent("redeem"), ['reward == "Hydrate"', "cost == 300", 'text == "now"']],
    // Of all sources together, not of the one that tells.
    [anEvent("viewers"), ["count == 40"]],
    [anEvent("error"), ['text == "their line is gone"']],
    [
      aChat("x", "ana", {
        viewer: aViewer("ana", { roles: { moderator: false, subscriber: true, follower: false, owner: false } }),
      }),
      [
        'viewer.name == "ana"',
        'viewer.handle == "ana"',
        'viewer.platform == "tiktok"',
        'viewer.team == "red"',
        "viewer.subscriber",
        "!viewer.follower",
        "viewer.gifterLevel == 0",
      ],
    ],
    [
      aChat("x"),
      ['phase == "play"', "round == 3", "seconds == 2", "secondsLeft == 8", "watching == 40", "playing == 4"],
    ],
  ];
  const phase = { name: "play", round: 3, startTick: 100, endTick: 700 } as const;
  const facts = someFacts({ phase, playing: 4, teamOf: () => "red" });
  const on = { giftStreakEnd: "combo.end" } as Readonly<Record<string, string>>;
  for (const [event, questions] of checks) {
    const lines = questions.map(
      (question) => `  - { on: ${on[event.type] ?? event.type}, if: '${question}', do: wave }\n`,
    );
    facts.watching = 0;
    const engine = createRuleEngine(tinyRules(lines.join("")), facts);
    facts.watching = 40;
    const { traces } = engine.evaluate(event, 220);
    expect(traces.map(({ verdict }, index) => `${questions[index]} ${verdict}`)).toEqual(
      questions.map((question) => `${question} fired`),
    );
  }
});

describe("of several rules that fit", () => {
  test("all fire, in their order", () => {
    expect(tracesOf([{ on: "chat" }, { on: "chat" }], aChat("x"))).toEqual(["rule-1 fired", "rule-2 fired"]);
  });

  test("those after one with `stop` that fires are not asked", () => {
    const rules: RuleWords[] = [
      { on: "chat", stop: true, conditions: { phases: ["lobby"] } },
      { on: "chat", stop: true },
      { on: "chat" },
      { on: "chat", filter: { commands: ["y"] } },
    ];
    expect(tracesOf(rules, aChat("x"))).toEqual(["rule-1 condition phase", "rule-2 fired", "rule-3 stopped"]);
  });

  test("only the first that fires counts for a trigger of `firstMatch`", () => {
    const rules: RuleWords[] = [
      { on: "likes", filter: { every: 5 } },
      { on: "like" },
      { on: "likes", filter: { every: 5 } },
      { on: "like" },
    ];
    const engine = createRuleEngine(someRules(rules, { firstMatch: new Set(["like"]) }), someFacts());
    expect(firedIn(engine.evaluate(aLike(5), 0))).toEqual(["rule-1", "rule-2", "rule-3"]);
  });

  const named = { gifts: ["g1"] };
  const byTier = { tiers: ["T1" as const] };
  test.each<[string, RuleWords[], PhaseName, string[]]>([
    [
      "a named gift's rule goes before those by tier",
      [
        { on: "gift", filter: byTier },
        { on: "gift", filter: named },
      ],
      "play",
      ["rule-1 named", "rule-2 fired"],
    ],
    [
      "unless its conditions do not hold",
      [
        { on: "gift", filter: byTier },
        { on: "gift", filter: named, conditions: { phases: ["lobby"] } },
      ],
      "play",
      ["rule-1 fired", "rule-2 condition phase"],
    ],
    [
      "`also` and rules for any gift fire all the same",
      [{ on: "gift", filter: byTier, also: true }, { on: "gift" }, { on: "gift", filter: named }],
      "play",
      ["rule-1 fired", "rule-2 fired", "rule-3 fired"],
    ],
    [
      "a gift waits for the phase when nothing else fires",
      [{ on: "gift", conditions: { phases: ["play"] } }],
      "lobby",
      ["rule-1 waits phase"],
    ],
    [
      "with all rules for the same phase",
      [
        { on: "gift", filter: named, conditions: { phases: ["play"] } },
        { on: "gift", conditions: { phases: ["sudden"] } },
        { on: "gift", filter: byTier, conditions: { phases: ["play"] } },
        { on: "gift", conditions: { phases: ["play"] } },
      ],
      "lobby",
      ["rule-2 condition phase", "rule-3 condition phase", "rule-1 waits phase", "rule-4 waits phase"],
    ],
    [
      "also when a rule for every gift fires beside it, such as joining",
      [{ on: "gift", filter: named, conditions: { phases: ["play"] } }, { on: "gift" }],
      "lobby",
      ["rule-2 fired", "rule-1 waits phase"],
    ],
    [
      "but not when a rule by tier takes it",
      [
        { on: "gift", filter: named, conditions: { phases: ["play"] } },
        { on: "gift", filter: byTier },
      ],
      "lobby",
      ["rule-1 condition phase", "rule-2 fired"],
    ],
    [
      "nor, of rules for every gift, when another of them fires",
      [{ on: "gift", conditions: { phases: ["play"] } }, { on: "gift" }],
      "lobby",
      ["rule-1 condition phase", "rule-2 fired"],
    ],
    [
      "and not when more than the phase is wrong",
      [{ on: "gift", conditions: { phases: ["play"], sources: ["other"] } }],
      "lobby",
      ["rule-1 condition source"],
    ],
  ])("%s", (_name, rules, phase, said) => expect(tracesOf(rules, aGift(1), inPhase(phase))).toEqual(said));

  test("a call that waits for its phase says which", () => {
    const rules = someRules([{ on: "gift", conditions: { phases: ["play", "sudden"] } }]);
    const [call] = createRuleEngine(rules, inPhase("results")).evaluate(aGift(1), 7).calls;
    expect(call).toMatchObject({
      phases: ["play", "sudden"],
      notBeforeTick: 7,
      notBeforeRound: 1,
      patience: "forever",
    });
  });

  test("what a rule changes does not take a gift away from the rule that was to have it", () => {
    const rules = tinyRules(
      "  - { on: gift, gift: g1, if: vars.free, do: [wave, { set: { free: false } }] }\n  - { on: gift, gift: g1, if: vars.free, do: jump }\n",
      "variables: { free: { type: flag, start: true } }\n",
    );
    const engine = createRuleEngine(rules, someFacts());
    expect([1, 2].map((nr) => firedIn(engine.evaluate(aGift(1, "ana", nr), nr)))).toEqual([["rule-1", "rule-2"], []]);
  });
});

test("a team's word asks for the team, besides firing rules", () => {
  const teams = [
    { name: "Red", words: ["red", "team red"] },
    { name: "Blue", words: ["blue"] },
  ];
  const engine = createRuleEngine(someRules([{ on: "chat", filter: { commands: ["red"] } }], { teams }), someFacts());
  const asked = (text: string, viewer: Viewer = aViewer()) => {
    const decision = engine.evaluate(aChat(text, "ana", { viewer }), 0);
    return [decision.joinsTeam, decision.calls.length];
  };
  expect(["RED!", "team red please", "!blue", "i am red", "team"].map((text) => asked(text))).toEqual([
    ["Red", 1],
    ["Red", 0],
    ["Blue", 0],
    ["", 0],
    ["", 0],
  ]);
});
