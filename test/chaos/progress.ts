/** Progress: whether a show that is killed and goes on stays the same show and only ever moves on. Pure. */

/** Most ticks that may be gone after a kill: what was played in the last second need not have been written. */
export const maxLostTicks = 60;

/** Where a show stood when somebody looked. */
export interface Sight {
  readonly show: string;
  readonly tick: number;
  readonly round: number;
}

export interface Progress {
  /** Takes a sight of the process with this number; numbers only grow. */
  see(sight: Sight, process: number): void;
  /** The furthest that was seen. */
  furthest(): Sight | undefined;
  /** Most ticks that were gone after a kill. */
  lostTicks(): number;
  /** What should never have been seen, a sentence each. */
  problems(): readonly string[];
}

/** Creates it for a show that nobody has seen yet. */
export function createProgress(): Progress {
  const problems: string[] = [];
  let furthest: Sight | undefined;
  let last: { readonly sight: Sight; readonly process: number } | undefined;
  let lostTicks = 0;

  const compare = (sight: Sight, process: number, known: Sight): void => {
    const isSameProcess = last?.process === process;
    if (isSameProcess && sight.tick < last!.sight.tick) {
      problems.push(`one process went back from tick ${last!.sight.tick} to ${sight.tick}`);
    }
    if (!isSameProcess) {
      const lost = Math.max(0, known.tick - sight.tick);
      lostTicks = Math.max(lostTicks, lost);
      if (lost > maxLostTicks) problems.push(`a kill took the show from tick ${known.tick} back to ${sight.tick}`);
    }
    if (sight.tick >= known.tick ? sight.round < known.round : sight.round > known.round) {
      problems.push(
        `round ${known.round} at tick ${known.tick} does not go with round ${sight.round} at tick ${sight.tick}`,
      );
    }
  };
  return {
    see(sight, process) {
      if (furthest?.show === sight.show) compare(sight, process, furthest);
      else if (furthest) problems.push(`show ${furthest.show}, at tick ${furthest.tick}, became ${sight.show}`);
      if (furthest?.show !== sight.show || sight.tick >= furthest.tick) furthest = sight;
      last = { sight, process };
    },
    furthest: () => furthest,
    lostTicks: () => lostTicks,
    problems: () => problems,
  };
}
