/** Durations as a streamer writes them: "500ms", "4s", "1.5 s", "2m", "1h". */
import { z } from "zod";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const pattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;
const ticksPerMs = 60 / 1000;

/** Longest duration accepted: one day. */
const maxMs = 86_400_000;

/** Ticks in a duration text, or undefined when it is none (or longer than a day). */
export function parseDurationTicks(text: string): number | undefined {
  const match = pattern.exec(text.trim());
  if (!match) return undefined;
  const ms = Number(match[1]) * unitMs[match[2]!]!;
  return ms <= maxMs ? Math.round(ms * ticksPerMs) : undefined;
}

export const durationSchema = z
  .string({ error: 'expected a duration such as "4s" or "500ms"' })
  .refine((text) => parseDurationTicks(text) !== undefined, {
    error: (issue) =>
      `"${String(issue.input)}" is no duration: write a number and ms, s, m or h, such as "4s", at most 24h`,
  });
