import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Reply } from '../http.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const hashOf = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** Order matters: later styles win, and the script is one scope. */
const STYLES = [
  'base',
  'panel',
  'device',
  'chat',
  'attachments',
  'profile',
  'whatsapp',
  'composer',
  'drawer',
  'narrow',
];
const SCRIPTS = [
  'labels',
  'elements',
  'attachments',
  'whatsapp',
  'messages',
  'happened',
  'session',
  'menus',
  'profile',
  'rows',
  'draw',
  'phone',
];

let page: { html: string; policy: string } | undefined;

/** The phone page: one HTML file with its style and script inside, allowed by their hashes alone. */
export function phonePage(): Reply {
  page ??= build();
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.policy,
      'referrer-policy': 'no-referrer',
    },
    body: page.html,
  };
}

function build(): { html: string; policy: string } {
  const css = STYLES.map((name) => read(`./styles/${name}.css`)).join('\n');
  // One inline module out of many files: their imports fall away, for they share one scope here.
  const script = SCRIPTS.map((name) => read(`./script/${name}.js`))
    .map((text) => text.replace(/^import [\s\S]*?;\n/gm, '').replace(/^export /gm, ''))
    .join('\n');
  const html = read('./page.html')
    .replace('<!-- style -->', () => `<style>${css}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${script}</script>`);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(css)}`,
    "img-src 'self' data: blob:",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}
