/** Export: writes a recorded show into one compressed file, as it was or under made-up names. */
import { createHmac, randomBytes } from "node:crypto";
import { createWriteStream, existsSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Games } from "../shared/replay/beginning.ts";
import { createPlayer, playKnown } from "../shared/replay/player.ts";
import { createPseudonyms } from "../shared/replay/pseudonyms.ts";
import { entryLine, headLine, readTrace, type ShowEntry, type ShowHead } from "../shared/replay/show-file.ts";
import type { RecordedShow } from "./recorded-show.ts";
import { createTracing } from "./room/tracing.ts";
import { UserError } from "./user-error.ts";

/** A show's parts, wherever they come from. */
export type ShowParts = Pick<RecordedShow, "head" | "entries">;

/** Writes a show file. Throws a UserError when there is a file of that name, or it cannot be written; then nothing is left of it. */
export async function writeShowFile(show: ShowParts, path: string): Promise<void> {
  if (existsSync(path)) throw new UserError(`${path} is there already; choose another name for --export.`);
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  try {
    await pipeline(Readable.from(linesOf(show)), createGzip({ level: 9 }), file);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && syscall !== "open") rmSync(path, { force: true });
    if (syscall) throw new UserError(`${path} cannot be written (${code}); choose another place for --export.`);
    throw error;
  }
}

/** The lines of a show file, each with its newline. */
export async function* linesOf({ head, entries }: ShowParts): AsyncGenerator<string> {
  yield `${headLine(head)}\n`;
  for await (const entry of entries()) yield `${entryLine(entry)}\n`;
}

/** A show under made-up names. New names can lead to another show, so its traces are those of a run with them. */
export async function privateShow(show: ShowParts, games: Games): Promise<ShowParts> {
  // Known to nobody and gone with this process: from a made-up name no way leads back.
  const key = randomBytes(32);
  const pseudonyms = createPseudonyms(show.head, (text) => createHmac("sha256", key).update(text).digest("hex"));
  for await (const entry of show.entries()) if ("inputs" in entry) pseudonyms.meet(entry.inputs);
  const head = pseudonyms.head();
  const entries = async function* (): AsyncGenerator<ShowEntry> {
    for await (const entry of show.entries()) {
      yield "inputs" in entry ? { tick: entry.tick, inputs: pseudonyms.inputs(entry.inputs) } : entry;
    }
  };
  return { head, entries: () => retraced(head, entries(), games) };
}

/** The same inputs with the traces that they give now. */
export async function* retraced(
  head: ShowHead,
  entries: AsyncIterable<ShowEntry> | Iterable<ShowEntry>,
  games: Games,
): AsyncGenerator<ShowEntry> {
  const player = createPlayer({ games, head, compares: false });
  const made: ShowEntry[] = [];
  const tracing = createTracing(player.simulation, {
    trace: (tick, body) => made.push({ tick, trace: readTrace(body, tick) }),
  });
  for await (const entry of entries) {
    if ("trace" in entry) continue;
    player.give(entry);
    for (const step of playKnown(player)) {
      tracing.note(step, false);
      yield* made.splice(0);
    }
    yield entry;
  }
}
