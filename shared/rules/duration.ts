/** Durations as a streamer writes them: "500ms", "4s", "1.5 s", "2m", "1h". */
import { z } from "zod";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const pattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;
const ticksPerMs = 60 / 1000;

/** Longest duration accepted: one day. */
const maxMs = 86_400_000;

/** Ticks in a duration text, or undefined when it is none (or longer than a day). */
export function parseDurationTicks(text: string): number | undefined {
  const ms = parseMs(text);
  return ms === undefined ? undefined : Math.round(ms * ticksPerMs);
}

/** Seconds in a duration text, with their fraction; undefined as above. */
export function parseDurationSeconds(text: string): number | undefined {
  const ms = parseMs(text);
  return ms === undefined ? undefined : ms / 1000;
}

function parseMs(text: string): number | undefined {
  const match = text.length <= 40 ? pattern.exec(text.trim()) : null;
  if (!match) return undefined;
  const ms = Number(match[1]) * unitMs[match[2]!]!;
  return ms <= maxMs ? ms : undefined;
}

/** At most 24 h in each unit: what a JSON Schema can say of a duration. */
const editorPattern = `^\\s*(?:${[
  ["86400000", "\\d{1,7}|[1-7]\\d{7}|8[0-5]\\d{6}|86[0-3]\\d{5}", "ms"],
  ["86400", "\\d{1,4}|[1-7]\\d{4}|8[0-5]\\d{3}|86[0-3]\\d\\d", "s"],
  ["1440", "\\d{1,3}|1[0-3]\\d\\d|14[0-3]\\d", "m"],
  ["24", "1?\\d|2[0-3]", "h"],
]
  .map(([most, less, unit]) => `0*(?:(?:${less})(?:\\.\\d+)?|${most}(?:\\.0+)?)\\s*${unit}`)
  .join("|")})\\s*$`;

/** A duration in a rule file. */
export const durationSchema = z
  .string({ error: 'expected a duration such as "4s" or "500ms"' })
  .refine((text) => parseDurationTicks(text) !== undefined, {
    error: (issue) =>
      `"${String(issue.input).slice(0, 40)}" is no duration: write a number and ms, s, m or h, such as "4s", at most 24h`,
  })
  .meta({
    id: "duration",
    pattern: editorPattern,
    patternErrorMessage: 'Write a number and ms, s, m or h, such as "4s"; at most 24h.',
  });
