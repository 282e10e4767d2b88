/** Searching 200,000 contacts: who is found, and by which plan; and pages, filters that are kept, tenants. */
import { countContacts, findContacts, keepFilter } from '../../../core/contacts';
import { readFilter, type ContactFilter } from '../../../core/contacts/filter';
import { InvalidInputError, NotFoundError } from '../../../core/model';
import type { ContactSelection } from '../../../core/store/statements/contactSearch';
import type { TenantStore } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { explainContacts, fillContacts } from './support/contactUnits.cjs';
import { createPeople, PHONE } from './support/people';

const CONTACTS = 200_000;

const idOf = (n: number) => `PPPP${String(n).padStart(22, '0')}`;

/** Rows are found by an index. */
const WALKS = {
  sqlite:
    /SCAN (c|p|contacts|contact_\w+|conversations)\b(?! USING (COVERING )?INDEX)|USE TEMP B-TREE FOR ORDER BY/,
  postgres: /Seq Scan on (contacts|contact_\w+|conversations)\b/,
};

describeOnBothDatabases('searching 200,000 contacts', (context) => {
  let tenant: TenantStore;
  const account = (name: string) => `${name}-${tenant.tenantId}`;

  beforeAll(async () => {
    tenant = context.newTenant();
    await tenant.run(fillContacts, { contacts: CONTACTS });
  });

  const cases: [string, () => ContactFilter, number[]][] = [
    ['everybody', () => ({}), [199_999, 199_998, 199_997]],
    ['a common word', () => ({ search: 'an' }), [199_998, 199_996, 199_994]],
    ['a rare word', () => ({ search: 'rar' }), [180_007, 160_007, 140_007]],
    ['a common and a rare word', () => ({ search: 'bia raro' }), [180_007, 160_007, 140_007]],
    ['a word that nobody has', () => ({ search: 'zacarias' }), []],
    ['the beginning of a number', () => ({ search: '11900199' }), [199_999, 199_998, 199_997]],
    ['a number', () => ({ phone: '+55 11 90000-0042' }), [42]],
    ['an address', () => ({ email: 'p77@example.com' }), [77]],
    ['a common tag', () => ({ tags: ['VIP'] }), [199_990, 199_980, 199_970]],
    ['a rare tag', () => ({ tags: ['gold'] }), [180_010, 160_010, 140_010]],
    ['people without a tag', () => ({ withoutTags: ['vip'] }), [199_999, 199_998, 199_997]],
    ['a common stage', () => ({ stages: ['lead'] }), [199_998, 199_996, 199_994]],
    ['a rare stage', () => ({ stages: ['patron'] }), [190_005, 180_005, 170_005]],
    ['a rare source', () => ({ sources: ['ad'] }), [190_006, 180_006, 170_006]],
    ['a birthday', () => ({ birthdayFrom: '01/01' }), [199_920, 199_836, 199_752]],
    [
      'birthdays over the end of the year',
      () => ({ birthdayFrom: '28/12', birthdayTo: '01/01' }),
      [199_920, 199_919, 199_836],
    ],
    ['a rare custom field', () => ({ customFields: [{ name: 'plan', value: 'Rare' }] }), [180_003]],
    ['a common consent', () => ({ consents: ['marketing:in'] }), [199_998, 199_995, 199_992]],
    ['a rare consent', () => ({ consents: ['marketing:out'] }), [180_009, 120_009, 60_009]],
    ['nothing said', () => ({ consents: ['marketing:none'] }), [199_999, 199_997, 199_996]],
    ['a rare channel', () => ({ channels: ['instagram'] }), [180_004, 160_004, 140_004]],
    ['a rare account', () => ({ accountIds: [account('a1')] }), [180_004, 160_004, 140_004]],
    ['those made since', () => ({ createdFrom: new Date(1_999_980).toISOString() }), [199_999]],
    ['those made before', () => ({ createdTo: new Date(1_000).toISOString() }), [99, 98, 97]],
    ['those who wrote since', () => ({ activeFrom: new Date(1_199_998).toISOString() }), [199_999]],
    ['those silent since', () => ({ activeTo: new Date(1_199_990).toISOString() }), [199_989]],
    [
      'several things at once',
      () => ({ search: 'ana', tags: ['vip'], stages: ['patron', 'lead'], sources: ['form'] }),
      [199_990, 199_980, 199_970],
    ],
  ];

  it.each(cases)('finds %s by an index', async (_what, filter, wanted) => {
    const { channels, ...selection } = readFilter(filter());
    const accountIds = channels ? { accountIds: [account('a1')] } : {};
    const { result, plans } = await tenant.run(explainContacts, {
      selection: { ...selection, ...accountIds } as ContactSelection,
      page: { beyond: null, limit: 3 },
    });
    expect(result.slice(0, wanted.length)).toEqual(wanted.map(idOf));
    if (wanted.length === 0) expect(result).toEqual([]);
    // Those of a rare condition are read by their ids and then put in order; there are few.
    const isFew = plans.some((plan) => /SEARCH c .*\(id=\?\)|contacts_pkey/.test(plan));
    for (const plan of plans) {
      const told = isFew ? plan.replace('USE TEMP B-TREE FOR ORDER BY', '') : plan;
      expect(told).not.toMatch(WALKS[context.kind]);
    }
    const input = { tenantId: tenant.tenantId, ...filter() };
    const { items } = await findContacts(context, { ...input, limit: 3 });
    expect(items.map(({ id }) => id)).toEqual(result.slice(0, 3));
  });

  it('goes on behind a page, and deep in the list', async () => {
    const input = { tenantId: tenant.tenantId, limit: 3, stages: ['lead'] };
    const first = await findContacts(context, input);
    const next = await findContacts(context, { ...input, cursor: first.nextCursor });
    expect(next.items.map(({ id }) => id)).toEqual([199_992, 199_990, 199_988].map(idOf));
    const deep = await findContacts(context, {
      ...input,
      cursor: `${50_000 * 10}.${idOf(50_000)}`,
    });
    expect(deep.items.map(({ id }) => id)).toEqual([49_998, 49_996, 49_994].map(idOf));
  });

  it('counts them', async () => {
    const { tenantId } = tenant;
    await expect(countContacts(context, { tenantId, tags: ['gold'] })).resolves.toBe(10);
    await expect(countContacts(context, { tenantId, stages: ['patron'] })).resolves.toBe(20);
  });

  it('finds nothing of it for another tenant', async () => {
    const { tenantId } = context.newTenant();
    for (const [, filter] of cases) {
      const { items } = await findContacts(context, { tenantId, ...filter() });
      expect(items).toEqual([]);
    }
  });
});

describeOnBothDatabases('a list of contacts', (context) => {
  it('finds people by what they are called since a moment ago', async () => {
    const { world, ctx, tenantId, upsert, writes } = await createPeople(context);
    const found = async (search: string) =>
      (await findContacts(ctx, { tenantId, search })).items.map(({ name }) => name);
    await writes('5511988887777', { name: 'José Álvares' });
    expect(await found('alvar jose')).toEqual(['José Álvares']);
    await upsert({ phone: PHONE, name: 'Josefa', email: 'jo@example.com' });
    expect(await found('alvares')).toEqual([]);
    expect(await found('josefa')).toEqual(['Josefa']);
    expect(await found('jo@ex')).toEqual(['Josefa']);
    expect(await found('98888-7777')).toEqual(['Josefa']);
    expect(await found('7777')).toEqual(['Josefa']);
    const words = await world.rows('contact_words');
    expect(words.filter(({ word }) => word === 'alvares')).toEqual([]);
  });

  it('keeps a filter under a name, and uses it again', async () => {
    const { ctx, tenantId, upsert } = await createPeople(context);
    await upsert({ email: 'a@example.com', addTags: ['VIP'], stage: 'lead' });
    await upsert({ email: 'b@example.com', addTags: ['VIP'], stage: 'client' });
    await upsert({ email: 'c@example.com', stage: 'client' });
    await keepFilter(ctx, { tenantId, name: 'vips', filter: { tags: ['vip'] } });
    const of = async (more: object) =>
      (await findContacts(ctx, { tenantId, savedFilter: 'vips', ...more })).items.length;
    expect(await of({})).toBe(2);
    expect(await of({ stages: ['client'] })).toBe(1);
    await expect(findContacts(ctx, { tenantId, savedFilter: 'other' })).rejects.toThrow(
      NotFoundError,
    );
    const bad = { tenantId, name: 'bad', filter: { consents: ['all'] } };
    await expect(keepFilter(ctx, bad)).rejects.toThrow(InvalidInputError);
  });

  it('refuses a cursor that is none, and a limit beyond what a page holds', async () => {
    const { ctx, tenantId } = await createPeople(context);
    await expect(findContacts(ctx, { tenantId, cursor: 'x' })).rejects.toThrow(/cursor/);
    await expect(findContacts(ctx, { tenantId, limit: 501 })).rejects.toThrow(/Limit/);
  });
});
