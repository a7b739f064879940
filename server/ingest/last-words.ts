/** Last words: what a provider said is wrong just before it closed a line, for closes that do not say why themselves. */

/** Words further back than this are not why a line closes, ms. */
const countForMs = 10_000;

/** The last words of one line. */
export class LastWords {
  readonly #nowMs: () => number;
  #words = "";
  #saidAtMs = 0;

  /** `nowMs` reads the clock; an ear that hears no close, as a recording's, needs none. */
  constructor(nowMs: () => number = () => 0) {
    this.#nowMs = nowMs;
  }

  /** The provider tells of trouble. */
  say(words: string): void {
    this.#words = words;
    this.#saidAtMs = this.#nowMs();
  }

  /** The broadcast goes on: whatever the trouble was, the line outlived it. */
  forget(): void {
    this.#words = "";
  }

  /** Why a line closes now: the close's own reason or, where it has none, the words it followed at once; "" for none. */
  reasonOf(reason: string): string {
    const followed = Math.abs(this.#nowMs() - this.#saidAtMs) <= countForMs;
    return reason || (followed ? this.#words : "");
  }
}
