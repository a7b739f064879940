/** Recording files: where `--record` writes. A disk that is full or slow ends the recording, never the show. */
import { createWriteStream, existsSync } from "node:fs";
import { parse, resolve } from "node:path";
import { UserError } from "../user-error.ts";

/** Text that may wait to be written; beyond it the disk is too slow and the recording ends, bytes. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** A recording under way. */
export interface RecordingFile {
  readonly path: string;
  /** Takes one line of text with its newline. */
  write(line: string): void;
  /** Writes what waits and closes the file. */
  close(): Promise<void>;
}

/** The file of one of several sources: `night.ndjson` becomes `night.twitch.ndjson`; a single source has it as it is. */
export function recordingPath(file: string, source: string, isOnly: boolean): string {
  const { dir, name, ext } = parse(resolve(file));
  return isOnly ? resolve(file) : resolve(dir, `${name}.${source}${ext}`);
}

/** Begins a recording. Throws a UserError when the file is there already; `failed` is told once when it ends before its time. */
export function openRecordingFile(path: string, failed: (message: string) => void): RecordingFile {
  if (existsSync(path))
    throw new UserError(`The recording ${path} is there already; choose another name for --record.`);
  const stream = createWriteStream(path, { flags: "wx", mode: 0o600 });
  let isOver = false;
  const giveUp = (why: string): void => {
    if (isOver) return;
    isOver = true;
    stream.destroy();
    failed(`The recording ${path} ended early: ${why}. The show goes on.`);
  };
  stream.on("error", (error) => giveUp(error.message));
  return {
    path,
    write(line) {
      if (isOver) return;
      if (stream.writableLength > maxWaitingBytes) giveUp("the disk is too slow");
      else stream.write(line);
    },
    close: () =>
      new Promise((closed) => {
        if (isOver) closed();
        else {
          isOver = true;
          stream.end(() => closed());
          stream.once("error", () => closed());
        }
      }),
  };
}
