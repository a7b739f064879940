/** Tables of a game's README, made of its declaration: phases, actions with their params, options. A test compares them with the file. */
import { z } from "zod";
import { type AnyGame, actingPhases } from "../game/define.ts";
import { phaseNames } from "../game/phases.ts";

/** Lines between which the tables stand in a README. */
const begin = "<!-- tables: made from the declaration by `npm run schema` -->";
const end = "<!-- end of tables -->";

/** A README with its tables brought up to date. Throws an Error when it has no place for them. */
export function readmeWithTables(readme: string, game: AnyGame): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The README of ${game.id} needs the lines "${begin}" and "${end}".`);
  return `${readme.slice(0, from)}${begin}\n${gameTables(game)}\n${readme.slice(to)}`;
}

/** All tables of a game, as Markdown. */
export function gameTables(game: AnyGame): string {
  const { properties = {} } = schemaOf(game.options);
  return [
    "### Actions",
    ...tableOf(["action", "acts in", "does", "params"], actionRows(game)),
    "",
    "### Options",
    ...tableOf(["option", "default", "range", "what it is"], fieldRows(properties)),
  ].join("\n");
}

function actionRows(game: AnyGame): string[][] {
  // By name: actions that are a module's exports come in one order here and in another there.
  const actions = Object.entries(game.actions).sort(([a], [b]) => (a < b ? -1 : 1));
  return actions.map(([name, action]) => {
    const phases = actingPhases(action);
    const { properties = {} } = schemaOf(action.params);
    const params = fieldRows(properties).map(([param, fallback, range, what]) => {
      const limits = [fallback && `default ${fallback}`, range].filter(Boolean).join(", ");
      return `${param}: ${what}${limits ? ` (${limits})` : ""}`;
    });
    const when = phases.length === phaseNames.length ? "every phase" : phases.join(", ");
    return [`\`${name}\` (${action.title})`, when, action.summary, params.join("<br>")];
  });
}

/** What the tables need of a field's JSON Schema. */
interface Field {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Field>>;
}

function schemaOf(type: z.ZodType): Field {
  return z.toJSONSchema(type, { io: "input" }) as Field;
}

/** Name, default, range and sentence of each field; those within another one as `outer.inner`. */
function fieldRows(fields: Readonly<Record<string, Field>>, outer = ""): string[][] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.properties) return fieldRows(field.properties, `${outer}${name}.`);
    const fallback = field.default === undefined ? "" : `\`${shown(field.default)}\``;
    return [[`\`${outer}${name}\``, fallback, rangeOf(field), field.description ?? ""]];
  });
}

function rangeOf({ minimum, maximum, enum: choices, type }: Field): string {
  if (choices) return choices.map((choice) => `\`${shown(choice)}\``).join(", ");
  if (type === "boolean") return "`true`, `false`";
  // JSON Schema gives whole numbers without a limit the largest there is.
  const least = minimum === undefined || minimum < -1e9 ? "" : String(minimum);
  const most = maximum === undefined || maximum > 1e9 ? "" : String(maximum);
  if (least !== "" && most !== "") return `${least} to ${most}`;
  return least === "" ? most && `up to ${most}` : `from ${least}`;
}

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)];
}
