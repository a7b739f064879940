/** The stage's pages: every game that comes with Uproar has its view at an address of its own, and what is kept is only what never changes. */
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureClientBuilt } from "../../../server/http/client-build.ts";
import { mountStage } from "../../../server/http/stage-pages.ts";

const app = express();
const server = createServer(app);
let base = "";

beforeAll(async () => {
  await ensureClientBuilt();
  mountStage(app);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);
afterAll(() => {
  server.close();
});

const games = readdirSync("shared/games").filter((id) => existsSync(`shared/games/${id}/view.ts`));

test.each(games)("the view of %s is a module with a default export, asked for anew each time", async (id) => {
  const answer = await fetch(`${base}/views/${id}.js`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("javascript");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  const text = await answer.text();
  expect(text).toMatch(/export\s*\{[^}]*\bdefault\b/);
  // A view brings no copy of Phaser, nor of the stage.
  expect(text.length).toBeLessThan(100_000);
});

test.each(["/views/none.js", "/views/..%2f..%2fpackage.json", "/views/"])("%s is not there", async (path) => {
  expect((await fetch(base + path)).status).toBe(404);
});
