/** `bench`: measures this machine and this version, in ratios that hold on a noisy one, as a table or as JSON. */

import { cpus } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { type Row, tableOf } from "../bench/report.ts";
import { version } from "../project.ts";
import { UserError } from "../user-error.ts";

interface BenchOptions {
  json?: boolean;
  only?: string;
  repeats: number;
  seconds?: number;
  balance?: boolean;
  rounds: number;
  game?: string[];
}

/** Each suite is loaded only when it runs, so that other commands start without it. */
const suites: Readonly<Record<string, (options: BenchOptions) => Promise<Row[]>>> = {
  poses: async () => (await import("../bench/poses-bench.ts")).benchPoses(),
  ingest: async ({ repeats }) => (await import("../bench/ingest-bench.ts")).benchIngest(repeats),
  rules: async ({ repeats }) => (await import("../bench/rules-bench.ts")).benchRuleEngine(repeats),
  tick: async ({ repeats }) => (await import("../bench/tick-bench.ts")).benchTick(repeats),
  store: async ({ repeats }) => (await import("../bench/store-bench.ts")).benchStore(repeats),
  resume: async ({ repeats }) => (await import("../bench/resume-bench.ts")).benchResume(repeats),
  replay: async ({ repeats }) => (await import("../bench/replay-bench.ts")).benchReplay(repeats),
  room: async ({ seconds = 8 }) => await (await import("../bench/room-bench.ts")).benchRoom(seconds),
  flood: async ({ seconds = 60 }) => await (await import("../bench/flood-bench.ts")).benchFlood(seconds),
};

/** The `bench` command. Prints what it does to stderr, so that stdout holds the result alone. */
export function benchCommand(): Command {
  return new Command("bench")
    .description(
      "Measure rules, ticks, ingest, patches, store, resume, replay, latency and a flood; takes five or six minutes. With --balance: play thousands of rounds instead, and say who wins them.",
    )
    .option("--json", "print JSON instead of a table")
    .option("--only <suite>", `one suite: ${Object.keys(suites).join(", ")}`)
    .option("--repeats <number>", "repeats of each comparison", wholeNumber, 5)
    .option(
      "--seconds <number>",
      "seconds for each measurement of the room (default: 8) and of the flood (60)",
      wholeNumber,
    )
    .option("--balance", "play rounds of the games headless, and say how long they are and who wins")
    .option("--rounds <number>", "rounds of each game and room, for --balance", manyRounds, 200)
    .option("--game <id>", "a game for --balance; may be given more than once (default: all)", collect)
    .action(bench);
}

const wholeNumber = numberUpTo(100);
const manyRounds = numberUpTo(100_000);

function numberUpTo(most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new InvalidArgumentError(`It must be 1 to ${most}.`);
    return value;
  };
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

async function measured(options: BenchOptions, names: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of options.only === undefined ? names : [options.only]) {
    console.error(`measuring ${name} ...`);
    rows.push(...(await suites[name]!(options)));
  }
  return rows;
}

async function balance({ rounds, game = [] }: BenchOptions): Promise<Row[]> {
  const { benchBalance } = await import("../bench/balance/balance.ts");
  return benchBalance({ rounds, games: game, say: (line) => console.error(line) });
}

async function bench(options: BenchOptions): Promise<void> {
  const names = Object.keys(suites);
  if (options.only !== undefined && !names.includes(options.only)) {
    throw new UserError(`There is no suite "${options.only}". Suites: ${names.join(", ")}.`);
  }
  const rows = options.balance ? await balance(options) : await measured(options, names);
  const machine = { node: process.version, platform: `${process.platform} ${process.arch}`, cpus: cpus().length };
  if (options.json) console.log(JSON.stringify({ version, machine, rows }, null, 2));
  else {
    const noisy = `Ratios are from one run each; times are this machine's: ${Object.values(machine).join(", ")} CPUs.`;
    console.log(`\n${tableOf(rows)}\n\n${options.balance ? "Played from seeds: the same on every machine." : noisy}`);
  }
}
