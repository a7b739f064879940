/** What the conformance tests are given, and what they share. */
import { expect } from "vitest";
import { type JournalPage, type JournalQuery, type Store, StoreError } from "../../../server/store/store.ts";

/** Where the data of one test is. */
export interface Home {
  /** Opens what was left there; called again only after `close`. */
  open(): Promise<Store>;
  remove(): Promise<void>;
}

/** The store of the test that runs. */
export interface Given {
  store(): Store;
  /** Closes the store and opens it again. */
  reopen(): Promise<void>;
}

/** A batch of a journal. */
export function aBatch(seq: number) {
  return { seq, at: 1000 + seq, body: `[{"type":"act","n":${seq},"text":"é🌹\\u0000"}]` };
}

/** All rows of a journal, `limit` of them at a time. */
export async function allOf<Row>(
  read: (query: JournalQuery) => Promise<JournalPage<Row>>,
  query: JournalQuery,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after = "";
  do {
    const page = await read({ ...query, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== "");
  return rows;
}

/** What a store refuses with. */
export async function refusal(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}
