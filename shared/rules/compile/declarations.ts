/** Reads what rule files declare by name: gift aliases, word lists, teams, meters, counters, variables, groups, queues. */
import type { AnyGame } from "../../game/define.ts";
import { defaultTiers, type TierTable, tierNames } from "../../game/tiers.ts";
import type {
  CompiledLimit,
  CompiledMeter,
  CompiledQueue,
  CompiledTeam,
  CompiledVariable,
  LimitScope,
  Value,
  ValueType,
} from "../compiled.ts";
import { fold, foldCommand } from "../fold.ts";
import { type Context, type Declarations, unknownName } from "./context.ts";
import { limitsAt, ticksAt } from "./limits.ts";
import { mergedSection } from "./merge.ts";
import { type Problems, quoted, type RuleSource, type Spot } from "./spot.ts";
import { foldedWords, wordSpots } from "./words.ts";

/** Numbers that a variable without bounds can hold. */
const maxNumber = Number.MAX_SAFE_INTEGER;
/** Free calls that may wait in a queue that says nothing about it. */
const defaultWaiting = 50;
const startOf: Readonly<Record<ValueType, Value>> = { number: 0, text: "", flag: false };

/** Reads all declarations of a game's rule files. */
export function readDeclarations(sources: readonly RuleSource[], game: AnyGame, problems: Problems): Declarations {
  const section = (name: string) => mergedSection(sources, name);
  const variables = new Map<string, CompiledVariable>();
  for (const [name, spot] of section("counters"))
    addVariable(variables, variableOf(name, spot, problems), spot, problems);
  for (const [name, spot] of section("variables"))
    addVariable(variables, variableOf(name, spot, problems), spot, problems);
  const meters = new Map([...section("meters")].map(([name, spot]) => [name, meterOf(name, spot)]));
  const words = new Map([...section("words")].map(([name, spot]) => [name, listOf(spot, problems)]));
  const all = sources.flatMap((source) =>
    limitsAt(source.root.at("limits"), "all").map((limit) => ({ limit, source })),
  );
  const lastSource = all.at(-1)?.source;
  const declarations = {
    gifts: new Map([...section("gifts")].map(([name, spot]) => [fold(name), giftsAt(spot)])),
    words,
    teams: [] as CompiledTeam[],
    teamNames: game.teams?.names ?? [...section("teams").keys()],
    meters,
    variables,
    groups: new Map<string, CompiledLimit[]>(
      [...section("groups")].map(([name, spot]) => [name, limitsAt(spot, `group:${name}`)]),
    ),
    queues: new Map([...section("queues")].map(([name, spot]) => [name, queueOf(name, spot)])),
    limits: all.filter(({ source }) => source === lastSource).map(({ limit }) => limit),
    declared: {
      variables: new Map([...variables].map(([name, { type }]) => [name, type])),
      meters: new Set(meters.keys()),
      words,
    },
  };
  declarations.teams.push(...teamsOf({ game, problems, declarations }, section("teams")));
  return declarations;
}

/** Prices at which tiers begin: the files' own, else the usual ones. Each tier must begin above the one before. */
export function readTiers(sources: readonly RuleSource[], problems: Problems): TierTable {
  const written = mergedSection(sources, "tiers");
  const table = { ...defaultTiers };
  for (const name of tierNames) {
    const value = written.get(name)?.value;
    if (typeof value === "number") table[name] = value;
  }
  for (const [index, name] of tierNames.entries()) {
    const before = tierNames[index - 1];
    const spot = written.get(name) ?? (before && written.get(before));
    if (!before || !spot || table[name] > table[before]) continue;
    const message = `${name} begins at ${table[name]} diamonds and ${before} at ${table[before]}. Each tier must begin above the one before.`;
    problems.add("RULES_SHAPE", spot, message);
  }
  return table;
}

/** Folded names and ids of gifts written at a spot. */
function giftsAt(spot: Spot): string[] {
  return [...new Set(spot.items.map((item) => fold(String(item.value))))];
}

function listOf(spot: Spot, problems: Problems): string[] {
  for (const item of wordSpots(spot)) {
    if (!String(item.value).startsWith("words.")) continue;
    problems.add("RULES_SHAPE", item, `${quoted(item.value)} is a list within a list. Write the words themselves.`);
  }
  return [...new Set(wordSpots(spot).map((item) => String(item.value)))];
}

function teamsOf(context: Context, written: ReadonlyMap<string, Spot>): CompiledTeam[] {
  const { game, problems } = context;
  const teams: CompiledTeam[] = [];
  const teamOfWord = new Map<string, string>();
  for (const [name, spot] of written) {
    const known = game.teams?.names;
    const official = known ? known.find((team) => fold(team) === fold(name)) : name;
    if (official === undefined) {
      problems.add("RULES_UNKNOWN_NAME", spot.keyPlace, unknownName(`team of ${game.title}`, name, known ?? []));
      continue;
    }
    const words = foldedWords(context, spot, foldCommand);
    for (const word of words) {
      const other = teamOfWord.get(word);
      if (other !== undefined)
        problems.add(
          "RULES_SHAPE",
          spot,
          `The word "${word}" joins both ${other} and ${official}. Give it to one of them.`,
        );
      teamOfWord.set(word, official);
    }
    teams.push({ name: official, words });
  }
  return teams;
}

function meterOf(name: string, spot: Spot): CompiledMeter {
  const { full, title, drain, per } = spot.value as { full: number; title?: string; drain?: number; per?: string };
  return { name, title: title ?? name, full, drainPerSecond: drain ?? 0, perRound: per === "round" };
}

function queueOf(name: string, spot: Spot): CompiledQueue {
  const { atOnce, most } = spot.value as { atOnce?: number; most?: number };
  return { name, gapTicks: ticksAt(spot.at("gap")), atOnce: atOnce ?? 0, most: most ?? defaultWaiting };
}

interface WrittenVariable {
  readonly type?: ValueType;
  readonly start?: Value;
  readonly min?: number;
  readonly max?: number;
  readonly of?: LimitScope;
  readonly per?: "round" | "show";
}

function variableOf(name: string, spot: Spot, problems: Problems): CompiledVariable {
  const {
    type = "number",
    start,
    min = -maxNumber,
    max = maxNumber,
    of = "everyone",
    per,
  } = (spot.value ?? {}) as WrittenVariable;
  const fitting = start !== undefined && typeOf(start) === type ? start : startOf[type];
  if (start !== undefined && typeOf(start) !== type) {
    const message = `${quoted(start)} is no ${type}. Write "type: ${typeOf(start)}" beside it, or another start.`;
    problems.add("RULES_SHAPE", spot.at("start"), message);
  }
  if (min > max)
    problems.add(
      "RULES_SHAPE",
      spot.at("min"),
      `The least value ${min} is above the most, ${max}. Change one of them.`,
    );
  else if (typeof fitting === "number" && (fitting < min || fitting > max)) {
    const at = spot.at("start").exists ? spot.at("start") : spot.at(min > 0 ? "min" : "max");
    problems.add("RULES_SHAPE", at, `It starts at ${fitting}, which is not between ${min} and ${max}. Change "start".`);
  }
  const bound = spot.at("min").exists ? spot.at("min") : spot.at("max");
  if (type !== "number" && bound.exists) {
    problems.addAtKey(
      "RULES_SHAPE",
      bound,
      `Only numbers have a least and a most value; this is a ${type}. Take it out.`,
    );
  }
  return { name, type, start: fitting, min, max, of, perRound: per === "round" };
}

function addVariable(
  variables: Map<string, CompiledVariable>,
  variable: CompiledVariable,
  spot: Spot,
  problems: Problems,
): void {
  if (variables.has(variable.name)) {
    const message = `${quoted(variable.name)} is the name of a counter too. Give one of them another name.`;
    problems.addAtKey("RULES_DUPLICATE_ID", spot, message);
  }
  variables.set(variable.name, variable);
}

function typeOf(value: Value): ValueType {
  return typeof value === "number" ? "number" : typeof value === "string" ? "text" : "flag";
}
