/** Guards: who may call what. A page from another origin gets nothing, an address without its token gets 401. */
import type { IncomingHttpHeaders } from "node:http";
import type { RequestHandler } from "express";
import { isSame } from "../room/show-room.ts";

/** Whether a request's Origin, if it has one, is the server's own address. Programs and OBS send none or the same. */
export function isOwnOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

/** Refuses requests that a page of another origin makes. */
export const sameOriginOnly: RequestHandler = (request, response, next) => {
  if (isOwnOrigin(request.headers)) next();
  else response.status(403).json({ error: "Pages from another address get nothing from Uproar." });
};

/** Lets only requests with `Authorization: Bearer <token>` pass. */
export function bearer(token: string, what: string): RequestHandler {
  return (request, response, next) => {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (given && isSame(token, given)) next();
    else {
      response
        .status(401)
        .set("WWW-Authenticate", "Bearer")
        .json({ error: `This needs the ${what} token: send "Authorization: Bearer <${what} token>".` });
    }
  };
}
