/** Backoff: how long to wait before the next try to join, longer each time. Pure. */

/** Waits before the first try again and at most, in milliseconds; each is twice the one before. */
export const firstWaitMs = 500;
export const longestWaitMs = 8000;

/**
 * Milliseconds to wait after so many tries in vain (0 or more). `chance`, from 0 to below 1, takes up to a quarter off, so that
 * many pages that lost one server do not come back all at once.
 */
export function backoffMs(tries: number, chance: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** tries) * (1 - chance / 4);
}
