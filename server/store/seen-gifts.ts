/** The gift catalogue: which gifts the ledger has seen. Asked of an open database, or of a folder that a show may be using. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { silenceSqliteWarning } from "./sqlite-warning.ts";
import type { SeenGift } from "./store.ts";

/** The database's file in a data folder. */
export const ledgerFile = "uproar.sqlite";
/** How long the catalogue waits for a writer, ms. */
const busyMs = 2_000;
/** Most gifts in the catalogue; a platform has some hundreds. */
const maxGifts = 5_000;
/** Rows looked through, newest first, so that a ledger of years costs no more than one of weeks. */
const maxRows = 200_000;

/** Each gift that the ledger's latest rows name, newest first. Test gifts are none. */
export function seenGiftsIn(connection: DatabaseSync): SeenGift[] {
  const rows = connection
    .prepare(
      `SELECT gift_id AS id, gift_name AS name, gift_value AS unitValue FROM
         (SELECT seq, at, gift_id, gift_name, gift_value, test FROM ledger ORDER BY seq DESC LIMIT ${maxRows})
       WHERE test = 0 GROUP BY gift_id, gift_name, gift_value ORDER BY max(at) DESC, max(seq) DESC LIMIT ${maxGifts}`,
    )
    .all() as unknown as SeenGift[];
  // Rows of the database have no prototype; only plain ones are compared and copied as one expects.
  return rows.map((row) => ({ ...row }));
}

/**
 * The catalogue of a data folder, read beside a show that may be running; nothing is made or locked. Empty when the folder has no
 * ledger. Throws what the database says when there is one that cannot be read.
 */
export async function readSeenGifts(folder: string): Promise<SeenGift[]> {
  const file = join(resolve(folder), ledgerFile);
  if (!existsSync(file)) return [];
  silenceSqliteWarning();
  // Imported only now: Node warns as soon as the database is loaded.
  const { DatabaseSync } = await import("node:sqlite");
  const connection = new DatabaseSync(file, { readOnly: true, timeout: busyMs });
  try {
    const hasLedger = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'ledger'").get() !== undefined;
    return hasLedger ? seenGiftsIn(connection) : [];
  } finally {
    connection.close();
  }
}
