/** Rescue: what is whole in a damaged data file goes on in a new one. Journals, by far the most of it, are given up; money never is. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { inTransaction, migrate, newestVersion } from "./sqlite-migrations.ts";

/** All tables but those of journals. Each must be whole, or nothing is done. */
const kept = ["ledger", "settings", "shows", "bank", "viewers", "scores", "bans"];

/**
 * Puts a new file with everything but journals in the place of a damaged one, which is kept beside it. Returns a sentence that says so;
 * undefined when the damage is in what must be whole (or the disk does not let us), and the file is left as it was.
 */
export function rescue(file: string): string | undefined {
  const draft = draftOf(file);
  try {
    rmSync(draft, { force: true });
    copyWhole(file, draft);
  } catch {
    // The damage itself is what the streamer is told of.
    rmSync(draft, { force: true });
    return undefined;
  }
  const aside = putInPlace(file, draft);
  return `The data file ${file} was damaged. Ledger, boards, viewers and settings were whole and are kept; recorded shows are lost, so none before this start can go on or be replayed. The damaged file is now ${aside}.`;
}

/** Ends a rescue during which the process died: the new file was complete when the damaged one was moved away. */
export function endRescue(file: string): void {
  const draft = draftOf(file);
  if (!existsSync(file) && existsSync(draft)) putInPlace(file, draft);
}

function draftOf(file: string): string {
  return `${file}.rescued`;
}

/** Copies the kept tables. Throws when one of them is not whole. */
function copyWhole(file: string, draft: string): void {
  const connection = new DatabaseSync(draft);
  try {
    connection.exec("PRAGMA synchronous = FULL");
    migrate(connection, draft);
    connection.prepare("ATTACH ? AS damaged").run(file);
    const { version } = connection.prepare("SELECT max(version) AS version FROM damaged.migrations").get() as {
      version: number;
    };
    // Data of other versions has no journals that could be at fault, or is not ours to read.
    if (version !== newestVersion) throw new Error(`data version ${version}`);
    for (const table of kept) {
      // Against its indexes too: a page that lost some may look like one with fewer rows.
      const check = connection.prepare(`PRAGMA damaged.integrity_check('${table}')`).get() as {
        integrity_check: string;
      };
      if (check.integrity_check !== "ok") throw new Error(`${table}: ${check.integrity_check}`);
    }
    inTransaction(connection, () => {
      for (const table of kept) connection.exec(`INSERT INTO main.${table} SELECT * FROM damaged.${table}`);
      connection.exec("UPDATE main.shows SET has_journal = 0");
    });
  } finally {
    connection.close();
  }
}

/** Moves the damaged file away, with what SQLite keeps beside it, and then the draft to its place. Returns where the damaged one is. */
function putInPlace(file: string, draft: string): string {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number++;
  const aside = `${file}.damaged-${number}`;
  if (existsSync(file)) renameSync(file, aside);
  // Left there, its last commits would be played into the new file.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`);
  rmSync(`${file}-shm`, { force: true });
  renameSync(draft, file);
  return aside;
}
