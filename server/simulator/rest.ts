/** Requests that the simulator answers beside its lines: viewers' pictures, and of TikTool's REST service what a client needs (protocols 1.1). */
import type { IncomingMessage, ServerResponse } from "node:http";
import { drawAvatar } from "./avatar.ts";
import type { Stage } from "./stage.ts";

const maxAvatars = 500;
/** Largest body that is read, bytes. */
const maxBodyBytes = 16 * 1024;

/** Makes the answering of requests about a stage's broadcast; `now` gives ms since 1970. */
export function createRest(stage: Stage, now: () => number) {
  const avatars = new Map<string, Buffer>();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = addressOf(request);
    const picture = /^\/avatars\/(\d{1,24})\.png$/.exec(pathname)?.[1];
    if (picture !== undefined) {
      response.writeHead(200, { "content-type": "image/png", "cache-control": "max-age=3600" });
      response.end(cached(avatars, picture));
    } else if (pathname === "/webcast/check_alive") {
      const alive = !stage.isOffline(searchParams.get("unique_id") ?? "");
      const { roomId, title } = stage.room;
      const data = [{ room_id: roomId, alive, title, userCount: alive ? stage.viewers() : 0 }];
      tell(response, 200, { status_code: 0, data });
    } else if (pathname === "/authentication/jwt" && request.method === "POST") {
      if (!stage.isKey(String(request.headers["x-api-key"] ?? searchParams.get("apiKey") ?? ""))) {
        tell(response, 401, { status_code: 401, message: "Invalid API key" });
        return;
      }
      const token = createToken(await bodyOf(request), now());
      stage.letIn(token);
      tell(response, 200, { status_code: 0, data: { token } });
    } else tell(response, 404, { status_code: 404, message: "no such address" });
  };
}

/** Where a request goes; the root for what is no address. */
export function addressOf(request: IncomingMessage): URL {
  const path = request.url ?? "/";
  const address = `http://localhost${path.startsWith("/") ? path : "/"}`;
  return URL.canParse(address) ? new URL(address) : new URL("http://localhost/");
}

function tell(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** A token that looks like the service's; nobody checks its signature, as the simulator remembers which it gave. */
function createToken({ expire_after: seconds, ...limits }: Record<string, unknown>, nowMs: number): string {
  const lifeSeconds = typeof seconds === "number" && seconds > 0 ? seconds : 3600;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    allowedCreators: limits.allowed_creators ?? [],
    maxWebSockets: limits.max_websockets ?? 1,
    exp: Math.floor(nowMs / 1000 + lifeSeconds),
  };
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.simulated`;
}

/** The fields of a JSON body; none of one that cannot be read. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  try {
    for await (const chunk of request) {
      text += String(chunk);
      if (text.length > maxBodyBytes) return {};
    }
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : {};
  } catch {
    return {};
  }
}

/** The picture of an id; the one drawn longest ago makes place for a new one. */
function cached(avatars: Map<string, Buffer>, id: string): Buffer {
  const known = avatars.get(id);
  if (known) return known;
  if (avatars.size >= maxAvatars) avatars.delete(avatars.keys().next().value!);
  const drawn = drawAvatar(id);
  avatars.set(id, drawn);
  return drawn;
}
