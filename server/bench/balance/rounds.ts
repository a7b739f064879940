/** Plays rounds of a game headless with a made-up audience, and takes down what the balance is made of. */
import type { AnyGame } from "../../../shared/game/define.ts";
import { createAudience } from "../../../shared/sdk/audience.ts";
import { createTestShow, type TestShow } from "../../../shared/sdk/test-show.ts";

/** One show to play. */
export interface BalanceShow {
  readonly game: string;
  /** Options of the game that replace those of its rule file, as plain data. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly viewers: number;
  readonly givers: number;
  readonly seed: number;
  readonly rounds: number;
}

/** One round, as far as balance goes. */
export interface PlayedRound {
  /** Seconds of play and sudden death. */
  readonly seconds: number;
  /** How often another one was in the lead. */
  readonly leadChanges: number;
  /** It ended in sudden death, or when its time was up. */
  readonly late: boolean;
  /** People and bots who won; none in a draw. */
  readonly winners: number;
  /** Winners among people, those of them who had given nothing, and who came in the first third. */
  readonly people: number;
  readonly free: number;
  readonly early: number;
  /** Team of the winners, "" where there are none. */
  readonly team: string;
}

/** Ticks between two looks at who leads. */
const leadTicks = 6;
/** Ticks after which a round counts as stuck. */
const stuckTicks = 60 * 900;

/** Plays one show by the game's own rule file. Throws when a round does not end within a quarter of an hour, or the game throws. */
export function playShow(asked: BalanceShow, game: AnyGame, ownRules: string): PlayedRound[] {
  const { viewers, givers, seed, rounds, options } = asked;
  const show = createTestShow({ game, rules: ownRules, options, seed });
  const audience = createAudience({ viewers, givers, rules: show.simulation.rules, seed });
  const first = new Set(audience.handles.slice(0, Math.max(1, Math.round(viewers / 3))).map((one) => `tiktok:${one}`));
  const played: PlayedRound[] = [];
  const round = createRoundWatch(show);
  for (let waited = 0; played.length < rounds; waited++) {
    if (waited > stuckTicks)
      throw new Error(`A round of ${game.id} with ${viewers} viewers and seed ${seed} never ends.`);
    for (const event of audience.at(show.tick)) show.send(event);
    show.run();
    show.forget();
    round.look();
    if (show.rounds.length === played.length) continue;
    waited = 0;
    played.push({ ...round.take(), ...winnersOf(show, audience.gives, first) });
  }
  return played;
}

/** Length and leads of the round that is played. */
function createRoundWatch({ simulation }: TestShow) {
  const { phase } = simulation;
  let ticks = 0;
  let changes = 0;
  let leader = "";
  let isLate = false;
  return {
    look() {
      if (phase.name !== "play" && phase.name !== "sudden") return;
      ticks++;
      isLate ||= phase.name === "sudden";
      if (ticks % leadTicks > 0) return;
      const now = simulation.hud().leader;
      if (now === "" || now === leader) return;
      if (leader !== "") changes++;
      leader = now;
    },
    take() {
      const taken = { seconds: ticks / 60, leadChanges: changes, late: isLate };
      ticks = 0;
      changes = 0;
      leader = "";
      isLate = false;
      return taken;
    },
  };
}

function winnersOf({ rounds, context }: TestShow, gives: (viewer: string) => boolean, first: ReadonlySet<string>) {
  const won = rounds.at(-1)!.rows.filter(({ wins }) => wins > 0);
  const people = won.map(({ viewer }) => viewer).filter((viewer) => context.crowd.get(viewer)?.bot === false);
  const { players } = context;
  return {
    winners: won.length,
    people: people.length,
    free: people.filter((viewer) => !gives(viewer)).length,
    early: people.filter((viewer) => first.has(viewer)).length,
    team: players.teamName(players.get(won[0]?.viewer ?? "")?.team ?? 0),
  };
}
