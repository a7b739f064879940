/**
 * Chaos: one seeded show whose process is killed again and again while a simulated provider does every decidable fault, and the proof
 * afterwards: every gift counts once, it was one show that only ever went on, and a replay without any kill reaches the same hashes.
 *
 * What the provider must do for that: send what is paid again, under its id and with its old time, on each new line until one has lasted
 * for `resendMs` after it (server/simulator/resend.ts). A provider that does not loses what a process had heard and not yet written when
 * it was killed: the gifts of a few ticks while all is well, and of up to 10 s while a show that was just started cannot tell yet
 * whether they are old (server/ingest/holding.ts). A single gift that comes without any id is lost in the same way.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createLedgerReader } from "../../server/cli/simulate-ledger.ts";
import { parseFaults } from "../../server/simulator/faults.ts";
import { loadScenario } from "../../server/simulator/scenario.ts";
import { type Simulator, startSimulator } from "../../server/simulator/simulator.ts";
import { openDataFolder } from "../../server/store/data-folder.ts";
import { createRandom, type Random } from "../../shared/world/random.ts";
import { journalProblems, ledgerProblems, readJournal, readLedger } from "./checks.ts";
import { drawKills, type Kill } from "./kills.ts";
import { createLife, type Life, quoteOf, ShowFailed } from "./life.ts";
import { createProgress, type Progress } from "./progress.ts";
import { createRuleFile, type RuleFile } from "./rule-file.ts";
import { createLauncher, type Launcher, type ShowProcess } from "./show-process.ts";

/** Longer than a show holds a gift back whose age it cannot tell (10 s) and then needs to write it. */
const defaultResendMs = 15_000;
/** How long a line lives on average until a fault ends it, ms: some within the life of a process. */
const lineMs = 3000;
/** Longest that taking all from the calm provider, stopping and replaying may take, ms. */
const settleWithinMs = 120_000;
const stopWithinMs = 30_000;
const replayWithinMs = 30 * 60_000;
/** Pause between two looks at whether the provider has got rid of all, ms. */
const lookMs = 100;
/** Taken for the length of a start until one was seen, ms. */
const firstStartMs = 1500;
/** How often the rule file is changed before a start, and how often during a life. */
const ruleChangeChance = 0.2;

export interface ChaosOptions {
  /** 32-bit whole number: the same audience, faults and plan of kills. What the machine makes of them is never quite the same. */
  seed: number;
  kills: number;
  /** How long the show plays in all between kills. */
  seconds: number;
  /** How long what is paid is sent again, ms (see above). Default 15 000. */
  resendMs?: number;
  /** Takes a line for people after each kill. Default: nothing is said. */
  log?: (line: string) => void;
}

export interface ChaosResult {
  readonly seed: number;
  /** What was found wrong, a sentence each; empty when the run was exact. */
  readonly problems: readonly string[];
  readonly kills: Readonly<Record<Kill["when"], number>>;
  /** Messages that arrived. */
  readonly events: number;
  /** Those about gifts, their units and worth in diamonds. */
  readonly gifts: { readonly frames: number; readonly units: number; readonly value: number };
  /** How often each fault was done. */
  readonly faults: Readonly<Record<string, number>>;
  readonly ruleChanges: number;
  /** Where the show stood at its end, and most ticks that were gone after a kill. */
  readonly ticks: number;
  readonly rounds: number;
  readonly lostTicks: number;
  /** From making a process to a well /health, and from the last kill to a tick, ms; one for each life that came so far. */
  readonly readyMs: readonly number[];
  readonly tickMs: readonly number[];
  /** How long stopping it in order took, ms. */
  readonly stopMs: number;
  /** Where the data folder, and what the processes printed, was left; undefined when the run was exact. */
  readonly folder: string | undefined;
}

/** Runs one. Rejects only when the run itself cannot be done: whatever is wrong with the show is a problem of the result. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, resendMs = defaultResendMs } = options;
  const folder = mkdtempSync(join(tmpdir(), `uproar-chaos-${seed}-`));
  const faults = parseFaults("all");
  const simulator = await startSimulator({ scenario: loadScenario("storm"), seed, faults, lineMs, resendMs });
  const launcher = createLauncher({ cwd: folder, logFile: join(folder, "processes.log") });
  const run = new Run(options, folder, launcher, simulator);
  try {
    await run.killAgainAndAgain();
    await run.settle();
    await run.check();
  } catch (error) {
    if (!(error instanceof ShowFailed)) throw error;
    run.problems.push(error.message);
  } finally {
    await launcher.close();
    await simulator.stop();
  }
  const result = run.result();
  if (result.folder === undefined) rmSync(folder, { recursive: true, force: true });
  else writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

class Run {
  readonly problems: string[] = [];
  readonly #options: ChaosOptions;
  readonly #folder: string;
  readonly #data: string;
  readonly #rules: RuleFile;
  readonly #launcher: Launcher;
  readonly #simulator: Simulator;
  readonly #random: Random;
  readonly #progress: Progress = createProgress();
  readonly #kills = { playing: 0, starting: 0, "at once": 0 };
  readonly #readyMs: number[] = [];
  readonly #tickMs: number[] = [];
  #lives = 0;
  #killedAtMs: number | undefined;
  #stopMs = 0;

  constructor(options: ChaosOptions, folder: string, launcher: Launcher, simulator: Simulator) {
    this.#options = options;
    this.#folder = folder;
    this.#data = join(folder, "data");
    this.#rules = createRuleFile(folder);
    this.#launcher = launcher;
    this.#simulator = simulator;
    this.#random = createRandom(options.seed ^ 0xc0de);
  }

  async killAgainAndAgain(): Promise<void> {
    const { seed, kills, seconds, log = () => undefined } = this.#options;
    for (const [i, kill] of drawKills(seed, kills, seconds).entries()) {
      const life = this.#begin();
      if (kill.when === "playing") await this.#play(life, kill.afterMs);
      else await sleep(kill.when === "at once" ? kill.afterMs : kill.share * this.#usualStartMs());
      await life.kill();
      this.#killedAtMs = Date.now();
      this.#kills[kill.when]++;
      log(`seed ${seed}: kill ${i + 1} of ${kills}, ${kill.when}, at tick ${this.#progress.furthest()?.tick ?? 0}`);
    }
  }

  /** The last life: the provider becomes calm, everything it has arrives, and the show is stopped in order. */
  async settle(): Promise<void> {
    const life = this.#begin();
    await this.#ticking(life);
    this.#simulator.finish();
    await life.during(this.#untilSettled());
    if (!this.#simulator.isSettled()) {
      throw new ShowFailed(`the show did not take within ${settleWithinMs} ms what the calm provider had for it`);
    }
    await life.during(this.#untilCounted(life.process));
    const beganAtMs = Date.now();
    life.process.stop();
    const ended = await within(stopWithinMs, life.process.ended);
    this.#stopMs = Date.now() - beganAtMs;
    if (!ended) throw new ShowFailed(`the show did not stop in order within ${stopWithinMs} ms`);
    if (ended.code !== 0) this.problems.push(`the show was stopped in order, and ended with ${quoteOf(ended)}`);
  }

  async check(): Promise<void> {
    this.problems.push(...this.#progress.problems());
    const sent = this.#simulator.sent().gifts;
    if (sent.units === 0) this.problems.push("no gift was sent, so nothing is proved");
    const show = this.#progress.furthest()?.show;
    await this.#judge("ledger", async () => ledgerProblems(sent, await readLedger(this.#data)));
    await this.#judge("journal", async () => journalProblems(await readJournal(this.#data), show));
    const replay = this.#launcher.uproar(["replay", "last", "--data", this.#data]);
    const ended = await within(replayWithinMs, replay.ended);
    if (!ended) this.problems.push(`the replay from the start took longer than ${replayWithinMs} ms`);
    else if (ended.code !== 0) this.problems.push(`the replay from the start is not the same show: ${quoteOf(ended)}`);
  }

  async #judge(what: string, problems: () => Promise<string[]>): Promise<void> {
    try {
      this.problems.push(...(await problems()));
    } catch (error) {
      this.problems.push(`the ${what} cannot be read: ${(error as Error).message}`);
    }
  }

  result(): ChaosResult {
    const { gifts, chats, likeMessages, joins, follows, shares, subscribes } = this.#simulator.sent();
    const { frames, units, value } = gifts;
    const furthest = this.#progress.furthest();
    return {
      seed: this.#options.seed,
      problems: this.problems,
      kills: this.#kills,
      events: frames + chats + likeMessages + joins + follows + shares + subscribes,
      gifts: { frames, units, value },
      faults: this.#simulator.faults(),
      ruleChanges: this.#rules.changes(),
      ticks: furthest?.tick ?? 0,
      rounds: furthest?.round ?? 0,
      lostTicks: this.#progress.lostTicks(),
      readyMs: this.#readyMs,
      tickMs: this.#tickMs,
      stopMs: this.#stopMs,
      folder: this.problems.length > 0 ? this.#folder : undefined,
    };
  }

  /** Starts the show on its folder, after what somebody may have done to its rules meanwhile. */
  #begin(): Life {
    if (this.#lives > 0) this.#maybeChangeRules();
    const { seed } = this.#options;
    const whom = ["--source", "tiktool", "--user", "anyone", "--port", "0"];
    const what = ["--data", this.#data, "--rules", this.#rules.path, "--seed", String(seed)];
    const env = { TIKTOOL_URL: this.#simulator.url };
    return createLife(this.#launcher.uproar(["start", ...whom, ...what], env), ++this.#lives, this.#progress);
  }

  async #play(life: Life, ms: number): Promise<void> {
    await this.#ticking(life);
    this.#maybeChangeRules();
    await life.during(sleep(ms));
  }

  /** Waits for the first tick and notes how long it took. */
  async #ticking(life: Life): Promise<void> {
    const { readyAtMs, tickAtMs } = await life.untilTicking();
    this.#readyMs.push(readyAtMs - life.beganAtMs);
    if (this.#killedAtMs !== undefined) this.#tickMs.push(tickAtMs - this.#killedAtMs);
  }

  #maybeChangeRules(): void {
    if (this.#random.next() < ruleChangeChance) this.#rules.change();
  }

  #usualStartMs(): number {
    return this.#readyMs.at(-1) ?? firstStartMs;
  }

  async #untilSettled(): Promise<void> {
    const untilMs = Date.now() + settleWithinMs;
    while (!this.#simulator.isSettled() && Date.now() < untilMs) await sleep(lookMs);
  }

  /** Waits until the ledger has stopped changing; some seconds more while units are missing. */
  async #untilCounted(process: ShowProcess): Promise<void> {
    const { units } = this.#simulator.sent().gifts;
    const reader = createLedgerReader(process.base()!, openDataFolder(this.#data).tokens.operator);
    await reader.settled((rows) => rows.reduce((sum, { count }) => sum + count, 0) < units);
  }
}

/** What a promise gives, or undefined when that takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const given = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, undefined, { signal: given.signal })]);
  } finally {
    given.abort();
  }
}
