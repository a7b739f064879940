/** `simulate`: serves a simulated audience over a provider's wire protocol, with faults on demand, and compares a show's ledger with it. */

import { createInterface } from "node:readline";
import { Command, InvalidArgumentError, Option } from "commander";
import { listenError } from "../listen-check.ts";
import { command } from "../project.ts";
import { type Comparison, compare, keyOf, type LedgerLine } from "../simulator/compare.ts";
import { decidableFaults, type FaultName, parseFaults, waitingFaults } from "../simulator/faults.ts";
import { type ProtocolId, protocols } from "../simulator/protocols.ts";
import { builtInScenarios, loadScenario } from "../simulator/scenario.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { defaultDataFolder, openDataFolder } from "../store/data-folder.ts";
import { createLedgerReader, type LedgerReader } from "./simulate-ledger.ts";

interface SimulateFlags {
  protocol: ProtocolId;
  port?: number;
  host: string;
  scenario?: string;
  seed: number;
  faults?: Set<FaultName>;
  seconds?: number;
  compare?: boolean;
  end?: boolean;
  show: string;
  data: string;
}

/** How long a run with faults lasts unless told otherwise. */
const defaultSeconds = 60;
/** Least faults that end a line in a run, as far as the client comes back in time; and how long a line lives at most on average. */
const lineEndsPerRun = 3;
const maxLineMs = 6000;
/** Most that is waited after the run for the client to come back and take the rest, ms. Clients back off for up to 30 s. */
const settleWithinMs = 120_000;
const lookEveryMs = 100;
const maxDifferences = 10;

const wholeNumber =
  (max: number, min = 0) =>
  (text: string) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };

function faultList(text: string): Set<FaultName> {
  try {
    return parseFaults(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** The `simulate` command. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("Serve a simulated audience over a provider's wire protocol.")
    .addOption(
      new Option("--protocol <name>", "whose protocol to speak").choices(Object.keys(protocols)).default("tiktool"),
    )
    .option("--port <number>", "port to listen on, 0 for any (default: 7788; tikfinity 21213)", wholeNumber(65535))
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option(
      "--scenario <file>",
      `${builtInScenarios.join(", ")}, or a scenario file (default: demo; storm with --faults)`,
    )
    .option("--seed <number>", "seed of the audience", wholeNumber(0xffff_ffff), 1)
    .option("--faults <list>", "what goes wrong: all, or names with commas between (see below)", faultList)
    .option(
      "--seconds <number>",
      "how long to run (default: 60 with --faults, else until stopped)",
      wholeNumber(86_400, 1),
    )
    .option("--compare", "afterwards compare a show's ledger with what was sent (default: with --faults)")
    .option("--no-compare", "compare nothing")
    .option("--end", "afterwards tell that the broadcast has ended")
    .option("--show <url>", "the show whose ledger is compared", "http://127.0.0.1:2567")
    .option("--data <folder>", "that show's data folder, for its operator token", defaultDataFolder)
    .addHelpText("after", faultsHelp)
    .action(simulate);
}

const faultsHelp = `
Faults:
  all         ${decidableFaults.join(", ")}:
              a client must lose nothing, count nothing twice and be back soon
  and also    ${waitingFaults.join(", ")}:
              a client must stay away for minutes or hours

A comparison ends with exit code 0 when every viewer's every gift counts exactly as sent, and with 1 when not.`;

async function simulate(flags: SimulateFlags): Promise<void> {
  const compares = flags.compare ?? flags.faults !== undefined;
  const seconds = flags.seconds ?? (compares ? defaultSeconds : undefined);
  const ledger = compares
    ? createLedgerReader(flags.show, openDataFolder(flags.data, process.env).tokens.operator)
    : undefined;
  const simulator = await open(flags, seconds, compares);
  sayWhatToDo(flags, simulator);
  const stopped = whenStopped();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => obey(simulator, line));
  try {
    if (ledger) await runAndCompare(flags, seconds ?? defaultSeconds, simulator, ledger, stopped);
    else {
      await stopped.within(seconds === undefined ? undefined : seconds * 1000);
      if (flags.end) simulator.endStream();
      console.log(JSON.stringify({ ...simulator.sent(), faults: simulator.faults() }));
    }
  } finally {
    stopped.forget();
    lines.close();
    await simulator.stop();
  }
}

function scenarioOf({ scenario, faults }: SimulateFlags): string {
  return scenario ?? (faults ? "storm" : "demo");
}

async function open(flags: SimulateFlags, seconds: number | undefined, waits: boolean): Promise<Simulator> {
  const { protocol, host, seed } = flags;
  const port = flags.port ?? protocols[protocol].port;
  const scenario = loadScenario(scenarioOf(flags));
  const kept = flags.faults ?? (waits ? new Set<FaultName>() : undefined);
  const lineMs = seconds === undefined ? maxLineMs : Math.min(maxLineMs, (seconds * 1000) / lineEndsPerRun);
  try {
    return await startSimulator({ protocol, scenario, seed, port, host, waits, lineMs, ...(kept && { faults: kept }) });
  } catch (error) {
    throw listenError(error, port, host);
  }
}

function sayWhatToDo(flags: SimulateFlags, { url }: Simulator): void {
  const { variable, startFlags } = protocols[flags.protocol];
  const faults = flags.faults ? `, faults ${[...flags.faults].join(" ")}` : "";
  console.log(`A simulated audience (${scenarioOf(flags)}, seed ${flags.seed}${faults}) waits at ${url}`);
  console.log(`To play with it:  ${variable}=${url} ${command} ${startFlags}`);
  console.log('Type "gift", or "gift NAME COUNT", and Enter to send one by hand. Ctrl+C stops.');
}

type Stopped = ReturnType<typeof whenStopped>;

/** Waits that end early when the process is asked to stop. */
function whenStopped() {
  let isStopped = false;
  let wake = (): void => undefined;
  const stop = (): void => {
    isStopped = true;
    wake();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return {
    /** Resolves after `ms` (never, when undefined), or once stopped; true when it was stopped. */
    async within(ms: number | undefined): Promise<boolean> {
      if (!isStopped) {
        await new Promise<void>((resolve) => {
          const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return isStopped;
    },
    forget(): void {
      process.off("SIGINT", stop).off("SIGTERM", stop);
    },
  };
}

/** Looks again and again until `found` gives something; undefined when stopped or after `withinMs`. */
async function until<T>(
  found: () => Promise<T | undefined> | T | undefined,
  stopped: Stopped,
  withinMs = Number.POSITIVE_INFINITY,
): Promise<T | undefined> {
  const untilMs = Date.now() + withinMs;
  for (;;) {
    const result = await found();
    if (result !== undefined) return result;
    if (Date.now() > untilMs || (await stopped.within(lookEveryMs))) return undefined;
  }
}

/**
 * The run: waits for the show, notes what its ledger holds, begins, runs, lets everything come to its end, compares. The audience does
 * nothing before the ledger was read, so every later row is of this run.
 */
async function runAndCompare(
  flags: SimulateFlags,
  seconds: number,
  simulator: Simulator,
  ledger: LedgerReader,
  stopped: Stopped,
): Promise<void> {
  console.log(`Waiting for the show at ${flags.show} to connect here.`);
  if (!(await until(ledger.read, stopped))) return giveUp();
  if (!(await until(() => simulator.clients() > 0 || undefined, stopped))) return giveUp();
  const before = new Set((await ledger.settled()).map(keyOf));
  console.log(`The show is here; its ledger has ${before.size} rows. The broadcast runs for ${seconds} s.`);
  simulator.begin();
  if (await stopped.within(seconds * 1000)) return giveUp();
  console.log("Letting combos end and everything arrive.");
  simulator.finish();
  const settled = await until(() => simulator.isSettled() || undefined, stopped, settleWithinMs);
  if (!settled && (await stopped.within(0))) return giveUp();
  if (flags.end) simulator.endStream();
  const sent = simulator.sent().gifts;
  const compared = (rows: readonly LedgerLine[]) => compare({ sent, rows, source: flags.protocol, before });
  const result = compared(await ledger.settled((rows) => compared(rows).ledger.total.units < sent.units));
  console.log(report(result, simulator, settled === true));
  if (!result.equal || !settled || result.sent.units === 0) process.exitCode = 1;
}

function giveUp(): void {
  console.log("Stopped before anything could be compared.");
  process.exitCode = 1;
}

/** What the comparison found, as a table and one sentence. */
function report(result: Comparison, simulator: Simulator, settled: boolean): string {
  const { sent, ledger, foreign } = result;
  const row = (name: string, units: number | string, value: number | string) =>
    `  ${name.padEnd(22)}${String(units).padStart(12)}${String(value).padStart(14)}`;
  const faults = Object.entries(simulator.faults()).map(([name, times]) => `${name} ${times}`);
  const lines = [
    "",
    row("", "units", "value"),
    row("sent", sent.units, sent.value),
    ...(["applied", "banked", "rejected"] as const).map((state) =>
      row(`ledger ${state}`, ledger[state].units, ledger[state].value),
    ),
    row("ledger total", ledger.total.units, ledger.total.value),
    row("difference", ledger.total.units - sent.units, ledger.total.value - sent.value),
    "",
    `  Faults done: ${faults.length === 0 ? "none" : faults.join(", ")}.`,
  ];
  if (foreign.units > 0) {
    lines.push(`  Not compared: ${foreign.units} units of viewers and gifts that are not of this run.`);
  }
  if (simulator.unsure() > 0) {
    lines.push(
      `  ${simulator.unsure()} gifts without an id were under way when a line broke by itself: nobody can know of them.`,
    );
  }
  return [...lines, ...differencesOf(result), "", `  ${verdict(result, simulator, settled)}`, ""].join("\n");
}

function differencesOf({ differences }: Comparison): string[] {
  if (differences.length === 0) return [];
  const shown = differences
    .slice(0, maxDifferences)
    .map(({ viewer, gift, sent, counted }) => `    ${viewer}, ${gift}: sent ${sent}, counted ${counted}`);
  const more = differences.length > shown.length ? [`    and ${differences.length - shown.length} more`] : [];
  return ["", "  Not counted as sent:", ...shown, ...more];
}

function verdict({ equal, sent, differences, ledger }: Comparison, simulator: Simulator, settled: boolean): string {
  const pairs = Object.keys(simulator.sent().gifts.byViewerAndGift).length;
  if (!settled) return "The show did not come back to take the rest, so this is no comparison of a whole run.";
  if (equal && sent.units === 0) return "No gift was sent, so nothing is proved: let it run longer with --seconds.";
  if (equal) return `Equal: every gift counts exactly once (${sent.units} units, ${pairs} pairs of viewer and gift).`;
  if (differences.length === 0)
    return `Not equal: the units agree, but not what they are worth (${ledger.total.value}).`;
  return `Not equal: ${differences.length} of ${pairs} pairs of viewer and gift differ.`;
}

/** Does what a typed line asks: `gift [name] [count]`. */
function obey(simulator: Simulator, line: string): void {
  const match = /^gift(?:\s+(.*?))??(?:\s+(\d+))?$/.exec(line.trim());
  if (!match) {
    console.log('Only "gift", or "gift NAME COUNT", is understood here.');
    return;
  }
  try {
    const { viewer, gift, count } = simulator.sendGift({
      ...(match[1] ? { gift: match[1] } : {}),
      ...(match[2] ? { count: Number(match[2]) } : {}),
    });
    console.log(`${viewer.name} sends ${count} x ${gift.name}`);
  } catch (error) {
    console.log((error as Error).message);
  }
}
