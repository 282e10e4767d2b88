import type { IDataObject, INodeType } from 'n8n-workflow';
import { GoogleCalendarServiceAccount } from '../../nodes/GoogleCalendar/GoogleCalendarServiceAccount.node';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const NODES: Record<string, INodeType> = {
  omnichannel: new Omnichannel(),
  googleCalendarServiceAccount: new GoogleCalendarServiceAccount(),
};
let instance: Instance;
let credential: IDataObject;

beforeAll(async () => {
  instance = await startInstance();
  const { google } = instance.sandbox.seed;
  credential = { ...google, timezone: google.timeZone, delegatedUser: '' };
});
afterAll(() => instance.close());

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

/** Runs one operation on items. @returns each result with the item that it is paired with */
async function run(
  type: string,
  parameters: IDataObject,
  items: IDataObject[] = [{}],
  onError?: 'continueRegularOutput',
) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        {
          name: 'Act',
          type: `${PACKAGE}.${type}`,
          parameters: parameters as never,
          credentials: { googleServiceAccountApi: { id: 'google-1', name: 'Google' } },
          ...(onError ? { onError } : {}),
        },
      ],
      connections: [['Start', 'Act']],
    },
    {
      nodeTypes: { ...probeNodes, [`${PACKAGE}.${type}`]: NODES[type] as INodeType },
      items: items.map((json) => ({ json })),
      credentials: { googleServiceAccountApi: credential },
    },
  );
  const output = finished.output('Act')[0] ?? [];
  return {
    error: finished.error,
    items: output.map(({ json }) => json),
    pairs: output.map(({ pairedItem }) => pairedItem),
  };
}

const appointment = (
  operation: string,
  tenant: string,
  parameters: IDataObject = {},
  items?: IDataObject[],
) =>
  run(
    'omnichannel',
    { resource: 'appointment', operation, ...parameters, options: { tenant } },
    items,
  );

const ROW = {
  externalId: '={{ $json.row_number }}',
  title: '={{ $json.Servico }}',
  start: '={{ $json.Quando }}',
  phone: '={{ $json.Fone }}',
};
const SHEET = [
  { row_number: 2, Servico: 'Limpeza', Quando: '25/11/2027 14:00', Fone: '11 98888-7777' },
  { row_number: 3, Servico: 'Avaliação', Quando: '26/11/2027 09:00', Fone: '11 97777-6666' },
];

describe('Omnichannel: Appointment', () => {
  it('takes the rows of a spreadsheet, each once, paired with its item', async () => {
    const first = await appointment('upsert', 'sheet', ROW, SHEET);
    expect(first.error).toBeUndefined();
    expect(first.items).toMatchObject([
      { change: 'created', externalId: '2', start: '2027-11-25T14:00:00-03:00' },
      { change: 'created', externalId: '3', start: '2027-11-26T09:00:00-03:00' },
    ]);
    expect(first.pairs).toEqual([{ item: 0 }, { item: 1 }]);
    const again = await appointment('upsert', 'sheet', ROW, SHEET);
    expect(again.items.map(({ change }) => change)).toEqual(['unchanged', 'unchanged']);
  });

  it('gives the documents of its procedures, each under a name that stays the same', async () => {
    const urls = ['https://clinica.example/a.pdf', 'https://clinica.example/b.docx'];
    const [a = '', b = ''] = urls;
    const settings = (documents: object[]) => ({
      custom: { procedures: [{ name: 'Limpeza', documents }] },
    });
    await core.tenants.saveSettings(await app(), 'aftercare', settings([{ url: a }, { url: b }]));
    const made = await appointment('upsert', 'aftercare', ROW, SHEET);
    const ids = made.items.map(({ appointmentId }) => ({ appointmentId }));
    const get = (tenant: string) =>
      appointment(
        'getDocuments',
        tenant,
        { by: 'appointmentId', id: '={{ $json.appointmentId }}' },
        ids as IDataObject[],
      );
    const first = await get('aftercare');
    expect(first.error).toBeUndefined();
    expect(first.items).toMatchObject([
      { url: a, fileName: 'documento-1.pdf', title: 'Documento', position: 1, total: 2 },
      { url: b, fileName: 'documento-2.docx', procedure: 'Limpeza', position: 2, total: 2 },
    ]);
    expect(first.pairs).toEqual([{ item: 0 }, { item: 0 }]);
    const named = [{ url: b, fileName: 'guia.docx', title: 'Guia' }, { url: a }];
    await core.tenants.saveSettings(await app(), 'aftercare', settings(named));
    const second = await get('aftercare');
    expect(second.items).toMatchObject([
      { url: b, fileName: 'guia.docx', title: 'Guia' },
      { url: a },
    ]);
    const namesOf = ({ items }: typeof first) =>
      new Map(items.map(({ url, journeyMessage }) => [url, journeyMessage]));
    expect(namesOf(second)).toEqual(new Map([...namesOf(first)].toReversed()));
    expect((await get('stranger')).error).toContain('does not exist');
  });

  it('gets one, many and none of another tenant, and cancels', async () => {
    const made = await appointment('upsert', 'reading', ROW, SHEET);
    const id = made.items[0]?.appointmentId;
    const one = await appointment('get', 'reading', { by: 'appointmentId', id });
    expect(one.items[0]).toMatchObject({ externalId: '2', title: 'Limpeza' });
    const stranger = await appointment('get', 'stranger', { by: 'appointmentId', id });
    expect(stranger.error).toContain('does not exist');
    const cancelled = await appointment('cancel', 'reading', { by: 'externalId', id: '2' });
    expect(cancelled.items[0]).toMatchObject({ status: 'cancelled', cancelled: true });
    const living = { returnAll: true, filters: { statuses: ['confirmed'] } };
    const left = await appointment('getMany', 'reading', living);
    expect(left.items.map(({ externalId }) => externalId)).toEqual(['3']);
  });

  it('goes on after a bad row where that was chosen, and names the field', async () => {
    const rows = [{ ...SHEET[0], Quando: 'quando der' }, SHEET[1] ?? {}];
    const { items, pairs } = await run(
      'omnichannel',
      { resource: 'appointment', operation: 'upsert', ...ROW, options: { tenant: 'bad' } },
      rows as IDataObject[],
      'continueRegularOutput',
    );
    expect(items[0]?.error).toContain('"quando der" in "Start" is no date');
    expect(items[1]).toMatchObject({ change: 'created' });
    expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
  });
});

describe('Google Calendar: watch', () => {
  const watch = (operation: string, tenant: string, parameters: IDataObject = {}) =>
    run('googleCalendarServiceAccount', {
      resource: 'calendar',
      operation,
      calendar: { __rl: true, mode: 'id', value: '' },
      ...parameters,
      options: { tenant },
    });

  it('makes the events of the calendar appointments, by the labels that were chosen', async () => {
    await instance.control('POST', '/google/events', {
      summary: 'Banho',
      description: 'Fone do tutor: 11 98888-7777',
      start: { dateTime: '2027-03-10T14:00:00', timeZone: 'America/Sao_Paulo' },
      end: { dateTime: '2027-03-10T15:00:00', timeZone: 'America/Sao_Paulo' },
    });
    const contact = { phoneLabels: 'fone do tutor, tutor', anywhere: false };
    const { items, error } = await watch('watch', 'pets', { contact });
    expect(error).toBeUndefined();
    expect(items[0]).toMatchObject({ watching: true, connection: { name: 'Clínica Sorriso' } });
    const found = await appointment('getMany', 'pets', { returnAll: true, filters: {} });
    expect(found.items.find(({ title }) => title === 'Banho')).toMatchObject({
      source: 'calendar',
      person: { phone: '+5511988887777' },
    });
  });

  it('ends, and says so where there is nothing to end', async () => {
    await watch('watch', 'ending');
    expect((await watch('unwatch', 'ending')).items[0]).toMatchObject({ watching: false });
    expect((await watch('unwatch', 'ending')).error).toContain('does not exist');
  });

  it('refuses a calendar that is not shared, and a pattern that finds nobody', async () => {
    const value = instance.sandbox.seed.google.privateCalendarId;
    const calendar = { __rl: true, mode: 'id', value };
    expect((await watch('watch', 'refused', { calendar })).error).toContain('not shared');
    const contact = { pattern: '\\d+' };
    expect((await watch('watch', 'refused', { contact })).error).toContain('none of the groups');
  });

  it('is checked by asking Google: the key, the API and the sharing each have their own word', async () => {
    const { connection } = (await watch('watch', 'checked')).items[0] as {
      connection: { id: string };
    };
    const account = { __rl: true, mode: 'id', value: connection.id };
    const check = async () => {
      const parameters = { resource: 'connection', operation: 'check', account };
      const { items } = await run('omnichannel', { ...parameters, options: { tenant: 'checked' } });
      const { ok, status, summary, problems } = items[0] as Record<string, unknown>;
      const [first] = problems as Array<{ about: string }>;
      return { ok, status, about: first?.about, summary: String(summary) };
    };
    const google = (change: object) => instance.control('PATCH', '/google', change);
    const share = (role: string) => instance.control('POST', '/google/share', { role });
    const good = await check();
    expect(good).toMatchObject({ ok: true, status: 'active' });
    expect(good.summary).toContain('"Clínica Sorriso" works: the key is good');

    await google({ key: 'revoked' });
    const revoked = await check();
    expect(revoked).toMatchObject({ ok: false, status: 'expired', about: 'token' });
    expect(revoked.summary).toContain('does not accept the private key');

    await google({ key: 'valid', apiEnabled: false });
    const off = await check();
    expect(off).toMatchObject({ ok: false, status: 'error', about: 'provider' });
    expect(off.summary).toContain('API is switched off');

    await google({ apiEnabled: true });
    await share('none');
    const unshared = await check();
    expect(unshared).toMatchObject({ ok: false, status: 'error', about: 'permissions' });
    expect(unshared.summary).toContain('is not shared with');

    await share('writer');
    const again = await check();
    expect(again).toMatchObject({ ok: true, status: 'active' });

    await instance.control('POST', '/google/refusals', {
      status: 503,
      reason: 'backendError',
      times: 2,
    });
    const down = await check();
    expect(down).toMatchObject({ ok: false, status: 'active', about: 'provider' });
    for (const { summary } of [good, revoked, off, unshared, down]) {
      expect(summary).not.toMatch(/webhook|Reconnect/i);
    }

    await watch('unwatch', 'checked');
    const ended = await check();
    expect(ended).toMatchObject({ ok: false, status: 'disconnected' });
    expect(ended.summary).toContain('Watch it again to go on');
  });
});
