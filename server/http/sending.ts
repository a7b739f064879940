/** Sending: answers too large to be made before they are sent. */
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import { ShowFileError } from "../../shared/replay/show-file.ts";
import { UserError } from "../user-error.ts";

export interface Sending {
  response: Response;
  /** Sets the answer's headers; called once there is something to send. */
  begin(): void;
  /** What the texts go through on their way. Default nothing. */
  through?: Transform;
}

/**
 * Sends texts as they are made; a slow reader holds back the next one. What goes wrong before the first is thrown, and no header is set;
 * later the line is cut, so that nobody takes a part for the whole.
 */
export async function sendAsMade(texts: AsyncGenerator<string>, { response, begin, through }: Sending): Promise<void> {
  const first = await texts.next();
  begin();
  const all = async function* () {
    if (!first.done) yield first.value;
    yield* texts;
  };
  const from = Readable.from(all());
  await (through ? pipeline(from, through, response) : pipeline(from, response)).catch((error: Error) => {
    // By who asked, because the store refused or the record is damaged: nobody is left to tell.
    const isCut = "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
    if (!isCut && !(error instanceof UserError) && !(error instanceof ShowFileError)) throw error;
  });
}
