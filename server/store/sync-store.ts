/** The store as a database in this thread offers it: the same methods, answering at once. */
import type { Store } from "./store.ts";

export type SyncStore = {
  readonly [Op in keyof Store]: (...args: Parameters<Store[Op]>) => Awaited<ReturnType<Store[Op]>>;
};
