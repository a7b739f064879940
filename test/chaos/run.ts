/** Runs the chaos test from the command line: `npm run chaos -- --help`. */
import { Command, InvalidArgumentError } from "commander";
import { ensureClientBuilt } from "../../server/http/client-build.ts";
import { type ChaosResult, runChaos } from "./chaos.ts";
import { linesOf, summaryOf } from "./report.ts";

interface Flags {
  seed: number;
  seeds: number;
  kills: number;
  seconds?: number;
  json?: boolean;
}

/** Played between two kills on average, unless `--seconds` says otherwise. */
const secondsPerKill = 2;

const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
};

const flags = new Command("chaos")
  .description("Kill a running show again and again, and prove that nothing was lost and nothing counted twice.")
  .option("--seed <number>", "first seed", wholeNumber(0, 0xffff_ffff), 1)
  .option("--seeds <count>", "how many seeds in a row", wholeNumber(1, 10_000), 1)
  .option("--kills <count>", "kills of each run", wholeNumber(1, 10_000), 50)
  .option(
    "--seconds <number>",
    "how long each show plays in all between kills (default: 2 a kill)",
    wholeNumber(1, 86_400),
  )
  .option("--json", "print one JSON object a run instead of lines")
  .parse()
  .opts<Flags>();

await ensureClientBuilt({ log: (line) => console.error(line) });
const results: ChaosResult[] = [];
for (let i = 0; i < flags.seeds; i++) {
  const { seed, kills, seconds = kills * secondsPerKill, json } = flags;
  const log = (line: string) => console.error(line);
  const result = await runChaos({ seed: (seed + i) >>> 0, kills, seconds, log });
  results.push(result);
  console.log(json ? JSON.stringify(result) : linesOf(result).join("\n"));
}
if (!flags.json && results.length > 1) console.log(summaryOf(results));
if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
