import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SEND_REASONS } from '../../../core/model';
import { DEFAULT_SETTINGS } from '../../../core/tenants';
import { ROOT } from '../../../scripts/lib/paths.mjs';

const page = readFileSync(path.join(ROOT, 'docs/sending-rules.md'), 'utf8');

describe('the page on the rules for sending', () => {
  it('has every reason of the closed list once, with what to do', () => {
    const [, table = ''] = page.split('## All reasons');
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, reason]) => reason).sort()).toEqual([...SEND_REASONS].sort());
  });

  it('lists the words that a tenant has from the start', () => {
    const listed = [...page.matchAll(/\*([^*\n]+,[^*\n]+)\*/g)].map(([, words = '']) =>
      words.split(', '),
    );
    const { words, wordsAfterMarketing, optInWords } = DEFAULT_SETTINGS.optOut;
    const shown = (list: readonly string[]) => list.filter((word) => word !== 'stopall');
    expect(listed.slice(-3)).toEqual([shown(words), wordsAfterMarketing, optInWords]);
  });

  it('names the hours and caps that hold from the start', () => {
    const { utility, marketing } = DEFAULT_SETTINGS.quietHours;
    expect(page).toContain(`| Utility Hours | ${utility.from} to ${utility.to}, every day |`);
    expect(page).toContain(
      `| Marketing Hours | ${marketing.from} to ${marketing.to}, Monday to Saturday |`,
    );
    const { count, days } = DEFAULT_SETTINGS.caps.marketing;
    expect(page).toContain(`| ${count} in ${days} days |`);
  });
});
