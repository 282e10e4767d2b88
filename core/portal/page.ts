import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { headersFor, type PortalResponse } from './answers';

/** Made of web/ by `npm run build`. */
const PAGE_FILE = path.join(__dirname, '..', '..', 'web', 'dist', 'connect.html');

interface LoadedPage {
  html: string;
  policy: string;
  etag: string;
}

let loaded: LoadedPage | undefined;

/**
 * The one hosted page, the same for everybody: who it is for stands behind `#` in its address and is never sent. Reads
 * nothing but its file, so that the first visitor waits for no database.
 * @param ifNoneMatch of a browser that has it already
 */
export function pageAnswer(ifNoneMatch?: string): PortalResponse {
  loaded ??= load();
  const headers = {
    ...headersFor('text/html; charset=utf-8', loaded.policy),
    // Kept, and asked about each time: an update of the package shows at once.
    'cache-control': 'no-cache',
    etag: loaded.etag,
  };
  return ifNoneMatch === loaded.etag
    ? { status: 304, headers, body: '' }
    : { status: 200, headers, body: loaded.html };
}

function load(): LoadedPage {
  const html = readFileSync(PAGE_FILE, 'utf8');
  const hashes = (tag: 'script' | 'style') =>
    [...html.matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, 'g'))].map(
      ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
    );
  const policy = [
    "default-src 'none'",
    `script-src ${hashes('script').join(' ')}`,
    `style-src ${hashes('style').join(' ')}`,
    // Pictures come through our own calls, as bytes.
    'img-src blob: data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const digest = createHash('sha256').update(html).digest('base64url').slice(0, 22);
  return { html, policy, etag: `W/"${digest}"` };
}
