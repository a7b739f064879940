/**
 * Writes the golden shows anew: `npm run golden` keeps what enters and blesses new traces, `npm run golden -- --record` makes new
 * events too. Do it only for a change that is meant to move them, and say why in the commit message.
 */
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import packageJson from "../../package.json" with { type: "json" };
import { loadGame } from "../../server/games.ts";
import { retraced, writeShowFile } from "../../server/show-export.ts";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { ShowEntry, ShowHead } from "../../shared/replay/show-file.ts";
import type { SavedRuleFiles, ShowInput } from "../../shared/sim/input.ts";
import { aSimulatedShow } from "../support/simulated-show.ts";
import { type GoldenShow, goldenFile, readGolden } from "./golden.ts";

/** Four minutes: two rounds and more. */
const ticks = 4 * 60 * 60;
/** In the middle of a play. */
const changeTick = 9000;

function record(game: string): GoldenShow {
  const audience = aSimulatedShow({ seed: 7 });
  const entries: ShowEntry[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    // Without pictures, which nothing here looks at.
    const events = audience.nextTick().map((event) => JSON.parse(JSON.stringify(event)) as LiveEvent);
    for (const event of events) if ("viewer" in event && event.viewer) delete event.viewer.avatarUrl;
    const inputs: ShowInput[] = events.map((event) => ({ type: "event", event }));
    if (tick === changeTick) inputs.push({ type: "rules", files: rulesAt("./other-rules.yaml") });
    if (inputs.length > 0) entries.push({ tick, inputs });
  }
  const head: ShowHead = {
    id: `golden-${game}`,
    game,
    seed: 20_261_122,
    version: packageJson.version,
    startedAt: 0,
    private: false,
    beginning: { rules: [rulesAt(`../../shared/games/${game}/rules.yaml`)], carried: null },
  };
  return { head, entries: [...entries, { end: ticks }] };
}

/** The rules as they are now: editing the shipped ones leaves the show as it was. */
function rulesAt(path: string): SavedRuleFiles {
  return { main: "rules.yaml", texts: [["rules.yaml", readFileSync(new URL(path, import.meta.url), "utf8")]] };
}

const name = "last-ball";
const file = goldenFile(name);
const isNew = process.argv.includes("--record") || !existsSync(file);
const { head, entries } = isNew ? record(name) : await readGolden(name);
const game = await loadGame(name);
const draft = `${file}.draft`;
rmSync(draft, { force: true });
await writeShowFile({ head, entries: () => retraced(head, entries, new Map([[game.id, game]])) }, draft);
renameSync(draft, file);
const blessed = await readGolden(name);
for (const entry of blessed.entries) {
  if ("trace" in entry && entry.trace.hash) console.log(`tick ${entry.tick}  ${entry.trace.hash}`);
}
