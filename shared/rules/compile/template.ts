/** Compiles a line of the feed: text with expressions in braces. */
import type { Expression } from "../compiled.ts";
import type { TriggerName } from "../triggers.ts";
import { type Context, expressionAt } from "./context.ts";
import type { Spot } from "./spot.ts";

/** Texts and expressions of a line, in turns; empty texts are left out. */
export function templateAt(context: Context, spot: Spot, on: TriggerName): (string | Expression)[] {
  const text = String(spot.value);
  const parts: (string | Expression)[] = [];
  let from = 0;
  while (from < text.length) {
    const open = text.indexOf("{", from);
    const stray = text.indexOf("}", from);
    if (stray >= 0 && (open < 0 || stray < open))
      return refuse(context, spot, stray, 'This "}" closes nothing. Take it out.');
    const until = open < 0 ? text.length : open;
    if (until > from) parts.push(text.slice(from, until));
    if (open < 0) break;
    const close = closing(text, open);
    if (close < 0) return refuse(context, spot, open, 'This "{" is never closed. Write "}" after the expression.');
    const expression = expressionAt(context, on, spot, "text", text.slice(open + 1, close), open + 1);
    if (expression) parts.push(expression);
    from = close + 1;
  }
  return parts;
}

/** Where the brace that belongs to the one at `open` stands, outside of quoted texts; -1 for nowhere. */
function closing(text: string, open: number): number {
  let quote = "";
  for (let i = open + 1; i < text.length; i++) {
    const sign = text.charAt(i);
    if (quote) {
      if (sign === "\\") i++;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "}") return i;
  }
  return -1;
}

function refuse(context: Context, spot: Spot, offset: number, message: string): string[] {
  context.problems.add("RULES_EXPRESSION", spot.placeIn(offset), message);
  return [];
}
