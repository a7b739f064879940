/** Line: one client's socket, seen from the provider's side. On request it knows what has arrived, by pings that follow what is sent. */
import { type RawData, WebSocket } from "ws";
import type { Parcel } from "./parcel.ts";
import type { Close, Note, Visit } from "./protocol.ts";

/** A client that lets more than this pile up is cut, bytes. */
const maxBacklogBytes = 8 * 1024 * 1024;
/** Time a client gets to take the last frames before a cut, and to answer a close, ms. */
const lastFramesMs = 1000;

export interface LineOptions {
  socket: WebSocket;
  visit: Visit;
  /** Writes notes as this client asked for them. */
  write(notes: readonly Note[], visit: Visit): string[];
  /** Told what arrived; without it no pings are sent. A client answers them in order, so an answer confirms all before it. */
  arrived?: ((parcels: readonly Parcel[]) => void) | undefined;
  /** Called once; with what was sent and not confirmed. */
  over(unconfirmed: readonly Parcel[]): void;
}

export interface Line {
  readonly visit: Visit;
  send(frames: readonly string[]): void;
  /** Sends parcels, and frames as they are, in this order. */
  tell(out: readonly (Parcel | string)[]): void;
  /** Sends the frames and ends the line; it counts as over at once. */
  end(frames: readonly string[], close: Close): void;
  /** Nothing is sent that was not confirmed. */
  isQuiet(): boolean;
}

/** Takes over a client's open socket. */
export function createLine(options: LineOptions): Line {
  const { socket, visit, write, arrived, over } = options;
  const unconfirmed: { readonly nr: number; readonly parcels: readonly Parcel[] }[] = [];
  let nr = 0;
  let isOver = false;

  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    over(unconfirmed.splice(0).flatMap(({ parcels }) => parcels));
  };
  const send = (frames: readonly string[]): void => {
    if (isOver || socket.readyState !== WebSocket.OPEN) return;
    for (const frame of frames) socket.send(frame);
    if (socket.bufferedAmount > maxBacklogBytes) socket.terminate();
  };
  const confirm = (answer: number): void => {
    const parcels: Parcel[] = [];
    while (unconfirmed.length > 0 && unconfirmed[0]!.nr <= answer) parcels.push(...unconfirmed.shift()!.parcels);
    if (parcels.length > 0) arrived?.(parcels);
  };
  socket.on("error", () => socket.terminate());
  // What clients say is of no interest; it must be read all the same.
  socket.on("message", (_data: RawData) => undefined);
  socket.on("pong", (data) => {
    if (!isOver) confirm(Number(data.toString()));
  });
  socket.on("close", finish);

  return {
    visit,
    send,
    tell(out) {
      const parcels = out.filter((item) => typeof item !== "string");
      send(framesOf(out, (notes) => write(notes, visit)));
      if (parcels.length === 0 || !arrived || isOver) return;
      unconfirmed.push({ nr: ++nr, parcels });
      if (socket.readyState === WebSocket.OPEN) socket.ping(String(nr));
    },
    end(frames, close) {
      send(frames);
      finish();
      hangUp(socket, frames.length > 0, close);
    },
    isQuiet: () => unconfirmed.length === 0,
  };
}

function framesOf(out: readonly (Parcel | string)[], write: (notes: readonly Note[]) => string[]): string[] {
  const frames: string[] = [];
  let notes: Note[] = [];
  for (const item of out) {
    if (typeof item !== "string") notes.push(item.note);
    else {
      frames.push(...write(notes), item);
      notes = [];
    }
  }
  return [...frames, ...write(notes)];
}

/** Closes a socket; one that is cut after last frames gets a moment to take them. The timer ends with the socket, which `stop` cuts. */
function hangUp(socket: WebSocket, hasLastFrames: boolean, close: Close): void {
  if (close === "cut" && !hasLastFrames) {
    socket.terminate();
    return;
  }
  if (close !== "cut") socket.close(close.code, close.reason);
  const cutter = setTimeout(() => socket.terminate(), lastFramesMs);
  socket.once("close", () => clearTimeout(cutter));
}
