import type { Account } from '../../../core/model/account';
import { accountLabel } from '../../../nodes/shared/accountLabel';

/** 10:30 in São Paulo, 13:30 in UTC. */
const now = Date.parse('2026-03-05T13:30:00Z');

const account: Account = {
  id: '01J0000000000000000000ACCT',
  tenantId: 'default',
  provider: 'meta',
  channel: 'messenger',
  externalId: '100200300400500',
  parentExternalId: null,
  name: 'Clínica Sol',
  status: 'active',
  statusReason: null,
  credentialId: 'credential-1',
  loginId: null,
  username: null,
  pictureUrl: null,
  parentName: null,
  expiresAt: null,
  connectedAt: null,
  lastSyncedAt: null,
  lastReceivedAt: null,
  refusedCalls: 0,
  refusedSince: null,
};

const labelOf = (parts: Partial<Account>, timezone = 'America/Sao_Paulo') =>
  accountLabel({ ...account, ...parts }, { now, timezone });

describe('the label of an account', () => {
  it('is name and channel while all is well', () => {
    expect(labelOf({})).toBe('Clínica Sol · Messenger');
  });

  it.each([
    [14, '2026-03-05T13:02:00Z', '14 calls refused since 10:02'],
    [1, '2026-03-05T03:00:00Z', '1 call refused since 00:00'],
    [2, '2026-03-05T02:59:00Z', '2 calls refused since 2026-03-04 23:59'],
  ])('tells of %i refused calls since %s', (refusedCalls, since, words) => {
    expect(labelOf({ refusedCalls, refusedSince: Date.parse(since) })).toBe(
      `Clínica Sol · Messenger (${words}: is the app secret right?)`,
    );
  });

  it('writes the time in the zone of the instance', () => {
    const refused = { refusedCalls: 2, refusedSince: Date.parse('2026-03-05T02:59:00Z') };
    expect(labelOf(refused, 'UTC')).toContain('since 02:59:');
  });

  it.each([
    ['pending', 'not connected yet'],
    ['expiring', 'token expires soon'],
    ['expired', 'expired'],
    ['disconnected', 'disconnected'],
    ['error', 'error'],
  ] as const)('says in words that the account is %s', (status, words) => {
    expect(labelOf({ status })).toBe(`Clínica Sol · Messenger (${words})`);
  });

  it('gives the first sentence of the reason', () => {
    const statusReason = 'The token of graph.facebook.com was revoked. Make a new one.';
    expect(labelOf({ status: 'error', statusReason })).toBe(
      'Clínica Sol · Messenger (error: The token of graph.facebook.com was revoked)',
    );
  });

  it('shows the warning of an account that works', () => {
    const statusReason = 'The webhooks could not be subscribed. Meta said no.';
    expect(labelOf({ statusReason })).toBe(
      'Clínica Sol · Messenger (warning: The webhooks could not be subscribed)',
    );
  });

  it('cuts off a reason that is too long for a line', () => {
    const label = labelOf({ status: 'error', statusReason: 'x'.repeat(500) });
    expect(label).toBe(`Clínica Sol · Messenger (error: ${'x'.repeat(99)}…)`);
  });

  it('tells both: an expired token and refused calls', () => {
    const refusedSince = Date.parse('2026-03-05T13:02:00Z');
    expect(labelOf({ status: 'expired', refusedCalls: 2, refusedSince })).toBe(
      'Clínica Sol · Messenger (expired) (2 calls refused since 10:02: is the app secret right?)',
    );
  });
});
