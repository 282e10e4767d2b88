/** Export of one person and of many, consents, and the audit log that tells of them. */
import {
  csvCell,
  exportContact,
  exportContactsCsv,
  listAudit,
  optIn,
  optOut,
} from '../../../core/contacts';
import { emitEvent } from '../../../core/messaging';
import { InvalidInputError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createPeople, PHONE } from './support/people';

describeOnBothDatabases('the export of a contact', (context) => {
  it('has everything of one person, in order, and is noted', async () => {
    const { world, ctx, tenantId, upsert, writes } = await createPeople(context);
    await world.receive(
      ...Array.from({ length: 520 }, (_, index) =>
        world.event('message', {
          text: `n ${index}`,
          occurredAt: 1_000 + index,
          contact: { externalId: '5511988887777', phone: '+5511988887777' },
        }),
      ),
    );
    await writes('5511955554444', { text: 'of somebody else' });
    const { id } = await upsert({ phone: PHONE, name: 'Ana', addTags: ['VIP'] });
    await optIn(ctx, { tenantId, contact: id, purpose: 'marketing', source: 'form', text: 'yes' });
    await emitEvent(ctx, {
      tenantId,
      event: 'feedback.received',
      contactId: id,
      data: { rating: '5', comment: 'Ótimo', appointmentId: 'a1' },
      idempotencyKey: 'rating',
    });
    const person = await exportContact(ctx, { tenantId, contact: PHONE }, 'workflow:w:Export');
    expect(person).toMatchObject({
      contact: {
        id,
        name: 'Ana',
        tags: ['VIP'],
        consents: [{ purpose: 'marketing', text: 'yes' }],
      },
      conversations: [{ channel: 'messenger', connection: 'Clínica Sol' }],
      ratings: [{ rating: 5, best: 5, comment: 'Ótimo', appointmentId: 'a1' }],
      audit: [{ action: 'contact.optedIn' }],
    });
    const texts = person.conversations[0]?.messages.map(({ text }) => text);
    expect(texts).toEqual(Array.from({ length: 520 }, (_, index) => `n ${index}`));
    expect(person.conversations[0]?.messages[0]?.raw).toBeNull();
    const raws = await exportContact(ctx, { tenantId, contact: PHONE, raws: true });
    expect(raws.conversations[0]?.messages[0]?.raw).toMatchObject({ from: 'the provider' });
    const { items } = await listAudit(ctx, { tenantId, contactId: id });
    expect(items.map(({ action, actor }) => [action, actor])).toEqual([
      ['contact.exported', 'workflow'],
      ['contact.exported', 'workflow:w:Export'],
      ['contact.optedIn', 'workflow'],
    ]);
  });

  it('of many is a table that a spreadsheet reads, and runs nothing in it', async () => {
    const { ctx, tenantId, upsert } = await createPeople(context);
    await upsert({
      phone: PHONE,
      name: '=cmd()',
      addTags: ['VIP', 'new'],
      customFields: { 'plan; name': 'a "b"', n: 7 },
    });
    await upsert({ email: 'bia@example.com', name: 'Bia' });
    const { text, contacts } = await exportContactsCsv(ctx, { tenantId, separator: ';' });
    expect(contacts).toBe(2);
    const [head, bia, ana] = text.split('\r\n');
    expect(head).toBe(
      '\ufeffid;name;phone;email;stage;birthday;language;timeZone;source;tags;marketing;messages;createdAt;lastActivityAt;n;"plan; name"',
    );
    expect(bia).toMatch(/^\w+;Bia;;bia@example\.com;/);
    expect(ana).toMatch(/^\w+;'=cmd\(\);\+5511988887777;.*;new, VIP;.*;7;"a ""b"""$/);
  });
});

describeOnBothDatabases('what a person agrees to', (context) => {
  it('is kept with purpose, source, text and time, told once, and only the newest word counts', async () => {
    const { world, ctx, tenantId, upsert } = await createPeople(context);
    const { id } = await upsert({ phone: PHONE });
    const about = { tenantId, contact: id, purpose: 'marketing' as const, source: 'form' };
    const at = new Date(context.clock.now() - 60_000).toISOString();
    await expect(optIn(ctx, { ...about, text: 'I agree', at })).resolves.toMatchObject({
      change: 'updated',
      consents: [{ purpose: 'marketing', state: 'in', source: 'form', text: 'I agree', at }],
    });
    await expect(optIn(ctx, about)).resolves.toMatchObject({ change: 'unchanged' });
    await optOut(ctx, { ...about, source: 'reception' });
    const old = new Date(context.clock.now() - 30_000).toISOString();
    await expect(optIn(ctx, { ...about, at: old })).resolves.toMatchObject({
      change: 'unchanged',
      consents: [{ state: 'out', source: 'reception' }],
    });
    const types = (await world.eventTypes()).filter((type) => type.startsWith('contact.opted'));
    expect(types).toEqual(['contact.optedIn', 'contact.optedOut']);
    const { items } = await listAudit(ctx, { tenantId, actions: ['contact.optedOut'] });
    expect(items).toMatchObject([
      { subject: { id }, detail: { purpose: 'marketing', source: 'reception' } },
    ]);
    const refused = [
      { ...about, source: ' ' },
      { ...about, at: 'soon' },
      { ...about, at: new Date(context.clock.now() + 3_600_000).toISOString() },
    ];
    for (const input of refused) await expect(optIn(ctx, input)).rejects.toThrow(InvalidInputError);
  });
});

describe('[no database of its own] a cell of a table', () => {
  it.each([
    ['+5511988887777', '+5511988887777'],
    ['-12,5', '"-12,5"'],
    ['=1+1', "'=1+1"],
    ['+SUM(A1)', "'+SUM(A1)"],
    ['@x', "'@x"],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
  ])('writes %j safely', (text, expected) => {
    expect(csvCell(text, ',')).toBe(expected);
  });
});
