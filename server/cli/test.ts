/** `test`: plays a game headless in every way that a game must stand, runs its own tests, and sums both up in plain lines. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { Command } from "commander";
import { gameChecks } from "../../shared/sdk/conformance.ts";
import { fileOfGame } from "../game-places.ts";
import { loadGame, placeOf } from "../games.ts";
import { UserError } from "../user-error.ts";
import { refreshGameFiles } from "./game-files.ts";

interface Summary {
  passed: number;
  failed: number;
}

/** The `test` command; exit code 1 when anything fails. */
export function testCommand(): Command {
  return new Command("test")
    .description("Play a game headless in every way that it must stand, and run its own tests.")
    .argument("<game>", "an id, or one of your own by its path or package")
    .action(test);
}

async function test(wanted: string): Promise<void> {
  const game = await loadGame(wanted);
  const place = placeOf(game)!;
  const file = fileOfGame(place, "rules.yaml");
  if (!file) throw new UserError(`The game ${place.shown} has no rules.yaml. Put one beside its module.`);
  if (!place.isShipped) {
    for (const name of refreshGameFiles(game)) console.log(`${name} is up to date again.`);
  }
  const summary: Summary = { passed: 0, failed: 0 };
  console.log(`What every game must keep, with ${relative(process.cwd(), file) || file}:`);
  for (const check of gameChecks({ game, rules: readFileSync(file, "utf8") })) {
    note(summary, check.name, failureOf(check.run));
  }
  const files = ownTests(place.folder);
  if (files.length > 0) console.log("Its own tests:");
  for (const [name, failure] of await resultsOf(files)) note(summary, name, failure);
  const { passed, failed } = summary;
  console.log(
    failed === 0
      ? `${game.title}: all ${passed} tests passed.`
      : `${game.title}: ${failed} of ${passed + failed} tests failed.`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Prints and counts one result; `failure` is "" when it passed. */
function note(summary: Summary, name: string, failure: string): void {
  if (failure === "") summary.passed++;
  else summary.failed++;
  console.log(
    failure === "" ? `  ok      ${name}` : `  FAILED  ${name}\n          ${failure.replaceAll("\n", "\n          ")}`,
  );
}

/** What a check threw, in words; "" for nothing. */
function failureOf(check: () => void): string {
  try {
    check();
    return "";
  } catch (error) {
    return wordsOf(error);
  }
}

function wordsOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? cause.message : message;
}

function ownTests(folder: string): string[] {
  const folders = [folder, join(folder, "test")].filter((path) => existsSync(path));
  return folders.flatMap((path) =>
    readdirSync(path)
      .filter((name) => /\.test\.m?[jt]s$/.test(name))
      .map((name) => join(path, name)),
  );
}

/** Runs tests of node:test in this process, where what they import as `uproar/game` is found. */
async function resultsOf(files: readonly string[]): Promise<[name: string, failure: string][]> {
  if (files.length === 0) return [];
  const results: [string, string][] = [];
  const stream = run({ files, isolation: "none", concurrency: false });
  stream.on("test:pass", ({ name, nesting, skip }) => {
    if (nesting === 0 && skip === undefined) results.push([name, ""]);
  });
  stream.on("test:fail", ({ name, nesting, details }) => {
    if (nesting === 0) results.push([name, wordsOf(details.error)]);
  });
  for await (const _ of stream);
  return results;
}
