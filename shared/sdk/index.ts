/** `uproar/game`: all that makers of games use - the declaration, the world, the view's types and the test kit. What is not exported here is Uproar's own affair. */

/** zod, of which options and params are made: Uproar's own, so that game and engine share one. */
export { z } from "zod";
export type { LiveEvent, LiveEventType } from "../events/live-event.ts";
export { type Viewer, type ViewerKey, viewerKey } from "../events/viewer.ts";
export type { Badges } from "../game/badges.ts";
export type { BoardKeeper, BoardRow, Boards, RoundRow } from "../game/boards.ts";
export { type FadeOptions, fadeOf, smallerHalf, type TrailingOptions, trailingFactor } from "../game/comeback.ts";
export type { Crowd, Member } from "../game/crowd.ts";
export {
  type Act,
  type ActionDefinition,
  type ActionResult,
  type AnyGame,
  type Award,
  actionsFor,
  type BankDeclaration,
  type BoardSummaries,
  defineGame,
  type FeedTone,
  type GameDeclaration,
  type GameDefinition,
  type GameLayout,
  type Hud,
  type ParamShape,
  type PhaseLengths,
  type ShowContext,
  type TeamScore,
} from "../game/define.ts";
export { enterAction } from "../game/enter-action.ts";
export {
  type PhaseName,
  type PhaseTable,
  type PhaseTime,
  type PhaseView,
  phaseNames,
  phaseOptions,
  standardPhases,
  ticksOf,
} from "../game/phases.ts";
export type {
  Asked,
  BotsDeclaration,
  EnterOptions,
  Entry,
  Player,
  PlayerBase,
  Players,
  PlayersDeclaration,
  Seat,
  TeamsDeclaration,
} from "../game/players-interface.ts";
export { standardHud } from "../game/standard-hud.ts";
export { logarithmic } from "../game/tiers.ts";
export type {
  BannerTone,
  EntityDrawing,
  Floor,
  GameView,
  Gauge,
  GaugeOptions,
  IconName,
  Look,
  MountedView,
  SoundName,
  StagedEntity,
  StageKit,
  StageLayers,
  StageTime,
  WorldFrame,
} from "../game/view.ts";
export type { Effect } from "../world/effect.ts";
export type { Material, SimpleShape } from "../world/entity.ts";
export type { Random } from "../world/random.ts";
export {
  type Constraint,
  type ConstraintSpec,
  type Contact,
  type Entity,
  type EntityId,
  type EntitySpec,
  isEntity,
  maxSpeed,
  type Parting,
  type RayHit,
  type Shape,
  ticksPerSecond,
  type World,
  worldNumbers,
} from "../world/world.ts";
export { type Audience, type AudienceOptions, createAudience } from "./audience.ts";
export { aViewer, type BuiltGift, createEventBuilder, type EventBuilder } from "./built-events.ts";
export { type CheckedGame, type GameCheck, gameChecks, type TestGameOptions, testGame } from "./conformance.ts";
export { gameTables } from "./tables.ts";
export { type CallOptions, createTestShow, type TestShow, type TestShowOptions, type Who } from "./test-show.ts";
