/** Words of other tools and of everyday speech for what a rule file calls otherwise. */
import { didYouMean } from "../problem.ts";

/** By the word of a rule file: what people write for it. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  chat: ["comment", "comments", "message", "command", "text", "word"],
  gift: ["gifts", "donation", "present"],
  subscribe: ["sub", "subscription", "member"],
  redeem: ["reward", "channelpoints"],
  envelope: ["chest", "treasure"],
  join: ["enter", "member_join", "arrive"],
  timer: ["every", "interval", "time"],
  raid: ["host"],
  streamStart: ["start", "connect", "live"],
  streamEnd: ["end", "disconnect"],
  everyone: ["all", "everybody", "players"],
  me: ["self", "viewer", "sender", "user", "gifter"],
  leader: ["first", "winner", "best"],
  named: ["mention", "mentioned"],
};

/** ' Did you mean "chat"?' for "comment" and what is close to a known name; "" for nothing. */
export function meant(written: string, known: readonly string[]): string {
  const small = written.toLowerCase();
  const other = known.find((name) => Object.hasOwn(otherNames, name) && otherNames[name]!.includes(small));
  return other === undefined ? didYouMean(written, known) : ` Did you mean "${other}"?`;
}
