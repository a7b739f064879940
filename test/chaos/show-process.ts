/** Show process: the real `uproar start` in a process of its own, that can be killed at any moment and never outlives the run. */
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hasGroups, killGroup } from "./process-group.ts";
import type { Sight } from "./progress.ts";

const entry = fileURLToPath(new URL("../../server/cli/uproar.js", import.meta.url));
const guardianFile = fileURLToPath(new URL("./guardian.ts", import.meta.url));
/** Longest that one question to a show may take, ms. */
const askWithinMs = 5000;

/** How a process ended; the code is null after a signal. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface ShowProcess {
  /** Where it listens; undefined until it has said so. */
  base(): string | undefined;
  /** Where its show stands; undefined when it does not answer, or is not ready. */
  look(): Promise<Sight | undefined>;
  /** Ends it at once (SIGKILL). */
  kill(): void;
  /** Asks it to stop in order (SIGTERM). */
  stop(): void;
  hasEnded(): boolean;
  /** What it has printed so far. */
  output(): string;
  readonly ended: Promise<Ended>;
}

/** Starts processes that end with this one. */
export interface Launcher {
  /** Runs `uproar` with these arguments; what it prints goes to the log file too. */
  uproar(args: readonly string[], env?: Readonly<Record<string, string>>): ShowProcess;
  /** Ends all that still run; resolves when they are gone. */
  close(): Promise<void>;
}

export interface LauncherOptions {
  /** Where the processes run: no `uproar.yaml` and no `.env` of anybody's should lie there. */
  cwd: string;
  /** File that what they print is added to. */
  logFile: string;
}

/** Creates a launcher with its guardian. */
export function createLauncher({ cwd, logFile }: LauncherOptions): Launcher {
  const guardian = spawn(process.execPath, [guardianFile], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: hasGroups,
  });
  const alive = new Map<number, Promise<Ended>>();
  return {
    uproar(args, env = {}) {
      const child = spawn(process.execPath, [entry, ...args], {
        cwd,
        env: { ...environment(), ...env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: hasGroups,
      });
      const pid = child.pid!;
      guardian.stdin.write(`+${pid}\n`);
      appendFileSync(logFile, `\n--- ${pid}: uproar ${args.join(" ")}\n`);
      child.once("close", () => {
        alive.delete(pid);
        guardian.stdin.write(`-${pid}\n`);
      });
      const show = follow(child, pid, (text) => appendFileSync(logFile, text));
      alive.set(pid, show.ended);
      return show;
    },
    async close() {
      for (const pid of alive.keys()) killGroup(pid);
      await Promise.all(alive.values());
      guardian.stdin.end();
    },
  };
}

/** The shell's variables, without those that would configure Uproar. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(UPROAR|TIKTOOL)_/.test(name)));
}

function follow(child: ChildProcess, pid: number, log: (text: string) => void): ShowProcess {
  let output = "";
  let base: string | undefined;
  let hasEnded = false;
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    log(chunk.toString());
    base ??= /(http:\/\/127\.0\.0\.1:\d+)\/stage/.exec(output)?.[1];
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (code) => {
      hasEnded = true;
      resolve({ code, output });
    }),
  );
  return {
    base: () => base,
    look: async () => (base === undefined || hasEnded ? undefined : sightAt(base)),
    kill: () => killGroup(pid),
    stop: () => child.kill("SIGTERM"),
    hasEnded: () => hasEnded,
    output: () => output,
    ended,
  };
}

/** What /health tells of the show; the only question that needs no token. */
async function sightAt(base: string): Promise<Sight | undefined> {
  try {
    const answer = await fetch(`${base}/health`, { signal: AbortSignal.timeout(askWithinMs) });
    const { shows } = (await answer.json()) as { shows: [{ id: string; tick: number; round: number }] };
    const [{ id, tick, round }] = shows;
    return answer.ok ? { show: id, tick, round } : undefined;
  } catch {
    return undefined;
  }
}
