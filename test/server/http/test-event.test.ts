/** Test events: every body that passes makes a marked event, every other one is refused with its reason. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { liveEventOf, testEventSchema } from "../../../server/http/test-event.ts";

describe("the viewer's handle", () => {
  test.each([
    ["ana", "ana"],
    ["@ana", "ana"],
    [" @ana ", "ana"],
    ["@@ana", "ana"],
    ["a@na", "a@na"],
    [`@${"a".repeat(60)}`, "a".repeat(60)],
  ])("%j is %j", (given, handle) => {
    const body = testEventSchema.parse({ type: "chat", viewer: { handle: given } });
    expect(liveEventOf(body, "1", 0)).toMatchObject({ viewer: { id: handle, handle, name: handle }, test: true });
  });

  test.each(["", " ", "@", " @ ", "@@", "@ @", "a".repeat(61)])("%j is refused", (given) => {
    const { error } = testEventSchema.safeParse({ type: "chat", viewer: { handle: given } });
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["viewer.handle"]);
  });

  test("a body without one gets one", () => {
    expect(liveEventOf(testEventSchema.parse({ type: "gift" }), "1", 0)).toMatchObject({ viewer: { id: "tester" } });
  });
});

test("a body that passes always makes an event", () => {
  const text = (maxLength: number) => fc.string({ unit: "grapheme-composite", maxLength });
  const body = fc.record(
    {
      type: fc.constantFrom("chat", "gift", "like", "follow", "share", "subscribe", "join"),
      viewer: fc.record(
        { handle: fc.oneof(text(8), fc.constantFrom("@", "@ ", "@@")), name: text(8) },
        { requiredKeys: [] },
      ),
      text: text(40),
      gift: fc.record(
        { id: text(70), name: text(125), unitValue: fc.double({ min: 0, max: 1e7 }) },
        { requiredKeys: [] },
      ),
      count: fc.integer({ min: 0, max: 10_001 }),
    },
    { requiredKeys: ["type"] },
  );
  let passed = 0;
  fc.assert(
    fc.property(body, (given) => {
      const parsed = testEventSchema.safeParse(given);
      if (!parsed.success) return;
      passed++;
      expect(liveEventOf(parsed.data, "1", 1000)).toMatchObject({ type: given.type, test: true, id: "test:1" });
    }),
    { numRuns: 1000 },
  );
  expect(passed).toBeGreaterThan(100);
});
