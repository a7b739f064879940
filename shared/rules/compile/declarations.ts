/** Reads what rule files declare by name: gift aliases, word lists, teams, meters, counters, variables, groups, queues. */
import { type AnyGame, ownTeams } from "../../game/define.ts";
import { defaultTiers, type TierTable, tierNames } from "../../game/tiers.ts";
import type {
  CompiledLimit,
  CompiledMeter,
  CompiledQueue,
  CompiledTeam,
  CompiledVariable,
  GiftName,
  LimitScope,
  Value,
  ValueType,
} from "../compiled.ts";
import { fold, foldCommand } from "../fold.ts";
import { type Context, type Declarations, unknownName } from "./context.ts";
import { giftNameAt, namedOnce } from "./filter.ts";
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
  const giftNames = new Map([...section("gifts")].map(([name, spot]) => [fold(name), giftsAt(spot)]));
  const words = new Map([...section("words")].map(([name, spot]) => [name, listOf(spot, problems)]));
  const all = sources.flatMap((source) =>
    limitsAt(source.root.at("limits"), "all").map((limit) => ({ limit, source })),
  );
  const lastSource = all.at(-1)?.source;
  const declarations = {
    gifts: new Map([...giftNames].map(([alias, gifts]) => [alias, gifts.map(({ name }) => name)])),
    giftNames,
    words,
    teams: [] as CompiledTeam[],
    teamNames: ownTeams(game) ?? [...section("teams").keys()],
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
  declarations.teams.push(...teamsOf({ game, ranges: new Map(), problems, declarations }, section("teams")));
  return declarations;
}

/** Prices at which tiers begin: the files' own, else the usual ones. Each tier must begin above the one before. */
export function readTiers(sources: readonly RuleSource[], problems: Problems): TierTable {
  const written = mergedSection(sources, "tiers");
  const table = { ...defaultTiers };
  for (const name of tierNames) {
    table[name] = written.get(name)?.number ?? table[name];
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

/** Names and ids of gifts written at a spot, each once. */
function giftsAt(spot: Spot): readonly GiftName[] {
  return namedOnce(spot.soundItems.map(giftNameAt));
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
    const known = ownTeams(game);
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
  return {
    name,
    title: spot.at("title").text ?? name,
    full: spot.at("full").number ?? 1,
    drainPerSecond: spot.at("drain").number ?? 0,
    perRound: spot.at("per").text === "round",
  };
}

function queueOf(name: string, spot: Spot): CompiledQueue {
  const [gap, atOnce, most] = [spot.at("gap"), spot.at("atOnce"), spot.at("most")];
  return { name, gapTicks: ticksAt(gap), atOnce: atOnce.number ?? 0, most: most.number ?? defaultWaiting };
}

function variableOf(name: string, spot: Spot, problems: Problems): CompiledVariable {
  const [typeSpot, start, least, most] = [spot.at("type"), spot.at("start"), spot.at("min"), spot.at("max")];
  const type = (typeSpot.text ?? "number") as ValueType;
  const [min, max] = [least.number ?? -maxNumber, most.number ?? maxNumber];
  const written = start.number ?? start.text ?? start.flag;
  const fitting = written !== undefined && typeOf(written) === type ? written : startOf[type];
  if (written !== undefined && typeOf(written) !== type && (typeSpot.isSound || !typeSpot.exists)) {
    const message = `${quoted(written)} is no ${type}. Write "type: ${typeOf(written)}" beside it, or another start.`;
    problems.add("RULES_SHAPE", start, message);
  }
  if (min > max) {
    problems.add("RULES_SHAPE", least, `The least value ${min} is above the most, ${max}. Change one of them.`);
  } else if (typeof fitting === "number" && (fitting < min || fitting > max)) {
    const at = start.exists ? start : min > 0 ? least : most;
    const bound = fitting < min ? `below its least value, ${min}` : `above its most, ${max}`;
    problems.add("RULES_SHAPE", at, `It starts at ${fitting}, ${bound}. Change "start".`);
  }
  const bound = least.exists ? least : most;
  if (type !== "number" && bound.exists) {
    const message = `Only numbers have a least and a most value; this is a ${type}. Take it out.`;
    problems.addAtKey("RULES_SHAPE", bound, message);
  }
  const of = (spot.at("of").text ?? "everyone") as LimitScope;
  return { name, type, start: fitting, min, max, of, perRound: spot.at("per").text === "round" };
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
