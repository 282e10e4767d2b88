/**
 * Every reason of the closed list comes out of a real cause, on each channel where it can happen: the real providers before
 * the sandbox, settings and words as customers and admins give them. A new reason without a case does not compile, and one
 * without a channel fails.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  SEND_REASONS,
  SendError,
  describeError,
  type Account,
  type AccountSecrets,
  type Channel,
  type InboundEvent,
  type OutboundContent,
  type ProviderId,
  type SendReason,
  type SendResult,
} from '../../core/model';
import type { SendMessageInput } from '../../core/messaging';
import type { SettingsPatch } from '../../core/tenants';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { CLINIC_WHATSAPP } from '../../sandbox/whatsapp/seed.ts';
import { startInstance, type Instance } from './support/instance.ts';

const HOUR_MS = 3_600_000;
const CHANNELS = ['messenger', 'instagram', 'whatsapp', 'hub'] as const;
type Name = (typeof CHANNELS)[number];

let instance: Instance;
let count = 0;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

/** An account of the sandbox in a tenant of its own, and a person whom it does not know yet. */
interface Place {
  tenantId: string;
  account: Account;
  send(parts?: Partial<SendMessageInput>): Promise<SendResult>;
  /** The person writes, so long ago. */
  writes(text?: string, agoMs?: number): Promise<void>;
  set(patch: SettingsPatch): Promise<void>;
  /** The next call to send fails so. */
  fails(fault: object): Promise<void>;
  /** A reminder of what was over an hour ago. */
  remindsTooLate(): Promise<SendResult>;
  /** Of what is unknown here, the cut was so long ago. */
  elevenMinutesPass(): void;
  /** The keys whose send has no result yet. */
  unsettled(): unknown[];
}

type Found = { provider: ProviderId; channel: Channel; externalId: string; parent: string | null };

function found(name: Name): Found & { secrets: AccountSecrets; person: string } {
  const { seed } = instance.sandbox;
  const graph = { apiBaseUrl: seed.graphBaseUrl, apiVersion: seed.graphVersion };
  const { id: page } = seed.page;
  const meta = {
    provider: 'meta' as const,
    person: String(7_100_000_000_000_000 + count),
    secrets: { ...graph, accessToken: seed.pageAccessToken, appId: seed.app.id },
  };
  switch (name) {
    case 'messenger':
      return { ...meta, channel: 'messenger', externalId: page, parent: null };
    case 'instagram':
      return { ...meta, channel: 'instagram', externalId: seed.instagramAccount.id, parent: page };
    case 'whatsapp':
      return {
        provider: 'whatsapp_cloud',
        channel: 'whatsapp',
        externalId: CLINIC_WHATSAPP.numberId,
        parent: seed.whatsApp.businessAccountId,
        person: `55119${String(70_000_000 + count)}`,
        secrets: { ...graph, accessToken: seed.whatsApp.accessToken },
      };
    case 'hub':
      return {
        provider: 'notificame',
        channel: 'whatsapp',
        externalId: HUB_SEED.whatsAppChannelId,
        parent: null,
        person: `55119${String(71_000_000 + count)}`,
        secrets: {
          accessToken: seed.notificaMe.apiToken,
          apiBaseUrl: seed.notificaMe.baseUrl,
          hub: {
            profile: 'hub',
            v2Channels: [],
            fileTypes: 'kind',
            timezone: 'America/Sao_Paulo',
            channelType: 'whatsapp_business_account',
          },
        },
      };
  }
}

async function place(name: Name, other: Partial<AccountSecrets> = {}): Promise<Place> {
  count += 1;
  const tenantId = `tenant-${count}`;
  const { provider, channel, externalId, parent, person, secrets } = found(name);
  const [account] = await core.accounts.syncCredentialAccounts(await app(), {
    tenantId,
    provider,
    credentialId: 'credential-1',
    discovered: [
      {
        channel,
        externalId,
        parentExternalId: parent,
        name: 'Clínica Sorriso',
        secrets: { ...secrets, ...other },
        expiresAt: null,
      },
    ],
  });
  if (!account) throw new Error('No account was made.');
  return {
    tenantId,
    account,
    send: async (parts = {}) => {
      count += 1;
      return core.messaging.sendMessage(await app(), {
        tenantId,
        accountId: account.id,
        recipientExternalId: person,
        content: { type: 'text', text: 'Olá!' },
        idempotencyKey: `key ${count}`,
        ...parts,
      });
    },
    writes: async (text = 'Oi', agoMs = 0) => {
      count += 1;
      const event = {
        kind: 'message',
        provider,
        channel,
        accountExternalId: externalId,
        dedupeKey: `in ${count}`,
        providerId: `in.${count}`,
        occurredAt: Date.now() - agoMs,
        contact: { externalId: person },
        type: 'text',
        text,
        attachments: [],
        buttonPayload: null,
        replyTo: null,
        referral: null,
        standby: false,
        raw: {},
      } satisfies InboundEvent;
      const call = { tenantId, doorId: 'door-1', events: [event] };
      await core.messaging.recordInbound(await app(), call);
    },
    set: async (patch) => {
      await core.tenants.saveSettings(await app(), tenantId, patch);
    },
    remindsTooLate: async () => {
      count += 1;
      const now = Date.now();
      return core.journeys.scheduleMessage(await app(), {
        tenantId,
        accountId: account.id,
        recipientExternalId: person,
        content: { type: 'text', text: 'Até daqui a pouco!' },
        idempotencyKey: `key ${count}`,
        dueAt: now - 2 * HOUR_MS,
        beforeAt: now - HOUR_MS,
        why: 'at_time',
        source: { workflowId: 'w', workflowName: 'W', nodeName: 'N', executionId: '1' },
      });
    },
    elevenMinutesPass: () => {
      inStore(
        `update idempotency_keys set unknown_since = unknown_since - ?, reserved_at = reserved_at - ?, next_check_at = 0
          where tenant_id = ? and state = 'unknown'`,
        [11 * 60_000, 11 * 60_000, tenantId],
      );
    },
    unsettled: () =>
      inStore(`select key from idempotency_keys where tenant_id = ? and state <> 'completed'`, [
        tenantId,
      ]),
    fails: async (fault) => {
      const route = name === 'hub' ? '/notificame/faults' : '/faults';
      const where = name === 'hub' ? {} : { route: 'send', kind: 'failBefore' };
      await instance.control('POST', route, { ...where, ...fault });
    },
  };
}

/** Past all code of the package: nobody else makes time pass. */
function inStore(sql: string, values: Array<string | number>): unknown[] {
  const file = path.join(instance.folder, 'omnichannel', 'omnichannel.sqlite');
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
}

const template: OutboundContent = {
  type: 'template',
  template: { name: 'lembrete_consulta_24h', language: 'pt_BR', body: [], buttons: [], cards: [] },
};

const ALWAYS = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };

/** Hours that are twelve hours away, by the clock of UTC. */
function farHours() {
  const hour = String((new Date().getUTCHours() + 12) % 24).padStart(2, '0');
  return { utility: { ...ALWAYS, from: `${hour}:00`, to: `${hour}:30` } };
}

type Cause = (on: Place) => Promise<SendResult>;
type Cases = Partial<Record<Name, Cause>>;

const everywhere = (cause: Cause): Record<Name, Cause> => ({
  messenger: cause,
  instagram: cause,
  whatsapp: cause,
  hub: cause,
});

/** In an open window the provider is asked, and fails so. */
const provider =
  (fault: object): Cause =>
  async (on) => {
    await on.writes();
    await on.fails(fault);
    return on.send();
  };

const graphError = (code: number, subcode?: number) =>
  provider({ error: { code, message: 'No.', ...(subcode === undefined ? {} : { subcode }) } });

/** The answer is lost, or says so little that the message may have been accepted: Meta's code 2. */
const UNKNOWN: Record<Name, Cause> = {
  messenger: graphError(2),
  instagram: graphError(2),
  whatsapp: provider({ kind: 'cutAfter' }),
  hub: provider({ kind: 'cutAfter' }),
};

const CAUSES: Record<SendReason, Cases> = {
  safe_mode: everywhere(async (on) => {
    await on.writes();
    await on.set({ safeMode: { on: true, recipients: ['+55 11 90000-0000'] } });
    return on.send();
  }),
  window_closed: everywhere(async (on) => {
    await on.writes('Oi', 24 * HOUR_MS - 4 * 60_000);
    return on.send();
  }),
  opted_out: everywhere(async (on) => {
    await on.writes('Parar!');
    return on.send({ category: 'marketing' });
  }),
  // Elsewhere the window says it first: there is nothing that goes without one.
  no_opt_in: {
    whatsapp: (on) => on.send({ content: template, category: 'utility' }),
    hub: (on) => on.send({ content: template, category: 'marketing' }),
  },
  handed_over: everywhere(async (on) => {
    await on.writes('atendente');
    return on.send({ category: 'utility' });
  }),
  quiet_hours: everywhere(async (on) => {
    await on.writes();
    await on.set({ timeZone: 'UTC', quietHours: farHours() });
    return on.send({ category: 'utility' });
  }),
  frequency_cap: everywhere(async (on) => {
    await on.writes();
    const quietHours = { marketing: ALWAYS };
    await on.set({ quietHours, caps: { marketing: { count: 0, days: 7 } } });
    return on.send({ category: 'marketing' });
  }),
  rate_limited: everywhere(async (on) => {
    await on.writes();
    const { id: accountId } = on.account;
    await core.limits.setLimits(await app(), on.tenantId, accountId, { perMinute: 1 });
    await core.limits.takeTokens(await app(), { tenantId: on.tenantId, accountId });
    return on.send();
  }),
  // Messenger lets no account react; a comment is answered by a message where Meta itself carries it.
  not_permitted_on_channel: {
    messenger: reacts,
    whatsapp: privately,
    hub: privately,
  },
  no_connection: everywhere(async (on) => {
    await on.writes();
    await core.accounts.disconnectAccount(await app(), on.tenantId, on.account.id);
    return on.send();
  }),
  token_expired: {
    messenger: graphError(190, 463),
    instagram: graphError(190, 463),
    whatsapp: graphError(190),
    hub: async () => {
      const on = await place('hub', { accessToken: 'wrong' });
      await on.writes();
      return on.send();
    },
  },
  // The hub tells it later, in the status of the message.
  invalid_recipient: {
    messenger: graphError(100, 2018001),
    instagram: graphError(551, 1545041),
    whatsapp: graphError(131026),
  },
  invalid_content: everywhere(async (on) => {
    await on.writes();
    return on.send({ content: { type: 'text', text: 'x'.repeat(70_000) }, split: false });
  }),
  template_unavailable: {
    whatsapp: async (on) => {
      await on.writes();
      return on.send({ content: template });
    },
  },
  provider_rejected: {
    messenger: graphError(368),
    instagram: graphError(10),
    whatsapp: graphError(131005),
    hub: provider({ kind: 'limit' }),
  },
  provider_unavailable: {
    messenger: () => unreachable('messenger'),
    instagram: () => unreachable('instagram'),
    whatsapp: graphError(131016),
    hub: () => unreachable('hub'),
  },
  outcome_unknown: UNKNOWN,
  // A reminder that comes to be sent when what it reminds of is over.
  state_changed: everywhere(async (on) => {
    await on.writes();
    return on.remindsTooLate();
  }),
  // Of a due moment that two workflows hear of, one sends.
  already_sent: {
    messenger: (on) => sentByAnother(on, 'messenger'),
    instagram: (on) => sentByAnother(on, 'instagram'),
    whatsapp: (on) => sentByAnother(on, 'whatsapp'),
    hub: (on) => sentByAnother(on, 'hub'),
  },
};

/** Nobody listens where the account's provider should be. */
async function unreachable(name: Name): Promise<SendResult> {
  const on = await place(name, { apiBaseUrl: 'http://127.0.0.1:9' });
  await on.writes();
  return on.send();
}

/** Whatever becomes of the first one: the second sender is told that the key is taken. */
async function sentByAnother(on: Place, name: Name): Promise<SendResult> {
  const moment = { idempotencyKey: 'birthday:contact-1:2026', sender: 'workflow-1' };
  await on.writes();
  await on.fails(
    name === 'whatsapp' || name === 'hub' ? { kind: 'cutAfter' } : { error: { code: 2 } },
  );
  await on.send(moment);
  return on.send({ ...moment, sender: 'workflow-2' });
}

/** As the operation "React" does it; its error in the form of a result. */
async function reacts({ tenantId, account }: Place): Promise<SendResult> {
  const context = await app();
  const target = { recipientExternalId: '7100', messageProviderId: 'm_1', reaction: 'love' };
  const { id: accountId, channel, provider: via } = account;
  try {
    await core.accounts.useConnection(context, { tenantId, accountId }, (connection) =>
      core.meta.reactToMessage(context.http, connection, target),
    );
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    const { reason, retryable } = error;
    return {
      status: 'failed',
      reason,
      detail: describeError(error),
      retryable,
      messageId: null,
      providerMessageId: null,
      channel,
      provider: via,
      connectionId: accountId,
      contactId: null,
      conversationId: null,
    };
  }
  throw new Error('An account has reacted on Messenger.');
}

async function privately({ tenantId, account }: Place): Promise<SendResult> {
  const comment = { tenantId, accountId: account.id, commentId: 'comment-1', text: 'Oi' };
  return core.messaging.replyPrivately(await app(), comment);
}

const here = SEND_REASONS.flatMap((reason) =>
  CHANNELS.flatMap((name) => {
    const cause = CAUSES[reason][name];
    return cause ? [[reason, name, cause] as const] : [];
  }),
);

describe('a message that is not sent', () => {
  it.each(here)('says %s on %s, with a sentence and the next step', async (reason, name, cause) => {
    const on = await place(name);
    const { calls: log } = instance.sandbox.context;
    const sends = () => log.list().filter(({ method }) => method === 'POST').length;
    const before = sends();
    const result = await cause(on);
    expect(result).toMatchObject({ reason, detail: expect.stringMatching(/\w+.*\. \w+.*\.$/s) });
    expect(result.detail).not.toMatch(/undefined|null|\[object/);
    const isOurs = result.status === 'skipped';
    expect(isOurs).toBe(SKIPS.includes(reason));
    // The one that another has sent is no call of this one's.
    const calls = reason === 'already_sent' ? 1 : 0;
    if (isOurs) expect(result.messageId).toBeNull();
    if (isOurs) expect(sends() - before).toBeLessThanOrEqual(calls);
  });

  it.each(SEND_REASONS)('has a cause for %s', (reason) => {
    expect(Object.keys(CAUSES[reason]).length).toBeGreaterThan(0);
  });

  it.each(CHANNELS)('is not unknown for ever on %s', async (name) => {
    const on = await place(name);
    expect(await UNKNOWN[name](on)).toMatchObject({ status: 'unknown' });
    on.elevenMinutesPass();
    const { settled, sent, failed } = await core.messaging.settleUnknownSends(await app());
    expect(settled + sent + failed).toBeGreaterThan(0);
    expect(on.unsettled()).toEqual([]);
  });
});

/** What policy holds back is skipped; everything else failed, or nobody knows. */
const SKIPS: readonly SendReason[] = [
  'safe_mode',
  'window_closed',
  'opted_out',
  'no_opt_in',
  'handed_over',
  'quiet_hours',
  'frequency_cap',
  'state_changed',
  'already_sent',
];
