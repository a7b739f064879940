/**
 * Extras: a small seeded script beside the crowd. It acts what few broadcasts have (battles, pins, captions, envelopes, emotes, an
 * introduction), so that all events of the platform occur within seconds, and floods of likes and chats. It has random numbers of its
 * own: the crowd does the same with and without it.
 */
import { createRandom } from "../../shared/world/random.ts";
import type { Audience } from "./audience.ts";
import type { BattleHost, Happening } from "./protocol.ts";
import type { Scenario } from "./scenario.ts";

/** Messages a second of a flood, one of these; how long it lasts, and how long until the next, ms. */
const floodRatesHz = [300, 800, 2500];
const floodMs = [800, 1800] as const;
const calmMs = [4000, 9000] as const;
/** When each scene first comes and how long after it the next of its kind, ms. */
const scenes = {
  intro: { firstMs: 500, everyMs: Number.POSITIVE_INFINITY },
  emote: { firstMs: 1000, everyMs: 3000 },
  caption: { firstMs: 1500, everyMs: 2500 },
  pin: { firstMs: 2000, everyMs: 9000 },
  envelope: { firstMs: 2500, everyMs: 12_000 },
  battle: { firstMs: 1200, everyMs: 25_000 },
} as const;
const battleMs = 15_000;
const scoresEveryMs = 1500;
const pinnedMs = 4000;

export interface ExtrasOptions {
  audience: Audience;
  scenario: Scenario;
  /** 32-bit whole number. */
  seed: number;
  /** Act the rare scenes. */
  scenes: boolean;
  /** Flood now and then. */
  floods: boolean;
}

export interface Extras {
  /** Moves time on and gives what happened. */
  advance(ms: number): Happening[];
  /** Floods so far. */
  floods(): number;
}

interface Planned {
  atMs: number;
  act(): void;
}

/** Creates the script at its beginning. */
export function createExtras(options: ExtrasOptions): Extras {
  return new Script(options);
}

class Script implements Extras {
  readonly #options: ExtrasOptions;
  readonly #random;
  readonly #planned: Planned[] = [];
  #happened: Happening[] = [];
  #nowMs = 0;
  #floods = 0;
  #flood = { rateHz: 0, untilMs: 0, nextMs: 800, owed: 0 };

  constructor(options: ExtrasOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed ^ 0x5eed);
    if (!options.scenes) return;
    for (const [name, { firstMs, everyMs }] of Object.entries(scenes)) {
      this.#repeat(firstMs, everyMs, () => this.#scene(name as keyof typeof scenes));
    }
  }

  advance(ms: number): Happening[] {
    this.#nowMs += ms;
    this.#happened = [];
    for (let at = 0; at < this.#planned.length; ) {
      if (this.#planned[at]!.atMs > this.#nowMs) at++;
      else this.#planned.splice(at, 1)[0]!.act();
    }
    if (this.#options.floods) this.#floodOn(ms);
    return this.#happened;
  }

  floods(): number {
    return this.#floods;
  }

  #plan(afterMs: number, act: () => void): void {
    this.#planned.push({ atMs: this.#nowMs + afterMs, act });
  }

  #repeat(afterMs: number, everyMs: number, act: () => void): void {
    this.#plan(afterMs, () => {
      act();
      if (Number.isFinite(everyMs)) this.#repeat(everyMs, everyMs, act);
    });
  }

  #tell(what: Happening extends infer T ? (T extends unknown ? Omit<T, "atMs"> : never) : never): void {
    this.#happened.push({ ...what, atMs: this.#nowMs } as Happening);
  }

  #scene(name: keyof typeof scenes): void {
    const { audience, scenario } = this.#options;
    const present = audience.present();
    if (name === "intro") this.#tell({ type: "intro", text: `${scenario.title}: ${scenario.summary}` });
    else if (name === "caption") this.#caption();
    else if (name === "battle") this.#battle();
    else if (present.length > 0) {
      const person = this.#random.pick(present);
      if (name === "emote") this.#tell({ type: "emote", person, emoteId: String(7000 + this.#random.index(20)) });
      else if (name === "envelope") {
        this.#tell({ type: "envelope", person, diamonds: 100, people: 5 + this.#random.index(20) });
      } else {
        const text = this.#random.pick(scenario.smalltalk);
        this.#tell({ type: "pin", person, text, pinned: true });
        this.#plan(pinnedMs, () => this.#tell({ type: "pin", person, text, pinned: false }));
      }
    }
  }

  /** What the streamer says is told twice: while it is said, and when it was. */
  #caption(): void {
    const text = this.#random.pick(this.#options.scenario.smalltalk);
    this.#tell({ type: "caption", text: text.slice(0, Math.ceil(text.length / 2)), final: false });
    this.#plan(700, () => this.#tell({ type: "caption", text, final: true }));
  }

  #battle(): void {
    const battleId = `757${String(1_000_000 + this.#random.index(9_000_000))}`;
    let hosts: readonly BattleHost[] = ["6958047938976040001", "6843116833038452002"].map((id) => ({ id, score: 0 }));
    const about = { type: "battle", battleId, seconds: battleMs / 1000 } as const;
    this.#tell({ ...about, phase: "active", hosts });
    for (let afterMs = scoresEveryMs; afterMs < battleMs; afterMs += scoresEveryMs) {
      this.#plan(afterMs, () => {
        hosts = hosts.map(({ id, score }) => ({ id, score: score + this.#random.index(60) }));
        this.#tell({ type: "battleScores", battleId, hosts });
      });
    }
    this.#plan(battleMs, () => this.#tell({ ...about, phase: "ended", hosts }));
  }

  #floodOn(ms: number): void {
    const flood = this.#flood;
    const present = this.#options.audience.present();
    if (present.length === 0) return;
    if (this.#nowMs >= flood.nextMs) {
      this.#floods++;
      flood.rateHz = this.#random.pick(floodRatesHz);
      flood.untilMs = this.#nowMs + this.#random.between(...floodMs);
      flood.nextMs = flood.untilMs + this.#random.between(...calmMs);
    }
    if (this.#nowMs >= flood.untilMs) return;
    flood.owed += (flood.rateHz * ms) / 1000;
    for (; flood.owed >= 1; flood.owed--) {
      const person = this.#random.pick(present);
      if (this.#random.next() < 0.6) {
        const count = 1 + this.#random.index(15);
        this.#tell({ type: "like", person, count, roomTotal: this.#options.audience.addLikes(count) });
      } else this.#tell({ type: "chat", person, text: this.#random.pick(this.#options.scenario.smalltalk) });
    }
  }
}
