import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Reply } from '../../http.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const hashOf = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

let page: { html: string; policy: string } | undefined;

/** The calendar page: a person makes, moves and cancels appointments. Colours are the phone page's. */
export function calendarPage(): Reply {
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
  const css = `${read('../../phone/styles/base.css')}\n${read('./calendar.css')}`;
  const script = read('./calendar.js');
  const html = read('./page.html')
    .replace('<!-- style -->', () => `<style>${css}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${script}</script>`);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(css)}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}
