/** /api/rules: the rule file of the running show, to read and to replace. Mounted behind the operator's token. */
import express, { type Request, type Response, Router } from "express";
import { z } from "zod";
import type { LiveRules, RulesStatus } from "../live-rules.ts";
import { decoded, maxRuleFileBytes } from "../rule-files.ts";
import type { ShowRules } from "../show-rules.ts";

/** A JSON text may take more bytes than what it says: a line feed is written as two characters, any other as up to six. */
const maxBody = 2 * maxRuleFileBytes;
const jsonBody = z.strictObject({ text: z.string() });
const yamlTypes = ["text/yaml", "text/x-yaml", "application/yaml", "application/x-yaml", "text/plain"];

/** Creates the router for `/api/rules`. `?game=` names a game of the show; without it, the one that plays now is meant. */
export function createRulesApi(all: Pick<ShowRules, "of">): Router {
  const api = Router();
  const rulesFor = (request: Request, response: Response): LiveRules | undefined => {
    const { game = "" } = request.query;
    const rules = typeof game === "string" ? all.of(game) : undefined;
    if (!rules) response.status(404).json({ error: "The show does not play this game." });
    return rules;
  };

  api.get("/", (request, response) => {
    const rules = rulesFor(request, response);
    if (!rules) return;
    const status = rules.status();
    const { texts } = status.rules.files;
    response.json({ ...wordsOf(status), files: Object.fromEntries(texts) });
  });

  api.put("/", express.raw({ type: [...yamlTypes, "application/json"], limit: maxBody }), async (request, response) => {
    const rules = rulesFor(request, response);
    if (!rules) return;
    const text = textOf(request, response, rules.status().rules.files.main);
    if (text === undefined) return;
    const result = await rules.put(text);
    if (result.kind === "applied") response.json({ ...wordsOf(rules.status()), changes: result.changes });
    else if (result.kind === "broken") refuseBroken(response, result.problems);
    else
      response
        .status(result.kind === "shipped" || result.kind === "outdated" ? 409 : 500)
        .json({ error: result.reason });
  });
  return api;
}

/** The parts of the status that are told in every answer. */
function wordsOf({ file, loadedAt, rules, problems, trouble }: RulesStatus) {
  return { game: rules.game, file, loadedAt, rules: rules.rules.length, problems, ...(trouble ? { trouble } : {}) };
}

/** The rule file that a request brings; when it brings none, says so and returns undefined. */
function textOf(request: Request, response: Response, file: string): string | undefined {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) {
    const error = 'Send the rule file as text/yaml, or as JSON: {"text": "..."}.';
    response.status(415).json({ error });
    return undefined;
  }
  const isJson = request.is("application/json") !== false;
  const read = decoded(body);
  if (typeof read !== "string") {
    refuseBroken(response, [{ severity: "error", file, ...read }]);
    return undefined;
  }
  const text = isJson ? textInJson(read) : read;
  if (text === undefined) {
    response.status(400).json({ error: 'This is no JSON of the form {"text": "..."}.' });
  } else if (Buffer.byteLength(text) > maxRuleFileBytes) {
    response.status(413).json({ error: "A rule file has at most 1 MB. Split it into several and include them." });
  } else return text;
  return undefined;
}

function textInJson(text: string): string | undefined {
  try {
    return jsonBody.safeParse(JSON.parse(text)).data?.text;
  } catch {
    return undefined;
  }
}

function refuseBroken(response: Response, problems: readonly object[]): void {
  response.status(422).json({ error: "The rules have errors, so nothing has changed.", problems });
}
