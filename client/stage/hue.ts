/** Which hue a viewer has: a stable hash of the key, so that it is the same in every round, show and page. */

/** Index into a list of `count` hues. The same key always gives the same one. */
export function hueIndex(key: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  // The low bits of FNV follow the last letter; folding the high ones in spreads ids that differ by one.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) % count;
}
