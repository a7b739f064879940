/** Viewers' pictures, through this server only: no page ever asks a platform for one, and no platform sees who watches. */
import { createHmac, randomBytes } from "node:crypto";
import { Router } from "express";
import type { Clock } from "../clock.ts";
import {
  checkUrl,
  type FetchOptions,
  fetchPicture,
  type Picture,
  PictureError,
  type PictureFault,
} from "./fetch-picture.ts";

/** How long a picture is kept, and how long a failure is, before it is tried again, ms. */
const keepMs = 60 * 60_000;
const keepFailureMs = 60_000;

export interface AvatarOptions {
  /** Hosts that a viewer's picture may come from, asked anew each time; see `pictureHostsOf` and `reachOf`. */
  readonly allowedHosts: (viewerKey: string) => readonly string[];
  readonly clock: Clock;
  /** Finds the addresses of a name. Default: the system's. */
  readonly resolve?: FetchOptions["resolve"];
  /** Viewers whose address is remembered. Default 10 000. */
  readonly maxViewers?: number;
  /** Pictures kept, and their size in sum. Default 1 000 and 64 MiB. */
  readonly maxPictures?: number;
  readonly maxBytes?: number;
  /** Fetches at once, and how many may wait for their turn. Default 6 and 200. */
  readonly maxFetches?: number;
  readonly maxWaiting?: number;
}

export interface AvatarCounters {
  /** Pictures fetched, and pictures served from memory. */
  readonly fetched: number;
  readonly served: number;
  /** Failures by reason. */
  readonly failed: Readonly<Partial<Record<PictureFault, number>>>;
}

export interface Avatars {
  /**
   * Our own address for a viewer's picture: `/avatars/<id>`, always the same for one viewer, however often the platform signs
   * the URL anew. "" when there is no URL or it may not be fetched.
   */
  addressFor(viewerKey: string, avatarUrl: string | undefined): string;
  /** Serves those addresses; 404 for everything that fails, and the page draws initials instead. */
  readonly router: Router;
  counters(): AvatarCounters;
}

/** Creates the proxy. Fetches nothing until a page asks for a picture. */
export function createAvatars(options: AvatarOptions): Avatars {
  const { clock, allowedHosts } = options;
  // Ids are keyed so that nobody can guess the address of a viewer who is not in the show.
  const secret = randomBytes(32);
  const ids = createLru<string>(options.maxViewers ?? 10_000);
  const wanted = createLru<Wanted>(options.maxViewers ?? 10_000);
  const kept = createLru<Kept>(options.maxPictures ?? 1_000, options.maxBytes ?? 64 * 1024 * 1024);
  const running = new Map<string, Promise<Kept>>();
  const turns = createTurns(options.maxFetches ?? 6, options.maxWaiting ?? 200);
  const failed: Partial<Record<PictureFault, number>> = {};
  let fetched = 0;
  let served = 0;

  const idOf = (viewerKey: string): string => {
    let id = ids.get(viewerKey);
    if (id === undefined) {
      id = createHmac("sha256", secret).update(viewerKey).digest("base64url").slice(0, 24);
      ids.set(viewerKey, id, 0);
    }
    return id;
  };
  const fetchOnce = async (id: string, { viewerKey, url }: Wanted): Promise<Kept> => {
    let result: Kept;
    try {
      const picture = await turns(() => fetchPicture(checkUrl(url, allowedHosts(viewerKey)), options));
      fetched++;
      result = { picture, until: clock.now() + keepMs };
    } catch (error) {
      const fault = error instanceof PictureError ? error.fault : "network";
      failed[fault] = (failed[fault] ?? 0) + 1;
      result = { picture: undefined, until: clock.now() + keepFailureMs };
      // Being busy says nothing about the picture.
      if (fault === "busy") return result;
    }
    kept.set(id, result, result.picture?.bytes.length ?? 0);
    return result;
  };
  const find = async (id: string): Promise<Picture | undefined> => {
    const known = kept.get(id);
    if (known && known.until > clock.now()) return known.picture;
    const picture = wanted.get(id);
    if (!picture) return undefined;
    let fetching = running.get(id);
    if (!fetching) {
      fetching = fetchOnce(id, picture).finally(() => running.delete(id));
      running.set(id, fetching);
    }
    return (await fetching).picture;
  };

  const router = Router();
  router.get("/avatars/:id", async (request, response) => {
    const picture = await find(request.params.id);
    response.set({ "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'" });
    if (!picture) {
      response.set("Cache-Control", "no-store").status(404).type("text/plain").send("no picture");
      return;
    }
    served++;
    response.set({ "Content-Type": picture.type, "Cache-Control": "private, max-age=3600" }).send(picture.bytes);
  });
  return {
    addressFor(viewerKey, avatarUrl) {
      if (!avatarUrl) return "";
      const id = idOf(viewerKey);
      // Asked for every viewer with every patch, and hardly ever with anything new.
      if (wanted.get(id)?.url !== avatarUrl) {
        if (!isAllowed(avatarUrl, allowedHosts(viewerKey))) return "";
        wanted.set(id, { viewerKey, url: avatarUrl }, 0);
      }
      return `/avatars/${id}`;
    },
    router,
    counters: () => ({ fetched, served, failed: { ...failed } }),
  };
}

/** Where a viewer's picture is. */
interface Wanted {
  readonly viewerKey: string;
  readonly url: string;
}

/** A picture or the lack of one, and when to look again. */
interface Kept {
  readonly picture: Picture | undefined;
  readonly until: number;
}

function isAllowed(url: string, hosts: readonly string[]): boolean {
  try {
    checkUrl(url, hosts);
    return true;
  } catch {
    return false;
  }
}

/** A map that forgets what was used longest ago once it has too many entries, or too many bytes in sum. */
function createLru<T>(maxEntries: number, maxBytes = Number.POSITIVE_INFINITY) {
  const entries = new Map<string, { value: T; bytes: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get(key: string): T | undefined {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key: string, value: T, bytes: number) {
      drop(key);
      entries.set(key, { value, bytes });
      total += bytes;
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && total <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}

/** Runs a few jobs at once and lets some wait; turns the rest away with "busy". */
function createTurns(maxRunning: number, maxWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async function run<T>(job: () => Promise<T>): Promise<T> {
    if (running >= maxRunning) {
      if (waiting.length >= maxWaiting) throw new PictureError("busy");
      // Whoever finishes hands over its place, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
