/** Touching: which entities touch, told when they begin to and when they cease. A compound touches once, whichever of its parts do. */
import type Matter from "matter-js";
import type { Contact, EntityId, Parting } from "../entity.ts";
import { worldNumbers } from "../limits.ts";
import type { BodyEntity } from "./body.ts";

interface Touch {
  readonly a: BodyEntity;
  readonly b: BodyEntity;
  /** How many of their parts touch. */
  count: number;
}

/** Keeps what touches in one world. */
export class Touching {
  /** Those of the last step; the objects are used again in the next. */
  readonly contacts: Contact[] = [];
  readonly partings: Parting[] = [];
  /** Contacts and partings that found no place in a step. */
  unreported: number;
  readonly #entityOf: (body: Matter.Body) => BodyEntity | undefined;
  readonly #contactPool: Contact[] = [];
  readonly #partingPool: Parting[] = [];
  readonly #touches = new Map<string, Touch>();
  /** Pairs that touched when the world settled, until its next step. */
  readonly #before: Set<string>;

  constructor(
    entityOf: (body: Matter.Body) => BodyEntity | undefined,
    before: Iterable<string> = [],
    unreported: number = 0,
  ) {
    this.#entityOf = entityOf;
    this.#before = new Set(before);
    this.unreported = unreported;
  }

  /** Forgets what was told in the step before. */
  beginStep(): void {
    this.contacts.length = 0;
    this.partings.length = 0;
  }

  begin(pairs: readonly Matter.Pair[]): void {
    for (const pair of pairs) {
      const first = this.#entityOf(pair.bodyA.parent);
      const second = this.#entityOf(pair.bodyB.parent);
      if (!first || !second) continue;
      // Which of the two matter-js calls A depends on its own order; ours is always the older entity first.
      const inOrder = first.id < second.id;
      const [a, b] = inOrder ? [first, second] : [second, first];
      const key = keyOf(a, b);
      const touch = this.#touches.get(key);
      if (touch) {
        touch.count++;
        continue;
      }
      this.#touches.set(key, { a, b, count: 1 });
      if (this.#before.has(key)) continue;
      if (this.contacts.length < worldNumbers.maxContacts) this.#tellContact(pair, a, b, inOrder);
      else this.unreported++;
    }
  }

  end(pairs: readonly Matter.Pair[]): void {
    for (const pair of pairs) {
      const first = this.#entityOf(pair.bodyA.parent);
      const second = this.#entityOf(pair.bodyB.parent);
      if (!first || !second) continue;
      const key = first.id < second.id ? keyOf(first, second) : keyOf(second, first);
      const touch = this.#touches.get(key);
      if (!touch || --touch.count > 0) continue;
      this.#touches.delete(key);
      this.#tellParting(touch.a, touch.b);
    }
  }

  /** After a step: what touched when the world settled and does so no longer has parted. */
  endStep(entities: ReadonlyMap<EntityId, BodyEntity>): void {
    if (this.#before.size === 0) return;
    for (const key of this.#before) {
      if (this.#touches.has(key)) continue;
      const [older, younger] = key.split(" ");
      const a = entities.get(Number(older));
      const b = entities.get(Number(younger));
      if (a && b) this.#tellParting(a, b);
    }
    this.#before.clear();
  }

  /** The bodies are built anew: what touches now is known by its ids alone until the next step. */
  settle(): void {
    for (const [key, { a, b }] of this.#touches) if (a.alive && b.alive) this.#before.add(key);
    this.#touches.clear();
    this.beginStep();
  }

  /** Pairs of ids that touched when the world settled. */
  save(): string[] {
    return [...this.#before];
  }

  #tellContact(pair: Matter.Pair, a: BodyEntity, b: BodyEntity, inOrder: boolean): void {
    const contact = pooled(this.#contactPool, this.contacts.length, freshContact);
    contact.a = a;
    contact.b = b;
    const from = (inOrder ? pair.bodyA : pair.bodyB).position;
    const to = (inOrder ? pair.bodyB : pair.bodyA).position;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const distance = Math.hypot(dx, dy) || 1;
    const { normal } = pair.collision;
    const sign = normal.x * dx + normal.y * dy < 0 ? -1 : 1;
    contact.nx = normal.x * sign || dx / distance;
    contact.ny = normal.y * sign || dy / distance;
    contact.impact = Math.max(0, (a.vx - b.vx) * contact.nx + (a.vy - b.vy) * contact.ny);
    const point = pair.collision.supports[0];
    contact.x = point?.x ?? (a.x + b.x) / 2;
    contact.y = point?.y ?? (a.y + b.y) / 2;
    this.contacts.push(contact);
  }

  #tellParting(a: BodyEntity, b: BodyEntity): void {
    if (!a.alive || !b.alive) return;
    if (this.partings.length >= worldNumbers.maxContacts) {
      this.unreported++;
      return;
    }
    const parting = pooled(this.#partingPool, this.partings.length, freshParting);
    parting.a = a;
    parting.b = b;
    this.partings.push(parting);
  }
}

function keyOf(older: BodyEntity, younger: BodyEntity): string {
  return `${older.id} ${younger.id}`;
}

function pooled<T>(pool: T[], index: number, fresh: () => T): T {
  let item = pool[index];
  if (!item) {
    item = fresh();
    pool.push(item);
  }
  return item;
}

const nobody = undefined as unknown as BodyEntity;
const freshContact = (): Contact => ({ a: nobody, b: nobody, x: 0, y: 0, impact: 0, nx: 0, ny: 0 });
const freshParting = (): Parting => ({ a: nobody, b: nobody });
