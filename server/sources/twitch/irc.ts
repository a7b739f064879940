/**
 * Lines of Twitch's chat, which is IRC with tags (protocols 7). An own reader, as the one of @twurple/chat (8.1.4) takes 77 s for a
 * line of 800 kB full of spaces; this one takes time in proportion to the line, and throws for none.
 */

export interface IrcMessage {
  /** Values unescaped; a tag without a value has "". */
  tags: ReadonlyMap<string, string>;
  /** Who sent it: a viewer's login, or the server's name; "" without one. */
  sender: string;
  /** In capitals, or three digits. */
  command: string;
  params: readonly string[];
}

/** IRC knows no more parameters; what is left is the last one. */
const maxParams = 15;
/** Real messages have about 30. */
const maxTags = 200;

const escapes: Readonly<Record<string, string>> = { ":": ";", s: " ", r: "\r", n: "\n" };

/** The lines of a frame, without those that are empty: Twitch puts several into one. */
export function linesOf(frame: string): string[] {
  return frame.split(/\r?\n/).filter((line) => line !== "");
}

/** Reads a line; undefined when it is none of IRC's. */
export function parseIrcLine(line: string): IrcMessage | undefined {
  const [tags, afterTags] = leading("@", line);
  const [prefix, rest] = leading(":", afterTags);
  const [command, text] = split(rest, " ");
  if (!/^([A-Z]+|\d{3})$/.test(command)) return undefined;
  return { tags: readTags(tags), sender: split(prefix, "!")[0], command, params: readParams(text) };
}

/** What `mark` leads in, up to the next space, and the rest; "" and all of the text when nothing does. */
function leading(mark: string, text: string): [led: string, rest: string] {
  if (!text.startsWith(mark)) return ["", text];
  const [led, rest] = split(text.slice(1), " ");
  return [led, withoutSpaces(rest)];
}

function split(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** The text from its first character on that is no space. */
function withoutSpaces(text: string): string {
  return text.startsWith(" ") ? text.replace(/^ +/, "") : text;
}

function readTags(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  if (text === "") return tags;
  for (const tag of text.split(";", maxTags)) {
    const [name, value] = split(tag, "=");
    if (name !== "") tags.set(name, value.includes("\\") ? unescaped(value) : value);
  }
  return tags;
}

/** A backslash before any other character stands for that character, one at the end for nothing. */
function unescaped(value: string): string {
  return value.replace(/\\(.?)/gs, (_all, letter: string) =>
    Object.hasOwn(escapes, letter) ? escapes[letter]! : letter,
  );
}

function readParams(text: string): string[] {
  const params: string[] = [];
  let rest = withoutSpaces(text);
  while (rest !== "") {
    if (rest.startsWith(":") || params.length === maxParams - 1) {
      params.push(rest.startsWith(":") ? rest.slice(1) : rest);
      break;
    }
    const [param, after] = split(rest, " ");
    params.push(param);
    rest = withoutSpaces(after);
  }
  return params;
}
