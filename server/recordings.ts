/** Recordings of a show: a file for each of its sources, when `--record` asks for it. */
import type { Clock } from "./clock.ts";
import { createRecorder, type Recorder } from "./ingest/recorder.ts";
import type { ChosenSource, SourceChoice } from "./sources.ts";
import { openRecordingFile, type RecordingFile, recordingPath } from "./store/recording-file.ts";
import { UserError } from "./user-error.ts";

/** Recordings under way; none of them without `--record`. */
export interface Recordings {
  recorderOf(choice: SourceChoice): Recorder | undefined;
  /** Writes what waits and closes the files. */
  close(): Promise<void>;
}

/**
 * Opens a file for each source, `file` itself when there is only one. Throws a UserError when one is there already or a source
 * cannot be recorded; `failed` is told when one ends before its time.
 */
export function openRecordings(
  file: string,
  chosen: readonly ChosenSource[],
  clock: Clock,
  failed: (message: string) => void,
): Recordings {
  const files: RecordingFile[] = [];
  const recorders = new Map<SourceChoice, Recorder>();
  const all = file === "" ? [] : chosen.flatMap((choice) => [choice, ...(choice.backup ? [choice.backup] : [])]);
  for (const choice of all) {
    const { source, settings } = choice;
    if (!source.listen) throw new UserError(`--record: the source ${source.id} cannot be recorded.`);
    const nth = all.slice(0, all.indexOf(choice)).filter((other) => other.source.id === source.id).length + 1;
    const name = nth === 1 ? source.id : `${source.id}-${nth}`;
    const opened = openRecordingFile(recordingPath(file, name, all.length === 1), failed);
    files.push(opened);
    const header = { recording: 1, source: source.id, user: settings.user, startedAt: clock.now() } as const;
    recorders.set(choice, createRecorder(header, clock.now, opened.write));
  }
  return {
    recorderOf: (choice) => recorders.get(choice),
    async close() {
      await Promise.all(files.map((opened) => opened.close()));
    },
  };
}
