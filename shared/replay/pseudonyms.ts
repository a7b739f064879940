/**
 * Pseudonyms: gives everyone in a recorded show a made-up name, the same one throughout, so that the show can be handed to others. Viewers,
 * ids of the platform and mentions in texts are replaced; rule files stay as they are, and so does what people wrote about.
 */
import type { LiveEvent } from "../events/live-event.ts";
import { maxTextLength } from "../events/live-event.ts";
import { type Viewer, viewerKey } from "../events/viewer.ts";
import { fold } from "../rules/fold.ts";
import type { CarriedCalls } from "../sim/carrying.ts";
import type { OperatorAct, SavedRuleFiles, ShowInput } from "../sim/input.ts";
import type { ShowHead } from "./show-file.ts";

/** At least 32 hex digits that follow from a text and a key nobody keeps. */
export type KeyedHash = (text: string) => string;

export interface Pseudonyms {
  /** First everything that enters is met, so that a comment can mention somebody who comes later. */
  meet(inputs: readonly ShowInput[]): void;
  /** What the show began with, under other names. */
  head(): ShowHead;
  /** What enters, under other names. */
  inputs(inputs: readonly ShowInput[]): ShowInput[];
}

const adjectives =
  "amber brave calm clever cosmic dapper eager fancy gentle happy jolly keen lucky merry noble quick".split(" ");
const animals =
  "badger crane dolphin eagle ferret gecko heron ibex koala lemur marmot otter panda raven stoat tapir".split(" ");

/** A word as handles and names are made of; a dot at its end belongs to the sentence. */
const wordPattern = /@?[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.]*[\p{L}\p{M}\p{N}_])?/gu;
/** A name that begins with what is no word, as a picture: behind an "@" it is looked for as it is written. */
const signPattern = /^(?!@?[\p{L}\p{N}_])\S/u;
/** Shorter names are looked for only behind an "@": as words they mean everything. */
const leastNameLength = 3;

/** Creates the pseudonyms of one show. */
export function createPseudonyms(original: ShowHead, keyed: KeyedHash): Pseudonyms {
  const mentions = createMentions(keyed);
  const renamed = createRenaming(keyed, mentions);
  const { beginning } = original;
  for (const files of beginning.rules) mentions.ruleFiles(files);
  forEachObject(beginning.carried, (found) => {
    if (isViewer(found)) mentions.viewer(found);
  });
  return {
    meet(inputs) {
      for (const input of inputs) {
        if (input.type === "rules") mentions.ruleFiles(input.files);
        else if (input.type === "act") {
          if (typeof input.act === "object" && input.act.viewer) mentions.viewer(input.act.viewer);
        } else if ("viewer" in input.event && input.event.viewer) mentions.viewer(input.event.viewer);
      }
    },
    head: () => ({
      ...original,
      private: true,
      beginning: { ...beginning, carried: renamed.carried(beginning.carried) },
    }),
    inputs: (inputs) =>
      inputs.map((input) => {
        if (input.type === "event") return { type: "event", event: renamed.event(input.event) };
        return input.type === "act" ? { type: "act", act: renamed.act(input.act) } : input;
      }),
  };
}

/** Finds in texts who is mentioned. */
interface Mentions {
  viewer(viewer: Viewer): void;
  /** Words of a rule file are commands: a viewer who is called like one does not take it from all others. */
  ruleFiles(files: SavedRuleFiles): void;
  replaced(text: string): string;
}

/** A name as the words it is made of, and whose it is. */
interface Alias {
  readonly words: readonly string[];
  readonly viewer: Pick<Viewer, "platform" | "id">;
}

/** A name that begins with a sign, and whose it is. */
interface SignName {
  readonly name: string;
  readonly viewer: Pick<Viewer, "platform" | "id">;
}

function createMentions(keyed: KeyedHash): Mentions {
  /** By first word, the longest names first. */
  const aliases = new Map<string, Alias[]>();
  const ruleWords = new Set<string>();
  const signs = createSigns();
  const know = (text: string, { platform, id }: Viewer) => {
    const words = [...text.matchAll(wordPattern)].map(([word]) => nameOf(word));
    const known = aliases.get(words[0] ?? "") ?? [];
    if (words.length === 0 || known.some((alias) => isSame(alias.words, words))) return;
    known.push({ words, viewer: { platform, id } });
    aliases.set(
      words[0]!,
      known.sort((a, b) => b.words.length - a.words.length),
    );
  };
  const aliasAt = (words: readonly string[], at: number): Alias | undefined => {
    const isMarked = words[at]!.startsWith("@");
    return aliases.get(nameOf(words[at]!))?.find((alias) => {
      if (!alias.words.every((word, index) => nameOf(words[at + index] ?? "") === word)) return false;
      return isMarked || !isCommonWord(alias.words);
    });
  };
  const isCommonWord = (words: readonly string[]) =>
    words.length === 1 && (words[0]!.length < leastNameLength || ruleWords.has(words[0]!));
  const replacedWords = (text: string): string => {
    const found = [...text.matchAll(wordPattern)];
    const words = found.map(([word]) => word);
    let result = "";
    let end = 0;
    for (let at = 0; at < words.length; at++) {
      const word = words[at]!;
      const isMarked = word.startsWith("@");
      const alias = aliasAt(words, at);
      if (!alias && !isMarked) continue;
      const handle = alias ? handleOf(viewerHash(alias.viewer, keyed)) : handleOf(keyed(`handle|${nameOf(word)}`));
      result += `${text.slice(end, found[at]!.index)}${isMarked ? "@" : ""}${handle}`;
      if (alias) at += alias.words.length - 1;
      end = found[at]!.index + words[at]!.length;
    }
    return result + text.slice(end);
  };
  return {
    viewer(viewer) {
      know(viewer.handle, viewer);
      know(viewer.name, viewer);
      signs.know(viewer);
    },
    ruleFiles({ texts }) {
      for (const [, text] of texts) for (const [word] of text.matchAll(wordPattern)) ruleWords.add(nameOf(word));
    },
    replaced(text) {
      let result = "";
      let end = 0;
      for (let mark = text.indexOf("@"); mark >= 0; mark = text.indexOf("@", Math.max(mark + 1, end))) {
        const sign = signs.at(text, mark + 1);
        if (!sign) continue;
        result += `${replacedWords(text.slice(end, mark))}@${handleOf(viewerHash(sign.viewer, keyed))}`;
        end = mark + 1 + sign.name.length;
      }
      return (result + replacedWords(text.slice(end))).slice(0, maxTextLength);
    },
  };
}

/** Finds names that begin with a sign, as they are written. */
function createSigns() {
  /** By first character, the longest names first. */
  const signs = new Map<string, SignName[]>();
  return {
    know({ name: written, platform, id }: Viewer) {
      const name = written.trim();
      const known = signs.get(firstOf(name)) ?? [];
      if (!signPattern.test(name) || known.some((sign) => sign.name === name)) return;
      known.push({ name, viewer: { platform, id } });
      signs.set(
        firstOf(name),
        known.sort((a, b) => b.name.length - a.name.length),
      );
    },
    /** The longest name that stands at this place. */
    at(text: string, index: number): SignName | undefined {
      return signs.get(firstOf(text.slice(index, index + 2)))?.find(({ name }) => text.startsWith(name, index));
    },
  };
}

/** Gives each thing its new name. */
function createRenaming(keyed: KeyedHash, mentions: Mentions) {
  const eventId = (id: string) => `event-${keyed(`event|${id}`).slice(0, 24)}`;
  const other = (kind: string, name: string) => (name === "" ? "" : `${kind}-${keyed(`${kind}|${name}`).slice(0, 24)}`);
  const viewer = (known: Viewer): Viewer => {
    const hash = viewerHash(known, keyed);
    const { platform, roles, levels } = known;
    return { platform, id: idOf(hash), handle: handleOf(hash), name: titleOf(hash), roles, levels };
  };
  const event = (known: LiveEvent): LiveEvent => {
    const fields = known as Readonly<Record<string, unknown>>;
    const changed: Record<string, unknown> = {
      ...fields,
      id: eventId(known.id),
      roomId: other("room", known.roomId),
    };
    if ("viewer" in known && known.viewer) changed.viewer = viewer(known.viewer);
    if ("streakKey" in known) changed.streakKey = other("combo", known.streakKey);
    if ("battleId" in known) changed.battleId = other("battle", known.battleId);
    if ("text" in known) changed.text = mentions.replaced(known.text);
    if ("title" in known) changed.title = mentions.replaced(known.title).slice(0, maxTitleLength);
    if ("reason" in known) changed.reason = mentions.replaced(known.reason).slice(0, maxReasonLength);
    if ("url" in known) changed.url = "";
    return changed as unknown as LiveEvent;
  };
  /** Calls carried over from another show: what they hold of viewers and events is found by its shape, and then by its name. */
  const carried = (value: unknown): unknown => {
    const names = new Map<string, string>();
    forEachObject(value, (found) => {
      if (isViewer(found)) names.set(viewerKey(found), viewerKey(viewer(found)));
      else if (isEvent(found)) {
        names.set(found.id, eventId(found.id));
        if ("streakKey" in found) names.set(found.streakKey, other("combo", found.streakKey));
      }
    });
    names.delete("");
    for (const entry of quotaEntries(value)) {
      const [, day, platform, id] = entryPattern.exec(entry) ?? [];
      if (platform && id) names.set(entry, `${day} ${platform}:${idOf(viewerHash({ platform, id }, keyed))}`);
    }
    const copy = (part: unknown): unknown => {
      if (typeof part === "string") return names.get(part) ?? part;
      if (typeof part !== "object" || part === null) return part;
      if (Array.isArray(part)) return part.map(copy);
      if (isEvent(part)) return event(part);
      if (isViewer(part)) return viewer(part);
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [names.get(key) ?? key, copy(item)]));
    };
    return copy(value);
  };
  const act = (known: OperatorAct): OperatorAct =>
    typeof known === "object" && known.viewer ? { ...known, viewer: viewer(known.viewer) } : known;
  return { event, act, carried };
}

/** Longest reason of an event, and longest title of a reward, in UTF-16 units. */
const maxReasonLength = 200;
const maxTitleLength = 120;

function viewerHash({ platform, id }: Pick<Viewer, "platform" | "id">, keyed: KeyedHash): string {
  return keyed(`viewer|${platform}|${id}`);
}

function idOf(hash: string): string {
  return `viewer-${hash.slice(0, 20)}`;
}

/** "jollyotter3f9a2c": unlike any other with as good as certainty, and one word. */
function handleOf(hash: string): string {
  return `${adjectiveOf(hash)}${animalOf(hash)}${hash.slice(22, 30)}`;
}

/** "Jolly Otter 3f9a". */
function titleOf(hash: string): string {
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return `${capital(adjectiveOf(hash))} ${capital(animalOf(hash))} ${hash.slice(22, 26)}`;
}

function adjectiveOf(hash: string): string {
  return adjectives[Number.parseInt(hash.charAt(20), 16)]!;
}

function animalOf(hash: string): string {
  return animals[Number.parseInt(hash.charAt(21), 16)]!;
}

/** The first character, "" of none. */
function firstOf(text: string): string {
  const [first = ""] = text;
  return first;
}

/** A word as names are compared: folded, without its "@". */
function nameOf(word: string): string {
  return fold(word).replace(/^@/, "");
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

/** An entry of a quota per viewer and day: the day, and whose it is. */
const entryPattern = /^(\d+) ([^:]+):(.+)$/s;

/** Of what was carried over: viewers whose quotas of the day are used up in part. They may have nothing that waits. */
function quotaEntries(carried: unknown): string[] {
  // In the form before shows of several games there is one day.
  const { days, day } = (carried ?? {}) as Partial<CarriedCalls> & {
    day?: Pick<CarriedCalls["days"][number], "limits">;
  };
  const limits = (days ?? (day ? [day] : [])).flatMap((used) => Object.entries(used.limits));
  const ofViewers = limits.filter(([name]) => name.includes("|viewer|"));
  return ofViewers.flatMap(([, entries]) => entries.map(([entry]) => entry));
}

function forEachObject(value: unknown, visit: (found: object) => void): void {
  if (typeof value !== "object" || value === null) return;
  visit(value);
  for (const item of Object.values(value)) forEachObject(item, visit);
}

function isViewer(found: object): found is Viewer {
  return "platform" in found && "id" in found && "handle" in found && "name" in found && "roles" in found;
}

function isEvent(found: object): found is LiveEvent {
  return "type" in found && "id" in found && "source" in found && "receivedAt" in found;
}
