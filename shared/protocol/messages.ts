/** Names and shapes of the messages between room and stage, beside the schema state. Every message has one sender and one reader. */
import type { Effect } from "../world/effect.ts";

/** Name of the Colyseus room a stage joins, with `options.token` unused: the token goes as the auth token. */
export const showRoomName = "show";

/** Room -> stage, bytes of poses.ts: a key frame on joining, then a delta with every patch. */
export const posesMessage = "poses";
/** Room -> stage, `Effect[]` of the ticks since the last patch; not sent when empty. */
export const effectsMessage = "effects";
export type EffectsMessage = Effect[];
/** Room -> stage, without content: the show was stopped in order and the room closes now. What closes without it was lost. */
export const endedMessage = "ended";

/** Ticks between two patches: 60 / 3 = 20 patches a second. */
export const ticksPerPatch = 3;
/** Rows of each board, lines of the feed, rows of "ready" that are synced. */
export const boardRows = 8;
export const feedRows = 6;
export const readyRows = 6;
/** Teams of a score and honours that are synced. */
export const scoreRows = 4;
export const awardRows = 3;
