/** /rules/<game>.schema.json: the JSON Schema of each game's rule file, from which editors complete and check. No secret, so without a token. */
import { Router } from "express";
import { ruleFileJsonSchema } from "../../shared/rules/json-schema.ts";
import { gameIds, loadGame } from "../games.ts";

/** How long an editor may keep it without asking, seconds; after that its ETag saves sending it again. */
const maxAgeSeconds = 300;

/** Creates the router for `/rules`. */
export function createRuleSchemas(): Router {
  const texts = new Map<string, string>();
  const router = Router();
  router.get("/:file", async (request, response) => {
    const id = /^(.+)\.schema\.json$/.exec(request.params.file)?.[1] ?? "";
    const known = gameIds();
    if (!known.includes(id)) {
      const schemas = known.map((game) => `/rules/${game}.schema.json`);
      response.status(404).json({ error: "There is no such game.", schemas });
      return;
    }
    let text = texts.get(id);
    if (text === undefined) {
      text = JSON.stringify(ruleFileJsonSchema(await loadGame(id)));
      texts.set(id, text);
    }
    // Express adds the ETag and answers 304 to who has it.
    response.set("Cache-Control", `public, max-age=${maxAgeSeconds}`).type("application/schema+json").send(text);
  });
  return router;
}
