/** Readers of foreign JSON: take whatever a provider sent and give a value of the expected kind or a harmless default. */

/** A JSON object whose fields can be anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; undefined for null, lists and everything else. */
export function asFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The value as a list, empty when it is none. Looks at its first `max` items only. */
export function asList(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? (value.length > max ? value.slice(0, max) : value) : [];
}

/** The value when it is text, "" otherwise. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** An id as a string. Numbers are accepted while they are exact; "" when there is none (protocols 16.13). */
export function asId(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : "";
}

/** A number, also one written as text; NaN when it is neither. */
export function asNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

/** A whole number from 0 to `max`; 0 for anything that is no number. */
export function asCount(value: unknown, max: number = Number.MAX_SAFE_INTEGER): number {
  const number = Math.trunc(asNumber(value));
  return number > 0 ? Math.min(number, max) : 0;
}

/** True for `true`, 1 and "true"/"1": providers write flags in all these ways. */
export function asFlag(value: unknown): boolean {
  return value === true || value === 1 || value === "1" || value === "true";
}

/** A time in ms since 1970; some messages carry seconds. 0 when there is no time. */
export function milliseconds(value: unknown): number {
  const time = asNumber(value);
  if (!Number.isFinite(time) || time <= 0) return 0;
  return time < 100_000_000_000 ? time * 1000 : time;
}

/** The text, cut to `max` UTF-16 units. */
export function cut(text: string, max: number): string {
  return text.length > max ? text.slice(0, max) : text;
}

/** A reason as text of at most 200 units, "" when it is none. */
export function reasonOf(value: unknown): string {
  return cut(typeof value === "string" ? value : typeof value === "number" ? String(value) : "", 200);
}
