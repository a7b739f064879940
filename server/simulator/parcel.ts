/** Parcel: one message between the broadcast and its clients. */
import type { Note } from "./protocol.ts";

/** One message on its way; copies of a note are parcels of their own. */
export interface Parcel {
  readonly note: Note;
  /** The note as it happened: what to add to the sums once any of its parcels has arrived. */
  readonly about: Note;
  /** May be sent again: a client can tell that it is the same. */
  readonly certain: boolean;
}
