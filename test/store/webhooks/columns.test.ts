import { describeOnOneDatabase } from '../../support/storeContext';
import { readColumnSource } from './support/webhookUnits.cjs';

const COLUMNS = { id: 'text', count: 'bigint', text: 'text' } as const;

const TEXTS = [
  '',
  'NULL',
  null,
  '{"a":[1,"b"]}',
  'C:\\folder\\',
  'a, b; "c" \'d\' {e}',
  'first\nsecond\ttab \u001e \u0001',
  'ação 🦷',
];

describeOnOneDatabase('postgres', 'rows given column by column', (context) => {
  const read = (rows: Record<string, string | number | null>[]) =>
    context.store.run(readColumnSource, { columns: COLUMNS, rows });

  it('come back as they are, whatever their texts hold', async () => {
    const rows = TEXTS.map((text, index) => ({
      id: `row ${index}`,
      count: index === 3 ? null : index * 1_764_000_000_000,
      text,
    }));
    expect(await read(rows)).toEqual(rows);
  });

  it.each(TEXTS.map((text) => [text]))('come back when all agree in %j', async (text) => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id, count: 7, text }));
    expect(await read(rows)).toEqual(rows);
  });

  it('come back when they are the same in everything, when there is one and when there is none', async () => {
    const row = { id: 'a', count: null, text: 'b' };
    expect(await read([row, row, row])).toEqual([row, row, row]);
    expect(await read([row])).toEqual([row]);
    expect(await read([])).toEqual([]);
  });
});
