/** Folders: which data folders the rooms of this process use. Each room needs one of its own, as one ledger belongs to one room. */
import { resolve } from "node:path";
import { UserError } from "../user-error.ts";

/** By absolute path: whose it is, and when it is free again. */
const used = new Map<string, { readonly room: string; readonly free: Promise<void> }>();

/** Rooms that have begun to give their folder back. */
const leaving = new Set<string>();

export interface TakenFolder {
  /** The room has begun to stop: who asks for the folder now waits for it. */
  leave(): void;
  /** Nothing is open in it any more. */
  free(): void;
}

/** Takes a folder for a room, after the room that is just leaving it. Rejects with a UserError when another room uses it. */
export async function takeFolder(path: string, room: string): Promise<TakenFolder> {
  const folder = resolve(path);
  for (let before = used.get(folder); before; before = used.get(folder)) {
    if (!leaving.has(folder)) {
      throw new UserError(
        `The data folder ${path} is in use by the room ${before.room} of this process. Give each room a folder of its own: liveEvents(this, { data: "..." }).`,
      );
    }
    await before.free;
  }
  const { promise, resolve: free } = Promise.withResolvers<void>();
  used.set(folder, { room, free: promise });
  return {
    leave: () => void leaving.add(folder),
    free() {
      used.delete(folder);
      leaving.delete(folder);
      free();
    },
  };
}
