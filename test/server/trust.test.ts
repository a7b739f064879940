/** Trust: which callers are answered before any token is looked at. */
import { describe, expect, test } from "vitest";
import { acceptsCallersOf, isLoopback, isSame } from "../../server/trust.ts";

describe("a show for this machine only", () => {
  const accepts = acceptsCallersOf("127.0.0.1");
  test.each([
    ["a program", { host: "127.0.0.1:2567" }, true],
    ["our own page", { host: "localhost:2567", origin: "http://localhost:2567" }, true],
    ["our own page by IPv6", { host: "[::1]:2567", origin: "http://[::1]:2567" }, true],
    ["another origin", { host: "127.0.0.1:2567", origin: "http://evil.example" }, false],
    ["another port", { host: "127.0.0.1:2567", origin: "http://127.0.0.1:9999" }, false],
    ["a name that was pointed here", { host: "evil.example:2567", origin: "http://evil.example:2567" }, false],
    ["such a name without origin", { host: "evil.example:2567" }, false],
    ["a name that looks like ours", { host: "127.0.0.1.evil.example:2567" }, false],
    ["no host", {}, false],
    ["an opaque origin", { host: "127.0.0.1:2567", origin: "null" }, false],
  ])("%s", (_name, caller, expected) => expect(accepts(caller)).toBe(expected));
});

describe("a show that others can reach", () => {
  const accepts = acceptsCallersOf("0.0.0.0");
  test.each([
    ["its own name", { host: "show.example", origin: "http://show.example" }, true],
    ["another origin", { host: "show.example", origin: "http://evil.example" }, false],
  ])("%s", (_name, caller, expected) => expect(accepts(caller)).toBe(expected));
});

test.each([
  ["127.0.0.1", true],
  ["127.8.9.10", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["192.168.1.5", false],
  ["localhost.evil.example", false],
])("%s reaches this machine only: %s", (host, expected) => expect(isLoopback(host)).toBe(expected));

test("tokens are the same only when they are", () => {
  expect([isSame("abc", "abc"), isSame("abc", "abd"), isSame("abc", "abcd"), isSame("abc", "")]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
