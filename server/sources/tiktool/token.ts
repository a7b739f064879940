/** The JWT that TikTool's lines of one run name themselves with: kept, renewed in time, and after a refusal (protocols 1.1). */
import { asFields, asNumber, asText, milliseconds } from "../../ingest/fields.ts";
import type { TiktoolAccess } from "./access.ts";
import { TiktoolRefusal, type TiktoolRest } from "./rest.ts";

/** A token is renewed when a line is opened this short before its end, ms. */
const renewBeforeMs = 5 * 60_000;
/** Least time between two renewals, and after a refusal that a renewal cannot mend, ms. */
export const renewApartMs = 60_000;
const validSeconds = 3600;

/** The token of one run. It lives longer than any of its lines. */
export class TiktoolToken {
  readonly #access: TiktoolAccess;
  #text: string;
  #triedAtMs = Number.NEGATIVE_INFINITY;

  /** Begins with the JWT of the settings. */
  constructor(access: TiktoolAccess) {
    this.#access = access;
    this.#text = access.jwt;
  }

  /** Whether there is a key to renew it with. */
  get renewable(): boolean {
    return this.#access.apiKey !== "";
  }

  /** Whether it is past its own end. */
  hasExpired(nowMs: number): boolean {
    return endOf(this.#text) <= nowMs;
  }

  /**
   * A token for a line that opens now. Renews it near its end; one that cannot be renewed is used while it is valid.
   * Throws a TiktoolRefusal when there is none.
   */
  async take(rest: TiktoolRest, nowMs: number): Promise<string> {
    if (!this.renewable) return this.#text;
    const leftMs = this.#text === "" ? 0 : endOf(this.#text) - nowMs;
    if (leftMs >= renewBeforeMs || (leftMs > 0 && nowMs - this.#triedAtMs < renewApartMs)) return this.#text;
    this.#triedAtMs = nowMs;
    try {
      this.#text = await this.#renew(rest);
    } catch (error) {
      if (leftMs <= 0) throw error;
    }
    return this.#text;
  }

  /**
   * Told that the service refused it: drops it where it can be renewed. True when another line with a new one is worth opening at
   * once; not when this one was new already.
   */
  refused(nowMs: number): boolean {
    if (!this.renewable) return false;
    this.#text = "";
    return nowMs - this.#triedAtMs >= renewApartMs;
  }

  async #renew(rest: TiktoolRest): Promise<string> {
    const { handle, captions } = this.#access;
    // The captions are a line of their own, under the same token.
    const limits = { allowed_creators: [handle], max_websockets: captions === "" ? 1 : 2 };
    try {
      const data = await rest.post("/authentication/jwt", { expire_after: validSeconds, ...limits });
      const token = asText(asFields(data)?.token);
      if (token !== "") return token;
      throw new TiktoolRefusal({ class: "network", detail: "an answer without a token" });
    } catch (error) {
      throw error instanceof TiktoolRefusal ? explained(error) : error;
    }
  }
}

/** Says that it was the renewal that failed, and keeps the next one apart. */
function explained({ ending }: TiktoolRefusal): TiktoolRefusal {
  const why = ending.class === "notLive" || ending.class === "config" ? "network" : ending.class;
  const detail = `a new JWT for TIKTOOL_API_KEY was refused: ${ending.detail}`;
  return new TiktoolRefusal({ class: why, detail, retryAfterMs: Math.max(ending.retryAfterMs ?? 0, renewApartMs) });
}

/** When a token ends by its own claim `exp`, ms since 1970; never for one that does not tell. */
function endOf(token: string): number {
  try {
    const claims = asFields(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
    const end = asNumber(claims?.exp);
    return Number.isFinite(end) ? milliseconds(end) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
