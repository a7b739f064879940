/** Fetches one picture from an address that came from outside, and trusts nothing on the way: host, address, redirect, size, time, type. */
import { lookup as systemLookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { Clock } from "../clock.ts";
import { type PictureType, pictureSize } from "./picture-size.ts";
import { addressIn, isWithinReach, type Reach, reachOf } from "./public-address.ts";

/** Largest picture, bytes. */
export const maxPictureBytes = 512 * 1024;
/** Longest fetch from start to last byte, ms. */
export const maxFetchMs = 5_000;
/** Widest and highest picture, pixels: few bytes can be so many pixels that drawing them would stop a page. */
export const maxPicturePixels = 4096;
const maxUrlLength = 2048;

/** Why there is no picture. */
export type PictureFault =
  /** No URL, a scheme or port that is not allowed, a user name in it, or characters that do not belong in one. */
  | "badUrl"
  /** The host is not on the list. */
  | "host"
  /** The host leads to an address that may not be reached. */
  | "address"
  | "redirect"
  /** Any answer but 200. */
  | "status"
  | "type"
  | "size"
  /** Wider or higher than `maxPicturePixels`. */
  | "pixels"
  | "time"
  /** Name not found, connection refused or broken. */
  | "network"
  /** Too many pictures are being fetched. */
  | "busy";

/** A failure to fetch a picture, with its reason. */
export class PictureError extends Error {
  readonly fault: PictureFault;

  constructor(fault: PictureFault, options?: ErrorOptions) {
    super(`no picture: ${fault}`, options);
    this.fault = fault;
  }
}

export interface Picture {
  readonly type: PictureType;
  readonly bytes: Buffer;
}

export interface FetchOptions {
  readonly clock: Clock;
  /** Finds all addresses of a name. Default: the system's. */
  readonly resolve?: (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;
}

/** A URL that passed the checks that need no network. */
export interface PictureUrl {
  readonly hostname: string;
  /** "" for the scheme's own. */
  readonly port: string;
  readonly secure: boolean;
  readonly reach: Reach;
  /** Path and query exactly as given: a signed URL decoded and encoded again is no longer signed. */
  readonly path: string;
}

/** Checks a URL against the allowed hosts. Throws a PictureError. */
export function checkUrl(url: string, allowedHosts: readonly string[]): PictureUrl {
  // Visible ASCII without "\", which some parsers take for "/".
  const parts = /^https?:\/\/([^/?#]+)([^#]*)/i.exec(url);
  if (!parts || url.length > maxUrlLength || !/^[!-[\]-~]+$/.test(url) || !URL.canParse(url))
    throw new PictureError("badUrl");
  const { protocol, hostname, port, username, password } = new URL(url);
  if (username !== "" || password !== "" || parts[1]!.includes("@")) throw new PictureError("badUrl");
  const reach = reachOf(hostname, allowedHosts);
  if (!reach) throw new PictureError("host");
  const secure = protocol === "https:";
  if (reach === "public" && (!secure || port !== "")) throw new PictureError("badUrl");
  const rest = parts[2]!;
  return { hostname, port, secure, reach, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Fetches a picture. Rejects with a PictureError, whatever happens. */
export async function fetchPicture(url: PictureUrl, options: FetchOptions): Promise<Picture> {
  const literal = addressIn(url.hostname);
  if (literal && !isWithinReach(literal, url.reach)) throw new PictureError("address");
  const abort = new AbortController();
  const cancel = options.clock.after(maxFetchMs, () => abort.abort(new PictureError("time")));
  try {
    const response = await send(url, options, abort.signal);
    checkHead(response);
    const bytes = await readAll(response);
    const type = typeOf(bytes);
    const size = type && pictureSize(type, bytes);
    // Without a size that can be read it is no whole picture, whatever its first bytes say.
    if (!type || !size) throw new PictureError("type");
    if (Math.max(size.width, size.height) > maxPicturePixels) throw new PictureError("pixels");
    return { type, bytes };
  } catch (error) {
    throw asPictureError(error, abort.signal);
  } finally {
    cancel();
    // Ends the connection of an answer that was refused half way.
    abort.abort();
  }
}

function asPictureError(error: unknown, signal: AbortSignal): PictureError {
  if (signal.reason instanceof PictureError) return signal.reason;
  return error instanceof PictureError ? error : new PictureError("network", { cause: error });
}

function send(url: PictureUrl, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { hostname, port, secure, path } = url;
  const request = secure ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request({
      hostname: addressIn(hostname) ?? hostname,
      port: port === "" ? undefined : Number(port),
      path,
      signal,
      // A connection of its own, to the very address that was checked.
      agent: false,
      lookup: checkedLookup(url.reach, options.resolve ?? ((host) => systemLookup(host, { all: true }))),
      headers: { accept: "image/webp,image/png,image/jpeg", "accept-encoding": "identity", "user-agent": "uproar" },
    })
      .on("response", resolve)
      .on("error", reject)
      .end();
  });
}

/**
 * Resolves a name and checks every address before the connection gets one. The connection uses exactly what this returns, so a
 * name that points elsewhere a moment later gains nothing.
 */
function checkedLookup(reach: Reach, resolve: NonNullable<FetchOptions["resolve"]>): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const first = addresses[0];
        if (!first || !addresses.every(({ address }) => isWithinReach(address, reach))) {
          callback(new PictureError("address"), "", 0);
        } else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}

function checkHead({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode >= 300 && statusCode < 400) throw new PictureError("redirect");
  if (statusCode !== 200) throw new PictureError("status");
  if (!/^image\/(png|jpe?g|webp)\s*(;|$)/i.test(headers["content-type"] ?? "")) throw new PictureError("type");
  if ((headers["content-encoding"] ?? "identity") !== "identity") throw new PictureError("type");
  if (Number(headers["content-length"] ?? 0) > maxPictureBytes) throw new PictureError("size");
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxPictureBytes) throw new PictureError("size");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The type by the first bytes; what the sender says it is does not count. */
function typeOf(bytes: Buffer): PictureType | undefined {
  const starts = (hex: string, at = 0) => bytes.subarray(at, at + hex.length / 2).toString("hex") === hex;
  if (starts("89504e470d0a1a0a")) return "image/png";
  if (starts("ffd8ff")) return "image/jpeg";
  return starts("52494646") && starts("57454250", 8) ? "image/webp" : undefined;
}
