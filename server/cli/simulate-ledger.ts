/** The ledger of a running show, as `simulate` reads it from outside: over HTTP with the operator token. */
import { z } from "zod";
import type { LedgerLine } from "../simulator/compare.ts";
import { UserError } from "../user-error.ts";

/** Time that the ledger must stay the same to count as settled, ms. */
const settledMs = 1500;
/** The same while something is missing: longer than a show keeps a gift back whose age it does not know yet (10 s). */
const missingSettledMs = 12_000;
/** Most that is waited for it, ms. */
const settleWithinMs = 60_000;
const lookEveryMs = 400;

const lineSchema = z.object({
  id: z.string(),
  show: z.string(),
  source: z.string(),
  viewer: z.object({ id: z.string(), name: z.string() }),
  gift: z.object({ id: z.string(), name: z.string() }),
  count: z.number(),
  value: z.number(),
  state: z.enum(["applied", "banked", "rejected"]),
  test: z.boolean(),
});

export interface LedgerReader {
  /** All rows; undefined when no show answers. Throws a UserError when what answers does not give its ledger. */
  read(): Promise<LedgerLine[] | undefined>;
  /** All rows once they have stopped changing, or have gone on for a minute; waits longer while `isMissing` says that some are to come. */
  settled(isMissing?: (rows: readonly LedgerLine[]) => boolean): Promise<LedgerLine[]>;
}

/** Creates a reader for the show at `base` (http://host:port). Throws a UserError for what is no such address. */
export function createLedgerReader(base: string, token: string): LedgerReader {
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new UserError(
      `--show takes the address of a running show, such as http://127.0.0.1:2567. You wrote ${base}.`,
    );
  }
  const url = new URL("/api/ledger", base);
  const read = async (): Promise<LedgerLine[] | undefined> => {
    const text = await textOf(url, token);
    return text?.split("\n").filter(Boolean).map(lineOf);
  };
  return {
    read,
    async settled(isMissing = () => false) {
      const untilMs = Date.now() + settleWithinMs;
      let last = "";
      let sinceMs = 0;
      for (;;) {
        const rows = await read();
        if (!rows)
          throw new UserError(`The show at ${base} does not answer any more, so there is nothing to compare with.`);
        const now = JSON.stringify(rows.map(({ count, state }) => [count, state]));
        if (now !== last) sinceMs = Date.now();
        const quietMs = isMissing(rows) ? missingSettledMs : settledMs;
        if (Date.now() - sinceMs >= quietMs || Date.now() > untilMs) return rows;
        last = now;
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
    },
  };
}

/** What the address answers; undefined when nothing does, or not yet. */
async function textOf(url: URL, token: string): Promise<string | undefined> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(30_000) });
    text = await response.text();
  } catch {
    return undefined;
  }
  if (response.ok) return text;
  if (response.status === 401 || response.status === 403) {
    throw new UserError(
      `The show at ${url.origin} does not accept the operator token; give its data folder with --data, or UPROAR_OPERATOR_TOKEN.`,
    );
  }
  if (response.status >= 500) return undefined;
  throw new UserError(
    `What answers at ${url.origin} is no show (HTTP ${response.status}); give the show's address with --show.`,
  );
}

function lineOf(text: string): LedgerLine {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`The ledger has a line that cannot be read: ${text.slice(0, 200)}`);
  }
}
