/** Bans: who may not play, known at once and kept in the store. */
import type { Ban, Store } from "./store/store.ts";

/** Who may not play, as the running show sees it. */
export interface Bans {
  /** By viewer's key. */
  has(viewer: string): boolean;
  /** Holds at once; resolves when it is kept for good. Rejects with a StoreError when it could not be kept; it holds for this show then. */
  add(ban: Ban): Promise<void>;
  /** The same for taking it back; a viewer who is not banned is no error. */
  remove(viewer: string): Promise<void>;
  list(): readonly Ban[];
}

/** Opens the bans that the store keeps. */
export async function openBans(store: Pick<Store, "bans" | "ban" | "unban">): Promise<Bans> {
  const bans = new Map((await store.bans()).map((ban) => [ban.viewer, ban]));
  return {
    has: (viewer) => bans.has(viewer),
    add(ban) {
      bans.set(ban.viewer, ban);
      return store.ban(ban);
    },
    async remove(viewer) {
      bans.delete(viewer);
      await store.unban(viewer);
    },
    list: () => [...bans.values()],
  };
}
