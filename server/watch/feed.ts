/** Feed: reads a record for a player, some way ahead of it and a little at a time. */
import type { Player } from "../../shared/replay/player.ts";
import { ShowFileError } from "../../shared/replay/show-file.ts";
import type { Clock } from "../clock.ts";
import type { RecordedShow } from "../recorded-show.ts";
import { UserError } from "../user-error.ts";

/** How far the feed reads ahead, ticks: some seconds at the highest speed. */
const aheadTicks = 3600;
/** How long it reads without letting others do something, ms. */
const sliceMs = 4;

export interface Feed {
  /** Why it cannot be read on, in a sentence; "" while it can. */
  readonly trouble: string;
  /** Reads on where the player has come near to what it knows. */
  fill(): void;
  close(): void;
}

/** Creates a feed that begins at the player's tick. */
export function createFeed(show: RecordedShow, player: Player, clock: Clock): Feed {
  const nowTick = () => player.simulation.world.tick;
  const entries = show.entries(nowTick())[Symbol.asyncIterator]();
  let isReading = false;
  let isClosed = false;
  let trouble = "";
  const isHungry = () => !isClosed && player.endTick === undefined && player.knownTick < nowTick() + aheadTicks;
  const read = async () => {
    let untilMs = clock.now() + sliceMs;
    while (isHungry()) {
      const { value, done } = await entries.next();
      if (done || isClosed) return;
      player.give(value);
      if (clock.now() < untilMs) continue;
      await new Promise<void>((resolve) => clock.after(0, resolve));
      untilMs = clock.now() + sliceMs;
    }
  };
  return {
    get trouble() {
      return trouble;
    },
    fill() {
      if (isReading || trouble !== "" || !isHungry()) return;
      isReading = true;
      read()
        .catch((error: unknown) => {
          if (!(error instanceof ShowFileError || error instanceof UserError)) throw error;
          trouble = `${show.shown}: ${error.message.replace(/\.$/, "")}.`;
        })
        .finally(() => {
          isReading = false;
        });
    },
    close() {
      isClosed = true;
      void entries.return?.().catch(() => undefined);
    },
  };
}
