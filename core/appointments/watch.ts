import { credentialState, listAccounts, syncCredentialAccounts } from '../accounts';
import { dropConnection } from '../accounts/connections.unit';
import { NotFoundError, type Account, type GoogleAccess } from '../model';
import { getCalendar } from '../providers/google';
import { settingsOf } from '../tenants';
import { endCalendarWatch, readCalendarWatch, writeCalendarWatch } from './calendars.unit';
import type { CalendarsContext } from './context';
import {
  DEFAULT_WATCH,
  checkWatchSettings,
  readWatchSettings,
  type ContactRules,
  type WatchSettings,
} from './settings';
import { syncCalendar } from './sync';

export interface WatchCalendarInput {
  tenantId: string;
  /** Of n8n. */
  credentialId: string | null;
  access: GoogleAccess;
  calendarId: string;
  /** What is left out stays as it was, or begins as usual. */
  settings: Partial<Omit<WatchSettings, 'contact'>> & { contact?: Partial<ContactRules> };
}

export interface CalendarWatch {
  connection: { id: string; name: string; externalId: string };
  /** Appointments that the calendar holds, as far as this look found them new. */
  found: number;
  settings: WatchSettings;
}

/**
 * Makes a calendar an account of this tenant and its events appointments: now with a first look, so that what is wrong
 * shows at once, and from then on by the runtime. Doing it again gives it the present key and settings.
 * @throws SendError (key, sharing, API), InvalidInputError naming the field
 */
export async function watchCalendar(
  ctx: CalendarsContext,
  input: WatchCalendarInput,
): Promise<CalendarWatch> {
  const { tenantId, access, calendarId } = input;
  const calendar = await getCalendar(ctx.google, access, calendarId);
  const account = await saveAccount(ctx, input, calendar.name);
  const tenant = ctx.store.forTenant(tenantId);
  const present = await tenant.run(readCalendarWatch, { accountId: account.id });
  const before = present
    ? readWatchSettings(present.watch.settings)
    : { ...DEFAULT_WATCH, language: (await settingsOf(ctx, tenantId)).language };
  const settings = checkWatchSettings({
    ...before,
    ...input.settings,
    contact: { ...before.contact, ...input.settings.contact },
  });
  const json = JSON.stringify(settings);
  await tenant.run(writeCalendarWatch, { accountId: account.id, settings: json });
  const synced = await syncCalendar(ctx, tenantId, account.id);
  return {
    connection: { id: account.id, name: account.name, externalId: account.externalId },
    found: synced ? synced.created + synced.updated : 0,
    settings,
  };
}

async function saveAccount(
  ctx: CalendarsContext,
  { tenantId, credentialId, access, calendarId }: WatchCalendarInput,
  name: string,
): Promise<Account> {
  const [account] = await syncCredentialAccounts(ctx, {
    tenantId,
    provider: 'google',
    credentialId,
    credentialFingerprint: fingerprintOf(ctx, access),
    discovered: [
      {
        channel: 'calendar',
        externalId: calendarId,
        parentExternalId: null,
        name,
        secrets: { google: access },
        expiresAt: null,
      },
    ],
  });
  if (!account) throw new Error('An account vanished while it was being made.');
  return account;
}

function fingerprintOf(ctx: CalendarsContext, access: GoogleAccess): string {
  return ctx.store.sealer.fingerprint(JSON.stringify(access));
}

/**
 * Gives the watched calendars of a credential its present key, when it was changed in n8n since: called whenever a node
 * works with the credential, and costs one look where nothing has changed.
 */
export async function refreshCalendarKeys(
  ctx: CalendarsContext,
  input: { tenantId: string; credentialId: string; access: GoogleAccess },
): Promise<void> {
  const { tenantId, credentialId, access } = input;
  const credentialFingerprint = fingerprintOf(ctx, access);
  const state = await credentialState(ctx, { tenantId, credentialId, credentialFingerprint });
  if (state !== 'changed') return;
  const tenant = ctx.store.forTenant(tenantId);
  for (const account of await listCalendarAccounts(ctx, tenantId)) {
    if (account.credentialId !== credentialId || account.status === 'disconnected') continue;
    await saveAccount(
      ctx,
      { tenantId, credentialId, access, calendarId: account.externalId, settings: {} },
      account.name,
    );
    const present = await tenant.run(readCalendarWatch, { accountId: account.id });
    if (!present) continue;
    // Looked at again at once: the new key may be the right one.
    await tenant.run(writeCalendarWatch, {
      accountId: account.id,
      settings: present.watch.settings,
    });
  }
}

async function listCalendarAccounts(ctx: CalendarsContext, tenantId: string): Promise<Account[]> {
  return await listAccounts(ctx, tenantId, { provider: 'google' });
}

/**
 * Ends the watch, disconnects the calendar and forgets its key; its appointments stay as they were.
 * @throws NotFoundError when this tenant does not watch it
 */
export async function unwatchCalendar(
  ctx: CalendarsContext,
  tenantId: string,
  calendarId: string,
): Promise<{ connection: { id: string; name: string; externalId: string } }> {
  const accounts = await listCalendarAccounts(ctx, tenantId);
  const account = accounts.find(({ externalId }) => externalId === calendarId);
  const tenant = ctx.store.forTenant(tenantId);
  if (!account || !(await tenant.run(endCalendarWatch, { accountId: account.id }))) {
    throw new NotFoundError('A watched calendar', calendarId, {
      hint: 'Calendars that are watched are listed by Omnichannel → Connection → Get Many.',
    });
  }
  await tenant.run(dropConnection, {
    accountId: account.id,
    reason: 'Somebody ended it with "Stop Watching". Watch it again to go on.',
  });
  return { connection: { id: account.id, name: account.name, externalId: account.externalId } };
}
