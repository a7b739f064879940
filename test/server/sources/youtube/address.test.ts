/** What `--user` can name on YouTube. */
import { expect, it } from "vitest";
import { readPlace } from "../../../../server/sources/youtube/broadcast.ts";

const video = { kind: "video", id: "dQw4w9WgXcQ" };
const channel = { kind: "channel", id: "UC0123456789abcdefghijkl" };

it.each([
  ["dQw4w9WgXcQ", video],
  [" https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=5s ", video],
  ["https://www.youtube.com/live/dQw4w9WgXcQ?si=x", video],
  ["youtube.com/embed/dQw4w9WgXcQ", video],
  ["m.youtube.com/watch?v=dQw4w9WgXcQ", video],
  ["https://youtu.be/dQw4w9WgXcQ", video],
  ["UC0123456789abcdefghijkl", channel],
  ["https://www.youtube.com/channel/UC0123456789abcdefghijkl/live", channel],
  ["@some.body", { kind: "handle", handle: "some.body" }],
  ["some-body", { kind: "handle", handle: "some-body" }],
  ["https://www.youtube.com/@some_body_1", { kind: "handle", handle: "some_body_1" }],
  ["youtube.com/@%C3%87elik", { kind: "handle", handle: "Çelik" }],
  ["", undefined],
  ["a b", undefined],
  ["https://www.youtube.com/", undefined],
  ["https://www.youtube.com/watch?v=short", undefined],
  ["https://www.youtube.com/watch?v=dQw4w9WgXcQ,aaaaaaaaaaa", undefined],
  ["https://youtube.com.example.com/watch?v=dQw4w9WgXcQ", undefined],
  ["https://twitch.tv/somebody", undefined],
  ["youtube.com/channel/../../x", undefined],
])("reads %s", (user, place) => {
  expect(readPlace(user)).toEqual(place);
});
