/** Enrolment: the first act makes a viewer a player; each later one finds their body, or says why there is none. */
import type { ViewerKey } from "../../events/viewer.ts";
import type { Act } from "../define.ts";
import type { EnterOptions } from "../players-interface.ts";
import { hasRoom, putIn, sit } from "./bodies.ts";
import { isGathering, type Keeping, type Kept } from "./record.ts";
import { assignTeam } from "./teams.ts";

/** Most players remembered; the silent of the last two rounds go first. */
export const maxPlayers = 5000;

/** What an act found. */
export type KeptEntry = { player: Kept; why: "" } | { player: undefined; why: string };

const none = (why: string): KeptEntry => ({ player: undefined, why });

/** The player behind an act, with a body if one may be had now. */
export function enter(keeping: Keeping, { member }: Pick<Act, "member">, { returns = true }: EnterOptions): KeptEntry {
  if (!member) return none("nobody to act for");
  const player = enrol(keeping, member.key, member.bot);
  if (!player) return none("too many players");
  const { phase, feed } = keeping.show();
  player.actedRound = phase.round;
  if (player.body) return { player, why: "" };
  const why = whyNone(keeping, player, returns);
  if (why === "") return putIn(keeping, player) ? { player, why } : none("no room");
  if (why !== "wait") return none(why);
  sit(keeping, player);
  if (player.toldRound !== phase.round) {
    player.toldRound = phase.round;
    feed(member, "in next round");
  }
  return none("in next round");
}

/** The player of a key, made and given a team if new; undefined when there are too many. */
export function enrol(keeping: Keeping, key: ViewerKey, bot: boolean): Kept | undefined {
  const { declaration, record, show } = keeping;
  const known = record.all.get(key);
  if (known || record.all.size >= maxPlayers) return known;
  const { round } = show().phase;
  const player: Kept = {
    ...declaration.fields(bot),
    key,
    bot,
    team: 0,
    body: undefined,
    seat: undefined,
    playedRound: 0,
    actedRound: round,
    toldRound: 0,
    turnRound: round - 1,
  };
  record.all.set(key, player);
  assignTeam(keeping, player);
  return player;
}

/** "" when the player may have a body now, "wait" for the next round, or another reason. */
function whyNone(keeping: Keeping, player: Kept, returns: boolean): string {
  const { declaration, show, data } = keeping;
  const usual = isGathering(keeping) ? "" : "wait";
  const why = declaration.admits ? declaration.admits(data(), player, show(), { returns }) : usual;
  if (why !== "" || hasRoom(keeping)) return why;
  return isGathering(keeping) || player.playedRound !== show().phase.round ? "wait" : "no room now";
}
