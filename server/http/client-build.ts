/** Builds the pages when they are missing or their sources changed, so that `npm start` needs no build step and waits for one only once. */

import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { moduleAt, projectFolder } from "../project.ts";
import { UserError } from "../user-error.ts";
import type { BuildReply, BuildRequest } from "./client-build-worker.ts";

/** Everything the pages are made of. */
const sourceFolders = ["client", "shared"];
const sourceFiles = ["vite.config.ts", "package-lock.json"];
/** Keeps the fingerprint of what a build was made from, inside the build. */
const stampName = ".sources";
/** A build that a killed process left behind is swept away after this, ms. */
const abandonedMs = 10 * 60_000;

export interface ClientBuildOptions {
  /** The project's folder. Default: the one this file is part of. */
  root?: string;
  /** Takes one line before a build starts. Default: nothing is said. */
  log?: (line: string) => void;
}

/**
 * Sees to it that dist/client holds the pages of the sources at hand. Rejects with a UserError when they cannot be built.
 * An installed package has the pages but not their sources: then there is nothing to do.
 */
export async function ensureClientBuilt({ root = projectFolder, log }: ClientBuildOptions = {}): Promise<void> {
  const target = join(root, "dist", "client");
  if (!existsSync(join(root, "client"))) {
    if (existsSync(target)) return;
    throw new UserError("The pages are missing from this installation. Install Uproar again.");
  }
  const fingerprint = fingerprintOf(root);
  if (stampOf(target) === fingerprint) return;
  log?.("Building the pages, once ...");
  await buildInto(root, target, fingerprint);
}

/** Hash over the names and contents of all sources: a copied or freshly cloned folder counts as unchanged, whatever its times. */
function fingerprintOf(root: string): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    if (!existsSync(join(root, path))) return;
    const bytes = readFileSync(join(root, path));
    hash.update(`${path.replaceAll("\\", "/")}\0${bytes.length}\0`).update(bytes);
  };
  for (const folder of sourceFolders) {
    const entries = existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      : [];
    for (const entry of entries.sort()) {
      const path = join(folder, entry);
      if (statSync(join(root, path)).isFile()) add(path);
    }
  }
  for (const file of sourceFiles) add(file);
  return hash.digest("hex");
}

function stampOf(folder: string): string {
  try {
    return readFileSync(join(folder, stampName), "utf8");
  } catch {
    return "";
  }
}

/** Builds beside the target and puts it in place when it is whole: another process may be serving the old pages, or building too. */
async function buildInto(root: string, target: string, fingerprint: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  sweep(target);
  const fresh = `${target}.building-${randomBytes(6).toString("hex")}`;
  try {
    await runBuild({ root, outDir: fresh });
    writeFileSync(join(fresh, stampName), fingerprint);
    putInPlace(fresh, target, fingerprint);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function putInPlace(fresh: string, target: string, fingerprint: string): void {
  const old = `${fresh}-old`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(target)) renameSync(target, old);
      renameSync(fresh, target);
      break;
    } catch (error) {
      // Another process was faster: its pages are as good as ours, if they are of the same sources.
      if (stampOf(target) === fingerprint) break;
      if (attempt === 3) throw new UserError(`The pages cannot be put into ${target} (${(error as Error).message}).`);
    }
  }
  rmSync(old, { recursive: true, force: true });
}

function sweep(target: string): void {
  for (const name of readdirSync(dirname(target))) {
    const path = join(dirname(target), name);
    if (!name.startsWith(`${basename(target)}.building-`)) continue;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > abandonedMs) rmSync(path, { recursive: true, force: true });
  }
}

/** Runs Vite in a worker: it sets NODE_ENV and takes 100 MB, neither of which a show should keep. */
async function runBuild(request: BuildRequest): Promise<void> {
  const worker = new Worker(moduleAt("./client-build-worker", import.meta.url), { workerData: request });
  const reply = await new Promise<BuildReply>((resolve) => {
    worker.once("message", resolve);
    worker.once("error", (error) => resolve({ problem: String(error) }));
    worker.once("exit", (exitCode) => resolve({ problem: `the build ended early with code ${exitCode}` }));
  });
  await worker.terminate();
  if (reply.problem !== "") throw new UserError(`The pages in client/ cannot be built: ${reply.problem}`);
}
