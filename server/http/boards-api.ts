/**
 * /api/boards: rankings of a round, a show, a season or all time; points of play and value of gifts apart. The running show's own
 * points are told as the stage shows them, all else from the store. Mounted behind the operator's token.
 */
import { Router } from "express";
import { z } from "zod";
import type { BoardRow, Boards } from "../../shared/game/boards.ts";
import type { Crowd } from "../../shared/game/crowd.ts";
import type { BoardQuery, Store, StoredBoardRow } from "../store/store.ts";
import { checked } from "./checked.ts";

const defaultRows = 100;
const maxRows = 1000;

const querySchema = z.strictObject({
  span: z.enum(["round", "show", "season", "allTime"]).default("show"),
  kind: z.enum(["play", "paid"]).default("play"),
  /** "current" or an id. */
  show: z.string().min(1).max(100).optional(),
  round: z.coerce.number().int().min(1).max(0xffff_ffff).optional(),
  season: z.string().min(1).max(60).optional(),
  limit: z.coerce.number().int().min(1).max(maxRows).default(defaultRows),
});
type Query = z.output<typeof querySchema>;

/** A simulation, as far as it ranks. */
interface RankedPlay {
  readonly phase: { readonly round: number };
  readonly boards: Pick<Boards, "round" | "show">;
  readonly crowd: Pick<Crowd, "get">;
}

export interface BoardsApiParts {
  show: { readonly id: string; readonly simulation: RankedPlay };
  /** Season of the running show. */
  season: string;
  store: Pick<Store, "board">;
  /** Resolves when all that has happened so far can be read, or cannot be written now. Never rejects. */
  settle(): Promise<void>;
}

/** Creates the router for `/api/boards`. */
export function createBoardsApi(parts: BoardsApiParts): Router {
  const { show, store } = parts;
  const api = Router();
  api.get("/", async (request, response) => {
    const error = "There is no such board.";
    const query = checked(querySchema, request.query, { response, whole: "address", error });
    if (!query) return;
    const problem = contradiction(query, show.id);
    if (problem) {
      response.status(400).json({ error, problems: [problem] });
      return;
    }
    const { kind, limit } = query;
    const span = spanOf(query, parts);
    const live = kind === "play" ? liveRows(span, show) : undefined;
    if (!live) await parts.settle();
    const rows = live?.slice(0, limit) ?? (await store.board({ kind, span, limit }));
    const { type, ...which } = span;
    response.json({
      ...{ span: type, kind, ...which, live: live !== undefined },
      rows: rows.map((row, index) => ({ place: index + 1, ...row })),
    });
  });
  return api;
}

/** What in an address does not go together; "" for nothing. */
function contradiction({ span, show, round, season }: Query, running: string): string {
  if (show !== undefined && span !== "round" && span !== "show") return "show: It goes with span=show and span=round.";
  if (round !== undefined && span !== "round") return "round: It goes with span=round.";
  if (season !== undefined && span !== "season") return "season: It goes with span=season.";
  const isOver = show !== undefined && show !== "current" && show !== running;
  if (span === "round" && round === undefined && isOver) return "round: Say which round of that show, from 1.";
  return "";
}

function spanOf({ span, show: asked = "current", round, season }: Query, parts: BoardsApiParts): BoardQuery["span"] {
  const show = asked === "current" ? parts.show.id : asked;
  if (span === "round") return { type: span, show, round: round ?? parts.show.simulation.phase.round };
  if (span === "show") return { type: span, show };
  if (span === "season") return { type: span, season: season ?? parts.season };
  return { type: span };
}

/** The board as the stage has it, of the running show or its present round; undefined for others. Bots are left out. */
function liveRows(span: BoardQuery["span"], { id, simulation }: BoardsApiParts["show"]): StoredBoardRow[] | undefined {
  const { boards, crowd, phase } = simulation;
  if (span.type === "show" && span.show === id) return viewersOf(boards.show, crowd);
  if (span.type === "round" && span.show === id && span.round === phase.round) return viewersOf(boards.round, crowd);
  return undefined;
}

function viewersOf(rows: readonly BoardRow[], crowd: Pick<Crowd, "get">): StoredBoardRow[] {
  return rows
    .filter(({ viewer }) => !crowd.get(viewer)?.bot)
    .map(({ viewer: key, name, score, wins }) => {
      const known = crowd.get(key)?.viewer;
      return { viewer: { key, handle: known?.handle ?? "", name: known?.name || name }, score, wins, currency: "" };
    });
}
