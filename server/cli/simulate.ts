/** `simulate`: serves a simulated audience over a provider's wire protocol, for Uproar or any other client. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Command, InvalidArgumentError, Option } from "commander";
import { listenError } from "../listen-check.ts";
import { loadScenario } from "../simulator/scenario.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";

interface SimulateFlags {
  port: number;
  host: string;
  scenario: string;
  seed: number;
}

const wholeNumber = (max: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new InvalidArgumentError(`It takes a whole number from 0 to ${max}.`);
};

/** The `simulate` command. Runs until it is stopped, then prints what it sent. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("Serve a simulated audience over a provider's wire protocol.")
    .addOption(new Option("--protocol <name>", "whose protocol to speak").choices(["tiktool"]).default("tiktool"))
    .option("--port <number>", "port to listen on, 0 for any", wholeNumber(65535), 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--scenario <file>", "demo, quiet, crowd, or a scenario file", "demo")
    .option("--seed <number>", "seed of the audience", wholeNumber(0xffff_ffff), 1)
    .action(simulate);
}

async function simulate({ port, host, scenario, seed }: SimulateFlags): Promise<void> {
  const simulator = await open({ port, host, scenario, seed });
  console.log(`A simulated audience (${scenario}, seed ${seed}) waits at ${simulator.url}`);
  console.log(`To play with it:  TIKTOOL_URL=${simulator.url} npm start -- --source tiktool --user anyone`);
  console.log('Type "gift", or "gift NAME COUNT", and Enter to send one by hand. Ctrl+C stops.');
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => obey(simulator, line));
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  lines.close();
  console.log(JSON.stringify(simulator.sent()));
  await simulator.stop();
}

async function open({ port, host, scenario, seed }: SimulateFlags): Promise<Simulator> {
  const loaded = loadScenario(scenario);
  try {
    return await startSimulator({ scenario: loaded, seed, port, host });
  } catch (error) {
    throw listenError(error, port, host);
  }
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
