/** The shape of `do`: a game's actions with their params, and the words every game has. */
import { z } from "zod";
import type { AnyGame } from "../../game/define.ts";
import { durationSchema } from "../duration.ts";
import { amount, enumOf, expression, flag, help, maxListed, text, textExpression } from "./parts.ts";

/** Most steps in one `do`. */
export const maxSteps = 20;

/** A param as the file may write it: its value, or for numbers and true/false an expression, or for texts one after "=". */
function writtenParam(schema: z.ZodType): z.ZodType {
  const { type } = z.toJSONSchema(schema, { io: "input" }) as { type?: string };
  const isText = type === "string" || type === undefined;
  const { description = "", ...meta } = schema.meta() ?? {};
  // A copy without the sentence, which then stands once: with the param.
  const value = schema.clone(schema.def).register(z.globalRegistry, meta);
  const written = isText
    ? z.union([value, textExpression])
    : type === "object" || type === "array"
      ? value
      : z.union([value, expression]);
  return help(written.optional(), description);
}

const targets = {
  me: "Who caused it.",
  leader: "Who leads now.",
  everyone: "Everybody with a body.",
  team: "Everybody in the team of who caused it.",
  random: "One at random.",
  named: "Whom the comment names.",
};
const targetSchema = help(
  z.union([
    enumOf(targets),
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
      enumOf({
        stack: "Each runs beside the others.",
        refresh: "It begins anew.",
        extend: "Its time is added.",
      }).optional(),
      "What another one does meanwhile: stack beside it, refresh it, or extend it (when missing).",
    ),
    upTo: help(durationSchema.optional(), "Longest in all, for extend."),
    most: help(z.int().min(1).max(100).optional(), "Most at once of one viewer, for stack."),
  }),
  "Sets how long the effect lasts and what another one does meanwhile.",
);

/** Words that a step may have beside the game's actions; no action may have such a name. */
export const stepWords = ["wait", "after", "target", "lasts", "set", "add", "fill", "say", "oneOf"] as const;

/** The game's actions by name, in alphabetical order: the order of a module's exports is not the same for every program that loads it. */
export const actionsOf = (game: AnyGame) => Object.entries(game.actions).sort(([a], [b]) => (a < b ? -1 : 1));

/** The game's actions as words, each with its sentence. */
export const actionNames = (game: AnyGame) =>
  enumOf(Object.fromEntries(actionsOf(game).map(([action, { summary }]) => [action, summary]))).meta({
    id: "action",
  });

/** What may stand after `do`: an action, a step, or a list of steps. `actionName` as of `actionNames`. */
export function stepsOf(game: AnyGame, actionName: z.ZodType): z.ZodType {
  const calls = Object.fromEntries(
    actionsOf(game).map(([action, { title, summary, params }]) => {
      const shape = params.shape as Record<string, z.ZodType>;
      const written = z.strictObject(
        Object.fromEntries(Object.entries(shape).map(([param, schema]) => [param, writtenParam(schema)])),
      );
      return [action, written.nullable().optional().meta({ title, description: summary })];
    }),
  );
  const step: z.ZodType = z
    .strictObject({
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
              do: help(
                z.lazy(() => steps),
                "What happens then.",
              ),
            }),
          )
          .min(2)
          .max(maxListed)
          .optional(),
        "One of these, by weight. Not for gifts: chance that is paid for is gambling.",
      ),
    })
    .meta({ title: "step" });
  const item = z.union([actionName, step]).meta({ id: "step" });
  const steps: z.ZodType = z.union([item, z.array(item).min(1).max(maxSteps)]).meta({ id: "steps" });
  return steps;
}
