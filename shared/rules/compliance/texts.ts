/** All texts of a rule file that the stage shows, with their places: lines, texts for actions, variables, words, titles, names of teams. */
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { AnyGame } from "../../game/define.ts";
import { allSteps } from "../all-steps.ts";
import type { CallStep, CompiledRule, CompiledRules, Expression, Place, RuleFiles, SayStep } from "../compiled.ts";
import { type GivenTexts, sums, textsGiven } from "./expressions.ts";

export interface ShownText {
  /** All it can be. */
  readonly texts: readonly string[];
  /** What it is: "the line this rule says". */
  readonly what: string;
  readonly place: Place;
  /** Undefined for what belongs to the whole file. */
  readonly rule: CompiledRule | undefined;
  /** It shows the name of the gift that was sent. */
  readonly showsGiftName: boolean;
}

/** A text that rules show, with the names whose values it shows. */
interface Source extends ShownText {
  readonly names: readonly string[];
}

/** Every text of the file that the stage shows. */
export function shownTexts(rules: CompiledRules, game: AnyGame): ShownText[] {
  const isFree = freeTextParams(game);
  const shown = rules.rules.flatMap((rule) =>
    allSteps(rule.steps).flatMap((step): Source[] => {
      if (step.kind === "say") return [saidText(step, rule)];
      return step.kind === "call" ? paramTexts(step, rule, isFree) : [];
    }),
  );
  const changed = changedTexts(rules);
  const names = namesShown(shown, changed);
  const { files } = rules;
  return [
    ...shown,
    ...changed.flatMap(({ name, text }) => (names.has(name) ? [text] : [])),
    ...rules.variables
      .filter(({ name, start }) => typeof start === "string" && start !== "" && names.has(`vars.${name}`))
      .map(({ name, start }) =>
        fileText([String(start)], `the shown variable "${name}"`, files, [
          ["variables", name, "start"],
          ["variables", name],
        ]),
      ),
    ...[...rules.words]
      .filter(([name]) => names.has(`words.${name}`))
      .map(([name, list]) => fileText(list, `the shown word list "${name}"`, files, [["words", name]])),
    ...rules.meters.map(({ name, title }) =>
      fileText([title], `the title of meter "${name}"`, files, [
        ["meters", name, "title"],
        ["meters", name],
      ]),
    ),
    ...rules.teams.map(({ name }) => fileText([name], "the name of a team", files, [["teams", name]])),
  ];
}

/** Texts that rules set variables to, whether shown or not. */
function changedTexts({ rules }: CompiledRules): { name: string; text: Source }[] {
  return rules.flatMap((rule) =>
    allSteps(rule.steps).flatMap((step) => {
      if (step.kind !== "set" || (typeof step.value === "object" && step.value.type !== "text")) return [];
      if (typeof step.value !== "string" && typeof step.value !== "object") return [];
      const what = `what this rule sets the shown variable "${step.name}" to`;
      return [{ name: `vars.${step.name}`, text: partsText([step.value], what, rule.place, rule) }];
    }),
  );
}

/** Names whose values are shown, also through variables that are set from others. */
function namesShown(
  shown: readonly Source[],
  changed: readonly { readonly name: string; readonly text: Source }[],
): ReadonlySet<string> {
  const names = new Set(shown.flatMap((text) => text.names));
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const { name, text } of changed) if (names.has(name)) for (const read of text.names) names.add(read);
  }
  return names;
}

function saidText(step: SayStep, rule: CompiledRule): Source {
  return partsText(step.parts, "the line this rule says", step.place, rule);
}

/** Texts for params of an action that may be any text; where the game lists what they may be, the words are its own. */
function paramTexts(step: CallStep, rule: CompiledRule, isFree: (action: string, param: string) => boolean): Source[] {
  const what = (name: string): string => `"${name}" of "${step.action}"`;
  const fixed = Object.entries(step.params).flatMap(([name, value]) =>
    typeof value === "string" && value !== "" && isFree(step.action, name)
      ? [partsText([value], what(name), step.place, rule)]
      : [],
  );
  const computed = step.computed
    .filter(({ expression, choices }) => expression.type === "text" && choices.length === 0)
    .map(({ name, expression }) => partsText([expression], what(name), step.place, rule));
  return [...fixed, ...computed];
}

/** Tells whether a param of an action takes any text. Asks the game once for each. */
function freeTextParams({ actions }: AnyGame): (action: string, param: string) => boolean {
  const known = new Map<unknown, boolean>();
  return (action, param) => {
    const schema = actions[action]?.params.shape[param] as z.ZodType | undefined;
    if (!schema) return false;
    const before = known.get(schema);
    if (before !== undefined) return before;
    const json = z.toJSONSchema(schema, { io: "input" });
    const isFree = json.type === "string" && json.enum === undefined && json.const === undefined;
    known.set(schema, isFree);
    return isFree;
  };
}

/** Texts and expressions in turns. A value that is not known stands as a space, so that two halves of a word do not make one. */
function partsText(parts: readonly (string | Expression)[], what: string, place: Place, rule: CompiledRule): Source {
  const given = parts.map(
    (part): GivenTexts => (typeof part === "string" ? { texts: [part], names: [] } : textsGiven(part.text)),
  );
  const names = given.flatMap((part) => part.names);
  const texts = given.map((part) => part.texts).reduce<readonly string[]>(sums, [""]);
  return { texts, what, place, rule, names, showsGiftName: names.includes("gift.name") };
}

function fileText(
  texts: readonly string[],
  what: string,
  files: RuleFiles,
  paths: readonly (readonly string[])[],
): ShownText {
  return {
    texts,
    what,
    get place() {
      return placeOf(files, paths);
    },
    rule: undefined,
    showsGiftName: false,
  };
}

/** Place of the first of these paths that one of the files has, main file first; its beginning when none has. */
function placeOf({ main, texts }: RuleFiles, paths: readonly (readonly string[])[]): Place {
  for (const path of paths) {
    for (const [file, text] of texts) {
      const lines = new LineCounter();
      const node: unknown = parseDocument(text, { lineCounter: lines, logLevel: "silent" }).getIn(path, true);
      if (!isNode(node) || !node.range) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return { file, line, column: col };
    }
  }
  return { file: main, line: 1, column: 1 };
}
