/**
 * The rule file's shape, derived from a game: what may stand where, said once. `check` refuses what it refuses, and the JSON Schema
 * that editors complete from is made of it. What only makes sense together (names that must be declared, expressions) is compile.ts.
 */
import { z } from "zod";
import type { AnyGame } from "../game/define.ts";
import { phaseNames } from "../game/phases.ts";
import { tierNames } from "../game/tiers.ts";
import { durationSchema } from "./duration.ts";
import { type TriggerName, triggers } from "./triggers.ts";

/** Most rules in one show (included ones among them), steps in one `do`, entries of a list, tests. */
export const maxRules = 1000;
export const maxSteps = 20;
export const maxListed = 200;
export const maxTests = 300;
/** Longest expression or text. */
export const maxTextLength = 500;

const help = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description }) as T;
const word = z.string().min(1).max(60);
const text = z.string().min(1).max(maxTextLength);
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1).max(maxListed)]);
/** Words, or `words.NAME` for a declared list; by language where wished: `{ en: [go], es: [corre] }`. */
const words = z.union([word, z.array(word).min(1).max(maxListed), z.record(z.string(), oneOrMore(word))]);
const name = z
  .string()
  .regex(/^[A-Za-z]\w{0,39}$/, { error: "a name has letters, digits and _ only and begins with a letter" });
const expression = text;
const amount = z.union([z.number(), expression]);
const wholeFrom = (least: number) => z.int().min(least).max(100_000_000);
const tier = z.enum(tierNames);
const phase = z.enum(phaseNames);
const compliance = z.array(z.string().min(1).max(60)).max(20);
const flag = z.boolean();

const cooldowns = z.strictObject({
  viewer: help(durationSchema.optional(), "At most once in this time for each viewer."),
  team: help(durationSchema.optional(), "At most once in this time for each team."),
  everyone: help(durationSchema.optional(), "At most once in this time, whoever does it."),
});
const quotaPer = z.strictObject({
  round: wholeFrom(1).optional(),
  show: wholeFrom(1).optional(),
  day: wholeFrom(1).optional(),
});
const quotas = z.strictObject({
  viewer: quotaPer.optional(),
  team: quotaPer.optional(),
  everyone: quotaPer.optional(),
});
const limits = {
  cooldown: help(cooldowns.optional(), "How much time must pass. A gift is never lost to it: it waits."),
  quota: help(quotas.optional(), "How often at most, per round, show or day."),
};

const viewerCondition = z.strictObject({
  follower: flag.optional(),
  subscriber: flag.optional(),
  moderator: flag.optional(),
  owner: flag.optional(),
  team: help(oneOrMore(word).optional(), "Team or teams of the viewer."),
  platform: oneOrMore(word).optional(),
  handle: help(oneOrMore(word).optional(), "The viewer's @name or names."),
  gifterLevel: help(wholeFrom(1).optional(), "Least gifter level."),
  teamLevel: help(wholeFrom(1).optional(), "Least level in the fan club."),
});

/** Keys of every rule but `do`, which depends on the game. */
const common = {
  id: help(
    z
      .string()
      .regex(/^[\w-]{1,60}$/, { error: "an id has letters, digits, - and _ only" })
      .optional(),
    "Names the rule in the ledger and in explanations. A rule with the id of an included one takes its place.",
  ),
  off: help(flag.optional(), "Switches the rule off."),
  phase: help(
    oneOrMore(phase).optional(),
    "Only in this phase of the round. A gift that comes in another one waits for it.",
  ),
  source: help(oneOrMore(word).optional(), "Only from this source or platform."),
  viewer: help(viewerCondition.optional(), "Only for such viewers."),
  if: help(expression.optional(), 'Only when this is true: "diamonds > 99 && viewer.follower".'),
  ...limits,
  group: help(name.optional(), "Group whose limits it shares."),
  whenLimited: help(
    z.enum(["drop", "merge", "queue", "extend", "bank"]).optional(),
    "What happens to an act that meets a limit: drop (never for gifts), merge with the one that waits, queue for the next free moment, extend the effect that runs, bank for the next round.",
  ),
  queue: help(name.optional(), "Queue it goes through."),
  priority: help(z.int().min(-1000).max(1000).optional(), "Higher ones are asked first; 0 when missing."),
  stop: help(flag.optional(), "When it fires, later rules are not asked about this event."),
  allow: help(compliance.optional(), "Compliance findings you allow knowingly for this rule."),
} as const;

const giftFilter = {
  gift: help(
    oneOrMore(z.union([z.string().min(1).max(120), z.int()])).optional(),
    "Name(s), id(s) or declared alias(es). A rule that names the gift goes before rules by tier or value.",
  ),
  tier: help(oneOrMore(tier).optional(), "By what one unit is worth."),
  value: help(
    z.strictObject({ from: z.number().min(0).optional(), to: z.number().min(0).optional() }).optional(),
    "Price of one unit in diamonds, both ends included.",
  ),
  also: help(flag.optional(), "Of a rule by tier or value: fires also for gifts that another rule names."),
};
const contains = help(words.optional(), "Word(s), one of which stands anywhere in the text.");
const crossing = {
  reaches: help(wholeFrom(1).optional(), "When the number reaches this from below."),
  falls: help(wholeFrom(1).optional(), "When the number falls below this."),
};

/** Keys that say what an event must be, by trigger; a trigger without a line here has none. */
const filters = {
  chat: {
    command: help(
      words.optional(),
      'Word(s) the comment starts with, with or without "!"; case, width and accents do not matter. "@" for a comment that names somebody. Any comment when missing.',
    ),
    contains,
  },
  gift: giftFilter,
  "combo.end": giftFilter,
  likes: { every: help(wholeFrom(1), "Likes of the whole room that fill the meter once.") },
  like: {
    every: help(wholeFrom(1).optional(), "Likes of the viewer's own that it takes; each like message when missing."),
  },
  subscribe: { months: help(wholeFrom(1).optional(), "Least months.") },
  emote: { emote: help(oneOrMore(word).optional(), "Id(s) of the emote.") },
  raid: { viewers: help(wholeFrom(1).optional(), "Least people brought along.") },
  redeem: { reward: help(oneOrMore(z.string().min(1).max(120)).optional(), "Title(s) or id(s) of the reward.") },
  pin: { contains },
  caption: { contains },
  battle: {
    state: help(oneOrMore(z.enum(["preparing", "starting", "active", "ended"])).optional(), "State it comes into."),
  },
  viewers: crossing,
  timer: {
    every: help(durationSchema.optional(), "Again and again after this time."),
    after: help(durationSchema.optional(), "Once, this long after the beginning of what `of` says."),
    of: help(z.enum(["show", "round", "phase"]).optional(), "phase when missing."),
  },
  meter: { meter: help(name, "Declared meter that is full.") },
} as const satisfies Partial<Record<TriggerName, Readonly<Record<string, z.ZodType>>>>;

const filterOf = (on: TriggerName): Readonly<Record<string, z.ZodType>> =>
  Object.hasOwn(filters, on) ? filters[on as keyof typeof filters] : {};

const eventTriggers = (Object.keys(triggers) as TriggerName[]).filter((on) => triggers[on].event !== "");

/** What N viewers must do: a trigger with its own keys. */
const crowdOf = () =>
  z.discriminatedUnion(
    "on",
    eventTriggers
      .filter((on) => (triggers[on].names as readonly string[]).includes("viewer"))
      .map((on) => z.strictObject({ on: z.literal(on), ...filterOf(on) })) as unknown as [z.ZodObject],
  );

/** One kind of rule per trigger, told apart by `on`. */
function ruleKinds(steps: z.ZodType) {
  return (Object.keys(triggers) as TriggerName[]).map((on) =>
    z.strictObject({
      on: help(z.literal(on), `Fires when ${triggers[on].summary}.`),
      ...filterOf(on),
      ...(on === "crowd" && {
        viewers: help(z.int().min(2).max(5000), "So many different viewers."),
        within: help(durationSchema, "Within this time."),
        of: help(crowdOf(), "Do this."),
      }),
      ...common,
      do: help(steps, "What happens: an action, an action with params, or a list of steps."),
    }),
  );
}

/** A param as the file may write it: its value, or for numbers and true/false an expression, or for texts one after "=". */
function writtenParam(schema: z.ZodType): z.ZodType {
  const { type } = z.toJSONSchema(schema, { io: "input" }) as { type?: string };
  const isText = type === "string" || type === undefined;
  const description = schema.meta()?.description ?? "";
  const written = isText
    ? z.union([schema, z.string().regex(/^=/)])
    : type === "object" || type === "array"
      ? schema
      : z.union([schema, expression]);
  return help(written.optional(), description);
}

const targetSchema = help(
  z.union([
    z.enum(["me", "leader", "everyone", "team", "random", "named"]),
    z
      .string()
      .regex(/^@./, { error: 'expected me, leader, everyone, team, random, named, or a viewer such as "@ana"' }),
  ]),
  "Whose body: me (when missing), the leader's, everyone's, my team's, one at random, the one the comment names, or a viewer's by @name.",
);
const lasts = help(
  z.strictObject({
    for: help(z.union([durationSchema, expression]), "How long one lasts: a duration, or an expression in seconds."),
    again: help(
      z.enum(["stack", "refresh", "extend"]).optional(),
      "What another one does meanwhile: stack beside it, refresh it, or extend it (when missing).",
    ),
    upTo: help(durationSchema.optional(), "Longest in all, for extend."),
    most: help(z.int().min(1).max(100).optional(), "Most at once of one viewer, for stack."),
  }),
  "Sets how long the effect lasts and what another one does meanwhile.",
);

/** Words that a step may have beside the game's actions; no action may have such a name. */
export const stepWords = ["wait", "after", "target", "lasts", "set", "add", "fill", "say", "oneOf"] as const;

function stepSchema(game: AnyGame): z.ZodType {
  const names = Object.keys(game.actions);
  const calls = Object.fromEntries(
    Object.entries(game.actions).map(([action, { summary, params }]) => {
      const shape = params.shape as Record<string, z.ZodType>;
      const written = z.strictObject(
        Object.fromEntries(Object.entries(shape).map(([param, schema]) => [param, writtenParam(schema)])),
      );
      return [action, help(written.nullable().optional(), summary)];
    }),
  );
  const step: z.ZodType = z.strictObject({
    ...calls,
    wait: help(durationSchema.optional(), "Later steps of the list act this much later."),
    after: help(durationSchema.optional(), "This step acts this much later."),
    target: targetSchema.optional(),
    lasts: lasts.optional(),
    set: help(
      z.record(z.string(), z.union([z.number(), flag, expression])).optional(),
      "Sets variables: { name: value or expression }.",
    ),
    add: help(z.record(z.string(), amount).optional(), "Adds to counters and number variables."),
    fill: help(z.record(z.string(), amount).optional(), "Fills meters; negative numbers drain."),
    say: help(text.optional(), "Line in the stage's feed; {expressions} in braces."),
    oneOf: help(
      z
        .array(
          z.strictObject({
            weight: help(z.number().min(0.001).max(1000).optional(), "1 when missing."),
            do: z.lazy(() => steps),
          }),
        )
        .min(2)
        .max(maxListed)
        .optional(),
      "One of these, by weight. Not for gifts: chance that is paid for is gambling.",
    ),
  });
  const item = z.union([z.enum(names as [string, ...string[]]), step]).meta({ id: "step" });
  const steps: z.ZodType = z.union([item, z.array(item).min(1).max(maxSteps)]).meta({ id: "steps" });
  return steps;
}

const tiersSchema = z
  .strictObject(Object.fromEntries(tierNames.map((tierName) => [tierName, z.number().min(0).max(10_000_000)])))
  .partial();

const variable = z.strictObject({
  type: help(z.enum(["number", "text", "flag"]).optional(), "number when missing."),
  start: z.union([z.number(), flag, z.string().max(maxTextLength)]).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  of: help(
    z.enum(["viewer", "team", "everyone"]).optional(),
    "Whose: one of each viewer or team, or one for everyone (when missing).",
  ),
  per: help(z.enum(["round", "show"]).optional(), "Back to its start each round, or kept for the show (when missing)."),
});

/** An event or pause in a test. */
const testStep = z.strictObject({
  chat: z.string().max(maxTextLength).optional(),
  gift: z.union([z.string().min(1).max(120), z.int()]).optional(),
  "combo.end": z.union([z.string().min(1).max(120), z.int()]).optional(),
  likes: help(wholeFrom(1).optional(), "Likes of this viewer; the room's total grows by as many."),
  join: z.literal(true).optional(),
  follow: z.literal(true).optional(),
  share: z.literal(true).optional(),
  subscribe: z.literal(true).optional(),
  emote: word.optional(),
  raid: wholeFrom(0).optional(),
  redeem: z.string().min(1).max(120).optional(),
  envelope: z.literal(true).optional(),
  pin: z.string().max(maxTextLength).optional(),
  intro: z.string().max(maxTextLength).optional(),
  caption: z.string().max(maxTextLength).optional(),
  battle: z.enum(["preparing", "starting", "active", "ended"]).optional(),
  battleScores: z.array(z.int()).max(16).optional(),
  viewers: wholeFrom(0).optional(),
  streamStart: z.literal(true).optional(),
  streamEnd: z.literal(true).optional(),
  error: z.string().max(200).optional(),
  wait: help(durationSchema.optional(), "Time passes."),
  phase: help(phase.optional(), "This phase begins."),
  by: help(word.optional(), "Handle of who does it; ana when missing."),
  viewer: help(viewerCondition.optional(), "What the viewer is."),
  source: word.optional(),
  count: help(wholeFrom(1).optional(), "Units of a gift."),
  value: help(z.number().min(0).optional(), "Price of one unit in diamonds; 1 when missing."),
  combo: help(wholeFrom(1).optional(), "Running total of the combo this gift is a step of."),
  months: wholeFrom(0).optional(),
});

const testSchema = (game: AnyGame) => {
  const names = Object.keys(game.actions) as [string, ...string[]];
  const call = z.strictObject({
    ...Object.fromEntries(names.map((action) => [action, z.record(z.string(), z.unknown()).nullable().optional()])),
    by: help(word.optional(), "Handle of whose body moves."),
    rule: help(word.optional(), "Id of the rule that calls it."),
    times: help(z.int().min(1).max(100).optional(), "So often in a row."),
  });
  return z.strictObject({
    name: help(text, "What it shows, as a sentence."),
    in: help(phase.optional(), "Phase it begins in; play when missing."),
    given: z.union([testStep, z.array(testStep).min(1).max(maxListed)]),
    expect: help(
      z.union([z.literal("nothing"), z.enum(names), call, z.array(z.union([z.enum(names), call])).max(maxListed)]),
      "Exactly these actions, in this order; `nothing` for none.",
    ),
  });
};

/** The whole file, for a game. `rules` may be missing in a file that includes others. */
export function ruleFileSchema(game: AnyGame) {
  const steps = stepSchema(game);
  return z.strictObject({
    game: help(z.literal(game.id), `The game these rules are for: ${game.title}.`),
    include: help(oneOrMore(text).optional(), "Rule file(s) in the same folder or below that this one builds on."),
    options: help(game.options.optional(), "What you can tune in the game. Changes take effect with the next round."),
    tiers: help(tiersSchema.optional(), "Smallest price of one unit for each tier, in diamonds."),
    gifts: help(
      z.record(name, oneOrMore(z.union([z.string().min(1).max(120), z.int()]))).optional(),
      "Aliases: one word for several gifts, by name or id.",
    ),
    words: help(z.record(name, words).optional(), "Word lists, used as words.NAME."),
    teams: help(z.record(word, words).optional(), "Teams by name, each with the words that join it."),
    meters: help(
      z
        .record(
          name,
          z.strictObject({
            full: help(z.number().min(1).max(100_000_000), "Amount at which it is full."),
            title: help(z.string().min(1).max(40).optional(), "On the stage; the name when missing."),
            drain: help(z.number().min(0).optional(), "Lost per second."),
            per: help(z.enum(["round", "show"]).optional(), "Emptied each round, or kept for the show (when missing)."),
          }),
        )
        .optional(),
      "Meters that rules fill and `on: meter` waits for.",
    ),
    counters: help(
      z
        .record(name, z.union([z.null(), z.strictObject({ of: variable.shape.of, per: variable.shape.per })]))
        .optional(),
      "Whole numbers that begin at 0 and are added to.",
    ),
    variables: help(z.record(name, variable).optional(), "Values that rules set and expressions read as vars.NAME."),
    groups: help(z.record(name, z.strictObject(limits)).optional(), "Limits that several rules share."),
    limits: help(z.strictObject(limits).optional(), "Limits that all rules share. Gifts wait for them too."),
    queues: help(
      z
        .record(
          name,
          z.strictObject({
            gap: help(durationSchema.optional(), "Between two starts."),
            atOnce: help(
              z.int().min(1).max(100).optional(),
              "Lasting effects that run at once; no bound when missing.",
            ),
            most: help(
              z.int().min(1).max(1000).optional(),
              "Free calls that may wait, 50 when missing. Gifts always find a place.",
            ),
          }),
        )
        .optional(),
      "Queues for rules whose effects must not pile up.",
    ),
    firstMatch: help(
      z.union([flag, oneOrMore(z.enum(Object.keys(triggers) as [TriggerName, ...TriggerName[]]))]).optional(),
      "Only the first rule that fires counts: for all events, or for these triggers.",
    ),
    allow: help(compliance.optional(), "Compliance findings you allow knowingly for the whole file."),
    rules: help(
      z
        .array(z.discriminatedUnion("on", ruleKinds(steps) as unknown as [z.ZodObject]))
        .max(maxRules)
        .optional(),
      "What happens when. All rules that fit an event fire, from top to bottom.",
    ),
    tests: help(z.array(testSchema(game)).max(maxTests).optional(), "What these rules should do; `check` runs them."),
  });
}

/** Keys of a rule with this trigger, for hints. */
export function keysOfRule(on: TriggerName): string[] {
  return [
    "on",
    ...Object.keys(filterOf(on)),
    ...(on === "crowd" ? ["viewers", "within", "of"] : []),
    ...Object.keys(common),
    "do",
  ];
}
