/** Brackets: which one of a file is never closed, and how those of a line go together. */
import type { CST } from "yaml";

/** Offset of the first "{" or "[" that is never closed; undefined for none. Without recursion: files can be deep. */
export function openBracket(tokens: readonly CST.Token[]): number | undefined {
  const waiting = [...tokens];
  let first: number | undefined;
  for (let token = waiting.pop(); token; token = waiting.pop()) {
    if (token.type === "document" && token.value) waiting.push(token.value);
    if (!("items" in token)) continue;
    if (token.type === "flow-collection") {
      const ends = token.end.map(({ type }) => type);
      const [right, wrong] =
        token.start.source === "{"
          ? (["flow-map-end", "flow-seq-end"] as const)
          : (["flow-seq-end", "flow-map-end"] as const);
      // One that is closed by the other kind takes the end of those around it.
      if (ends.includes(wrong)) return token.offset;
      if (!ends.includes(right)) first = Math.min(first ?? token.offset, token.offset);
    }
    for (const { key, value } of token.items) {
      if (key) waiting.push(key);
      if (value) waiting.push(value);
    }
  }
  return first;
}

/** Brackets of a part of a line outside of quoted texts: opened less closed ones; and where a comment begins, -1 for nowhere. */
export function bracketsOf(line: string): { readonly depth: number; readonly comment: number } {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    const isAtStart = at === 0 || /[\s{[,]/.test(line.charAt(at - 1));
    if (quote !== "") {
      if (sign === "\\" && quote === '"') at++;
      else if (sign === quote) quote = "";
    } else if (isAtStart && (sign === '"' || sign === "'")) quote = sign;
    else if (sign === "#" && at > 0 && /\s/.test(line.charAt(at - 1))) return { depth, comment: at };
    else if (sign === "{" || sign === "[") depth++;
    else if (sign === "}" || sign === "]") depth--;
  }
  return { depth, comment: -1 };
}
