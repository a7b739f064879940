/** Addresses of services, which settings may point elsewhere. */

/**
 * The address in the environment's `variable`, `usual` when it is not set; a sentence for the streamer when it is none of the scheme,
 * plain or over TLS.
 */
export function addressIn(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  usual: string,
  scheme: "ws" | "http",
): URL | string {
  const address = env[variable] || usual;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && [`${scheme}:`, `${scheme}s:`].includes(url.protocol)) return url;
  return `${variable} must be an address that starts with ${scheme}:// or ${scheme}s://. You wrote ${address}.`;
}
