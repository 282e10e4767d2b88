import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { searchContacts } from '../../nodes/shared/contactLocator';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

const node = new Omnichannel();
const nodeTypes = { ...probeNodes, [`${PACKAGE}.omnichannel`]: node };
let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

const TENANT = 'contacts';
const byPhone = (value: string) => ({ __rl: true, mode: 'phone', value });

async function run(
  parameters: IDataObject,
  items: IDataObject[] = [{}],
  more: Partial<TestNode> = {},
) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
        {
          name: 'Contact',
          type: `${PACKAGE}.omnichannel`,
          parameters: {
            resource: 'contact',
            ...parameters,
            options: { tenant: TENANT, ...(parameters.options as IDataObject) },
          } as TestNode['parameters'],
          ...more,
        },
      ],
      connections: [['Trigger', 'Contact']],
    },
    { nodeTypes, items: items.map((json) => ({ json })) },
  );
  return { error: finished.error, items: finished.output('Contact').flat() };
}

describe('Omnichannel: contacts', () => {
  it('takes the rows of a spreadsheet, in their order, as one person each', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => ({
      Telefone: `(11) 9${String(80_000_000 + (index % 200))}`,
      Nome: `Pessoa ${index % 200}`,
      Nascimento: '12/05/1990',
      Etiquetas: ['importada', 'csv'],
    }));
    const { error, items } = await run(
      {
        operation: 'upsert',
        phone: '={{ $json.Telefone }}',
        name: '={{ $json.Nome }}',
        details: {
          birthday: '={{ $json.Nascimento }}',
          addTags: '={{ $json.Etiquetas }}',
          source: 'csv',
          customFields: { field: [{ name: 'plano', value: 'Unimed' }] },
        },
      },
      rows,
    );
    expect(error).toBeUndefined();
    expect(items.map(({ json }) => json.name)).toEqual(rows.map(({ Nome }) => Nome));
    expect(items.map(({ pairedItem }) => pairedItem)).toEqual(rows.map((_, item) => ({ item })));
    expect(items.filter(({ json }) => json.isNew)).toHaveLength(200);
    expect(items[249]?.json).toMatchObject({
      change: 'unchanged',
      phone: '+5511980000049',
      birthday: '1990-05-12',
      tags: ['csv', 'importada'],
      customFields: { plano: 'Unimed' },
      source: 'csv',
    });
  });

  it('stops with the field that is wrong, or goes on with the item’s error', async () => {
    const parameters = { operation: 'upsert', phone: '={{ $json.phone }}' };
    const items = [{ phone: '12' }, { phone: '+55 11 97777-0001' }];
    expect((await run(parameters, items)).error).toMatch(/"12" in "Phone" is no phone number/);
    const kept = await run(parameters, items, { onError: 'continueRegularOutput' });
    expect(kept.items.map(({ json }) => json.error ?? json.phone)).toEqual([
      expect.stringMatching(/is no phone number/),
      '+5511977770001',
    ]);
  });

  it('finds, merges and reads a person however they are named', async () => {
    await run({ operation: 'upsert', phone: '+55 11 96666-0001', name: 'Ana' });
    await run({ operation: 'upsert', email: 'ana@example.com', details: { stage: 'client' } });
    const merged = await run({
      operation: 'merge',
      contact: byPhone('(11) 96666-0001'),
      mergeWith: { __rl: true, mode: 'email', value: 'ana@example.com' },
    });
    expect(merged.items[0]?.json).toMatchObject({ name: 'Ana', stage: 'client' });
    const { id, mergedContactId } = merged.items[0]?.json ?? {};
    const byId = { __rl: true, mode: 'id', value: mergedContactId };
    const got = await run({ operation: 'get', contact: byId });
    expect(got.items[0]?.json).toMatchObject({ id, email: 'ana@example.com' });
    const found = await run({
      operation: 'getMany',
      filters: { search: 'ana', stages: 'client, patron' },
      options: { saveFilterAs: 'clients' },
    });
    expect(found.items.map(({ json }) => json.id)).toEqual([id]);
    const saved = await run({ operation: 'getMany', options: { savedFilter: 'clients' } });
    expect(saved.items.map(({ json }) => json.id)).toEqual([id]);
    const pages = await run({ operation: 'getMany', limit: 3 });
    expect(pages.items).toHaveLength(3);
    const cursor = pages.items[2]?.json.nextCursor;
    const next = await run({ operation: 'getMany', limit: 3, options: { cursor } });
    const ids = [...pages.items, ...next.items].map(({ json }) => json.id);
    expect(new Set(ids).size).toBe(6);
  });

  it('notes consents and shows them in the audit log, with the workflow that asked', async () => {
    await run({ operation: 'upsert', phone: '+55 11 95555-0001' });
    const consent = { contact: byPhone('+55 11 95555-0001'), source: 'form', text: 'sim' };
    const given = await run({ operation: 'optIn', purpose: 'marketing', ...consent });
    expect(given.items[0]?.json).toMatchObject({
      change: 'updated',
      consents: [{ purpose: 'marketing', state: 'in', source: 'form', text: 'sim' }],
    });
    await run({ operation: 'optOut', purpose: 'messages', ...consent });
    const { items } = await run({
      operation: 'getAuditLog',
      filters: { contactId: given.items[0]?.json.id },
    });
    expect(items.map(({ json }) => json.action)).toEqual(['contact.optedOut', 'contact.optedIn']);
    expect(items[0]?.json.actor).toMatch(/^workflow:.*:Contact$/);
  });

  it('exports one person and a table of many as files', async () => {
    await run({ operation: 'upsert', phone: '+55 11 94444-0001', name: 'Exporta' });
    const one = await run({ operation: 'export', contact: byPhone('+55 11 94444-0001') });
    expect(one.error).toBeUndefined();
    expect(one.items[0]?.json).toMatchObject({ contact: { name: 'Exporta' }, conversations: [] });
    expect(one.items[0]?.binary?.data).toMatchObject({ mimeType: 'application/json' });
    const many = await run({
      operation: 'export',
      what: 'table',
      filters: { search: 'exporta' },
      binaryField: 'table',
    });
    expect(many.items[0]?.json).toEqual({ contacts: 1 });
    expect(many.items[0]?.binary?.table).toMatchObject({
      fileName: 'contacts.csv',
      mimeType: 'text/csv',
    });
  });

  it('erases nobody before it is confirmed, and then for good', async () => {
    const contact = byPhone('+55 11 93333-0001');
    await run({ operation: 'upsert', phone: '+55 11 93333-0001', name: 'Apaga' });
    expect((await run({ operation: 'erase', contact })).error).toMatch(/not confirmed/);
    const erased = await run({ operation: 'erase', contact, confirmed: true });
    expect(erased.items[0]?.json).toMatchObject({ status: 'erased' });
    const { error } = await run({ operation: 'get', contact });
    expect(error).toMatch(/The contact "\+55 11 93333-0001" does not exist here/);
  });

  it('is out of reach for another tenant', async () => {
    await run({ operation: 'upsert', phone: '+55 11 92222-0001', name: 'Alheia' });
    const { error } = await run({
      operation: 'get',
      contact: byPhone('+55 11 92222-0001'),
      options: { tenant: 'another' },
    });
    expect(error).toMatch(/does not exist here/);
  });

  it('offers a searchable list of people, page by page', async () => {
    const context = {
      getCurrentNodeParameter: () => ({ tenant: TENANT }),
      getNode: () => ({ name: 'Contact' }),
    } as unknown as ILoadOptionsFunctions;
    const { results, paginationToken } = await searchContacts(context, 'pessoa 19', undefined);
    expect(results.map(({ name }) => name)).toContain('Pessoa 199 · +5511980000199');
    expect(paginationToken).toBeUndefined();
    const all = await searchContacts(context, '', undefined);
    expect(all.results).toHaveLength(50);
    const next = await searchContacts(context, '', String(all.paginationToken));
    expect(next.results[0]?.value).not.toBe(all.results[0]?.value);
  });

  it('leaves erasing out of what AI agents are offered', () => {
    const lists = node.description.properties.filter(
      ({ name, displayOptions }) =>
        name === 'operation' && displayOptions?.show?.resource?.includes('contact'),
    );
    const offered = lists.map(({ displayOptions, options = [] }) => [
      displayOptions?.show?.['@tool'],
      options.some((option) => 'value' in option && option.value === 'erase'),
    ]);
    expect(offered).toEqual([
      [[false], true],
      [[true], false],
    ]);
  });
});
