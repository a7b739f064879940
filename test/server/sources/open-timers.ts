/** Watches the timers that code sets, so that a test can tell whether all of them are over. */
import { vi } from "vitest";

/** Watches from now on until `vi.restoreAllMocks`; the result gives how many timers set since are neither cleared nor done. */
export function watchTimers(): () => number {
  const open = new Set<unknown>();
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((
    callback: (...args: unknown[]) => void,
    ms: number,
    ...args: unknown[]
  ) => {
    const timer = setTimeout(() => {
      open.delete(timer);
      callback(...args);
    }, ms);
    open.add(timer);
    return timer;
  }) as typeof setTimeout);
  vi.spyOn(globalThis, "setInterval").mockImplementation(((callback: () => void, ms: number) => {
    const timer = setInterval(callback, ms);
    open.add(timer);
    return timer;
  }) as typeof setInterval);
  vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
    open.delete(timer);
    clearTimeout(timer);
  });
  vi.spyOn(globalThis, "clearInterval").mockImplementation((timer) => {
    open.delete(timer);
    clearInterval(timer);
  });
  return () => open.size;
}
