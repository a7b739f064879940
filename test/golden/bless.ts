/**
 * Writes the golden shows anew: `npm run golden` keeps the events and blesses new hashes, `npm run golden -- --record` makes new
 * events too. Do it only for a change that is meant to move them, and say why in the commit message.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { aSimulatedShow } from "../support/simulated-show.ts";
import { type GoldenShow, goldenFile, playGolden, readGolden } from "./golden.ts";

/** Four minutes: two rounds and more. */
const ticks = 4 * 60 * 60;
/** In the middle of a play. */
const changeTick = 9000;

function record(game: string): Omit<GoldenShow, "hashes"> {
  const audience = aSimulatedShow({ seed: 7 });
  const events: [number, LiveEvent[]][] = [];
  for (let tick = 0; tick < ticks; tick++) {
    // Without pictures and in few words: the file is read by people too.
    const batch = audience.nextTick().map((event) => JSON.parse(JSON.stringify(event)) as LiveEvent);
    for (const event of batch) if ("viewer" in event && event.viewer) delete event.viewer.avatarUrl;
    if (batch.length > 0) events.push([tick, batch]);
  }
  const rules = readFileSync(new URL(`../../shared/games/${game}/rules.yaml`, import.meta.url), "utf8");
  const changes: [number, string][] = [
    [changeTick, readFileSync(new URL("./other-rules.yaml", import.meta.url), "utf8")],
  ];
  return { game, rules, seed: 20_261_122, ticks, changes, events };
}

const name = "last-ball";
const isNew = process.argv.includes("--record") || !existsSync(goldenFile(name));
const show = isNew ? record(name) : readGolden(name);
const { hashes } = await playGolden(show);
const { game, rules, seed, changes, events } = show;
const lines = events.map((entry) => JSON.stringify(entry)).join(",\n");
const head = JSON.stringify({ game, rules, seed, ticks: show.ticks, changes, hashes }).slice(0, -1);
writeFileSync(goldenFile(name), `${head},"events":[\n${lines}\n]}\n`);
console.log(`${name}: ${events.length} ticks with events, ${hashes.length} hashes`);
