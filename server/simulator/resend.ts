/**
 * Resending: what goes out once more on each new line, for clients that may die with what they heard in hand. Pure.
 *
 * That a client's machine has a frame does not tell that its program has kept it. So a frame is done only when some line on which it
 * arrived went on for `resendMs` after that; until then every new line begins with it, under its id and with its old time. A client
 * that needs less than that from hearing to keeping, and knows frames again by their ids, loses and doubles nothing then.
 */
import type { Parcel } from "./parcel.ts";

export interface Resending {
  /** It goes out now. */
  sent(parcel: Parcel): void;
  /** These have arrived by `nowMs`. */
  arrived(parcels: readonly Parcel[], nowMs: number): void;
  /** What a line that opens begins with, in the order in which it first went out; all of it goes out once more now. */
  again(): readonly Parcel[];
  /** Whether it is among what goes out again. */
  has(parcel: Parcel): boolean;
  /** Forgets what is done by `nowMs`. Call it while a line is open. */
  forget(nowMs: number): void;
}

/** Creates it for a client that keeps what it hears within `resendMs`. */
export function createResending(resendMs: number): Resending {
  /** When each arrived on the line that is open now; undefined until it has. */
  const open = new Map<Parcel, number | undefined>();
  return {
    sent(parcel) {
      open.set(parcel, undefined);
    },
    arrived(parcels, nowMs) {
      for (const parcel of parcels) if (open.has(parcel)) open.set(parcel, nowMs);
    },
    again() {
      for (const parcel of open.keys()) open.set(parcel, undefined);
      return [...open.keys()];
    },
    has: (parcel) => open.has(parcel),
    forget(nowMs) {
      for (const [parcel, arrivedAtMs] of open) {
        if (arrivedAtMs !== undefined && nowMs - arrivedAtMs > resendMs) open.delete(parcel);
      }
    },
  };
}
