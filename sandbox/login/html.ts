import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { drawAvatar } from '../phone/avatar.ts';
import type { Reply } from '../http.ts';

const CSS = readFileSync(new URL('./dialog.css', import.meta.url), 'utf8');
const CSS_HASH = createHash('sha256').update(CSS).digest('base64');

/** HTML that is ready to be put into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** Template tag: everything put in is escaped, but other HTML. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const text = strings.reduce((all, piece, index) => all + render(parts[index - 1]) + piece);
  return new Html(text);
}

function render(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return String(part)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A drawn picture with initials, inside the page. */
export function avatar(id: string, name: string, kind = ''): Html {
  const source = Buffer.from(drawAvatar(id, name)).toString('base64');
  return html`<img class="avatar ${kind}" alt="" src="data:image/svg+xml;base64,${source}" />`;
}

/**
 * The whole page. No script; a form may be sent here and, since browsers look at redirects too, to
 * the origin that the dialog returns to.
 */
export function dialogDocument(options: {
  language: string;
  title: string;
  theme: string;
  body: Html;
  status?: number;
  returnsTo?: string;
}): Reply {
  const { language, title, theme, body, status = 200, returnsTo } = options;
  const origin =
    returnsTo !== undefined && URL.canParse(returnsTo) ? new URL(returnsTo).origin : '';
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${CSS_HASH}'`,
    'img-src data:',
    `form-action 'self' ${origin}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
    },
    body: html`<!doctype html>
      <html lang="${language}" class="${theme}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title}</title>
          ${new Html(`<style>${CSS}</style>`)}
        </head>
        <body>
          ${body}
        </body>
      </html>`.text,
  };
}
