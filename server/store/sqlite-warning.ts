/** Keeps one warning of Node 22 off the streamer's terminal: that its SQLite is experimental. We test with the versions we allow. */

/** Drops that warning, and no other, in the thread that calls it. To be called before node:sqlite is loaded there. */
export function silenceSqliteWarning(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const isOurs = rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite is an experimental feature");
    if (!isOurs) emit(warning, ...rest);
  };
}
