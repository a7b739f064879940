/** Names that expressions know: their types, how each is read from the scope, and what to say about one that is not known. */
import type { Scope, Value, ValueType } from "../compiled.ts";
import { didYouMean } from "../problem.ts";
import { type EventName, type TriggerName, triggerNames, triggers } from "../triggers.ts";

/** What a file declares, by name. */
export interface Declared {
  /** Variables and counters. */
  readonly variables: ReadonlyMap<string, ValueType>;
  readonly meters: ReadonlySet<string>;
  readonly words: ReadonlyMap<string, readonly string[]>;
}

/** A name with its type and its value now. */
export interface KnownName {
  readonly type: ValueType | "texts";
  read(scope: Scope): Value | readonly string[];
}

/** A name that cannot stand where it stands: why, and how to mend it. */
export interface NameProblem {
  readonly problem: string;
}

type Fields<T> = { readonly [K in keyof T]: ValueType };
type Plain = Exclude<keyof Scope, "gift" | "viewer" | "vars" | "meters">;

/** Types of the names without a dot. */
export const plainTypes = {
  count: "number",
  diamonds: "number",
  tier: "text",
  combo: "number",
  text: "text",
  argument: "text",
  number: "number",
  likes: "number",
  months: "number",
  cost: "number",
  reward: "text",
  phase: "text",
  round: "number",
  seconds: "number",
  secondsLeft: "number",
  watching: "number",
  playing: "number",
} as const satisfies Readonly<Record<Plain, ValueType>>;

/** Types of what stands behind `gift.` and `viewer.`. */
export const fieldTypes = {
  gift: { name: "text", id: "text", value: "number" } satisfies Fields<Scope["gift"]>,
  viewer: {
    name: "text",
    handle: "text",
    platform: "text",
    team: "text",
    follower: "flag",
    subscriber: "flag",
    moderator: "flag",
    owner: "flag",
    gifterLevel: "number",
    teamLevel: "number",
  } satisfies Fields<Scope["viewer"]>,
} as const;

/** Names that some triggers give; every other name is known everywhere. */
const eventNames: ReadonlySet<string> = new Set(triggerNames.flatMap((on) => triggers[on].names));
const groupNames = ["gift", "viewer", "vars", "meters", "words"];

export const zeroOf = { number: 0, text: "", flag: false } as const satisfies Record<ValueType, Value>;

/** A number that can be used: what is none, or is endless, is 0; so is -0. */
export function finite(value: number): number {
  return Number.isFinite(value) ? value + 0 : 0;
}

/** The value if it has the type, else the type's zero: whatever a scope holds, an expression gets what it was checked for. */
export function typedValue(value: unknown, type: ValueType): Value {
  if (type === "number") return typeof value === "number" ? finite(value) : 0;
  return typeof value === (type === "text" ? "string" : "boolean") ? (value as Value) : zeroOf[type];
}

/** A name without a dot under this trigger ("" for none). */
export function plainName(name: string, on: TriggerName | ""): KnownName | NameProblem {
  if (groupNames.includes(name)) return { problem: groupAlone(name) };
  if (!Object.hasOwn(plainTypes, name)) return { problem: unknown(name, on) };
  const missing = notUnder(name, on);
  if (missing) return { problem: missing };
  const key = name as Plain;
  const type = plainTypes[key];
  return { type, read: (scope) => typedValue(scope[key], type) };
}

/** A name with a dot, such as `viewer.team` or `vars.hits`. */
export function dottedName(
  group: string,
  field: string,
  on: TriggerName | "",
  declared: Declared,
): KnownName | NameProblem {
  if (group === "vars") return variable(field, declared);
  if (group === "meters") return meter(field, declared);
  if (group === "words") return wordList(field, declared);
  if (group !== "gift" && group !== "viewer") {
    const plain = plainName(group, on);
    if ("problem" in plain) return plain;
    return {
      problem: `\`${group}\` is ${a(plain.type)}, nothing can stand behind it with a dot but contains, startsWith or endsWith.`,
    };
  }
  const missing = notUnder(group, on);
  if (missing) return { problem: missing };
  const fields: Readonly<Record<string, ValueType>> = fieldTypes[group];
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (type)
    return { type, read: (scope) => typedValue((scope[group] as Readonly<Record<string, unknown>>)[field], type) };
  const known = Object.keys(fields);
  return {
    problem: `\`${group}.${field}\` is not known.${didYouMean(field, known) || ` It has: ${known.join(", ")}.`}`,
  };
}

function variable(name: string, { variables }: Declared): KnownName | NameProblem {
  const type = variables.get(name);
  if (type) return { type, read: (scope) => typedValue(scope.vars[name], type) };
  return undeclared("vars", name, [...variables.keys()], "variable or counter", "variables: or counters:");
}

function meter(name: string, { meters }: Declared): KnownName | NameProblem {
  if (meters.has(name)) return { type: "number", read: (scope) => typedValue(scope.meters[name], "number") };
  return undeclared("meters", name, [...meters], "meter", "meters:");
}

function wordList(name: string, { words }: Declared): KnownName | NameProblem {
  const list = words.get(name);
  if (list) return { type: "texts", read: () => list };
  return undeclared("words", name, [...words.keys()], "word list", "words:");
}

function undeclared(group: string, name: string, known: readonly string[], what: string, section: string): NameProblem {
  const hint = didYouMean(name, known) || ` Declare it under ${section}`;
  return { problem: `no ${what} is called "${name}", so \`${group}.${name}\` is not known.${hint}` };
}

/** What to say when the trigger does not give the name; "" when it does, or when the name is known everywhere. */
function notUnder(name: string, on: TriggerName | ""): string {
  if (!eventNames.has(name)) return "";
  if (on && (triggers[on].names as readonly string[]).includes(name)) return "";
  const from = triggerNames.filter((trigger) =>
    (triggers[trigger].names as readonly EventName[]).includes(name as EventName),
  );
  const where = on ? `for \`on: ${on}\`` : "here, where no event is behind it";
  return `\`${name}\` is not known ${where}; it comes with ${list(from)}.`;
}

function groupAlone(group: string): string {
  if (group === "gift") return 'write `gift.name`, `gift.id` or `gift.value`; for example gift.name == "Rose".';
  if (group === "viewer") return "write which field of the viewer: `viewer.name`, `viewer.follower`, `viewer.team` ...";
  return `write \`${group}.NAME\` with one of the declared names.`;
}

const spoken: Readonly<Record<string, string>> = {
  yes: "Write true.",
  no: "Write false.",
  True: "Write true.",
  False: "Write false.",
  or: "Write || for or.",
  and: "Write && for and.",
  not: "Write ! for not, such as !viewer.follower.",
  user: "Write viewer.",
  username: "Write viewer.name.",
  comment: "Write text.",
  message: "Write text.",
  viewers: "Write watching (people watching) or playing (viewers with a body).",
};

function unknown(name: string, on: TriggerName | ""): string {
  const hint = Object.hasOwn(spoken, name) ? spoken[name] : undefined;
  const known = [...Object.keys(plainTypes).filter((other) => !notUnder(other, on)), ...groupNames];
  const field = groupWith(name);
  const meant = hint ? ` ${hint}` : didYouMean(name, known);
  if (meant) return `\`${name}\` is not known.${meant}`;
  if (field) return `\`${name}\` is not known. Did you mean "${field}"?`;
  return `\`${name}\` is not known. A text stands in quotes ("${name}"); a variable is written vars.${name}.`;
}

/** `viewer.follower` for "follower". */
function groupWith(field: string): string {
  for (const group of ["viewer", "gift"] as const)
    if (Object.hasOwn(fieldTypes[group], field)) return `${group}.${field}`;
  return "";
}

/** "text" as "a text". */
export function a(type: string): string {
  return type === "texts" ? "a list of texts" : type === "flag" ? "a flag (true or false)" : `a ${type}`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
