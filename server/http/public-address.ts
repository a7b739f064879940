/** Which hosts and addresses the server may fetch from: named ones, on the public internet, or loopback where a source says so. */
import ipaddr from "ipaddr.js";

/** How far a host may be trusted: "public" must be on the internet, over TLS; "loopback" must be on this machine. */
export type Reach = "public" | "loopback";

/** Platform of a source whose viewers come from several; each viewer names the right one. */
export const anyPlatform = "any";

/** What a source says about its viewers' pictures. */
export interface PictureSource {
  /** Platform of its viewers, `anyPlatform` where they come from several. */
  readonly platform: string;
  /** Hosts of their pictures; none when left out. */
  readonly avatarHosts?: readonly string[];
}

/**
 * Finds the hosts that pictures of one viewer may come from, by the platform at the front of the viewer's key ("tiktok:123"): no
 * platform's viewers reach another's hosts, but those of a source of several platforms. This machine's own hosts count only while every source of the platform names them:
 * beside a simulated audience, real viewers of the same platform must not lead the server to itself, and then the simulated
 * ones go without pictures.
 */
export function pictureHostsOf(sources: readonly PictureSource[]): (viewerKey: string) => readonly string[] {
  const byPlatform = new Map<string, string[]>();
  const isMixed = sources.some(({ platform }) => platform === anyPlatform);
  for (const { platform } of sources) {
    const lists = sources.filter((source) => source.platform === platform).map(({ avatarHosts }) => avatarHosts ?? []);
    const isFit = (host: string) => !isLoopbackHost(host) || (!isMixed && lists.every((list) => list.includes(host)));
    byPlatform.set(platform, [...new Set(lists.flat().filter(isFit))]);
  }
  const anyone = byPlatform.get(anyPlatform) ?? [];
  return (viewerKey) => {
    const own = byPlatform.get(viewerKey.split(":", 1)[0]!) ?? [];
    return anyone.length === 0 ? own : [...new Set([...own, ...anyone])];
  };
}

/**
 * Finds a host (as a URL gives it, IPv6 in brackets) in a list of allowed ones: exact names, or `*.example.com` for everything
 * below it. A loopback entry ("127.0.0.1", "[::1]", "localhost") must be named exactly. Undefined when it is not allowed.
 */
export function reachOf(hostname: string, allowed: readonly string[]): Reach | undefined {
  const host = hostname.toLowerCase();
  const isLoopback = isLoopbackHost(host);
  for (const entry of allowed) {
    const pattern = entry.toLowerCase();
    if (pattern === host) return isLoopback ? "loopback" : "public";
    if (
      !isLoopback &&
      pattern.startsWith("*.") &&
      host.length > pattern.length - 1 &&
      host.endsWith(pattern.slice(1))
    ) {
      return "public";
    }
  }
  return undefined;
}

/** Whether an IP address may be connected to for a host of that reach. Anything that is no plain internet address is not public. */
export function isWithinReach(address: string, reach: Reach): boolean {
  if (!ipaddr.isValid(address)) return false;
  return reach === "loopback" ? isLoopbackAddress(address) : rangeOf(address) === "unicast";
}

/** The address in a URL's hostname, undefined when it is a name. */
export function addressIn(hostname: string): string | undefined {
  const address = withoutBrackets(hostname);
  return ipaddr.isValid(address) ? address : undefined;
}

function isLoopbackHost(host: string): boolean {
  return host.toLowerCase() === "localhost" || isLoopbackAddress(withoutBrackets(host));
}

function isLoopbackAddress(text: string): boolean {
  return ipaddr.isValid(text) && rangeOf(text) === "loopback";
}

/** `process` looks through IPv4 addresses that are written as IPv6. */
function rangeOf(address: string): string {
  return ipaddr.process(address).range();
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
