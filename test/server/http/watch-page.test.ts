/** The page of a watched show: nothing for strangers, and nothing of the record that could be taken for HTML. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { watchPage } from "../../../server/http/watch-page.ts";

const options = {
  stageOptions: "fps=20",
  isTrusted: true,
  stageUrl: "http://127.0.0.1:2568/stage?token=stage-token",
  title: "Last <Ball>",
  head: { id: '"><script>alert(1)</script>', startedAt: Date.UTC(2026, 2, 18, 18, 53) },
};

test("names game and show, frames the stage by its path, and escapes what it is told", () => {
  const html = watchPage(options);
  expect(html).toContain("Last &#60;Ball&#62;");
  expect(html).toContain("of 2026-03-18 18:53, ");
  expect(html).not.toContain("<script>alert");
  expect(html).toContain('<iframe src="/stage?token=stage-token&#38;sound=off&#38;fps=20"');
  const script = /<script>([\s\S]*)<\/script>/.exec(html)![1]!;
  const hash = createHash("sha256").update(script).digest("base64");
  expect(html).toContain(`script-src 'sha256-${hash}'`);
  // Throws when it is no script.
  expect(() => new Function(script)).not.toThrow();
});

test("who has no token is told where to find it, and nothing else", () => {
  const html = watchPage({ ...options, isTrusted: false });
  expect(html).toContain("Open the address that Uproar printed in the terminal.");
  expect(html).not.toMatch(/stage-token|Ball|2026|<script>/);
});

test("a beginning that is no time of the calendar does not break the page", () => {
  expect(watchPage({ ...options, head: { id: "x", startedAt: 9e15 } })).toContain("Last");
});
