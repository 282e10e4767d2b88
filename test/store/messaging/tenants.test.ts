import * as accountUnits from '../../../core/accounts/accounts.unit';
import * as connectionUnits from '../../../core/accounts/connections.unit';
import * as doorUnits from '../../../core/accounts/doors.unit';
import * as loginUnits from '../../../core/accounts/logins.unit';
import * as syncUnits from '../../../core/accounts/sync.unit';
import {
  addTestListener,
  connectLogin,
  markDoorUnwanted,
  registerDoor,
} from '../../../core/accounts';
import * as inboundUnits from '../../../core/messaging/inbound.unit';
import * as reserveUnits from '../../../core/messaging/reserve.unit';
import * as resultUnits from '../../../core/messaging/results.unit';
import * as settleUnits from '../../../core/messaging/settle.unit';
import * as targetUnits from '../../../core/messaging/target.unit';
import type { Database } from '../../../core/store/tables';
import type { TenantUnit } from '../../../core/store/unit';
import { describeOnBothDatabases } from '../../support/storeContext';
import { FakeKeeper } from '../logins/support/fakeKeeper';
import { createWorld, CUSTOMER, type World } from './support/world';

const ROOMS = [
  accountUnits,
  connectionUnits,
  doorUnits,
  loginUnits,
  syncUnits,
  inboundUnits,
  reserveUnits,
  resultUnits,
  settleUnits,
  targetUnits,
];

function unitNames(): string[] {
  return ROOMS.flatMap((room) =>
    Object.entries(room)
      .filter(([, value]) => typeof value === 'object' && 'run' in value)
      .map(([name]) => name),
  ).sort();
}

const TABLES = [
  'accounts',
  'logins',
  'contacts',
  'contact_identities',
  'conversations',
  'messages',
  'inbound_keys',
  'events',
  'idempotency_keys',
  'doors',
  'test_listeners',
] as const satisfies readonly (keyof Database)[];

async function everything(world: World): Promise<unknown[]> {
  const tables = [];
  for (const table of TABLES) tables.push(await world.rows(table));
  return tables;
}

/** Every unit of these rooms, called with ids that belong to the tenant of `theirs`. */
async function callsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const rows = await theirs.rows('accounts');
  const row = rows.find(({ id }) => id === theirs.account.id);
  const [login] = await theirs.rows('logins');
  const [contact] = await theirs.rows('contacts');
  const [conversation] = await theirs.rows('conversations');
  const [message] = await theirs.rows('messages');
  const [key] = await theirs.rows('idempotency_keys');
  if (!row || !login || !contact || !conversation || !message || !key) {
    throw new Error('Nothing to steal.');
  }
  const loginToken = {
    sealedSecrets: 'stolen',
    obtainedAt: 1,
    expiresAt: null,
    renewable: false,
    nextCheckAt: 1,
  };
  const { provider, channel } = theirs.account;
  const address = { provider, channel, externalId: row.external_id };
  const words = { type: 'text' as const, text: 'x', attachments: [], raw: null };
  const owner = key.owner ?? 'nobody';
  const ref = { key: key.key, messageId: key.message_id, owner };
  const send = {
    ...ref,
    accountId: row.id,
    contactId: contact.id,
    recipientExternalId: CUSTOMER,
    words,
  };
  const due = {
    ...send,
    tenantId: theirs.tenantId,
    request: key.request,
    contentHash: key.content_hash,
    reservedAt: key.reserved_at,
    unknownSince: key.unknown_since ?? 0,
    fence: key.next_check_at ?? 0,
  };
  const door = { doorId: 'door-1' };
  return {
    readAccount: { accountId: row.id },
    readAccountsByAddress: { addresses: [address] },
    readAccounts: {},
    readAccountsOfCredential: { credentialId: row.credential_id },
    readAccountsOfLogin: { loginId: login.id },
    saveConnection: {
      id: row.id,
      secretsChanged: true,
      keepsDisconnected: false,
      keepsWarning: false,
      connection: {
        ...address,
        parentExternalId: null,
        parentName: null,
        name: 'Stolen',
        username: null,
        pictureUrl: null,
        status: 'active',
        statusReason: null,
        credentialId: row.credential_id,
        loginId: login.id,
        sealedSecrets: 'stolen',
        expiresAt: null,
      },
    },
    readConnection: { accountId: row.id },
    readConnections: { filter: {}, after: null, limit: 10 },
    dropConnection: { accountId: row.id, reason: 'x' },
    readLogin: { loginId: login.id },
    readLoginBySource: { provider, source: { kind: 'credential', id: login.source_id } },
    saveLogin: {
      id: login.id,
      provider,
      source: { kind: 'credential', id: login.source_id },
      fingerprint: 'stolen',
      tokenFingerprint: 'stolen',
      token: loginToken,
    },
    takeLogin: { loginId: login.id, owner: 'thief', ttlMs: 60_000 },
    keepRenewedToken: { loginId: login.id, owner: 'thief', token: loginToken },
    settle: {
      loginId: login.id,
      owner: null,
      outcome: {
        status: 'expired',
        statusReason: 'stolen',
        subjectId: null,
        subjectName: null,
        obtainedAt: 1,
        expiresAt: null,
        dataAccessExpiresAt: null,
        permissions: null,
        renewable: false,
        syncedAt: null,
        nextCheckAt: null,
        failures: 0,
      },
      verdict: { status: 'expired', reason: 'stolen' },
      but: {},
    },
    noteConnectionStatus: { accountId: row.id, status: 'error', reason: 'x' },
    saveAccountWarning: { accountId: row.id, reason: 'x' },
    saveAccountHealth: { accountId: row.id, health: { qualityRating: 'RED' } },
    countRefused: {
      ...door,
      credentialId: row.credential_id,
      claimedExternalIds: [row.external_id],
    },
    saveDoor: { id: 'door-1', provider, credentialId: null, url: 'https://stolen.example' },
    readDoor: door,
    readDoors: {},
    noteDoorUnwanted: door,
    noteDoorWanted: door,
    dropUnwantedDoor: { ...door, unwantedSince: theirs.ctx.clock.now() },
    saveTestListener: { id: 'door-1', provider, url: 'https://stolen.example', expiresAt: 1e15 },
    dropTestListener: { id: 'door-1' },
    readTestListeners: { provider },
    recordInboundCall: {
      ...door,
      ownAppIds: { [row.id]: 'stolen' },
      events: [
        { event: theirs.event('message'), windowMs: 1, echoFingerprint: null },
        {
          event: theirs.event('delete', { targetProviderId: message.provider_id ?? '' }),
          windowMs: 1,
          echoFingerprint: null,
        },
      ],
    },
    reserveSend: {
      ...send,
      conversationId: conversation.id,
      request: 'stolen',
      contentHash: 'stolen',
    },
    renewLease: ref,
    completeSend: { ...send, providerMessageId: 'mid.stolen', sentAt: 1 },
    failSend: {
      ...send,
      reason: 'provider_rejected',
      detail: 'x',
      retryable: false,
      accountStatus: { status: 'expired', reason: 'x' },
    },
    readOpenRequests: { messageIds: [due.messageId] },
    releaseSend: ref,
    noteUnknown: ref,
    judgeSend: { due, recipientExternalId: CUSTOMER, words, look: null, owner },
    postponeResend: { due, owner, pauseMs: null },
    resolveTarget: { conversationId: conversation.id },
  };
}

describeOnBothDatabases('tenants', (context) => {
  it('gives and changes nothing of another tenant, whichever unit is called with its ids', async () => {
    const theirs = await createWorld(context);
    await theirs.customerWrites('segredo');
    theirs.provider.behaviours.push('cut');
    await theirs.send();
    const { tenantId } = theirs;
    const door = { tenantId, provider: 'meta' as const };
    const url = 'https://n8n.example/1';
    await registerDoor(theirs.ctx, { ...door, doorId: 'door-1', credentialId: null, url });
    await markDoorUnwanted(theirs.ctx, tenantId, 'door-1');
    await addTestListener(theirs.ctx, { ...door, id: 'door-1', url, ttlMs: 120_000 });
    const keeper = new FakeKeeper(context.clock);
    Object.assign(theirs.provider, { keeper });
    await connectLogin(theirs.ctx, {
      ...door,
      source: { kind: 'credential', id: 'credential-2' },
      fingerprint: 'values',
      secrets: {
        login: 'facebook',
        accessToken: keeper.issueLong(),
        apiBaseUrl: 'https://graph.example',
        apiVersion: 'v25.0',
      },
      isFresh: false,
    });
    const before = await everything(theirs);
    const secrets = [theirs.account.id, 'segredo', 'Clínica Sol', url];

    const calls = await callsWithIdsOf(theirs);
    expect(Object.keys(calls).sort()).toEqual(unitNames());
    const units = Object.assign({}, ...ROOMS) as Record<string, TenantUnit<unknown, unknown>>;
    for (const [name, args] of Object.entries(calls)) {
      // A tenant of its own for each unit: what one of them makes, the next one must not find.
      const thief = context.newTenant();
      const unit = units[name];
      if (!unit) throw new Error(`There is no unit ${name}.`);
      const answer = await thief.run(unit, args).catch((error: unknown) => error);
      const told = answer instanceof Error ? answer.message : JSON.stringify(answer);
      const leaked = secrets.filter((secret) => told?.includes(secret));
      expect([name, leaked]).toEqual([name, []]);
      expect([name, await everything(theirs)]).toEqual([name, before]);
    }
  });
});
