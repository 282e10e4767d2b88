import { syncCredentialAccounts } from '../../../core/accounts';
import {
  cancelAppointment,
  upsertAppointment,
  type CalendarsContext,
} from '../../../core/appointments';
import { mergeContacts, optIn, optOut, upsertContact } from '../../../core/contacts';
import { setLimits } from '../../../core/limits';
import { recordInbound, type MessagingContext } from '../../../core/messaging';
import type { Selectable } from 'kysely';
import type { Account, InboundEvent } from '../../../core/model';
import type { Database } from '../../../core/store/tables';
import { saveSettings } from '../../../core/tenants';
import { readRows } from '../../store/messaging/support/messagingUnits.cjs';
import type { StoreContext } from '../storeContext';
import { message, PROVIDERS, quietProvider } from './channels';
import type { Appointment, Ledger, Person, SimulatedChannel } from './ledger';
import type { Action, Span } from './life';
import { HOUR } from './reference';
import type { Claim } from './simulate';

const LARGEST = 1_000_000;

/** The business: its reception, its calendar and its doors. What it does, it writes into the ledger. */
export class House {
  readonly tenantId: string;
  readonly #ctx: MessagingContext & CalendarsContext;
  readonly #accounts = new Map<SimulatedChannel, Account>();
  #events = 0;

  constructor(
    private readonly context: StoreContext,
    private readonly ledger: Ledger,
  ) {
    this.tenantId = context.newTenant().tenantId;
    this.#ctx = {
      store: context.store,
      providers: new Map([
        ['whatsapp_cloud', quietProvider('whatsapp_cloud')],
        ['meta', quietProvider('meta')],
      ]),
      clock: context.clock,
      logger: context.logger,
      processId: 'reception',
      google: {
        clock: context.clock,
        call: () => Promise.reject(new Error('No appointment of these people is in a calendar.')),
      },
    };
  }

  async open(span: Span, people: readonly Person[]): Promise<void> {
    const { tenantId } = this;
    const ctx = this.#ctx;
    for (const channel of ['whatsapp', 'messenger'] as const) {
      const [account] = await syncCredentialAccounts(ctx, {
        tenantId,
        provider: PROVIDERS[channel],
        credentialId: channel,
        discovered: [
          {
            channel,
            externalId: `account-${channel}-${tenantId}`,
            parentExternalId: null,
            name: channel,
            secrets: { accessToken: 'token', appId: '555' },
            expiresAt: null,
          },
        ],
      });
      if (!account) throw new Error('No account was made.');
      this.#accounts.set(channel, account);
      // Tokens of limits are held for seconds of real time, of which none passes between two days here.
      await setLimits(ctx, tenantId, account.id, {
        perMinute: LARGEST,
        perHour: LARGEST,
        perDay: LARGEST,
      });
    }
    await saveSettings(ctx, tenantId, { custom: { holidays: span.ownHolidays } });
    for (const person of people) await this.#welcome(person);
  }

  async #welcome(person: Person): Promise<void> {
    const { tenantId } = this;
    const { name, phone, zone, messengerId, agrees } = person;
    this.ledger.people.push(person);
    this.ledger.touched.add(person);
    const known = {
      tenantId,
      name,
      ...(person.birthday !== null && { birthday: person.birthday }),
      ...(zone !== null && { timeZone: zone }),
    };
    if (person.kind === 'phoneOnly') return;
    if (phone !== null) {
      const { id } = await upsertContact(this.#ctx, { ...known, phone });
      person.contactIds.whatsapp = id;
    }
    if (messengerId !== null) {
      const accountId = this.#accounts.get('messenger')?.id;
      const identity = { accountId, externalId: messengerId };
      const { id } = await upsertContact(this.#ctx, { ...known, ...identity });
      person.contactIds.messenger = id;
    }
    for (const contact of agrees ? Object.values(person.contactIds) : []) {
      await optIn(this.#ctx, { tenantId, contact, purpose: 'marketing', source: 'form' });
    }
  }

  async do(action: Action): Promise<void> {
    switch (action.what) {
      case 'book':
        return this.#book(action);
      case 'move':
        return this.#move(action.externalId, action.start);
      case 'cancel':
        return this.#cancel(action.externalId);
      case 'inbound':
        return this.inbound(action.person, action.channel, action.text, action.at);
      case 'optOut':
        return this.optOut(action.person, action.channel, action.purpose);
      case 'merge':
        return this.#merge(action.person);
    }
  }

  async #book(action: Extract<Action, { what: 'book' }>): Promise<void> {
    const { person, externalId, start, zone } = action;
    // After an outage the day may be over.
    if (start <= this.context.clock.now()) return;
    const item = await this.#write(person, externalId, start, zone);
    const appointment = { externalId, id: item.appointmentId, person, zone, states: [] };
    this.ledger.appointments.push(appointment);
    this.#note(appointment, start);
  }

  async #write(person: Person, externalId: string, start: number, timeZone: string) {
    return upsertAppointment(this.#ctx, {
      tenantId: this.tenantId,
      externalId,
      title: 'Consulta',
      start: new Date(start).toISOString(),
      durationMinutes: 60,
      timeZone,
      language: 'pt-BR',
      name: person.name,
      ...(person.phone !== null
        ? { phone: person.phone }
        : { contactId: person.contactIds.messenger }),
    });
  }

  async #move(externalId: string, start: number): Promise<void> {
    const appointment = this.#living(externalId);
    if (!appointment || start <= this.context.clock.now()) return;
    const { person, zone } = appointment;
    await this.#write(person, externalId, start, zone);
    this.#note(appointment, start);
  }

  async #cancel(externalId: string): Promise<void> {
    const appointment = this.#living(externalId);
    if (!appointment) return;
    const { id: appointmentId } = appointment;
    const name = { appointmentId, externalId: null };
    await cancelAppointment(this.#ctx, this.tenantId, name);
    this.#note(appointment, null);
  }

  #living(externalId: string): Appointment | undefined {
    const found = this.ledger.appointments.find((one) => one.externalId === externalId);
    return found?.states.at(-1)?.start === null ? undefined : found;
  }

  #note(appointment: Appointment, start: number | null): void {
    const at = this.context.clock.now();
    const before = appointment.states.at(-1);
    const isMoved = start !== null && before?.start !== start;
    this.ledger.touched.add(appointment.person);
    appointment.states.push({
      seq: this.ledger.next(),
      at,
      start,
      end: (start ?? before?.start ?? 0) + HOUR,
      bookedAt: isMoved ? at : (before?.bookedAt ?? at),
    });
  }

  /** Takes an appointment away from under a message about it. */
  async changeNow(appointmentId: string, how: 'cancel' | 'move'): Promise<void> {
    const found = this.ledger.appointments.find(({ id }) => id === appointmentId);
    const state = found?.states.at(-1);
    if (!found || !state || state.start === null) return;
    if (how === 'cancel') await this.#cancel(found.externalId);
    else await this.#move(found.externalId, state.start + 24 * HOUR);
  }

  /** @param at when the person wrote; the door may hear of it later */
  async inbound(
    person: Person,
    channel: SimulatedChannel,
    text: string,
    at = this.context.clock.now(),
  ): Promise<void> {
    await this.#receive(person, channel, { kind: 'message', at, ...message(text) });
    const isStop = text === 'parar';
    this.#happen(person, channel, { what: 'inbound', at });
    if (isStop) this.#happen(person, channel, { what: 'optOut', purpose: 'marketing' });
  }

  async optOut(
    person: Person,
    channel: SimulatedChannel,
    purpose: 'marketing' | 'messages',
  ): Promise<void> {
    const contact = person.contactIds[channel];
    if (contact === undefined) return;
    const { tenantId } = this;
    await optOut(this.#ctx, { tenantId, contact, purpose, source: 'reception' });
    this.#happen(person, channel, { what: 'optOut', purpose });
  }

  async #merge(person: Person): Promise<void> {
    const { whatsapp: contact, messenger: mergeWith } = person.contactIds;
    if (contact === undefined || mergeWith === undefined) return;
    await mergeContacts(this.#ctx, { tenantId: this.tenantId, contact, mergeWith });
    this.#happen(person, 'whatsapp', { what: 'merge' });
  }

  /** The provider tells what became of a message of ours. */
  async delivered(
    person: Person,
    channel: SimulatedChannel,
    { providerId, messageId }: { providerId: string; messageId: string },
  ): Promise<void> {
    const status = { status: 'delivered', marker: messageId, price: null, failure: null };
    const at = this.context.clock.now();
    await this.#receive(person, channel, { kind: 'status', at, ...status, providerId });
  }

  async #receive(
    person: Person,
    channel: SimulatedChannel,
    { kind, at, ...parts }: { kind: 'message' | 'status'; at: number } & Record<string, unknown>,
  ): Promise<void> {
    this.#events += 1;
    const digits = person.phone?.slice(1) ?? '';
    const contact =
      channel === 'whatsapp'
        ? { externalId: digits, phone: `+${digits}` }
        : { externalId: person.messengerId ?? '' };
    const event: Record<string, unknown> = {
      kind,
      provider: PROVIDERS[channel],
      channel,
      accountExternalId: this.#accounts.get(channel)?.externalId ?? '',
      dedupeKey: `${kind}:${this.#events}`,
      occurredAt: at,
      raw: {},
      providerId: `in.${this.#events}`,
      contact,
      ...parts,
    };
    const { tenantId } = this;
    const events = [event as unknown as InboundEvent];
    await recordInbound(this.#ctx, { tenantId, doorId: 'door-1', events });
  }

  async claims(): Promise<Claim[]> {
    const rows = await this.context.store.forTenant(this.tenantId).run(readRows, 'journey_claims');
    return (rows as Selectable<Database['journey_claims']>[]).map((row) => ({
      workflow: row.trigger_id.split(':')[0] ?? '',
      key: row.journey_key,
      state: row.state,
      reason: row.reason,
      attempt: row.attempt,
    }));
  }

  #happen(
    person: Person,
    channel: SimulatedChannel,
    what: { what: 'inbound' | 'optOut' | 'merge'; at?: number; purpose?: 'marketing' | 'messages' },
  ): void {
    const seq = this.ledger.next();
    this.ledger.touched.add(person);
    this.ledger.happenings.push({ at: this.context.clock.now(), ...what, seq, person, channel });
  }
}
