/** Runs the `uproar` command as a process of its own, as a user does. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../../server/cli/uproar.js", import.meta.url));
const project = fileURLToPath(new URL("../../../", import.meta.url));

/** A folder that is gone after the test. */
export function aFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "uproar-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  /** Resolves with the first match in what it prints; rejects when it ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when it has ended. */
  ended: Promise<Finished>;
}

/** Starts the command; variables of the shell that would configure Uproar are left out. */
export function uproar(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): RunningCommand {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(UPROAR|TIKTOOL)_/.test(name)));
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...clean, ...options.env },
    cwd: options.cwd ?? project,
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const listener of listeners) listener();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Finished>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  return {
    process: child,
    stdout: () => stdout,
    ended,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stdout);
          if (match) resolve(match);
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`ended without printing ${pattern}:\n${stdout}${stderr}`)));
      }),
  };
}
