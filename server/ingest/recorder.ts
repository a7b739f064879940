/** Recording: what a source's lines heard, frame by frame, as lines of JSON; the source `recording` plays them again. */
import { z } from "zod";
import type { Frame } from "./source.ts";

/** First line of a recording. */
export interface RecordingHeader {
  /** Version of the format. */
  recording: 1;
  /** Id of the source whose frames these are, and whom it followed. */
  source: string;
  user: string;
  /** ms since 1970. */
  startedAt: number;
}

/** One later line: `at` is ms since the start; `line` says that a line opened or ended. */
export type RecordedMoment = { at: number } & ({ text: string } | { base64: string } | { line: "open" | "over" });

/** Takes what a source hears. Neither call ever throws. */
export interface Recorder {
  frame(frame: Frame): void;
  line(open: boolean): void;
}

/** Writes moments as they come; `write` takes one line of text with its newline, beginning with the header. */
export function createRecorder(header: RecordingHeader, now: () => number, write: (line: string) => void): Recorder {
  const put = (line: RecordingHeader | RecordedMoment): void => write(`${JSON.stringify(line)}\n`);
  const at = (): number => Math.max(0, now() - header.startedAt);
  put(header);
  return {
    frame: (frame) =>
      put(
        typeof frame === "string"
          ? { at: at(), text: frame }
          : { at: at(), base64: Buffer.from(frame).toString("base64") },
      ),
    line: (open) => put({ at: at(), line: open ? "open" : "over" }),
  };
}

const headerSchema = z.object({
  recording: z.literal(1),
  source: z.string().regex(/^[a-z][a-z-]{0,40}$/),
  user: z.string().max(1000),
  startedAt: z.number().finite(),
});
const at = z.number().min(0).finite();
const momentSchema = z.union([
  z.object({ at, text: z.string() }),
  z.object({ at, base64: z.base64() }),
  z.object({ at, line: z.enum(["open", "over"]) }),
]);

/** Reads a recording's first line; undefined when it is none. */
export function parseHeader(line: string): RecordingHeader | undefined {
  return parsed(headerSchema, line);
}

/** Reads a later line; undefined when it is none, as a last one that was cut short. */
export function parseMoment(line: string): RecordedMoment | undefined {
  return parsed(momentSchema, line);
}

function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
