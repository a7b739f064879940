/** Gift rows: what the ledger is told of a gift, from the moment it is journaled to the last word on it. */
import type { LiveEventOf } from "../../shared/events/live-event.ts";
import type { GiftOutcome } from "../../shared/sim/outcome.ts";
import type { GiftRecord } from "../store/store.ts";

/** Where a gift is told of: the show and its round. */
export interface RowContext {
  readonly show: string;
  readonly round: number;
}

type Gift = LiveEventOf<"gift">;

/** Why a gift is banked that no rule has decided about yet. */
export const notPlayedYet = "not played yet";

/** The row of a gift that is journaled and has not been played. */
export function receivedRow(event: Gift, context: RowContext): GiftRecord {
  return rowOf(event, context, { state: "banked", reason: notPlayedYet, actions: [] });
}

/** The row of a gift whose sender is banned. */
export function bannedRow(event: Gift, context: RowContext): GiftRecord {
  return rowOf(event, context, { state: "rejected", reason: "its sender is banned", actions: [] });
}

/** The row of a gift and what became of it. */
export function outcomeRow({ event, state, reason, actions, arrivedIn }: GiftOutcome, context: RowContext): GiftRecord {
  const show = arrivedIn ?? context.show;
  const told = actions.map(({ rule, action, tick, show: actedIn = context.show }) => {
    return { rule, action, tick, ...(actedIn !== show && { show: actedIn }) };
  });
  return rowOf(event, { ...context, show }, { state, reason, actions: told });
}

/** With how far the gift's combo is, for the counting of the next run. */
function rowOf(
  event: Gift,
  { show, round }: RowContext,
  { state, reason, actions }: Pick<GiftRecord, "state" | "reason" | "actions">,
): GiftRecord {
  const { viewer, gift, streakKey, streakTotal, roomId, receivedAt } = event;
  return {
    id: event.id,
    show,
    round,
    at: event.ts,
    source: event.source,
    platform: viewer.platform,
    viewer: { id: viewer.id, handle: viewer.handle, name: viewer.name },
    gift: { id: gift.id, name: gift.name, unitValue: gift.unitValue, currency: gift.currency },
    count: event.count,
    value: event.count * gift.unitValue,
    state,
    reason,
    actions,
    test: event.test,
    ...(streakKey !== "" && { combo: { streakKey, total: streakTotal, roomId, heardAtMs: receivedAt } }),
  };
}
