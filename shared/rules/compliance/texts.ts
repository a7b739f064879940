/** All texts of a rule file that the stage shows, with their places: lines that rules say, titles of meters, names of teams. */
import { isNode, LineCounter, parseDocument } from "yaml";
import { allSteps } from "../all-steps.ts";
import type { CompiledRule, CompiledRules, Place, RuleFiles, SayStep } from "../compiled.ts";

export interface ShownText {
  readonly text: string;
  /** What it is: "the line this rule says". */
  readonly what: string;
  readonly place: Place;
  /** Undefined for what belongs to the whole file. */
  readonly rule: CompiledRule | undefined;
  /** It shows the name of the gift that was sent. */
  readonly showsGiftName: boolean;
}

/** Every text of the file that the stage shows. */
export function shownTexts(rules: CompiledRules): ShownText[] {
  return [
    ...rules.rules.flatMap((rule) =>
      allSteps(rule.steps)
        .filter((step) => step.kind === "say")
        .map((step) => saidText(step, rule)),
    ),
    ...rules.meters.map(({ name, title }) =>
      fileText(title, `the title of meter "${name}"`, rules.files, [
        ["meters", name, "title"],
        ["meters", name],
      ]),
    ),
    ...rules.teams.map(({ name }) => fileText(name, "the name of a team", rules.files, [["teams", name]])),
  ];
}

function saidText(step: SayStep, rule: CompiledRule): ShownText {
  const texts = step.parts.map((part) => (typeof part === "string" ? part : quotedTexts(part.text)));
  const showsGiftName = step.parts.some((part) => typeof part !== "string" && /\bgift\s*\.\s*name\b/.test(part.text));
  // A value stands between two parts, so that two halves of a word do not make one.
  return { text: texts.join(" "), what: "the line this rule says", place: step.place, rule, showsGiftName };
}

/** Texts in quotes inside an expression: they are shown, too. */
function quotedTexts(expression: string): string {
  return [...expression.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map(([, a, b]) => a ?? b ?? "").join(" ");
}

function fileText(text: string, what: string, files: RuleFiles, paths: readonly (readonly string[])[]): ShownText {
  return {
    text,
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
