/** Values: variables, counters and meters of a show, as rules change them and expressions read them. */
import type { Viewer } from "../../events/viewer.ts";
import { BoundedMap } from "../../game/bounded.ts";
import type { CompiledMeter, CompiledRules, CompiledVariable, Value } from "../compiled.ts";
import { type Entries, type HeldState, takenOver } from "./held.ts";
import type { Present } from "./present.ts";
import { ticksPerSecond } from "./ticks.ts";

/** Longest text a variable keeps. */
const maxLength = 500;

/** A declared meter and how full it is. */
export interface MeterNow {
  readonly meter: CompiledMeter;
  value: number;
  /** Who filled it last. */
  by: Viewer | undefined;
  /** It was full at the last look and nothing fired. */
  isStuck: boolean;
}

interface VariableNow {
  readonly variable: CompiledVariable;
  /** By viewer or team, or "" for everyone's. */
  values: BoundedMap<Value>;
}

interface SavedMeter {
  readonly value: number;
  readonly by?: Viewer;
  readonly isStuck?: boolean;
  /** What filled it once. */
  readonly full: number;
}

const typeNames = { number: "number", text: "string", flag: "boolean" } as const;

export class Values {
  readonly #present: Present;
  readonly #variables = new Map<string, VariableNow>();
  /** In the file's order. */
  readonly meters: readonly MeterNow[];
  readonly #meterByName: ReadonlyMap<string, MeterNow>;
  /** What expressions read: each field gives the value of now. */
  readonly vars: Readonly<Record<string, Value>>;
  readonly meterValues: Readonly<Record<string, number>>;

  constructor(rules: CompiledRules, present: Present, before: HeldState | undefined) {
    this.#present = present;
    for (const variable of rules.variables) {
      const now: VariableNow = { variable, values: new BoundedMap() };
      this.#variables.set(variable.name, now);
      if (before) this.#take(now, before.variables[variable.name]);
    }
    this.meters = rules.meters.map((meter) => {
      const saved = before?.meters[meter.name] as SavedMeter | undefined;
      return { meter, value: saved ? takenValue(meter, saved) : 0, by: saved?.by, isStuck: saved?.isStuck ?? false };
    });
    this.#meterByName = new Map(this.meters.map((now) => [now.meter.name, now]));
    this.vars = readable([...this.#variables.keys()], (name) => this.#read(this.#variables.get(name)!));
    this.meterValues = readable([...this.#meterByName.keys()], (name) => this.#meterByName.get(name)!.value);
  }

  /** Takes over saved values as far as they still fit what is declared. */
  #take(now: VariableNow, saved: Entries<Value> | undefined): void {
    const { variable } = now;
    now.values = takenOver(saved);
    now.values.prune((value, key) => {
      return typeof value === typeNames[variable.type] && (variable.of === "everyone") === (key === "");
    });
    for (const value of now.values.values()) {
      if (fitting(variable, value) === value) continue;
      now.values = takenOver(now.values.entries().map(([key, other]) => [key, fitting(variable, other)] as const));
      return;
    }
  }

  meter(name: string): MeterNow | undefined {
    return this.#meterByName.get(name);
  }

  /** Sets a variable of who is present; where it is kept per viewer or team and there is none, nothing happens. */
  set(name: string, value: Value): void {
    const now = this.#variables.get(name);
    const key = now && this.#keyOf(now.variable);
    if (now === undefined || key === undefined || typeof value !== typeNames[now.variable.type]) return;
    now.values.set(key, fitting(now.variable, value));
  }

  add(name: string, amount: number): void {
    const now = this.#variables.get(name);
    if (now?.variable.type === "number") this.set(name, (this.#read(now) as number) + amount);
  }

  /** Fills a meter; a negative amount drains it. */
  fill(name: string, amount: number): void {
    const now = this.#meterByName.get(name);
    if (!now || !Number.isFinite(amount)) return;
    now.value = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, now.value + amount));
    if (amount > 0) now.by = this.#present.viewer;
  }

  /** A tick passes: meters lose what drains. One that is full and waits for its rule keeps what it has. */
  drain(): void {
    for (const now of this.meters) {
      if (now.meter.drainPerSecond === 0 || now.isStuck) continue;
      now.value = Math.max(0, now.value - now.meter.drainPerSecond / ticksPerSecond);
    }
  }

  /** A round begins. */
  beginRound(): void {
    for (const { variable, values } of this.#variables.values()) if (variable.perRound) values.clear();
    for (const now of this.meters) {
      if (!now.meter.perRound) continue;
      now.value = 0;
      now.isStuck = false;
    }
  }

  held(): Pick<HeldState, "meters" | "variables"> {
    return {
      meters: Object.fromEntries(this.meters.map((now) => [now.meter.name, savedMeter(now)])),
      variables: Object.fromEntries([...this.#variables].map(([name, { values }]) => [name, values])),
    };
  }

  #read({ variable, values }: VariableNow): Value {
    const key = this.#keyOf(variable);
    return (key === undefined ? undefined : values.get(key)) ?? variable.start;
  }

  /** Whose value it is now; undefined for nobody's. */
  #keyOf({ of }: CompiledVariable): string | undefined {
    if (of === "everyone") return "";
    return (of === "viewer" ? this.#present.key : this.#present.team) || undefined;
  }
}

function savedMeter({ meter, value, by, isStuck }: MeterNow): SavedMeter {
  return { value, full: meter.full, ...(by && { by }), ...(isStuck && { isStuck }) };
}

/** One that is full sooner than before is full once at most, or it would fire many times at once. */
function takenValue({ full }: CompiledMeter, saved: SavedMeter): number {
  return full < saved.full ? Math.min(full, saved.value) : saved.value;
}

/** An object whose fields are read anew each time. */
function readable<T>(names: readonly string[], read: (name: string) => T): Readonly<Record<string, T>> {
  const object: Record<string, T> = {};
  for (const name of names) Object.defineProperty(object, name, { enumerable: true, get: () => read(name) });
  return object;
}

/** The value within what is declared; what is no number is 0. */
function fitting({ min, max }: CompiledVariable, value: Value): Value {
  if (typeof value === "string") return value.slice(0, maxLength);
  if (typeof value === "boolean") return value;
  const finite = Number.isNaN(value) ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  return Math.max(min, Math.min(max, finite)) + 0;
}
