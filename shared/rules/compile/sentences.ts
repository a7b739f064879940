/** What is wrong with a value's shape, as a streamer reads it. */
import { numberSlip } from "../expression/faults.ts";
import { meant } from "./other-names.ts";
import { cut, quoted } from "./spot.ts";
import type { Issue } from "./unions.ts";

/** What a value was expected to be, for several ways at once: "a number or a text". */
export function expected(wanted: readonly Issue[], example: string): string {
  const words = [...new Set(wanted.map((issue) => wantedWords(issue, example)))].filter(Boolean);
  const last = words.pop() ?? "something else";
  return words.length > 0 ? `${words.join(", ")} or ${last}` : last;
}

function wantedWords(issue: Issue, example: string): string {
  if (issue.code === "invalid_value") return oneOf(issue.values.map(String));
  if (issue.message.startsWith("expected a duration")) return 'a duration such as "4s"';
  if (issue.code !== "invalid_type") return "";
  switch (issue.expected) {
    case "int":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "record":
      return example ? `keys, such as ${example}` : "keys with values";
    default:
      return "a text";
  }
}

/** "a, b or c". */
function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** A value that is of another kind than what may stand there. */
export function otherKind(value: unknown, wanted: readonly Issue[], example: string): string {
  const mending = mend(value, wanted);
  const what = expected(wanted, mending.startsWith(" A space") ? "" : example);
  if (value === null) return `Nothing stands here; expected ${what}.`;
  if (typeof value === "number" && !Number.isFinite(value)) {
    return `This is no number that can be computed with; expected ${what}. Write one in digits.`;
  }
  return `${sentenceStart(value)}; expected ${what}.${mending}`;
}

function sentenceStart(value: unknown): string {
  if (Array.isArray(value)) return "Here is a list";
  return typeof value === "object" ? "Here are keys with values" : `Here is ${quoted(value)}`;
}

/** How to mend a value of another kind. */
function mend(value: unknown, wanted: readonly Issue[]): string {
  const kinds = new Set(wanted.map((issue) => (issue.code === "invalid_type" ? issue.expected : "")));
  if (wanted.some(({ message }) => message.startsWith("expected a duration")) && typeof value === "number") {
    return ` Add a unit: ${value < 100 ? `${value}s or ${value}m` : `${value}ms or ${value}s`}.`;
  }
  if (kinds.has("boolean") && typeof value === "string") {
    if (/^(yes|on|y|true)$/i.test(value)) return " Write true.";
    if (/^(no|off|n|false)$/i.test(value)) return " Write false.";
  }
  if ((kinds.has("number") || kinds.has("int")) && typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) {
    return ` Write it without quotes: ${value}.`;
  }
  const number = kinds.has("number") && typeof value === "string" ? numberSlip(value) : "";
  if (number) return ` ${number}`;
  const glued = typeof value === "string" ? /^([\w.-]+):(?=\S)/.exec(value) : null;
  if (glued && kinds.has("object")) return ` A space is missing after "${cut(glued[1]!)}:".`;
  if (kinds.has("string") && (typeof value === "number" || typeof value === "boolean"))
    return ` Put it in quotes: "${value}".`;
  if (
    kinds.has("string") &&
    !kinds.has("object") &&
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value)
  ) {
    return " Put the text in quotes.";
  }
  if (kinds.has("array") && value !== null && typeof value === "object") return ' Begin each entry with "- ".';
  return "";
}

/** A word that is none of those known in its place. */
export function notAmong(value: unknown, known: readonly string[]): string {
  const parts = typeof value === "string" ? cut(value).split(",") : [];
  const isList = parts.length > 1 && parts.every((part) => known.includes(part.trim()));
  const hint = isList
    ? ` Write several as a list: [${value}].`
    : parts.length > 0
      ? meant(cut(String(value)), known)
      : "";
  return `${quoted(value)} is not known here; expected ${oneOf(known)}.${hint}`;
}

/** A number, text or list that is too small or too large, or a text of another form. */
export function outOfBounds(issue: Issue, value: unknown): string {
  const length = Array.isArray(value) ? value.length : String(value).length;
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return "This number has too many digits to be exact. If it is an id, put it in quotes.";
  }
  if (issue.code === "too_big") {
    const most = Number(issue.maximum);
    if (issue.origin === "array")
      return `This list has ${length} entries; at most ${most} are possible. Take some out.`;
    if (issue.origin === "string")
      return `This text has ${length} characters; at most ${most} are possible. Make it shorter.`;
    return `${quoted(value)} is too much: ${issue.inclusive ? "at most" : "less than"} ${most}.`;
  }
  if (issue.code === "too_small") {
    const least = Number(issue.minimum);
    if (issue.origin === "array" && length === 0) return "This list is empty. Write an entry, or take the key out.";
    if (issue.origin === "array")
      return `This list has ${length} ${length === 1 ? "entry" : "entries"}; at least ${least} are needed.`;
    if (issue.origin === "string") return "This text is empty. Write something, or take the key out.";
    return `${quoted(value)} is too little: ${issue.inclusive ? "at least" : "more than"} ${least}.`;
  }
  if (issue.code === "invalid_type" && issue.expected === "int")
    return `${quoted(value)} is no whole number. Write one without a point.`;
  if (issue.code === "invalid_format" && !issue.message.startsWith("Invalid"))
    return `${quoted(value)} does not fit: ${issue.message}.`;
  return issue.code === "custom"
    ? issue.message
    : `${quoted(value)} cannot stand here. Look it up in the editor's help.`;
}
