import {
  cancelAppointment,
  getAppointment,
  listAppointments,
  offerFreeSlots,
  upsertAppointment,
  type AppointmentInput,
} from '../../../core/appointments';
import { mergeContacts, upsertContact } from '../../../core/contacts';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { InvalidInputError, NotFoundError } from '../../../core/model';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld } from '../messaging/support/world';
import { createCalendarWorld, dayFromNow, startGoogle, type Google } from './support/calendar';

let google: Google;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

const ROW = {
  externalId: 'row-7',
  title: 'Consulta',
  start: '25/11/2027 14:00',
  phone: '(11) 98888-7777',
  timeZone: 'America/Sao_Paulo',
};

async function setUp(context: StoreContext) {
  const world = await createCalendarWorld(context, google);
  const upsert = (changes: Partial<AppointmentInput> = {}) =>
    upsertAppointment(world.ctx, { tenantId: world.tenantId, ...ROW, ...changes });
  const list = (changes: Partial<Parameters<typeof listAppointments>[1]> = {}) =>
    listAppointments(world.ctx, {
      tenantId: world.tenantId,
      timeZone: 'America/Sao_Paulo',
      limit: 50,
      cursor: null,
      ...changes,
    });
  return { world, upsert, list };
}

describeOnBothDatabases('an appointment from a row', (context) => {
  it('is made, changed and left alone by the same row, each told once', async () => {
    const { world, upsert } = await setUp(context);
    const made = await upsert();
    expect(made).toMatchObject({
      change: 'created',
      source: 'row',
      start: '2027-11-25T14:00:00-03:00',
      end: '2027-11-25T15:00:00-03:00',
      date: '25/11/2027',
      time: '14:00',
      when: 'quinta-feira, 25 de novembro de 2027, 14:00',
      person: { phone: '+5511988887777', contactId: null },
      calendar: null,
    });
    expect(await upsert()).toMatchObject({
      change: 'unchanged',
      appointmentId: made.appointmentId,
    });
    expect(await upsert({ start: '26/11/2027 09:00' })).toMatchObject({
      change: 'updated',
      changed: ['start', 'end'],
      appointmentId: made.appointmentId,
    });
    const told = await world.told();
    expect(told.map(({ event }) => event)).toEqual(['appointment.created', 'appointment.updated']);
    for (const item of told) expect(firstFault(EVENT_SCHEMAS[item.event], item, '')).toBeNull();
  });

  it('is by the clock and in the language of its tenant, where it says nothing else', async () => {
    const { world, upsert, list } = await setUp(context);
    const { ctx, tenantId } = world;
    await saveSettings(ctx, tenantId, { timeZone: 'Europe/Lisbon', language: 'en' });
    expect(await upsert({ timeZone: undefined })).toMatchObject({
      start: '2027-11-25T14:00:00+00:00',
      timeZone: 'Europe/Lisbon',
      when: 'Thursday, November 25, 2027, 14:00',
    });
    const from = { timeZone: undefined, from: '2027-11-25T14:00' };
    expect((await list(from)).items).toHaveLength(1);
    const { settings } = await world.watch();
    expect(settings.language).toBe('en');
    const slots = await offerFreeSlots(ctx, {
      tenantId,
      access: google.access,
      calendarIds: [world.calendarId],
      from: dayFromNow(1, '08:00'),
      to: dayFromNow(15),
      timeZone: 'Europe/Lisbon',
      limit: 1,
    });
    expect(slots[0]?.when).toMatch(/^(Mon|Tues|Wednes|Thurs|Fri)day, [A-Z]/);
  });

  it('is made once by two workflows at the same time', async () => {
    const { world, upsert } = await setUp(context);
    await Promise.all([upsert(), upsert(), upsert(), upsert()]);
    expect(await world.toldTypes()).toEqual(['appointment.created']);
  });

  it('is cancelled once, and comes back as an update', async () => {
    const { world, upsert } = await setUp(context);
    await upsert();
    const name = { appointmentId: null, externalId: 'row-7' };
    const first = await cancelAppointment(world.ctx, world.tenantId, name);
    const second = await cancelAppointment(world.ctx, world.tenantId, name);
    expect([first.cancelled, second.cancelled]).toEqual([true, false]);
    expect(await upsert()).toMatchObject({ change: 'updated', changed: ['status'] });
    expect(await world.toldTypes()).toEqual([
      'appointment.created',
      'appointment.cancelled',
      'appointment.updated',
    ]);
  });

  it('without an id is known by person and start', async () => {
    const { upsert, list } = await setUp(context);
    const first = await upsert({ externalId: '' });
    expect((await upsert({ externalId: ' ' })).appointmentId).toBe(first.appointmentId);
    await upsert({ externalId: '', phone: '+5511977776666' });
    expect((await list()).items).toHaveLength(2);
    await expect(upsert({ externalId: '', phone: '' })).rejects.toThrow(/nobody it is for/);
  });

  it('knows its contact, also one that becomes known later', async () => {
    const messages = await createWorld(context, { channel: 'whatsapp' });
    const { ctx } = (await setUp(context)).world;
    const { tenantId } = messages;
    const input = { ...ROW, tenantId };
    expect((await upsertAppointment(ctx, input)).person.contactId).toBeNull();
    await messages.receive(
      messages.event('message', {
        contact: { externalId: '5511988887777', name: 'Ana', phone: '+5511988887777' },
      } as never),
    );
    const [contact] = await messages.rows('contacts');
    const name = { appointmentId: null, externalId: 'row-7' };
    const item = await getAppointment(ctx, tenantId, name);
    expect(item.person).toMatchObject({ contactId: contact?.id, name: 'Ana' });
    const stranger = upsertAppointment(ctx, { ...input, contactId: 'nobody' });
    await expect(stranger).rejects.toThrow(NotFoundError);
  });

  it('knows a contact by each number of theirs, also when two became one', async () => {
    const { world, upsert, list } = await setUp(context);
    const { ctx, tenantId } = world;
    const ana = await upsertContact(ctx, { tenantId, phone: '+5511988887777', name: 'Ana' });
    const work = await upsertContact(ctx, { tenantId, phone: '+5511977776666', name: 'Ana W.' });
    await upsert({ externalId: 'before', phone: '11 97777-6666' });
    const ids = { contact: ana.id, mergeWith: work.id };
    await mergeContacts(ctx, { tenantId, ...ids });
    const after = await upsert({ externalId: 'after', phone: '11 97777-6666' });
    expect(after.person).toMatchObject({ contactId: ana.id, phone: '+5511977776666' });
    expect((await list({ contactId: ana.id })).items).toHaveLength(2);
  });

  it.each([
    ['a phone', { phone: '12' }, /"12" is no phone number/],
    ['an e-mail address', { email: 'ana' }, /"ana" is no e-mail/],
    ['a start', { start: 'soon' }, /"soon" in "Start"/],
    ['a time zone', { timeZone: 'Brasil' }, /not a time zone/],
  ])('with %s that is none names the field', async (_what, changes, message) => {
    const { upsert } = await setUp(context);
    const bad = upsert(changes);
    await expect(bad).rejects.toThrow(InvalidInputError);
    await expect(upsert(changes)).rejects.toThrow(message);
  });

  it('is found by time, person and state, page by page', async () => {
    const { upsert, list, world } = await setUp(context);
    for (const day of [1, 2, 3]) {
      await upsert({ externalId: `row-${day}`, start: `2027-11-0${day}T10:00` });
    }
    await cancelAppointment(world.ctx, world.tenantId, {
      appointmentId: null,
      externalId: 'row-2',
    });
    const ids = (page: Awaited<ReturnType<typeof list>>) =>
      page.items.map(({ externalId }) => externalId);
    expect(ids(await list({ from: '2027-11-02T00:00' }))).toEqual(['row-2', 'row-3']);
    expect(ids(await list({ to: '2027-11-02T00:00' }))).toEqual(['row-1']);
    expect(ids(await list({ statuses: ['confirmed'] }))).toEqual(['row-1', 'row-3']);
    expect(ids(await list({ phone: '11 98888-7777' }))).toHaveLength(3);
    expect(ids(await list({ phone: '+5511977776666' }))).toEqual([]);
    const first = await list({ limit: 2 });
    expect([ids(first), ids(await list({ cursor: first.nextCursor }))]).toEqual([
      ['row-1', 'row-2'],
      ['row-3'],
    ]);
    await expect(list({ cursor: 'x' })).rejects.toThrow(/no cursor/);
  });
});
