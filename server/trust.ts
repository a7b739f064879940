/** Trust: whether a token is the right one, and whether a request comes from our own pages or from a program. */
import { timingSafeEqual } from "node:crypto";

/** Compares two tokens in a time that does not tell how much of them agrees. */
export function isSame(known: string, given: string): boolean {
  const a = Buffer.from(known);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Headers that tell where a request comes from. */
export interface Caller {
  readonly origin?: string | null;
  readonly host?: string | null;
}

/** Whether a request may be answered at all, before any token is looked at. */
export type AcceptsCaller = (caller: Caller) => boolean;

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return /^(127\.[\d.]+|localhost|::1|\[::1\])$/.test(host);
}

/** The address by which this machine reaches a server that listens on `host`. */
export function addressOf(host: string, port: number): string {
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}

/**
 * Makes the check for a server that listens on `host`. A page of another origin is refused. On loopback the Host must be a name
 * of this machine, or a page could point its own name here and pass for ours (DNS rebinding). Programs send no Origin and pass.
 */
export function acceptsCallersOf(host: string): AcceptsCaller {
  const onlyHere = isLoopback(host);
  return (caller) => {
    if (onlyHere && !isLoopback(hostnameOf(`http://${caller.host ?? ""}`))) return false;
    if (caller.origin === undefined || caller.origin === null) return true;
    return URL.canParse(caller.origin) && new URL(caller.origin).host === caller.host;
  };
}

function hostnameOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : "";
}
