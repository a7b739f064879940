/** The start page: says everything to the streamer, nothing to a stranger, and lets no text become code. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type StartPageOptions, startPage } from "../../../server/http/start-page.ts";

function aPage(change: Partial<StartPageOptions> = {}): string {
  return startPage({
    isTrusted: true,
    stageUrl: "http://127.0.0.1:2567/stage?token=secret-token",
    game: "Last Ball",
    sources: [{ id: "simulated", target: "a simulated audience", state: "live", detail: "312 people are here." }],
    rules: { file: "my-rules.yaml", isShipped: false, trouble: "", problems: [] },
    storeTrouble: "",
    ...change,
  });
}

/** What stands between <tag> and </tag>, each time. */
const contents = (html: string, tag: string) =>
  [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))].map((found) => found[1]!);

describe("for the streamer", () => {
  test("it has the address, its size, a preview, the game, the source and the next step", () => {
    const html = aPage();
    for (const part of [
      `value="http://127.0.0.1:2567/stage?token=secret-token"`,
      `src="/stage?token=secret-token&#38;phone=1&#38;sound=off"`,
      "Width <b>1080</b>",
      "Height <b>1920</b>",
      "Last Ball is on",
      "a simulated audience",
      "312 people are here.",
      "npm start -- --source tiktool --user HANDLE",
    ]) {
      expect(html).toContain(part);
    }
    expect(contents(html, "ol")[0]!.match(/<li>/g)).toHaveLength(3);
  });

  test("with a real source it no longer speaks of the demo", () => {
    const html = aPage({
      sources: [{ id: "tiktool", target: "@ada", state: "waitingForLive", detail: "Waiting for @ada." }],
    });
    expect(html).toContain("@ada");
    expect(html).not.toContain("--user HANDLE");
  });
});

test("the rules are named, and what is wrong with them is told as text", () => {
  expect(aPage()).toContain("my-rules.yaml");
  expect(aPage()).toContain("Save a change");
  const shipped = aPage({ rules: { file: "rules.yaml", isShipped: true, trouble: "", problems: [] } });
  expect(shipped).toContain("npm start -- new rules my-rules.yaml");
  expect(shipped).not.toContain("Save a change");
  const trouble = "The rule file my-rules.yaml has 1 error.";
  const problems = [{ line: 7, message: 'no action "<b>".' }];
  const html = aPage({ rules: { file: "my-rules.yaml", isShipped: false, trouble, problems } });
  expect(html).toContain(trouble);
  expect(html).toContain("<li>line 7: no action &#34;&#60;b&#62;&#34;.</li>");
});

test("a stranger learns where the address is, and nothing else", () => {
  const html = aPage({ isTrusted: false });
  expect(html).toContain("printed in the terminal");
  for (const secret of ["secret-token", "Last Ball", "simulated", "<iframe", "<script", "npm start"]) {
    expect(html).not.toContain(secret);
  }
});

test("the content policy names the very style and script, and nothing inline beside them", () => {
  for (const isTrusted of [true, false]) {
    const html = aPage({ isTrusted });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
    const hashes = [...policy.matchAll(/'sha256-([^']+)'/g)].map((found) => found[1]);
    const inline = [...contents(html, "style"), ...contents(html, "script")];
    expect(hashes).toEqual(inline.map((text) => createHash("sha256").update(text).digest("base64")));
    expect(inline).toHaveLength(isTrusted ? 2 : 1);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(html).not.toMatch(/ (on\w+|style)="/);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  }
});

test.each([`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, `&lt;b&gt;`])(
  "%s stays text everywhere",
  (evil) => {
    const html = aPage({
      game: evil,
      stageUrl: `http://${evil}/stage?token=${evil}`,
      sources: [{ id: evil, target: evil, state: evil, detail: evil }],
    });
    expect(html).not.toContain(evil);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<img/g)).toBeNull();
  },
);

test("what is wrong with keeping is told as text, and that all is kept otherwise", () => {
  expect(aPage()).toContain("the same show goes on");
  const html = aPage({ storeTrouble: "The disk of <b> is full." });
  expect(html).toContain("The disk of &#60;b&#62; is full.");
  expect(html).toContain('<span class="dot" data-state="failed"></span>');
});
