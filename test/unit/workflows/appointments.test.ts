import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../scripts/lib/paths.mjs';

interface FileNode {
  name: string;
  parameters: { assignments?: { assignments: Array<{ name: string; value: unknown }> } };
}

const NAMES = ['appointment-confirmation', 'appointment-reminder-24h', 'appointment-answers'];
const LABELS = /^(confirm|reschedule|cancel|yes|other|keep)(Portuguese|English)$/;

describe.each(NAMES)('workflow %s', (name) => {
  const file = path.join(ROOT, 'workflows', `${name}.json`);
  const { nodes } = JSON.parse(fs.readFileSync(file, 'utf8')) as { nodes: FileNode[] };
  const settings = nodes.find((node) => node.name === 'Settings')?.parameters.assignments;
  const texts = (settings?.assignments ?? []).map(({ name: key, value }) => ({
    key,
    text: String(value),
  }));
  const others = JSON.stringify(nodes.filter((node) => node.name !== 'Settings'));

  it('says everything in both languages', () => {
    const keys = texts.map(({ key }) => key);
    const portuguese = keys.filter((key) => key.endsWith('Portuguese'));
    expect(portuguese.length).toBeGreaterThan(3);
    for (const key of portuguese) expect(keys).toContain(key.replace('Portuguese', 'English'));
  });

  it('fills in every word in braces that its texts use', () => {
    const words = new Set(texts.flatMap(({ text }) => text.match(/(?<!\{)\{\w+\}(?!\})/g) ?? []));
    expect(words.size).toBeGreaterThan(0);
    for (const word of words) expect(others).toContain(`'${word}'`);
  });

  it('has labels that every channel shows', () => {
    const labels = texts.filter(({ key }) => LABELS.test(key));
    expect(labels.length).toBeGreaterThan(0);
    for (const { text } of labels) expect(text.length).toBeLessThanOrEqual(20);
  });

  it('names no procedure', () => {
    expect(`${others}${JSON.stringify(texts)}`).not.toMatch(/appointment\.(title|description)/);
  });
});
