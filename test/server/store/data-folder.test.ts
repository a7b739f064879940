/** The data folder: tokens are made once, kept private, and never guessable. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guessableTokens, openDataFolder } from "../../../server/store/data-folder.ts";
import { StoreError } from "../../../server/store/store.ts";

// Root may change any file, so what the system tells others is played here.
vi.mock("node:fs", async (load) => {
  const fs = await load<typeof import("node:fs")>();
  return { ...fs, chmodSync: vi.fn(fs.chmodSync) };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-data-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refusal(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return error as StoreError;
  }
  throw new Error("nothing was refused");
}

test("makes the folder and three different tokens, and keeps them", () => {
  const path = join(folder, "deep", "data");
  const { tokens } = openDataFolder(path);
  expect(new Set(Object.values(tokens)).size).toBe(3);
  for (const token of Object.values(tokens)) expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(openDataFolder(path).tokens).toEqual(tokens);
  expect(openDataFolder(join(folder, "other")).tokens.stage).not.toBe(tokens.stage);
});

test.skipIf(process.platform === "win32")("only the owner may read the tokens", () => {
  const { path } = openDataFolder(join(folder, "data"));
  expect(statSync(join(path, "tokens.json")).mode & 0o777).toBe(0o600);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test.skipIf(process.platform === "win32")("tokens that others could read are closed to them", () => {
  const { path, tokens } = openDataFolder(folder);
  const file = join(path, "tokens.json");
  chmodSync(file, 0o644);
  expect(openDataFolder(folder).tokens).toEqual(tokens);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("tokens in a file of another user, or on a drive without permissions, are used as they are", () => {
  const { tokens } = openDataFolder(folder);
  vi.mocked(chmodSync).mockImplementationOnce(() => {
    throw Object.assign(new Error("EPERM: operation not permitted, chmod"), { code: "EPERM" });
  });
  expect(openDataFolder(folder).tokens).toEqual(tokens);
  expect(chmodSync).toHaveBeenLastCalledWith(join(folder, "tokens.json"), 0o600);
});

test("the environment wins and is not written down", () => {
  const env = { UPROAR_STAGE_TOKEN: "a-token-from-outside", UPROAR_OPERATOR_TOKEN: " " };
  const { tokens, path } = openDataFolder(folder, env);
  expect(tokens.stage).toBe("a-token-from-outside");
  expect(tokens.operator).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(readFileSync(join(path, "tokens.json"), "utf8")).not.toContain("from-outside");
});

test.each(["spaces are not for addresses", "a&b=cccccccccccccccc"])("refuses the token %j, by its name", (token) => {
  expect(refusal(() => openDataFolder(folder, { UPROAR_INGEST_TOKEN: token })).message).toContain(
    "UPROAR_INGEST_TOKEN",
  );
});

test("a broken token file is named, with what to do", () => {
  for (const text of ["{", "{}", `{"stage":"x","operator":"y","ingest":"z"}`]) {
    writeFileSync(join(folder, "tokens.json"), text);
    const error = refusal(() => openDataFolder(folder));
    expect(error.code).toBe("STORE_DAMAGED");
    expect(error.message).toContain("delete it");
  }
});

test("a folder that cannot be made is refused", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const path of [file, join(file, "data")]) {
    const error = refusal(() => openDataFolder(path));
    expect(error.code).toBe("STORE_FOLDER_UNWRITABLE");
    expect(error.message).toContain("--data");
  }
});

test("a token that can be guessed is named", () => {
  const { tokens } = openDataFolder(folder, { UPROAR_INGEST_TOKEN: "short", UPROAR_STAGE_TOKEN: "sixteen-letters-" });
  expect(guessableTokens(tokens)).toEqual(["UPROAR_INGEST_TOKEN"]);
});
