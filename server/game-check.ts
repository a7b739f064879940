/** Check of a game's declaration before it plays: whoever made it, all that the engine takes for granted is there, or a sentence says what is not. */
import { z } from "zod";
import { type AnyGame, defineGame } from "../shared/game/define.ts";
import { phaseNames } from "../shared/game/phases.ts";
import { ruleFileJsonSchema } from "../shared/rules/json-schema.ts";
import { createTestShow } from "../shared/sdk/test-show.ts";
import { faultOf } from "./game-modules.ts";
import type { GamePlace } from "./game-places.ts";
import { UserError } from "./user-error.ts";

/** A field that holds a function. */
const hook = z.custom<(...args: never[]) => unknown>((value) => typeof value === "function", "must be a function");
const text = z.string({ error: "must be a text" }).trim().min(1, { error: "must not be empty" });
/** Anything that zod made. */
const schema = z.custom<z.ZodType>(
  (value) => typeof (value as Partial<z.ZodType> | undefined)?.safeParse === "function",
  "must be a zod schema",
);
const objectSchema = z.custom<z.ZodObject>(
  (value) => typeof (value as Partial<z.ZodObject> | undefined)?.shape === "object",
  "must be z.object({ ... }) or z.strictObject({ ... })",
);
const length = z.number({ error: "must be a number" });
const seconds = length.min(0, { error: "must be 0 or more" }).max(36_000, { error: "must be 36000 or less" });
const size = length.min(200, { error: "must be 200 or more" }).max(100_000, { error: "must be 100000 or less" });

const action = z.strictObject({
  title: text,
  summary: text,
  params: objectSchema,
  phases: z.array(z.enum(phaseNames, { error: `must be one of ${phaseNames.join(", ")}` })).optional(),
  lasts: text.optional(),
  apply: hook,
});

const players = z.strictObject({
  fields: hook,
  renew: hook.optional(),
  most: hook,
  least: length.int().min(1).optional(),
  admits: hook.optional(),
  body: hook,
  left: hook.optional(),
  turns: z.enum(["rounds", "acts"], { error: 'must be "rounds" or "acts"' }).optional(),
  seats: hook.optional(),
  seatRadius: length.positive().optional(),
  bots: z.strictObject({ fillTo: hook, step: hook.optional() }).optional(),
  teams: z
    .strictObject({
      names: z.array(text).min(2, { error: "must name two teams or more" }),
      active: hook,
      lead: length.int().min(0).optional(),
      changeIn: z.array(z.enum(phaseNames)).optional(),
    })
    .optional(),
});

/** What `defineGame` takes, as far as values can tell it. */
const declaration = z.strictObject({
  id: text.regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'must be small letters, digits and "-", such as "my-game"' }),
  title: text,
  summary: text,
  world: z.strictObject({
    width: size,
    height: size,
    gravity: length,
    maxEntities: length.int().min(1, { error: "must be 1 or more" }).max(2000, { error: "must be 2000 or less" }),
  }),
  layout: z.strictObject({ view: z.strictObject({ width: size, height: size }).optional() }).optional(),
  options: schema.optional(),
  phases: z
    .strictObject(
      Object.fromEntries(
        phaseNames.map((name) => [
          name,
          z
            .strictObject({ seconds, min: seconds.optional(), max: seconds.optional(), summary: text.optional() })
            .optional(),
        ]),
      ),
    )
    .optional(),
  actions: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, { error: 'must be named like "bigJump"' }), action),
  boards: z.strictObject({ round: text, show: text }).optional(),
  bank: z.strictObject({ gapTicks: length.int().min(1).optional(), summary: text }).optional(),
  players: players.optional(),
  host: z.looseObject({}).optional(),
  create: hook,
  newRound: hook.optional(),
  enterPhase: hook.optional(),
  step: hook,
  afterStep: hook.optional(),
  camera: hook.optional(),
  hud: hook.optional(),
  props: hook.optional(),
  needs: hook.optional(),
  snapshot: hook.optional(),
});

/**
 * The game that a module exports, its defaults filled in. Throws a UserError that names the file and each field that is wrong; also when
 * the game throws as soon as it begins.
 */
export function checkGame(exported: unknown, place: Pick<GamePlace, "entry" | "folder" | "shown">): AnyGame {
  const file = place.entry === "" ? place.shown : shownEntry(place);
  if (exported === undefined) {
    throw new UserError(`${file} has no default export. It needs: export default defineGame({ ... }).`);
  }
  const parsed = declaration.safeParse(exported);
  if (!parsed.success) {
    const lines = parsed.error.issues.flatMap(wordsOf);
    throw new UserError(`${file} declares no game that can be played:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }
  const declared = exported as AnyGame;
  const isWhole = ["options", "phases", "boards", "hud"].every((field) => field in declared);
  const game = isWhole ? declared : defineGame(declared);
  refuseOptions(game, file);
  refuseBeginning(game, file, place.folder);
  return game;
}

function shownEntry({ entry, folder, shown }: Pick<GamePlace, "entry" | "folder" | "shown">): string {
  const inside = entry.startsWith(folder) ? entry.slice(folder.length).replaceAll("\\", "/") : `/${entry}`;
  return shown.endsWith(inside) ? shown : `${shown.replace(/[/\\]$/, "")}${inside}`;
}

type Issue = z.core.$ZodIssue;

function wordsOf(issue: Issue): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${at === "" ? "" : `${at}.`}${key}: is nothing that a game has`);
  }
  if (issue.code === "invalid_key") return [`${at}: ${issue.issues[0]?.message ?? issue.message}`];
  const isMissing = issue.code === "invalid_type" && /received undefined$/.test(issue.message);
  return [`${at === "" ? "default export" : at}: ${isMissing ? "is missing" : issue.message}`];
}

/** Options have defaults, and of all that a rule file may say a schema can be made. */
function refuseOptions(game: AnyGame, file: string): void {
  const options = game.options.safeParse({});
  if (!options.success) {
    const fields = options.error.issues.map(({ path }) => path.map(String).join(".")).join(", ");
    throw new UserError(
      `${file}: every option needs a default, as in z.number().default(1); these have none: ${fields}.`,
    );
  }
  try {
    ruleFileJsonSchema(game);
  } catch (error) {
    throw new UserError(
      `${file}: no schema can be made of its options and params: ${(error as Error).message} Use plain fields, without transforms.`,
      { cause: error },
    );
  }
}

/** A game that throws in its first ticks would never play. */
function refuseBeginning(game: AnyGame, file: string, folder: string): void {
  try {
    createTestShow({ game }).run(2);
  } catch (error) {
    throw new UserError(`${file}: the game cannot begin. ${faultOf(error, folder)}`, { cause: error });
  }
}
