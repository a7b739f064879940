/** The JSON Schema of a rule file: it says the same as the shape that `check` uses, it is whole, and the committed copies are current. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { gameIds, loadGame } from "../../../server/games.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { parseDurationTicks } from "../../../shared/rules/duration.ts";
import { type JsonSchema, ruleFileJsonSchema } from "../../../shared/rules/json-schema.ts";
import { ruleFileSchema } from "../../../shared/rules/rule-file.ts";
import { triggerNames } from "../../../shared/rules/triggers.ts";
import { tinyGame } from "../../support/tiny-game.ts";

// Not strict: words that only editors know, such as enumDescriptions, are allowed.
const judge = (game: typeof lastBall | typeof tinyGame) => {
  const shape = ruleFileSchema(game);
  const ofSchema = new Ajv({ strict: false }).compile(ruleFileJsonSchema(game));
  return (data: unknown) => ({ schema: ofSchema(data), shape: shape.safeParse(data).success });
};
const ofLastBall = judge(lastBall);
const parse = (text: string): unknown => parseYaml(text, { logLevel: "error" });
const both = (taken: boolean) => ({ schema: taken, shape: taken });

const rule = (text: string) => `game: last-ball\nrules: [${text}]`;
const head = (text: string) => `game: last-ball\n${text}`;
const aTest = (text: string) => head(`tests: [{ name: it, ${text} }]`);
const good = [
  head(""),
  head("rules: []"),
  rule("{ on: chat, do: enter }"),
  rule("{ on: chat, command: dash, do: { dash: } }"),
  rule("{ on: chat, command: { en: [go, run], es: corre }, do: { dash: { power: 12 } } }"),
  rule('{ on: chat, contains: [hi], do: { dash: { power: "2 + number" } } }'),
  rule("{ on: gift, gift: [Rose, 5655], do: [grow, { wait: 1.5s }, spikes] }"),
  rule("{ on: gift, tier: [T1, T2], value: { from: 1, to: 20.5 }, also: true, do: grow }"),
  rule("{ on: combo.end, gift: Rose, do: { say: done } }"),
  rule("{ on: likes, every: 200, cooldown: { everyone: 10 s }, do: pulse }"),
  rule("{ on: like, do: enter }"),
  rule("{ on: subscribe, months: 3, quota: { viewer: { round: 1, day: 5 } }, do: badge }"),
  rule("{ on: battle, state: [active, ended], do: pulse }"),
  rule("{ on: viewers, reaches: 100, do: pulse }"),
  rule("{ on: timer, every: 30s, phase: [play, sudden], do: pulse }"),
  rule("{ on: timer, after: 1m, of: round, do: pulse }"),
  rule("{ on: meter, meter: storm, do: meteors }"),
  rule("{ on: crowd, viewers: 5, within: 20s, of: { on: chat, command: storm }, do: meteors }"),
  rule("{ id: a-1, off: false, on: follow, viewer: { team: Pink, gifterLevel: 3 }, if: playing > 3, do: rimSave }"),
  rule("{ on: chat, group: g, whenLimited: merge, queue: q, priority: -5, stop: true, allow: [], do: enter }"),
  rule("{ on: gift, do: { spikes: {}, target: leader, lasts: { for: 6s, again: stack, most: 2 }, after: 500ms } }"),
  rule('{ on: gift, do: { grow: , target: "@ana" } }'),
  rule("{ on: chat, do: { set: { x: 1, y: true, z: '=lower(text)' }, add: { n: 1 }, fill: { m: -2.5 }, say: 'hi' } }"),
  rule(
    "{ on: chat, do: { oneOf: [{ do: dash }, { weight: 2, do: [guard, { oneOf: [{ do: dash }, { do: guard }] }] }] } }",
  ),
  head("include: [base.yaml, more/extra.yaml]"),
  head("options: { teams: 2, points: { win: 3 } }"),
  head("tiers: { T1: 1, T6: 5000 }"),
  head("gifts: { small: [Rose, 5655], big: Lion }"),
  head("words: { go: [go, run], hi: hello, all: { en: words.go, de: [los] } }"),
  head("teams: { Pink: [pink, rosa] }"),
  head("meters: { storm: { full: 10, title: Storm, drain: 0.5, per: round } }"),
  head("counters: { wins: { of: viewer }, rounds: }"),
  head("variables: { a: { start: 1, min: 0, max: 9 }, b: { type: text, start: '' }, c: { type: flag, per: round } }"),
  head(
    "groups: { g: { cooldown: { team: 3s }, quota: { everyone: { show: 9 } } } }\nlimits: { cooldown: { viewer: 1s } }",
  ),
  head("queues: { q: { gap: 2s, atOnce: 1, most: 5 } }"),
  head("firstMatch: true"),
  head("firstMatch: [gift, chat]\nallow: [COMPLIANCE_CHANCE]"),
  aTest("in: lobby, given: { chat: hi, by: bo, viewer: { follower: true } }, expect: enter"),
  aTest("given: [{ gift: Rose, value: 5, count: 3, combo: 8 }, { wait: 2s }, { phase: sudden }], expect: nothing"),
  aTest("given: { likes: 200 }, expect: [pulse, { dash: { power: 3 }, by: ana, rule: r, times: 2 }, { enter: }]"),
];
const bad = [
  "",
  "[]",
  "rules: []",
  "game: chess",
  head("ruels: []"),
  head("rules: {}"),
  rule("{ on: chat }"),
  rule("{ do: enter }"),
  rule("{ on: chatt, do: enter }"),
  rule("{ on: chat, do: entre }"),
  rule("{ on: chat, do: { entre: {} } }"),
  rule("{ on: chat, do: [] }"),
  rule("{ on: chat, do: { dash: { powr: 3 } } }"),
  rule("{ on: chat, do: { dash: { power: 99 } } }"),
  rule("{ on: chat, do: { dash: { power: true } } }"),
  rule("{ on: chat, do: { enter: { returns: 1 } } }"),
  rule("{ on: chat, do: { meteors: { impacts: 1.5 } } }"),
  rule("{ on: chat, comand: go, do: enter }"),
  rule("{ on: chat, gift: Rose, do: enter }"),
  rule("{ on: chat, command: [], do: enter }"),
  rule("{ on: chat, command: '', do: enter }"),
  rule("{ on: chat, cooldown: 4s, do: enter }"),
  rule("{ on: chat, cooldown: { viewer: 4 }, do: enter }"),
  rule("{ on: chat, cooldown: { viewer: 4 seconds }, do: enter }"),
  rule("{ on: chat, cooldown: { viewer: 25h }, do: enter }"),
  rule("{ on: chat, quota: { viewer: 3 }, do: enter }"),
  rule("{ on: chat, quota: { viewer: { round: 0 } }, do: enter }"),
  rule("{ on: chat, phase: playing, do: enter }"),
  rule("{ on: chat, viewer: { folower: true }, do: enter }"),
  rule("{ on: chat, viewer: { follower: yes }, do: enter }"),
  rule("{ on: chat, whenLimited: wait, do: enter }"),
  rule("{ on: chat, id: has space, do: enter }"),
  rule("{ on: chat, priority: 1.5, do: enter }"),
  rule("{ on: likes, do: pulse }"),
  rule("{ on: likes, every: 0, do: pulse }"),
  rule("{ on: gift, tier: T7, do: grow }"),
  rule("{ on: gift, value: { least: 3 }, do: grow }"),
  rule("{ on: gift, do: { grow: , target: winner } }"),
  rule("{ on: gift, do: { spikes: , lasts: { again: extend } } }"),
  rule("{ on: gift, do: { oneOf: [{ do: grow }] } }"),
  rule("{ on: crowd, viewers: 1, within: 5s, of: { on: chat }, do: pulse }"),
  rule("{ on: crowd, viewers: 3, within: 5s, of: { on: viewers }, do: pulse }"),
  rule("{ on: crowd, viewers: 3, of: { on: chat }, do: pulse }"),
  rule("{ on: meter, do: pulse }"),
  head("options: { teams: 1 }"),
  head("options: { lifes: 2 }"),
  head("words: { 'two words': hi }"),
  head("meters: { storm: { full: 0 } }"),
  head("variables: { a: { type: number, of: me } }"),
  head("queues: { q: { gap: 2 } }"),
  head("firstMatch: gifts"),
  aTest("given: { cht: hi }, expect: enter"),
  aTest("given: { chat: hi }, expect: entre"),
  aTest("given: { chat: hi }"),
  aTest("given: [], expect: nothing"),
  aTest("given: { join: false }, expect: nothing"),
];

describe("the schema and the shape", () => {
  test.each(good)("both take %s", (text) => expect(ofLastBall(parse(text))).toEqual(both(true)));
  test.each(bad)("both refuse %s", (text) => expect(ofLastBall(parse(text))).toEqual(both(false)));

  describe("of files that people get wrong", () => {
    const folder = new URL("../../fixtures/broken-rules/", import.meta.url);
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }))
      .filter(({ text }) => isYaml(text));
    it("there are many", () => expect(files.length).toBeGreaterThan(100));
    // Params of an expected call may be any words for the shape; that the action has them is for the compiler alone.
    const beyondShape = ["test-param-unknown.yaml"];
    test.each(files)("say the same of $name", ({ name, text }) => {
      const { schema, shape } = ofLastBall(parse(text));
      expect(schema).toBe(shape);
      if (beyondShape.includes(name)) expect(shape).toBe(true);
      else if (/^# expect .*RULES_UNKNOWN_(KEY|TRIGGER|ACTION)$/m.test(text)) expect(shape).toBe(false);
    });
  });

  it("take the game's own file", () => {
    const text = readFileSync(new URL("../../../shared/games/last-ball/rules.yaml", import.meta.url), "utf8");
    expect(ofLastBall(parse(text))).toEqual(both(true));
  });

  it("know each game's actions alone", () => {
    const ofTiny = judge(tinyGame);
    expect(ofTiny(parse("game: tiny\nrules: [{ on: chat, do: { jump: { size: 3 } } }]"))).toEqual(both(true));
    expect(ofTiny(parse("game: tiny\nrules: [{ on: chat, do: dash }]"))).toEqual(both(false));
  });

  it("agree on every small change of a good file", () => {
    const values = [null, true, 0, 1, -1, 2.5, 1e9, "", "x", "4s", "=x", "play", "@", [], ["go"], {}, { on: "chat" }];
    let refused = 0;
    const change = fc.record({
      file: fc.constantFrom(...good),
      at: fc.nat(60),
      key: fc.boolean(),
      to: fc.constantFrom(...values),
    });
    fc.assert(
      fc.property(change, ({ file, at, key, to }) => {
        const data = { whole: parse(file) };
        const places = placesIn(data);
        const { holder, name } = places[at % places.length]!;
        if (key && !Array.isArray(holder)) {
          holder[`${name}x`] = holder[name];
          delete holder[name];
        } else holder[name] = to;
        const { schema, shape } = ofLastBall(data.whole);
        expect(schema, JSON.stringify(data.whole)).toBe(shape);
        if (!shape) refused++;
      }),
      { numRuns: 3000 },
    );
    // Changes that are never refused, or always, would compare nothing.
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(2900);
  });
});

/** Whether the text is YAML at all; what is none has no shape. */
function isYaml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Every place in data where something stands: whose key or index it is. */
function placesIn(data: object): { holder: Record<string, unknown>; name: string }[] {
  return Object.entries(data).flatMap(([name, value]) => [
    { holder: data as Record<string, unknown>, name },
    ...(value !== null && typeof value === "object" ? placesIn(value) : []),
  ]);
}

test("a duration is the same for both", () => {
  const { definitions } = ruleFileJsonSchema(lastBall) as { definitions: { duration: { pattern: string } } };
  const pattern = new RegExp(definitions.duration.pattern, "u");
  const amount = fc.oneof(
    fc.nat(100_000_000),
    fc.constantFrom(24, 25, 1440, 1441, 86_400, 86_401, 86_400_000, 86_400_001),
    fc.constantFrom("007", "24.0", "24.5", "1.", ".5", "-1", "", "1e3"),
  );
  const unit = fc.constantFrom("ms", "s", "m", "h", "", "S", "sec", " s", "s ", "\ts", "d");
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(amount, unit, (number, letters) => {
      const text = `${number}${letters}`;
      expect(pattern.test(text), text).toBe(parseDurationTicks(text) !== undefined);
      seen[pattern.test(text) ? "taken" : "refused"]++;
    }),
    { numRuns: 2000 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(200);
});

describe("the schema", () => {
  const schema = ruleFileJsonSchema(lastBall) as JsonSchema & { definitions: Record<string, JsonSchema> };

  it("is draft-07, and says what it is", () => {
    expect(schema).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      $id: "urn:uproar:rules:last-ball",
      title: "Rules of Last Ball",
    });
  });

  it("stays small: what repeats is written once", () => {
    expect(JSON.stringify(schema).length).toBeLessThan(62_000);
  });

  it("has a sentence for every key of the language", () => {
    const { options, ...language } = schema.properties as Record<string, JsonSchema>;
    expect(options).toBeDefined();
    const keys = keysWithHelp({ ...schema, properties: language }, schema.definitions);
    expect(keys.length).toBeGreaterThan(200);
    expect(keys.filter(({ help }) => help.length < 6).map(({ key }) => key)).toEqual([]);
  });

  it("names every trigger and action", () => {
    const { rules } = schema.properties as Record<string, { items: { oneOf: { title: string }[] } }>;
    expect(rules!.items.oneOf.map(({ title }) => title)).toEqual(triggerNames.map((on) => `on: ${on}`));
    expect(schema.definitions.action).toMatchObject({
      enum: Object.keys(lastBall.actions).sort(),
      enumDescriptions: expect.arrayContaining(Object.values(lastBall.actions).map(({ summary }) => summary)),
    });
  });

  it.each(gameIds())("of %s is committed as it is now; if not, run: npm run schema", async (id) => {
    const path = new URL(`../../../shared/games/${id}/rules.schema.json`, import.meta.url);
    const now = JSON.parse(JSON.stringify(ruleFileJsonSchema(await loadGame(id))));
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(now);
  });

  it.each(gameIds())("is named by the first line of the rule file of %s", (id) => {
    const text = readFileSync(new URL(`../../../shared/games/${id}/rules.yaml`, import.meta.url), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./rules.schema.json");
  });
});

/** Every key that the schema lets a person write, with its help: its own, or that of the definition it is. */
function keysWithHelp(
  schema: unknown,
  definitions: Readonly<Record<string, JsonSchema>>,
): { key: string; help: string }[] {
  if (schema === null || typeof schema !== "object") return [];
  const { properties = {}, ...others } = schema as { properties?: Record<string, JsonSchema> };
  const own = Object.entries(properties).map(([key, of]) => {
    const whole = typeof of.$ref === "string" ? definitions[of.$ref.replace("#/definitions/", "")]! : of;
    return { key, help: String(whole.description ?? "") };
  });
  return [
    ...own,
    ...[...Object.values(properties), ...Object.values(others)].flatMap((part) => keysWithHelp(part, definitions)),
  ];
}
