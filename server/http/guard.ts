/** Guards: who may call what. A page from another origin gets nothing, an address without its token gets 401. */
import type { RequestHandler } from "express";
import { type AcceptsCaller, isSame } from "../trust.ts";

/** Refuses requests that a page of another origin makes. */
export function sameOriginOnly(accepts: AcceptsCaller): RequestHandler {
  return (request, response, next) => {
    if (accepts(request.headers)) next();
    else
      response.status(403).json({
        error: "Pages from another address get nothing from Uproar; open it by the address that the terminal printed.",
      });
  };
}

/** The token in an `Authorization: Bearer <token>` header; undefined when there is none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
}

/** Lets only requests with `Authorization: Bearer <token>` pass. */
export function bearer(token: string, what: string): RequestHandler {
  return (request, response, next) => {
    const given = bearerOf(request.headers.authorization);
    if (given && isSame(token, given)) next();
    else {
      response
        .status(401)
        .set("WWW-Authenticate", "Bearer")
        .json({ error: `This needs the ${what} token: send "Authorization: Bearer <${what} token>".` });
    }
  };
}
