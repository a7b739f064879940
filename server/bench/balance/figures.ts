/** Figures of balance: rounds that were played, as rows of a table. */
import { percentile } from "../harness.ts";
import type { Row } from "../report.ts";
import type { PlayedRound } from "./rounds.ts";

/** What rounds were played with. */
export interface Setting {
  /** Game and what is special: "Last Ball, 2 teams". */
  readonly title: string;
  readonly viewers: number;
  readonly givers: number;
}

/** All figures of one setting. */
export function figuresOf({ title, viewers, givers }: Setting, rounds: readonly PlayedRound[]): Row[] {
  const name = (what: string) => `${title}, ${viewers} viewers: ${what}`;
  const row = (what: string, value: number, unit: string, note: string): Row => ({
    suite: "balance",
    name: name(what),
    value,
    unit,
    note,
  });
  const lengths = rounds.map(({ seconds }) => seconds);
  const leads = rounds.map(({ leadChanges }) => leadChanges);
  const sum = (of: (round: PlayedRound) => number) => rounds.reduce((all, round) => all + of(round), 0);
  const share = (part: number, whole: number) => (whole === 0 ? Number.NaN : (part / whole) * 100);
  const people = sum((round) => round.people);
  const some: Row[] = [
    {
      ...row(
        "length of a round",
        percentile(lengths, 50),
        "s",
        `${rounds.length} rounds; repeats: 5th and 95th percentile`,
      ),
      low: percentile(lengths, 5),
      high: percentile(lengths, 95),
    },
    {
      ...row("lead changes in a round", percentile(leads, 50), "", "repeats: 5th and 95th percentile"),
      low: percentile(leads, 5),
      high: percentile(leads, 95),
    },
    row(
      "rounds that went into sudden death",
      share(
        sum(({ late }) => Number(late)),
        rounds.length,
      ),
      "%",
      "",
    ),
    row(
      "rounds without a winner",
      share(
        sum(({ winners }) => Number(winners === 0)),
        rounds.length,
      ),
      "%",
      "",
    ),
    row(
      "winners who gave nothing",
      share(
        sum(({ free }) => free),
        people,
      ),
      "%",
      freeNote(viewers, givers),
    ),
    row(
      "winners of the first third to come",
      share(
        sum(({ early }) => early),
        people,
      ),
      "%",
      "33 % would be all alike",
    ),
  ];
  return [...some, ...teamRows(rounds, row)];
}

function freeNote(viewers: number, givers: number): string {
  return `of winners who are no bots; ${Math.round(((viewers - givers) / viewers) * 100)} % of the viewers gave nothing`;
}

function teamRows(
  rounds: readonly PlayedRound[],
  row: (what: string, value: number, unit: string, note: string) => Row,
): Row[] {
  const won = rounds.filter(({ team }) => team !== "");
  const teams = [...new Set(won.map(({ team }) => team))].sort();
  return teams.map((team) => {
    const rounds = won.filter((round) => round.team === team).length;
    return row(`rounds won by ${team}`, (rounds / won.length) * 100, "%", `of ${won.length} with a winner`);
  });
}
