import { cancelAppointment } from '../../../core/appointments';
import { optOut, upsertContact } from '../../../core/contacts';
import { previewJourney, recheckJourney } from '../../../core/journeys/due';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { saveSettings } from '../../../core/tenants';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import {
  createDueWorld,
  HOUR_MS,
  MINUTE_MS,
  NOON,
  stopTriggers,
  TUNING,
  watchOf,
} from './support/due';

describeOnBothDatabases('a trigger on what is due', (context) => {
  afterEach(stopTriggers);

  const arrived = (count: number, emitted: readonly unknown[]) =>
    waitFor(() => emitted.length >= count, { what: `${count} of what is due` });

  it('reminds of an appointment once, and once more when it is moved', async () => {
    const { world, start, emitted, keys, appointment, settle, states } =
      await createDueWorld(context);
    await start();
    const { appointmentId } = await appointment();
    await settle();
    expect(keys()).toEqual([]);
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await arrived(1, emitted);
    const first = `appointmentUpcoming-24h:${appointmentId}:2026-11-27T15:00Z`;
    expect(emitted[0]).toMatchObject({
      journeyKey: first,
      tenantId: world.tenantId,
      // Nobody knew them: they are a contact from now on.
      contact: { id: expect.any(String), phone: '+5511988887777', name: null },
      conversation: null,
      journey: {
        kind: 'appointmentUpcoming',
        dueAt: '2026-11-26T15:00:00.000Z',
        appointment: { appointmentId, time: '12:00', person: { phone: '+5511988887777' } },
        birthday: null,
        lead: null,
      },
    });
    await appointment({ start: '2026-11-30T09:00' });
    context.clock.set(Date.parse('2026-11-29T12:00Z'));
    await arrived(2, emitted);
    await settle();
    const second = `appointmentUpcoming-24h:${appointmentId}:2026-11-30T12:00Z`;
    expect(keys()).toEqual([first, second]);
    await waitFor(async () => Object.values(await states()).every((state) => state === 'done'), {
      what: 'both to be marked',
    });
    expect(await recheckJourney(world.ctx, world.tenantId, second)).toBeNull();
    expect(await recheckJourney(world.ctx, world.tenantId, first)).toEqual({
      reason: 'state_changed',
      detail: 'The appointment was moved meanwhile, to 2026-11-30T12:00Z.',
    });
  });

  it('makes a contact of somebody whom only an appointment names, once, and takes it for no consent', async () => {
    const { world, start, emitted, appointment } = await createDueWorld(context);
    await start();
    const people = [
      { externalId: 'by phone', name: 'Ana', phone: '(11) 98888-7777' },
      { externalId: 'by the same phone', phone: '+55 11 8888-7777' },
      { externalId: 'by e-mail', name: 'Beto', phone: undefined, email: 'Beto@example.com' },
    ];
    for (const person of people) await appointment(person);
    expect(await world.rows('contacts')).toEqual([]);
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await arrived(3, emitted);
    const contacts = await world.rows('contacts');
    expect(contacts.map(({ name, phone, email, source }) => [name, phone, email, source])).toEqual(
      expect.arrayContaining([
        ['Ana', '+5511988887777', null, 'appointment'],
        ['Beto', null, 'beto@example.com', 'appointment'],
      ]),
    );
    expect(contacts).toHaveLength(2);
    for (const { contact, journey } of emitted) {
      expect(contact?.id).toBe(journey.appointment?.person.contactId);
      expect(contacts.map(({ id }) => id)).toContain(contact?.id);
    }
    expect(await world.rows('contact_consents')).toEqual([]);
    const told = (await world.eventTypes()).filter((type) => type === 'contact.created');
    expect(told).toHaveLength(2);
    // What they say from now on counts.
    await optOut(world.ctx, {
      tenantId: world.tenantId,
      contact: 'beto@example.com',
      purpose: 'messages',
      source: 'reception',
    });
    const beto = emitted.find(({ contact }) => contact?.name === 'Beto')?.journeyKey ?? '';
    expect(await recheckJourney(world.ctx, world.tenantId, beto)).toMatchObject({
      reason: 'opted_out',
    });
  });

  it('is due for somebody who cannot be reached at all, too, without a contact', async () => {
    const { start, emitted, appointment } = await createDueWorld(context);
    await start();
    await appointment({ phone: undefined, name: 'Ana' });
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await arrived(1, emitted);
    expect(emitted[0]).toMatchObject({
      contact: null,
      journey: { appointment: { person: { contactId: null, name: 'Ana' } } },
    });
  });

  it('says nothing of a cancelled appointment, nor of one that was there before it', async () => {
    const { world, start, keys, appointment, settle } = await createDueWorld(context);
    await appointment({ externalId: 'before', start: '2026-11-26T11:00' });
    await start();
    const { appointmentId } = await appointment();
    await cancelAppointment(world.ctx, world.tenantId, { appointmentId, externalId: null });
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await settle();
    expect(keys()).toEqual([]);
  });

  it('says nothing of one whose person did not come, and no longer holds when that is said', async () => {
    const { world, start, emitted, keys, appointment, settle } = await createDueWorld(context);
    await start({ kind: 'appointmentFinished', offsetMinutes: 60 });
    await appointment();
    await appointment({ externalId: 'missed' });
    await appointment({ externalId: 'missed', status: 'noShow' });
    context.clock.set(Date.parse('2026-11-27T18:00Z'));
    await arrived(1, emitted);
    await settle();
    expect(keys()).toHaveLength(1);
    expect(await recheckJourney(world.ctx, world.tenantId, keys()[0] ?? '')).toBeNull();
    await appointment({ status: 'noShow' });
    expect(await recheckJourney(world.ctx, world.tenantId, keys()[0] ?? '')).toMatchObject({
      reason: 'state_changed',
      detail: 'The person did not come.',
    });
  });

  it('confirms each making and each move, also back to where it was', async () => {
    const { start, emitted, appointment, keys, settle } = await createDueWorld(context);
    await appointment({ externalId: 'before' });
    context.clock.advance(1_000);
    await start({ kind: 'appointmentCreated', offsetMinutes: 0 });
    for (const [index, day] of ['27', '28', '27'].entries()) {
      await appointment({ start: `2026-11-${day}T12:00` });
      await arrived(index + 1, emitted);
      context.clock.advance(MINUTE_MS);
    }
    await appointment({ start: '2026-11-27T12:00', title: 'Retorno' });
    await settle();
    expect(emitted.map(({ journey }) => journey.appointment?.date)).toEqual([
      '27/11/2026',
      '28/11/2026',
      '27/11/2026',
    ]);
    expect(new Set(keys()).size).toBe(3);
  });

  it('confirms at once what is moved while another trigger tells of it', async () => {
    const { start, keys, appointment } = await createDueWorld(context);
    const { appointmentId } = await appointment();
    // It looks when something happens, and not of its own accord: nobody waits for a confirmation until it does.
    const seldom = { triggerId: 'workflow-2:node-1', tuning: { ...TUNING, pollMs: 3_600_000 } };
    await start({ kind: 'appointmentCreated', offsetMinutes: 0 }, undefined, seldom);
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await start({}, () => appointment({ start: '2026-11-30T09:00' }));
    const moved = `appointmentCreated:${appointmentId}:2026-11-30T12:00Z@${context.clock.now()}`;
    await waitFor(() => keys().includes(moved), { what: 'the confirmation of the move' });
  });

  it('comes after the end, within its limit of catching up', async () => {
    const { start, emitted, appointment, settle, keys } = await createDueWorld(context);
    const trigger = await start({ kind: 'appointmentFinished', offsetMinutes: 120 });
    const late = await appointment({ externalId: 'a', start: '2026-11-26T08:00' });
    const later = await appointment({ externalId: 'b', start: '2026-11-26T12:00' });
    await trigger.stop();
    // The first ended at nine and was due at eleven; the second at one, and was due at three.
    context.clock.set(Date.parse('2026-11-26T20:30Z'));
    await start({ kind: 'appointmentFinished', offsetMinutes: 120 });
    await arrived(1, emitted);
    await settle();
    expect(keys()).toHaveLength(1);
    expect(keys()[0]).toContain(later.appointmentId);
    expect(keys()[0]).not.toContain(late.appointmentId);
  });

  it('congratulates by the clock of the person, and nobody who wants no advertising', async () => {
    const { world, start, emitted, settle, states } = await createDueWorld(context);
    const { ctx, tenantId } = world;
    const person = async (name: string, birthday: string, timeZone?: string) =>
      await upsertContact(ctx, {
        tenantId,
        name,
        birthday,
        email: `${name.toLowerCase()}@example.com`,
        ...(timeZone !== undefined && { timeZone }),
      });
    context.clock.set(Date.parse('2027-02-28T00:00Z'));
    await start({ kind: 'birthday' });
    const ana = await person('Ana', '1990-02-28');
    await person('Beto', '--02-29', 'Europe/Lisbon');
    const caio = await person('Caio', '1980-02-28');
    await optOut(ctx, { tenantId, contact: caio.id, purpose: 'marketing', source: 'reception' });
    await person('Duda', '1980-03-01');
    context.clock.set(Date.parse('2027-02-28T09:00Z'));
    await arrived(1, emitted);
    expect(emitted.map(({ contact }) => contact?.name)).toEqual(['Beto']);
    expect(emitted[0]?.journey.birthday).toEqual({ date: '2027-02-28', age: null });
    context.clock.set(Date.parse('2027-02-28T12:00Z'));
    await arrived(2, emitted);
    await settle();
    expect(emitted[1]).toMatchObject({
      journeyKey: `birthday:${ana.id}:2027`,
      contact: { name: 'Ana' },
      journey: { birthday: { date: '2027-02-28', age: 37 } },
    });
    expect(emitted).toHaveLength(2);
    expect((await states())[`birthday:${caio.id}:2027`]).toBe('skipped');
  });

  it('nudges a silent lead while the window is open, and not one who wrote', async () => {
    const { world, start, emitted, settle, keys } = await createDueWorld(context);
    await start({ kind: 'unansweredLead', offsetMinutes: 21 * 60 });
    const item = await world.customerWrites();
    await world.send();
    context.clock.advance(20 * HOUR_MS);
    await settle();
    expect(keys()).toEqual([]);
    context.clock.advance(HOUR_MS);
    await arrived(1, emitted);
    expect(emitted[0]).toMatchObject({
      channel: 'messenger',
      connection: { id: world.account.id },
      contact: { id: item.contact?.id },
      conversation: { id: item.conversation?.id, status: 'open' },
      journey: { lead: { hoursSilent: 21, lastInboundAt: new Date(NOON).toISOString() } },
    });
    // A new word begins anew.
    await world.customerWrites('Ainda quero');
    await settle();
    expect(keys()).toHaveLength(1);
    expect(await recheckJourney(world.ctx, world.tenantId, keys()[0] ?? '')).toMatchObject({
      reason: 'state_changed',
      detail: expect.stringContaining('The person has written meanwhile'),
    });
    // Nobody has answered that word: we are waited for, and not the person.
    context.clock.advance(21 * HOUR_MS);
    await settle();
    expect(keys()).toHaveLength(1);
  });

  it('moves off the holidays of its tenant', async () => {
    const { world, start, emitted, appointment, settle } = await createDueWorld(context);
    await saveSettings(world.ctx, world.tenantId, { custom: { holidays: ['2026-11-26'] } });
    await start({ holidays: 'previous', hours: 'utility' });
    await appointment();
    await settle();
    expect(emitted).toEqual([]);
    context.clock.set(Date.parse('2026-11-25T22:59Z'));
    await arrived(1, emitted);
    expect(emitted[0]?.timestamp).toBe('2026-11-25T22:59:00.000Z');
  });

  it('moves by the clock of the person, wherever that is', async () => {
    const { world, start, emitted, appointment, settle } = await createDueWorld(context);
    await start({ hours: 'utility' });
    // Tokyo is twelve hours ahead: at noon in São Paulo it is midnight there, and eight in the evening was the last time.
    await upsertContact(world.ctx, {
      tenantId: world.tenantId,
      phone: '+5511988887777',
      timeZone: 'Asia/Tokyo',
    });
    await appointment();
    context.clock.set(Date.parse('2026-11-26T10:58Z'));
    await settle();
    expect(emitted).toEqual([]);
    context.clock.set(Date.parse('2026-11-26T10:59Z'));
    await arrived(1, emitted);
    expect(emitted[0]?.timestamp).toBe('2026-11-26T10:59:00.000Z');
  });

  it('reminds of what was booked late where that is asked for, of each once', async () => {
    const { start, emitted, keys, appointment, settle } = await createDueWorld(context);
    await start({ includeLateBookings: true, hours: 'utility' });
    for (const [externalId, time] of [
      ['soon', '2026-11-25T15:00'],
      ['later', '2026-11-26T08:00'],
      ['nearly a day away', '2026-11-26T11:59'],
      ['too soon', '2026-11-25T13:00'],
    ] as const) {
      await appointment({ externalId, start: time });
    }
    await arrived(3, emitted);
    await settle();
    expect(new Set(keys()).size).toBe(3);
    expect(emitted.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 3 }, () => new Date(NOON).toISOString()),
    );
  });

  it('emits again when a run was lost, three times in all, and then gives up and says so', async () => {
    const { world, start, emitted, appointment, states, settle } = await createDueWorld(context);
    await start({}, async () => {
      throw new Error('The run was not stored.');
    });
    const { appointmentId } = await appointment();
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await arrived(3, emitted);
    const key = `appointmentUpcoming-24h:${appointmentId}:2026-11-27T15:00Z`;
    await waitFor(async () => (await states())[key] === 'parked', { what: 'giving up' });
    await settle();
    expect(emitted).toHaveLength(3);
    const told = (await world.events()).filter(({ event }) => event === 'event.parked');
    expect(told).toMatchObject([
      { data: { journeyKey: key, attempts: 3, reason: 'The run was not stored.' } },
    ]);
    for (const item of told) expect(firstFault(EVENT_SCHEMAS[item.event], item, '')).toBeNull();
  });

  it('does not emit again what is cancelled between two attempts', async () => {
    const { world, start, emitted, appointment, states, settle } = await createDueWorld(context);
    const { appointmentId } = await appointment();
    context.clock.set(Date.parse('2026-11-26T14:00Z'));
    const cancel = () =>
      cancelAppointment(world.ctx, world.tenantId, { appointmentId, externalId: null });
    await start({}, async () => {
      await cancel();
      throw new Error('The run was not stored.');
    });
    context.clock.set(Date.parse('2026-11-26T15:00Z'));
    await arrived(1, emitted);
    await waitFor(async () => Object.values(await states()).includes('skipped'), {
      what: 'the claim to be dropped',
    });
    await settle();
    expect(emitted).toHaveLength(1);
  });

  it('shows in the editor what is next to now, and claims nothing', async () => {
    const { world, appointment, states } = await createDueWorld(context);
    const show = () => previewJourney(world.ctx, world.tenantId, watchOf());
    expect(await show()).toBeNull();
    await appointment({ externalId: 'far', start: '2026-12-24T12:00' });
    const near = await appointment();
    for (let press = 0; press < 2; press += 1) {
      expect((await show())?.journey.appointment?.appointmentId).toBe(near.appointmentId);
    }
    expect(await states()).toEqual({});
  });
});
