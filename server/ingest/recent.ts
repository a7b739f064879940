/**
 * Recent: remembers the latest keys in two generations. A new key goes to the young one; when that is full, it becomes the old one and the
 * old one is forgotten whole. So a flood costs no more per key than a quiet hour: a map from which the oldest is taken one by one walks
 * through all that it has forgotten already.
 */

export interface RecentOptions {
  /** Keys that are always remembered; up to twice as many are. */
  atLeast: number;
  /** Keys are remembered for so long at least, unless more than `atLeast` newer ones came, ms. */
  forMs: number;
  /** With so many newer ones, keys older than `forMs` are forgotten. Default: never for their age. */
  thenAtLeast?: number;
}

export interface Recent<T> {
  get(key: string): T | undefined;
  /** Remembers a key, or its new value, as the youngest. */
  set(key: string, value: T, nowMs: number): void;
  readonly size: number;
  /** Keys forgotten before `forMs`. */
  readonly forgottenEarly: number;
}

/** Creates an empty memory. */
export function createRecent<T>(options: RecentOptions): Recent<T> {
  return new Generations(options);
}

class Generations<T> implements Recent<T> {
  readonly #options: RecentOptions;
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  #youngSinceMs = 0;
  /** When the old generation got its last key. */
  #oldUntilMs = 0;
  forgottenEarly = 0;

  constructor(options: RecentOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): T | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: string, value: T, nowMs: number): void {
    if (this.#young.size === 0) this.#youngSinceMs = nowMs;
    if (!this.#young.has(key)) {
      this.#old.delete(key);
      if (this.#isFull(nowMs)) this.#turn(nowMs);
    }
    this.#young.set(key, value);
  }

  #isFull(nowMs: number): boolean {
    const { atLeast, forMs, thenAtLeast = Number.POSITIVE_INFINITY } = this.#options;
    const { size } = this.#young;
    return size >= atLeast || (size >= thenAtLeast && nowMs - this.#youngSinceMs > forMs);
  }

  #turn(nowMs: number): void {
    if (nowMs - this.#oldUntilMs <= this.#options.forMs) this.forgottenEarly += this.#old.size;
    this.#old = this.#young;
    this.#oldUntilMs = nowMs;
    this.#young = new Map();
    this.#youngSinceMs = nowMs;
  }
}
