/** Fifo: a first-in, first-out list whose both ends cost the same however long it is. */

export interface Fifo<T> {
  push(item: T): void;
  /** Takes the oldest item, undefined when empty. */
  shift(): T | undefined;
  /** The oldest item, left where it is. */
  peek(): T | undefined;
  size(): number;
}

/** Items taken from the front before their space is given back. */
const compactAfter = 1024;

/** Creates an empty list. */
export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    push: (item) => {
      items.push(item);
    },
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head++] = undefined;
      if (head > compactAfter && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    peek: () => items[head],
    size: () => items.length - head,
  };
}
