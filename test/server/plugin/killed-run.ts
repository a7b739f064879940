/** Runs of a made-up room on a store in memory, which are stopped and killed: what the tests of runs share. */
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { type Hosted, hostedGame, type RoomAction } from "../../../server/plugin/hosted-game.ts";
import { loadRoomRules } from "../../../server/plugin/room-rules.ts";
import { openRun, type Run } from "../../../server/plugin/run.ts";
import type { LedgerRow, Store } from "../../../server/store/store.ts";
import { type Act, actionsFor } from "../../../shared/game/define.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { Memory, openMemory } from "../store/memory-store.ts";

/** An act, with all events behind it. */
interface Done {
  readonly ids: readonly string[];
  readonly action: string;
  readonly count: number;
  /** One of them may have acted in a run that was killed. */
  readonly mayHaveActed: boolean;
}

/** A room: what was done in it, and whether its gate is open. */
export interface GateRoom {
  readonly done: Done[];
  isOpen: boolean;
}

const defineAction = actionsFor<GateRoom>();

/** `walk` acts at once, `enter` only while the gate is open, `trip` throws. */
const actionsOf = (mayHaveActed: (id: string) => boolean): Record<string, RoomAction<GateRoom>> => {
  const note = ({ done }: GateRoom, action: string, { eventIds, count }: Act): undefined => {
    done.push({ ids: [...eventIds], action, count, mayHaveActed: eventIds.some(mayHaveActed) });
  };
  return {
    walk: defineAction({
      title: "WALK",
      summary: "Acts at once.",
      params: z.object({}),
      apply: (room, _params, act) => note(room, "walk", act),
    }),
    enter: defineAction({
      title: "ENTER",
      summary: "Waits for the gate.",
      params: z.object({}),
      apply(room, _params, act) {
        if (!room.isOpen) return { later: 5, why: "the gate is closed" };
        return note(room, "enter", act);
      },
    }),
    trip: defineAction({
      title: "TRIP",
      summary: "Throws.",
      params: z.object({}),
      apply() {
        throw new Error("a bug in the room");
      },
    }),
  };
};

/** Rules for gifts called walk, enter and both, and for subscriptions. */
export const gateRules = `game: gate
rules:
  - { id: talk, on: chat, do: walk }
  - { id: walking, on: gift, gift: walk, do: walk }
  - { id: entering, on: gift, gift: enter, do: enter }
  - { id: both, on: gift, gift: both, do: [walk, enter] }
  - { id: twice, on: gift, gift: twice, do: [enter, walk, walk] }
  - { id: combo, on: gift, gift: combo, do: [walk, enter] }
  - { id: tripping, on: gift, gift: trip, do: trip }
  - { id: subscribed, on: subscribe, do: [walk, enter, walk] }
`;

/** What each kind of gift, and a subscription, does in the end. */
export const doneBy: Readonly<Record<string, readonly string[]>> = {
  walk: ["walk"],
  enter: ["enter"],
  both: ["enter", "walk"],
  combo: ["enter", "walk"],
  twice: ["enter", "walk", "walk"],
  subscribe: ["enter", "walk", "walk"],
};

/** A disk and a room that outlive the runs on them. */
export class Place {
  readonly disk = new Memory();
  readonly clock = createManualClock();
  readonly room: GateRoom = { done: [], isOpen: true };
  rules = gateRules;
  /** Commits on their way that do not arrive, while there is such a thing. */
  #stuck: { readonly promise: Promise<void>; resolve(): void } | undefined;
  #store: Store | undefined;
  #run: Run | undefined;
  #hosted: Hosted | undefined;

  /** While true commits are on their way and do not arrive. */
  get isStuck(): boolean {
    return this.#stuck !== undefined;
  }

  set isStuck(isStuck: boolean) {
    this.#stuck?.resolve();
    this.#stuck = isStuck ? Promise.withResolvers<void>() : undefined;
  }

  get run(): Run {
    return this.#run!;
  }

  async open(): Promise<Run> {
    this.isStuck = false;
    const store = openMemory(this.disk);
    this.#store = {
      ...store,
      commit: async (commit) => {
        await this.#stuck?.promise;
        return store.commit(commit);
      },
    };
    this.#hosted = hostedGame<GateRoom>({
      ...{ id: "gate", title: "Gate", room: this.room, options: undefined, answers: {} },
      actions: actionsOf((id) => this.#run?.again.mayHaveActed(id) ?? false),
      whyNot: () => this.#run?.whyNot() ?? "",
      hasActed: (...call) => this.#run?.again.hasActed(...call) ?? false,
      failed: (what, error) => {
        throw new Error(`${what} failed`, { cause: error });
      },
    });
    const { game } = this.#hosted;
    const { rules } = loadRoomRules(this.rules, game);
    this.#run = await openRun({ store: this.#store, clock: this.clock, game, rules, seed: 1 });
    return this.#run;
  }

  enter(phase: "play" | "lobby"): void {
    this.#hosted!.enter(phase);
  }

  /** Ticks, each with time for the disk. */
  async tick(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      this.run.tick();
      await this.settle();
    }
  }

  /** Time for a commit and the one after it. */
  async settle(): Promise<void> {
    for (let i = 0; i < 4; i++) await setImmediate();
  }

  /** The process dies: what was on its way to the disk is lost. */
  async kill(): Promise<void> {
    const dead = this.#store!;
    this.#store = undefined;
    await dead.close();
    // What is still asked of it is refused.
    this.isStuck = false;
    await this.settle();
  }

  async stop(): Promise<void> {
    await this.run.show.end();
    await this.#store!.close();
  }

  rows(): LedgerRow[] {
    return [...this.disk.ledger.values()].map(({ row }) => row);
  }
}
