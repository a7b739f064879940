/** Targets: whose bodies a rule's call moves, found when it acts. */
import type { ViewerKey } from "../events/viewer.ts";
import type { Crowd, Member } from "../game/crowd.ts";
import type { AnyGame, ShowContext } from "../game/define.ts";
import type { Target } from "../rules/compiled.ts";
import type { RuleCall } from "../rules/decision.ts";
import type { Entity } from "../world/world.ts";

/** What the search may look at. */
export interface TargetParts {
  readonly game: AnyGame;
  readonly context: Pick<ShowContext<unknown>, "players" | "world" | "crowd">;
  /** Member in the lead, "" for none. */
  leader(): ViewerKey;
  teamOf(viewer: ViewerKey): string;
}

/**
 * Members with a body in play, each once, by when they got it; in a game that declares no players, all whose body stands in the world. Of a
 * room of somebody's own those that it names, by when they last acted.
 */
export function membersWithBody(
  { players: declared, host }: AnyGame,
  { players, world, crowd }: TargetParts["context"],
): Member[] {
  if (host) return Array.from(crowd.values()).filter(({ key }) => host.hasBody(key));
  const found = new Set<Member>();
  const keys = declared ? players.active.map(({ key }) => key) : Array.from(world.entities.values(), viewerOf);
  for (const viewer of keys) {
    const member = viewer === "" ? undefined : crowd.get(viewer);
    if (member) found.add(member);
  }
  return [...found];
}

function viewerOf({ viewer }: Entity): ViewerKey {
  return viewer;
}

/**
 * Members a call is for; `undefined` stands for nobody in particular (an act of the room without a target). Empty when the target is
 * not there now. Draws from the world's random for "random" alone.
 */
export function membersFor(call: RuleCall, parts: TargetParts): readonly (Member | undefined)[] {
  const { game, context } = parts;
  const { crowd } = context;
  const target = call.step.target;
  switch (target.kind) {
    case "me":
      return [call.viewer === "" ? undefined : crowd.get(call.viewer)];
    case "leader":
      return some(crowd.get(parts.leader()));
    case "everyone":
      return membersWithBody(game, context);
    case "team": {
      const team = parts.teamOf(call.viewer);
      return team === "" ? [] : membersWithBody(game, context).filter(({ key }) => parts.teamOf(key) === team);
    }
    case "random": {
      const members = membersWithBody(game, context);
      return members.length === 0 ? [] : [context.world.random.pick(members)];
    }
    case "named":
      return some(namedIn(call.event && "text" in call.event ? call.event.text : "", crowd));
    case "viewer":
      return some(crowd.find(target.handle));
  }
}

/** Why a target is not there, for people. */
export function missing(target: Target): string {
  if (target.kind === "named") return "nobody of that name is here";
  if (target.kind === "viewer") return `@${target.handle} is not here`;
  if (target.kind === "team") return "waits for a team";
  return target.kind === "leader" ? "nobody leads yet" : "nobody plays yet";
}

function some(member: Member | undefined): Member[] {
  return member ? [member] : [];
}

/** The member whose name a comment says: an @name first, then what follows its first word, then any single word. */
function namedIn(text: string, crowd: Crowd): Member | undefined {
  const words = text.trim().split(/\s+/, 40);
  for (const word of words) {
    const member = word.startsWith("@") && word.length > 1 ? crowd.find(word) : undefined;
    if (member) return member;
  }
  const rest = crowd.find(words.slice(1).join(" "));
  if (rest) return rest;
  for (const word of words.slice(1)) {
    const member = crowd.find(word);
    if (member) return member;
  }
  return undefined;
}
