/** docs/sources.md is true: its commands choose what they say, its tables are whole, its request is taken. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { readConfig } from "../../server/config.ts";
import { createIngest } from "../../server/ingest/ingest.ts";
import { stateMeanings } from "../../server/ingest/policy.ts";
import pushedTo from "../../server/sources/ingest.ts";
import { chooseSources } from "../../server/sources.ts";
import { liveEventTypes } from "../../shared/events/live-event.ts";
import { aFolder } from "../server/cli/uproar.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { someSettings } from "../support/source.ts";

const page = readFileSync(new URL("../../docs/sources.md", import.meta.url), "utf8");
const folder = aFolder();
afterAll(() => folder.remove());
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]!.replaceAll("\\\n", " ").trim());
const commands = blocks.flatMap((block) => block.split("\n"));

/** Flags of a command line, those given more than once as a list. */
function flagsOf(line: string): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const [, name, value] of line.matchAll(/--([\w-]+) (\S+)/g)) {
    const key = name!.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    flags[key] = key === "source" ? [...((flags.source as string[]) ?? []), value] : value;
  }
  return flags;
}

describe("commands", () => {
  const starts = commands.filter((line) => line.startsWith("npm start"));
  it("are there", () => expect(starts.length).toBeGreaterThanOrEqual(4));
  it.each(starts)("%s", async (line) => {
    const recording = join(folder.path, "night.ndjson");
    writeFileSync(recording, '{"recording":1,"source":"tiktool","user":"ana","startedAt":1}\n');
    const config = readConfig(
      flagsOf(line.replace("recording:night.ndjson", `recording:${recording}`)),
      {},
      folder.path,
    );
    const settings = someSettings({ user: config.user, env: { TIKTOOL_API_KEY: "x", EULER_API_KEY: "x" } });
    const chosen = await chooseSources(config.source, config.backupSource, settings);
    expect(chosen.length).toBe(config.source.length);
    expect(config.backupSource === "").toBe(chosen.every(({ backup }) => !backup));
  });
});

test("the states are all there, each with its meaning", () => {
  const rows = Object.fromEntries([...page.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map((match) => [match[1], match[2]]));
  expect(rows).toMatchObject(stateMeanings);
});

test("the request is taken as it stands", () => {
  const [, body] = /-d '([^']+)'/.exec(commands.find((line) => line.startsWith("curl"))!)!;
  const ingest = createIngest({ clock: createManualClock() });
  ingest.start(pushedTo, someSettings());
  expect(ingest.receive(JSON.parse(body!))).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
});

test("every type of event that programs can send is named", () => {
  const [row] = /^\| `type` \|.*$/m.exec(page)!;
  const named = [...row.matchAll(/`(\w+)`/g)].map((match) => match[1]).slice(1);
  expect(named.sort()).toEqual(liveEventTypes.filter((type) => type !== "giftStreakEnd").sort());
});
