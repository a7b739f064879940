/** `uproar`: run a show from code, bring live events into a Colyseus room, make a source. What is not exported here is Uproar's own affair. */
export type { LiveEvent, LiveEventOf, LiveEventType } from "../shared/events/live-event.ts";
export { type Viewer, type ViewerKey, viewerKey } from "../shared/events/viewer.ts";
export type { AnyGame } from "../shared/game/define.ts";
export type { PhaseName, PhaseView } from "../shared/game/phases.ts";
export type { Acted } from "../shared/sim/acted.ts";
export type { Clock } from "./clock.ts";
export { createUproar, type PlaylistTurn, type Uproar, type UproarNews, type UproarOptions } from "./create-uproar.ts";
export type { SourceStatus } from "./ingest/run.ts";
export {
  type CloseClass,
  type Connection,
  defineSource,
  type Receipt,
  type SourceDefinition,
  type SourceEvent,
  type SourceGift,
  type SourceLike,
  type SourceListener,
  type SourceSettings,
  type SourceState,
} from "./ingest/source.ts";
export {
  type HostRoom,
  type LiveEvents,
  type LiveEventsOptions,
  type LiveNews,
  type LiveStatus,
  liveEvents,
} from "./plugin/live-events.ts";
export { version } from "./project.ts";
export type { LoggedEvent } from "./room/event-log.ts";
export type { Tokens } from "./store/data-folder.ts";
export { StoreError, type StoreErrorCode } from "./store/store.ts";
export { UserError } from "./user-error.ts";
