/** A page of our own: one HTML answer with its style and script in it, which loads nothing from outside and runs nothing else. */
import { createHash } from "node:crypto";

export interface PageParts {
  /** Escaped here. */
  readonly title: string;
  /** HTML; what comes from outside must be escaped. */
  readonly body: string;
  readonly style: string;
  /** "" for none. */
  readonly script: string;
}

/** The page's HTML. */
export function page({ title, body, style, script }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
${script === "" ? "" : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** Text that HTML takes for text, between tags and inside quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Only the very style and script above run; only the stage is framed, only our own addresses are asked. */
function policyOf(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${script === "" ? "'none'" : hashOf(script)}`,
    "font-src data:",
    "img-src data:",
    "frame-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
