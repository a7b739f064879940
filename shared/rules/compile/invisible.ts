/** Names signs that cannot be seen, look like others, or hide what follows, where a line has a problem: nobody finds them by looking. */
import type { RuleFiles } from "../compiled.ts";
import type { Problem } from "../problem.ts";

/** Without the joiner that emojis are made with. */
const invisible = /[\u00A0\u00AD\u180E\u2000-\u200C\u200E\u200F\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF]/u;
/** A full-width colon behind what looks like a key. */
const falseColon = /^\s*(?:- )?[\w.-]+\s*(?=\uFF1A)/u;

const names: Readonly<Record<string, string>> = {
  "\u00A0": "a no-break space",
  "\u202F": "a no-break space",
  "\u200B": "a zero-width space",
  "\u3000": "a wide space",
};

/** The same problems; those in a line with such a character say so. */
export function namingInvisible(problems: readonly Problem[], { texts }: RuleFiles): readonly Problem[] {
  const lines = new Map<string, readonly string[]>();
  return problems.map((problem) => {
    const { file, line, message } = problem;
    const ofFile = lines.get(file) ?? (texts.get(file) ?? "").split("\n");
    lines.set(file, ofFile);
    const note = noteOn(ofFile[line - 1] ?? "", message);
    return note === "" ? problem : { ...problem, message: `${message} ${note}` };
  });
}

function noteOn(line: string, message: string): string {
  if (message.startsWith("Nothing stands here") && /:\s+#/.test(line))
    return "What stands behind # is a comment; put a word with # in quotes.";
  const colon = falseColon.exec(line);
  if (colon) return `The "\uFF1A" at column ${colon[0].length + 1} only looks like a colon: write ":" and a space.`;
  const at = line.slice(0, 2000).search(invisible);
  if (at < 0) return "";
  const name = names[line.charAt(at)] ?? "a character that cannot be seen";
  return `At column ${at + 1} stands ${name}; delete it and type what is there anew.`;
}
