/**
 * The npm package tiktok-live-connector, which whoever uses the source of that name adds: whether and under which licence it is
 * installed, and as much of it as the source uses (protocols 2).
 */
import { createRequire } from "node:module";
import { asFields, asText } from "../../ingest/fields.ts";

export const packageName = "tiktok-live-connector";
/** Adds the last version that is under MIT and understands today's wire (protocols 0). */
export const installCommand = `npm install ${packageName}@2.4.0`;

/** An emitter, as its users see it. The package's own types of its events are lost where it is imported as a module. */
interface Emitter<Events> {
  on<Name extends keyof Events>(name: Name, listener: (told: Events[Name]) => void): unknown;
}

/** One message of a frame as the package decoded it; neither of the other fields is there when it does not know the method. */
interface WireMessage {
  method: string;
  decodedData?: { data: unknown };
  decodeError?: Error;
}

/** The package's socket. */
export type ConnectorSocket = Emitter<{
  webSocketData: Uint8Array;
  protoMessageFetchResult: { messages: readonly WireMessage[] };
  messageDecodingFailed: Error;
  error: Error;
}>;

/** The package's TikTokLiveConnection. */
export interface ConnectorConnection
  extends Emitter<{
    websocketConnected: ConnectorSocket;
    connected: { roomId: string };
    disconnected: { code: number; reason: string } | undefined;
  }> {
  fetchRoomId(): Promise<string>;
  fetchRoomInfo(roomId: string): Promise<unknown>;
  connect(roomId: string): Promise<unknown>;
  disconnect(): Promise<void>;
}

/** An answer of the sign server. */
interface SignResponse<Body> {
  status: number;
  headers: object;
  data: Body;
}

/** The package's client of the sign server. */
export interface SignClient {
  rooms: { fetchWebcastURL(...question: unknown[]): Promise<SignResponse<Uint8Array>> };
  anchors: { retrieveRoomId(handle: string): Promise<SignResponse<unknown>> };
}

type ErrorClass<Extra = unknown> = abstract new (...args: never[]) => Error & Extra;

/** What of the package is used. */
export interface ConnectorPackage {
  TikTokLiveConnection: new (handle: string, options: object) => ConnectorConnection;
  /** State of its module, from which `createEulerClient` makes a client or gives the one in `cachedInstance`. */
  SignConfig: {
    basePath?: string | undefined;
    apiKey?: unknown;
    baseOptions?: { headers?: object } | undefined;
    cachedInstance?: unknown;
  };
  createEulerClient(): SignClient;
  /** Under which name each message is emitted. */
  WebcastEventMap: Readonly<Record<string, string>>;
  UserOfflineError: ErrorClass;
  InvalidUniqueIdError: ErrorClass;
  InvalidResponseCompositeError: ErrorClass<{ config: unknown }>;
  SignatureRateLimitError: ErrorClass<{ retryAfter: number }>;
  PremiumFeatureError: ErrorClass;
  AuthenticatedWebSocketConnectionError: ErrorClass;
}

/** Loads the package. Rejects when it is not installed or cannot be loaded. */
export async function loadConnector(): Promise<ConnectorPackage> {
  return (await import("tiktok-live-connector")) as unknown as ConnectorPackage;
}

/** What is known of the package where it is installed. */
export interface InstalledPackage {
  version: string;
  /** As its package.json says. */
  licence: string;
}

/** The package as it is installed beside this file, undefined when it is not. */
export function installedPackage(): InstalledPackage | undefined {
  try {
    const described = asFields(createRequire(import.meta.url)(`${packageName}/package.json`));
    return { version: asText(described?.version), licence: asText(described?.license) };
  } catch {
    return undefined;
  }
}

/** Why the package cannot be used, in one sentence that says what to do. Before 2.4 its messages have other names (protocols 2.3). */
export function packageProblem(found: InstalledPackage | undefined): string | undefined {
  const add = `add it with: ${installCommand} (MIT up to 2.4.0, AGPL-3.0-only with added permissions from 2.4.2)`;
  if (!found) return `This source needs the package ${packageName}, which is not installed; ${add}.`;
  const [major = 0, minor = 0] = found.version.split(".").map(Number);
  if (major > 2 || (major === 2 && minor >= 4)) return undefined;
  return `This source needs ${packageName} 2.4.0 or later, and ${found.version || "another version"} is installed; ${add}.`;
}

/** Under which licence the installed package is used, for whoever switches it on (protocols 0). */
export function licenceNotice({ version, licence }: InstalledPackage): string {
  if (licence === "MIT") return `version ${version}: MIT licence (from 2.4.2 on AGPL-3.0-only with added permissions)`;
  const under = licence.startsWith("AGPL") ? `${licence} with added permissions` : licence || "a licence not named";
  return `version ${version}: ${under}; read its LICENSE before you run it for others. Under MIT: ${installCommand}`;
}
