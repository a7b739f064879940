/** Stage: the simulated broadcast. Lets the crowd live, tells its clients of it in their protocol, and adds up what was told. */
import type { WebSocket } from "ws";
import type { Clock } from "../clock.ts";
import { createAudience } from "./audience.ts";
import { createExtras } from "./extras.ts";
import { createFaults, type FaultName, type Faults } from "./faults.ts";
import { createLine, type Line } from "./line.ts";
import type { Person } from "./people.ts";
import {
  type Close,
  createMessageIds,
  type Door,
  type Happening,
  type Note,
  type Protocol,
  type Room,
  type SideLine,
  type Visit,
} from "./protocol.ts";
import type { Scenario } from "./scenario.ts";
import { createTally, type SentTotals } from "./tally.ts";

const tickMs = 100;
/** Most time made up for after the process was held, ms. */
const maxCatchUpMs = 1000;
const viewersEveryMs = 4000;

/** What a gift sent by hand became. */
export interface SentGift {
  viewer: { id: string; handle: string; name: string };
  gift: { id: number; name: string; diamonds: number };
  count: number;
}

/** What can be asked and done while it runs. */
export interface Broadcast {
  readonly roomId: string;
  /** Sums of all that was sent to clients; with faults, of what is known to have arrived. */
  sent(): SentTotals;
  /** How often each fault was done. */
  faults(): Readonly<Partial<Record<FaultName, number>>>;
  /** Single gifts of which nobody can know whether they arrived: a line broke by itself while they were under way without an id. */
  unsure(): number;
  /**
   * Lets a viewer send a gift now. Without `viewer` (id, handle or name) somebody present does; without `gift` (id or name) one is drawn.
   * Throws when the viewer is not here or the scenario has no such gift.
   */
  sendGift(wish?: { viewer?: string; gift?: number | string; count?: number }): SentGift;
  /** Sends any message to all clients, as it is. */
  send(message: unknown): void;
  /** Closes all clients with a code and reason. */
  closeClients(code: number, reason: string): void;
  clients(): number;
  /** Begins a broadcast that waits (`waits`); does nothing to one that runs. */
  begin(): void;
  /** Lets what was begun come to its end, begins nothing new and does no fault any more. */
  finish(): void;
  /** After `finish`: everything is over and has arrived. */
  isSettled(): boolean;
  /** Tells that the broadcast is over and closes as the provider does; whoever comes now hears that nobody is live. */
  endStream(): void;
}

export interface StageOptions {
  protocol: Protocol;
  scenario: Scenario;
  seed: number;
  clock: Clock;
  /** Where its pictures are. */
  base: string;
  offline?: readonly string[] | undefined;
  keys?: readonly string[] | undefined;
  faults?: ReadonlySet<FaultName> | undefined;
  lineMs?: number | undefined;
  resendMs?: number | undefined;
  waits?: boolean | undefined;
}

export interface Stage extends Broadcast, Door {
  readonly room: Room;
  viewers(): number;
  /** Takes a token for a key from now on. */
  letIn(token: string): void;
  /** Lets a client in on the event line, or closes it for the reason the real service would give. */
  admit(client: WebSocket, query: URLSearchParams): void;
  /** The same for the captions' line. */
  admitToCaptions(client: WebSocket, query: URLSearchParams, side: SideLine): void;
  stop(): void;
}

/** Sets the stage; nothing happens before somebody comes. */
export function createStage(options: StageOptions): Stage {
  return new LiveStage(options);
}

class LiveStage implements Stage {
  readonly room: Room;
  readonly #options: StageOptions;
  readonly #audience;
  readonly #extras;
  readonly #tally = createTally();
  readonly #faults: Faults | undefined;
  readonly #lines = new Set<Line>();
  readonly #captionLines = new Set<Line>();
  readonly #tokens = new Set<string>();
  /** Lines that were not told of the broadcast yet. */
  readonly #greetings = new Map<Line, () => void>();
  readonly #nextId: () => string;
  #phase: "waiting" | "ready" | "on" | "finishing" | "over";
  #cancelTick: (() => void) | undefined;
  #lastMs = 0;
  #viewersAtMs = 0;
  #everSeen = 0;

  constructor(options: StageOptions) {
    const { protocol, scenario, seed, clock, base, faults, lineMs, resendMs } = options;
    this.#options = options;
    const serial = String(seed >>> 0).slice(-5);
    const roomId = `7${String(clock.now()).slice(-13)}${serial.padStart(5, "0")}`;
    this.room = { roomId, title: scenario.title, base };
    this.#nextId = createMessageIds(roomId);
    this.#phase = options.waits ? "waiting" : "ready";
    this.#audience = createAudience({ scenario, seed });
    this.#extras = createExtras({
      audience: this.#audience,
      scenario,
      seed,
      scenes: scenario.extras || (faults?.size ?? 0) > 0,
      floods: faults?.has("floods") ?? false,
    });
    if (!faults) return;
    this.#faults = createFaults(
      { kinds: faults, seed, protocol, room: this.room, nextId: this.#nextId, resendMs, ...(lineMs ? { lineMs } : {}) },
      ({ what }) => this.#tally.add(what),
    );
  }

  get roomId(): string {
    return this.room.roomId;
  }

  sent(): SentTotals {
    return this.#tally.totals();
  }

  faults(): Readonly<Partial<Record<FaultName, number>>> {
    const floods = this.#extras.floods();
    return { ...this.#faults?.counts(), ...(floods > 0 ? { floods } : {}) };
  }

  unsure(): number {
    return this.#faults?.unsure() ?? 0;
  }

  viewers(): number {
    return this.#audience.present().length;
  }

  clients(): number {
    return this.#lines.size;
  }

  isOffline(handle: string): boolean {
    const { offline = ["offline"] } = this.#options;
    return this.#phase === "over" || offline.includes(handle.toLowerCase());
  }

  isKey(key: string): boolean {
    const { keys } = this.#options;
    return !keys || keys.includes(key) || this.#tokens.has(key);
  }

  letIn(token: string): void {
    this.#tokens.add(token);
  }

  admit(socket: WebSocket, query: URLSearchParams): void {
    const { protocol } = this.#options;
    const visit: Visit = { query };
    if (this.#turnsAway(socket, visit)) return;
    const layer = this.#faults;
    let greeted = false;
    const line = createLine({
      socket,
      visit,
      write: (notes) => protocol.frames(notes, visit, this.room),
      arrived: layer && ((parcels) => layer.arrived(parcels)),
      over: (unconfirmed) => {
        this.#lines.delete(line);
        if (greeted) layer?.over(unconfirmed);
        this.#greetings.delete(line);
      },
    });
    this.#lines.add(line);
    this.#greetings.set(line, () => {
      greeted = true;
      this.#greet(line);
    });
    if (this.#phase === "ready") this.#phase = "on";
    if (this.#isOn() || !protocol.needsBroadcast) this.#greetAll();
    this.#wake();
  }

  admitToCaptions(socket: WebSocket, query: URLSearchParams, side: SideLine): void {
    const visit: Visit = { query };
    if (this.#turnsAway(socket, visit)) return;
    const over = () => this.#captionLines.delete(line);
    const line: Line = createLine({ socket, visit, write: side.frames, over });
    this.#captionLines.add(line);
    line.send(side.greeting());
  }

  #turnsAway(socket: WebSocket, visit: Visit): boolean {
    const refused = this.#options.protocol.refusal(visit, this);
    if (!refused) return false;
    socket.on("error", () => socket.terminate());
    if (refused === "cut") socket.terminate();
    else socket.close(refused.code, refused.reason);
    return true;
  }

  #greetAll(): void {
    const waiting = [...this.#greetings.values()];
    this.#greetings.clear();
    for (const greet of waiting) greet();
  }

  #greet(line: Line): void {
    const { protocol, clock } = this.#options;
    const nowMs = clock.now();
    const standing = { viewers: this.viewers(), likes: this.#audience.roomLikes(), nowMs };
    line.send(protocol.greeting(line.visit, this.room, standing));
    if (this.#faults) line.tell(this.#faults.opened(nowMs));
  }

  #isOn(): boolean {
    return this.#phase === "on" || this.#phase === "finishing";
  }

  begin(): void {
    if (this.#phase !== "waiting") return;
    this.#phase = "on";
    this.#greetAll();
    this.#wake();
  }

  finish(): void {
    this.#phase = "finishing";
    this.#audience.rest();
    this.#faults?.calm();
  }

  isSettled(): boolean {
    if (this.#audience.busy()) return false;
    if (!this.#faults) return true;
    return this.#lines.size > 0 && this.#faults.isEmpty() && [...this.#lines].every((line) => line.isQuiet());
  }

  endStream(): void {
    const { protocol, clock } = this.#options;
    const note: Note = { what: { type: "streamEnd", atMs: 0 }, atMs: clock.now(), id: this.#nextId() };
    this.#phase = "over";
    for (const line of [...this.#lines]) {
      line.send(protocol.frames([note], line.visit, this.room));
      if (protocol.goodbye.close) line.end(protocol.goodbye.frames, protocol.goodbye.close);
      else line.send(protocol.goodbye.frames);
    }
    for (const line of [...this.#captionLines]) line.end([], protocol.goodbye.close ?? "cut");
  }

  send(message: unknown): void {
    const frame = typeof message === "string" ? message : JSON.stringify(message);
    for (const line of [...this.#lines]) line.send([frame]);
  }

  closeClients(code: number, reason: string): void {
    this.#endLines([], { code, reason });
  }

  sendGift({ viewer, gift, count = 1 }: { viewer?: string; gift?: number | string; count?: number } = {}): SentGift {
    const { gifts } = this.#options.scenario;
    const person = viewer === undefined ? undefined : findPerson(this.#audience.present(), viewer);
    const kind = gift === undefined ? undefined : gifts.find(({ id, name }) => id === gift || name === gift);
    if (gift !== undefined && !kind) throw new Error(`The scenario has no gift ${gift}.`);
    const sent = this.#audience.sendGift({ person, gift: kind, count });
    return {
      viewer: { id: sent.person.id, handle: sent.person.handle, name: sent.person.nickname },
      gift: { id: sent.gift.id, name: sent.gift.name, diamonds: sent.gift.diamonds },
      count: Math.max(1, Math.floor(count)),
    };
  }

  stop(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#phase = "over";
    this.#lines.clear();
    this.#captionLines.clear();
  }

  #endLines(frames: readonly string[], close: Close): void {
    for (const line of [...this.#lines]) line.end(frames, close);
  }

  /**
   * Starts the tick. Without faults the audience lives only while somebody is connected, so nothing it does gets lost; with them it goes
   * on by itself and what it does is kept.
   */
  #wake(): void {
    if (this.#cancelTick || !this.#isOn()) return;
    this.#lastMs = this.#options.clock.now();
    this.#cancelTick = this.#options.clock.after(tickMs, () => this.#tick());
  }

  #tick(): void {
    const { clock } = this.#options;
    const nowMs = clock.now();
    const passedMs = Math.min(maxCatchUpMs, Math.max(0, nowMs - this.#lastMs));
    this.#lastMs = nowMs;
    this.#tell(this.#whatHappens(passedMs, nowMs), nowMs);
    const goesOn = this.#isOn() && (this.#faults !== undefined || this.#lines.size > 0);
    this.#cancelTick = goesOn ? clock.after(tickMs, () => this.#tick()) : undefined;
  }

  #whatHappens(passedMs: number, nowMs: number): Happening[] {
    const happened: Happening[] = [];
    for (const act of this.#audience.advance(passedMs)) {
      if (act.type === "join") this.#everSeen++;
      if (act.type !== "leave") happened.push(act);
    }
    if (this.#phase === "on") happened.push(...this.#extras.advance(passedMs));
    if (nowMs - this.#viewersAtMs >= viewersEveryMs) {
      this.#viewersAtMs = nowMs;
      const present = this.#audience.present();
      const top = present.slice(0, 3);
      happened.push({ type: "viewers", atMs: 0, count: present.length, total: this.#everSeen, top });
    }
    return happened;
  }

  #tell(happened: readonly Happening[], nowMs: number): void {
    const notes = happened.map((what): Note => ({ what, atMs: nowMs, id: this.#nextId() }));
    const captions = this.#options.protocol.captions?.frames(notes) ?? [];
    for (const line of [...this.#captionLines]) line.send(captions);
    if (!this.#faults) {
      for (const { what } of notes) this.#tally.add(what);
      for (const line of [...this.#lines]) {
        line.send(this.#options.protocol.frames(notes, line.visit, this.room));
      }
      return;
    }
    for (const note of notes) this.#faults.take(note, nowMs);
    const { out, ending } = this.#faults.step(nowMs);
    for (const line of [...this.#lines]) if (!this.#greetings.has(line)) line.tell(out);
    if (ending) this.#endLines(ending.frames, ending.close);
  }
}

function findPerson(present: readonly Person[], wanted: string): Person {
  const found = present.find(({ id, handle, nickname }) => id === wanted || handle === wanted || nickname === wanted);
  if (!found) throw new Error(`Nobody called ${wanted} is here.`);
  return found;
}
