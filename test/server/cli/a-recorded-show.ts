/** Shows that were played: a simulated audience in a file's entries, and kept in a data folder as a running show keeps them. */
import { retraced, type ShowParts } from "../../../server/show-export.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import type { Commit } from "../../../server/store/store.ts";
import game from "../../../shared/games/last-ball/game.ts";
import { entryLine, headLine, type ShowEntry, type ShowHead } from "../../../shared/replay/show-file.ts";
import type { ShowInput } from "../../../shared/sim/input.ts";
import { aHead } from "../../shared/replay/a-show.ts";
import { aSimulatedShow } from "../../support/simulated-show.ts";

export interface PlayedShow {
  readonly head: ShowHead;
  readonly entries: readonly ShowEntry[];
}

/** Rules of a short show: everyone enters by a comment, gifts do something. */
export const showRules = `game: last-ball
options: { lobbySeconds: 5, countdownSeconds: 1 }
rules:
  - { id: hello, on: chat, do: enter }
  - { id: small, on: gift, tier: [T1, T2], do: spikes }
  - { id: large, on: gift, tier: [T3, T4, T5, T6], do: shockwave }
`;

/** Plays `ticks` ticks of a simulated audience under these rules; `more` enters beside it, by tick. */
export async function aPlayedShow({
  ticks = 960,
  fields = {},
  rules = showRules,
  more = new Map(),
}: {
  ticks?: number;
  fields?: Partial<ShowHead>;
  rules?: string;
  more?: ReadonlyMap<number, readonly ShowInput[]>;
} = {}): Promise<PlayedShow> {
  const head = aHead(fields, rules);
  const audience = aSimulatedShow({ scenario: "crowd", seed: 3 });
  const inputs: ShowEntry[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    const events = audience.nextTick().map((event) => ({ type: "event", event }) as const);
    const all = [...events, ...(more.get(tick) ?? [])];
    if (all.length > 0) inputs.push({ tick, inputs: all });
  }
  const entries: ShowEntry[] = [];
  for await (const entry of retraced(head, [...inputs, { end: ticks }], new Map([[game.id, game]])))
    entries.push(entry);
  return { head, entries };
}

/** The lines of its file. */
export function linesOf({ head, entries }: PlayedShow): string[] {
  return [headLine(head), ...entries.map(entryLine)];
}

/** As what writes files takes it. */
export function partsOf({ head, entries }: PlayedShow): ShowParts {
  return {
    head,
    async *entries() {
      yield* entries;
    },
  };
}

/** Keeps a show in a data folder. */
export async function keepShow(folder: string, { head, entries }: PlayedShow): Promise<void> {
  const store = await openStore({ folder });
  const { id, game: played, seed, version, startedAt, beginning } = head;
  const start = { id, game: played, seed, version, startedAt, season: "", body: JSON.stringify(beginning) };
  await store.beginShow(start);
  const nothing = { checkpoint: undefined, received: [], gifts: [], viewers: [], scores: [] };
  const batches = entries.flatMap((entry) => ("inputs" in entry ? [entry] : []));
  const traces = entries.flatMap((entry) => ("trace" in entry ? [entry] : []));
  const last = entries.at(-1);
  const commit: Commit = {
    show: id,
    tick: last && "end" in last ? last.end : 0,
    // One more, that never entered.
    inputs: [...batches, { inputs: [] }].map(({ inputs }, index) => ({
      seq: index + 1,
      at: 0,
      body: JSON.stringify(inputs),
    })),
    entered: batches.map(({ tick }, index) => ({ seq: index + 1, tick })),
    traces: traces.map(({ tick, trace }) => ({ tick, body: JSON.stringify(trace) })),
    ...nothing,
    end: { at: 1, bank: "" },
  };
  await store.commit(commit);
  await store.close();
}
