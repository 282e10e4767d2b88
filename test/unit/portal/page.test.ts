import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { FAILURES } from '../../../core/portal/failures';
import { pageAnswer } from '../../../core/portal/page';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { en } from '../../../web/src/texts/en.ts';
import { ptBR } from '../../../web/src/texts/ptBR.ts';

const MAX_COMPRESSED_BYTES = 150_000;

describe('the page as it is built', () => {
  const { headers, body } = pageAnswer();
  const html = String(body);

  it('is one file of less than 150 kB compressed', () => {
    expect(fs.readdirSync(path.join(ROOT, 'dist', 'web', 'dist'))).toEqual(['connect.html']);
    expect(gzipSync(html).length).toBeLessThan(MAX_COMPRESSED_BYTES);
  });

  it('fetches nothing', () => {
    const addresses = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toEqual(['data:,']);
    expect(html).not.toMatch(/@import|url\(\s*['"]?(?!#|data:)|fonts\.g/);
  });

  it('runs nothing but its own script and style, in the sandbox', () => {
    const policy = headers['content-security-policy'] ?? '';
    const inline = [...html.matchAll(/<(script|style)[^>]*>([\s\S]*?)<\/\1>/g)];
    expect(inline).toHaveLength(2);
    for (const [, tag, text = ''] of inline) {
      const hash = createHash('sha256').update(text).digest('base64');
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(policy).toMatch(/^sandbox allow-scripts allow-forms allow-popups /);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/allow-same-origin|unsafe|\*|http/);
  });

  it('is asked about and not sent again while it is the same', () => {
    const again = pageAnswer(headers.etag);
    expect(again).toMatchObject({ status: 304, body: '' });
    expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
    expect(pageAnswer('W/"another"').status).toBe(200);
  });
});

describe('the texts of the page', () => {
  it('are the same in both languages, and none is left in the other', () => {
    expect(Object.keys(ptBR).sort()).toEqual(Object.keys(en).sort());
    const same = Object.entries(en).filter(([key, text]) => ptBR[key as keyof typeof en] === text);
    expect(same.map(([key]) => key)).toEqual([]);
  });

  it('fill in the same values', () => {
    const values = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(en)) {
      expect([key, values(ptBR[key as keyof typeof en])]).toEqual([key, values(text)]);
    }
  });

  it.each(Object.keys(FAILURES))('say of %s what happened and what to do next', (code) => {
    for (const texts of [en, ptBR] as Array<Record<string, string>>) {
      expect(texts[`error_${code}`]).toMatch(/\S/);
      expect(texts[`error_${code}_next`]).toMatch(/\S/);
    }
  });

  it('say something else for each failure', () => {
    for (const texts of [en, ptBR] as Array<Record<string, string>>) {
      const messages = Object.keys(FAILURES).map((code) => texts[`error_${code}`]);
      expect(new Set(messages).size).toBe(messages.length);
    }
  });
});
