/** Trust: whether a token is the right one, and whether a request comes from our own pages. */
import { timingSafeEqual } from "node:crypto";

/** Compares two tokens in a time that does not tell how much of them agrees. */
export function isSame(known: string, given: string): boolean {
  const a = Buffer.from(known);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether a request's Origin, if it has one, is the server's own address. Programs send none, OBS and browsers the page's. */
export function isOwnOrigin({ origin, host }: { origin?: string | null; host?: string | null }): boolean {
  if (origin === undefined || origin === null) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
