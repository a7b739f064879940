/** Remembering the latest keys. When it is full, the older half is forgotten at once: a flood costs no more per key than a quiet hour. */

/** Most viewers (or combos, or rounds) that one map remembers. */
export const maxRemembered = 5000;

/** A map in the order in which its keys were last set. What it holds depends only on what was set, so it can be saved and filled again. */
export class BoundedMap<V> {
  readonly #most: number;
  #map = new Map<string, V>();

  constructor(most: number = maxRemembered) {
    this.#most = most;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  /** Remembers the key, or its new value, as the youngest. */
  set(key: string, value: V): void {
    // Taken out first, so that it moves to the end.
    if (!this.#map.delete(key) && this.#map.size >= this.#most) this.#forgetOlderHalf();
    this.#map.set(key, value);
  }

  delete(key: string): void {
    this.#map.delete(key);
  }

  clear(): void {
    this.#map.clear();
  }

  /** Forgets what is not to be kept. */
  prune(isKept: (value: V, key: string) => boolean): void {
    for (const [key, value] of this.#map) if (!isKept(value, key)) this.#map.delete(key);
  }

  values(): Iterable<V> {
    return this.#map.values();
  }

  /** Oldest first. */
  entries(): [string, V][] {
    return [...this.#map];
  }

  #forgetOlderHalf(): void {
    const left = Math.floor(this.#most / 2);
    this.#map = new Map([...this.#map].slice(this.#map.size - left));
  }
}

/** Remembers a key in a set of plain data. When it holds `most`, the older half is forgotten at once, as in a BoundedMap. */
export function rememberIn(set: Set<string>, key: string, most: number = maxRemembered): void {
  if (set.size >= most && !set.has(key)) {
    const kept = [...set].slice(set.size - Math.floor(most / 2));
    set.clear();
    for (const one of kept) set.add(one);
  }
  set.add(key);
}
