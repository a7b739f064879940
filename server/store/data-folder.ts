/** The data folder: where a show keeps what must survive, and the tokens that guard its pages. */
import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { StoreError } from "./store.ts";
import { unwritable } from "./unwritable.ts";

/** Where data is kept unless told otherwise, in the working directory. */
export const defaultDataFolder = ".uproar";
/** 192 bits, written as 32 characters that need no escaping in an address. */
const tokenBytes = 24;
const tokensFile = "tokens.json";

/** Who may do what: stage reads, operator controls, ingest feeds. */
export interface Tokens {
  readonly stage: string;
  readonly operator: string;
  readonly ingest: string;
}

export interface DataFolder {
  /** Absolute path. */
  readonly path: string;
  readonly tokens: Tokens;
}

const variables = {
  stage: "UPROAR_STAGE_TOKEN",
  operator: "UPROAR_OPERATOR_TOKEN",
  ingest: "UPROAR_INGEST_TOKEN",
} as const;

/** Shorter tokens can be guessed by who can try often. */
const safeTokenLength = 16;
/** A token must be usable in an address as it is. */
const tokenSchema = z.string().regex(/^[A-Za-z0-9._~-]{1,256}$/);
const madeToken = tokenSchema.min(safeTokenLength);
const fileSchema = z.strictObject({ stage: madeToken, operator: madeToken, ingest: madeToken });

/**
 * Makes the folder if it is missing and finds its tokens: from the environment, else from the folder's file, else new ones that
 * are kept there. Throws a StoreError when the folder cannot be used or a token is not one.
 */
export function openDataFolder(
  path: string = defaultDataFolder,
  env: Readonly<Record<string, string | undefined>> = {},
): DataFolder {
  const folder = resolve(path);
  makeFolder(folder);
  const given = tokensFrom(env);
  return { path: folder, tokens: { ...keptTokens(folder), ...given } };
}

/**
 * Tokens for who only reads a folder, which need not be there: from the environment, else those of the folder, else new ones that are
 * kept nowhere. Throws a StoreError when a token is not one.
 */
export function findTokens(path: string, env: Readonly<Record<string, string | undefined>> = {}): Tokens {
  const given = tokensFrom(env);
  return { ...(readTokens(join(resolve(path), tokensFile)) ?? freshTokens()), ...given };
}

/** Variables that set a token short enough to be guessed: fine on this machine alone, not for others to reach. */
export function guessableTokens(tokens: Tokens): string[] {
  const names = Object.keys(variables) as (keyof Tokens)[];
  return names.filter((name) => tokens[name].length < safeTokenLength).map((name) => variables[name]);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function tokensFrom(env: Readonly<Record<string, string | undefined>>): Partial<Tokens> {
  const given: Partial<Record<keyof Tokens, string>> = {};
  for (const [name, variable] of Object.entries(variables) as [keyof Tokens, string][]) {
    const value = env[variable]?.trim();
    if (!value) continue;
    if (!tokenSchema.safeParse(value).success) {
      throw new StoreError(
        "STORE_FAILED",
        `${variable} must be 1 to 256 letters, digits or any of . _ ~ - so that it fits in an address.`,
      );
    }
    given[name] = value;
  }
  return given;
}

function keptTokens(folder: string): Tokens {
  const file = join(folder, tokensFile);
  const kept = readTokens(file);
  if (kept) {
    makePrivate(file);
    return kept;
  }
  const tokens = freshTokens();
  // Written beside and renamed, so that a crash never leaves half a file.
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    throw unwritable(folder, error);
  }
  return tokens;
}

function freshTokens(): Tokens {
  const fresh = () => randomBytes(tokenBytes).toString("base64url");
  return { stage: fresh(), operator: fresh(), ingest: fresh() };
}

/** Closes a file that others on this machine could read, where that is ours to say. */
function makePrivate(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // The file is another user's, or its drive knows no permissions: who may read it was decided there. The tokens are good all
    // the same, and a show that does not start would keep nobody from reading them.
  }
}

function readTokens(file: string): Tokens | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unwritable(file, error);
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new StoreError(
      "STORE_DAMAGED",
      `The token file ${file} cannot be read; delete it, and new tokens (with new addresses) are made at the next start.`,
      { cause: error },
    );
  }
}
