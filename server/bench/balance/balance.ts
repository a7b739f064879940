/** Balance: thousands of rounds of each game, played headless on all cores from seeds, and what came of them in figures. */

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { AnyGame } from "../../../shared/game/define.ts";
import { gameIds, loadGame } from "../../games.ts";
import { moduleAt } from "../../project.ts";
import type { Row } from "../report.ts";
import { figuresOf, type Setting } from "./figures.ts";
import type { BalanceShow, PlayedRound } from "./rounds.ts";

export interface BalanceOptions {
  /** Rounds of each game and room. */
  readonly rounds: number;
  /** Ids of games; none are all. */
  readonly games: readonly string[];
  /** Takes a line about what is played. */
  say(line: string): void;
}

/** People in the rooms, and how many of them give. */
const rooms = [
  { viewers: 3, givers: 1 },
  { viewers: 30, givers: 4 },
  { viewers: 300, givers: 30 },
] as const;
/** Rounds of one show: the audience has come by then, and the show's memory counts. */
const roundsPerShow = 10;

interface PlayedSetting extends Setting {
  readonly game: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Plays and counts. The same options give the same figures on every machine. */
export async function benchBalance({ rounds, games, say }: BalanceOptions): Promise<Row[]> {
  const ids = games.length > 0 ? games : gameIds();
  const settings = (await Promise.all(ids.map(async (id) => settingsOf(await loadGame(id))))).flat();
  const rows: Row[] = [];
  const pool = createPool(availableParallelism());
  try {
    for (const setting of settings) {
      say(`playing ${setting.title} with ${setting.viewers} viewers ...`);
      const shows = Math.max(1, Math.round(rounds / roundsPerShow));
      const { game, options, viewers, givers } = setting;
      const played = await Promise.all(
        Array.from({ length: shows }, (_, index) => {
          const show = { game, options, viewers, givers, seed: seedOf(index), rounds: Math.min(rounds, roundsPerShow) };
          return pool.play(show);
        }),
      );
      rows.push(...figuresOf(setting, played.flat()));
    }
  } finally {
    await pool.close();
  }
  return rows;
}

/** Seeds far from each other: neighbours begin with much the same chance. */
function seedOf(index: number): number {
  return Math.imul(index + 1, 0x9e3779b1) >>> 0;
}

/** The rooms of a game; a game that can be played in teams or without is measured both ways. */
function settingsOf(game: AnyGame): PlayedSetting[] {
  const usual = { title: game.title, options: {} };
  const inTeams = { title: `${game.title}, 2 teams`, options: { teams: 2 } };
  const ways = game.options.safeParse(inTeams.options).success ? [usual, inTeams] : [usual];
  return ways.flatMap((way) => rooms.map((room) => ({ ...way, ...room, game: game.id })));
}

/** Threads that take shows as they are free. */
function createPool(size: number) {
  const idle: Worker[] = [];
  const waiting: (() => void)[] = [];
  const all = Array.from({ length: size }, () => new Worker(moduleAt("./balance-worker", import.meta.url)));
  idle.push(...all);
  const free = (worker: Worker) => {
    idle.push(worker);
    waiting.shift()?.();
  };
  const taken = async (): Promise<Worker> => {
    while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return idle.pop()!;
  };
  return {
    async play(show: BalanceShow): Promise<PlayedRound[]> {
      const worker = await taken();
      try {
        worker.postMessage(show);
        // Rejects when the worker fails.
        const [played] = (await once(worker, "message")) as [PlayedRound[]];
        return played;
      } finally {
        free(worker);
      }
    },
    close: () => Promise.all(all.map((worker) => worker.terminate())),
  };
}
