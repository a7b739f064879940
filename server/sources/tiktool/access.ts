/** How the settings say TikTool is reached: addresses, credentials and the way of connecting (protocols 1.1). */
import { addressIn } from "../../ingest/address.ts";
import type { SourceSettings } from "../../ingest/source.ts";

const serviceUrl = "wss://api.tik.tools";
const modes = ["managed", "direct", "auto"] as const;

/** Who opens TikTok's own line: the service ("managed"), this program ("direct"), or whoever the service recommends ("auto"). */
export type TiktoolMode = (typeof modes)[number];

/** What a line names itself with: the query parameter and its value. */
export type Credential = readonly [name: "apiKey" | "jwtKey", value: string];

export interface TiktoolAccess {
  /** Whom to follow, without "@". */
  handle: string;
  /** Address of the event line, without query. */
  base: URL;
  /** "" when not given; then nothing can be asked of the service. */
  apiKey: string;
  /** The JWT to begin with, "" when not given. */
  jwt: string;
  mode: TiktoolMode;
  /** Language of the captions asked for, "" for none. */
  captions: string;
}

/** The handle that the settings give, without "@". */
export function handleOf(settings: SourceSettings): string {
  return settings.user.trim().replace(/^@+/, "");
}

/** What the settings give; a sentence for the streamer when they lack something. */
export function accessOf(settings: SourceSettings): TiktoolAccess | string {
  const handle = handleOf(settings);
  if (handle === "") return "TikTool needs the streamer's name: add --user HANDLE (without @).";
  const base = addressIn(settings.env, "TIKTOOL_URL", serviceUrl, "ws");
  if (typeof base === "string") return base;
  const wish = settings.env.TIKTOOL_MODE?.trim() || "managed";
  const mode = modes.find((known) => known === wish);
  if (mode === undefined) return `TIKTOOL_MODE must be one of ${modes.join(", ")}. You wrote ${wish}.`;
  const apiKey = settings.env.TIKTOOL_API_KEY?.trim() ?? "";
  const jwt = settings.env.TIKTOOL_JWT_KEY?.trim() ?? "";
  const isService = base.hostname === new URL(serviceUrl).hostname;
  if (isService && apiKey === "" && jwt === "") {
    return "TikTool needs a key: put TIKTOOL_API_KEY=... into the environment or .env (get one at https://tik.tools).";
  }
  if (isService && apiKey === "" && mode === "direct") {
    return "TIKTOOL_MODE=direct needs TIKTOOL_API_KEY, which a JWT cannot stand for: put it into the environment or .env.";
  }
  return { handle, base, apiKey, jwt, mode, captions: settings.captions.trim() };
}

/** Address of one of the service's sockets: the event line ("") or one beside it ("/captions"), with a query of `parts`. */
export function socketUrl(access: TiktoolAccess, path: string, parts: readonly (readonly [string, string])[]): URL {
  const url = beside(access.base, path);
  url.search = `?${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
  return url;
}

/** Address of a request: the same host as the event line, over HTTP. */
export function restUrl(access: TiktoolAccess, path: string): URL {
  const url = beside(access.base, path);
  return new URL(url.href.replace(/^ws/, "http"));
}

function beside(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  url.search = "";
  url.hash = "";
  return url;
}
