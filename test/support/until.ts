/** Waiting for something that a real socket brings about: looks again after every turn of the event loop, up to a limit. */

/** Resolves once `condition` holds; rejects when it does not within `withinMs`. */
export async function until(condition: () => boolean, withinMs: number = 8000): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`Waited ${withinMs} ms in vain for: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
