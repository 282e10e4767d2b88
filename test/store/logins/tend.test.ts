import { noteAccountStatus, tendDueLogins, tendLogin } from '../../../core/accounts';
import { ProviderError, TokenExpiredError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from '../messaging/support/failingStore';
import { createClinic, type Clinic } from './support/clinic';
import { endClaims, forgetAllLogins } from './support/loginUnits.cjs';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const away = () => new ProviderError('provider_unavailable', 'Away.', 'unavailable', 2, null);
const no = () => new ProviderError('provider_rejected', 'It says no.', 'permission', 10, null);

describeOnBothDatabases('logins that are kept alive', (context) => {
  beforeEach(() => context.store.run(forgetAllLogins, null));

  async function connected(prepare: (clinic: Clinic) => void = () => undefined) {
    const clinic = createClinic(context);
    prepare(clinic);
    await clinic.connect(clinic.keeper.issueShort());
    clinic.keeper.calls.length = 0;
    return clinic;
  }
  const statuses = async (clinic: Clinic) => (await clinic.accounts()).map(({ status }) => status);
  const newsAfter = async (clinic: Clinic) => (await clinic.news()).slice(2);

  it('are renewed on day 55 at the latest, without anybody noticing', async () => {
    const clinic = await connected();
    const before = await clinic.tokenInUse();
    for (let day = 1; day <= 45; day += 1) await clinic.later(DAY_MS);
    expect(clinic.keeper.countOf('renew')).toBe(0);
    for (let day = 46; day <= 55; day += 1) await clinic.later(DAY_MS);
    expect(clinic.keeper.countOf('renew')).toBe(1);
    expect(await clinic.tokenInUse()).not.toBe(before);
    const [page] = await clinic.accounts();
    expect(page).toMatchObject({ status: 'active', statusReason: null });
    expect(page?.expiresAt).toBeGreaterThan(context.clock.now() + 50 * DAY_MS);
    expect(await newsAfter(clinic)).toEqual([]);
  });

  it('with a life of 90 seconds are renewed at 80 % of it, and the background work comes back in time', async () => {
    const clinic = await connected(({ keeper }) => (keeper.longLifeMs = 90 * SECOND_MS));
    const untilDue = await clinic.later(0);
    expect(untilDue).toBeGreaterThan(60 * SECOND_MS - 1);
    expect(clinic.keeper.countOf('renew')).toBe(0);
    let waited = 0;
    for (let wait = untilDue; clinic.keeper.countOf('renew') === 0; ) {
      waited += wait;
      wait = await clinic.later(wait);
    }
    expect(waited).toBeGreaterThanOrEqual(66 * SECOND_MS);
    expect(waited).toBeLessThanOrEqual(73 * SECOND_MS);
    expect(await clinic.tokenInUse()).toMatch(/-of-long-/);
    expect(await statuses(clinic)).toEqual(['expiring', 'expiring']);
    // Each once, however often it is renewed.
    for (let round = 0; round < 20; round += 1) await clinic.later(15 * SECOND_MS);
    expect(clinic.keeper.countOf('renew')).toBeGreaterThan(3);
    expect(await clinic.news()).toEqual([
      'connection.connected of Clínica Sol',
      'connection.expiring of Clínica Sol',
      'connection.connected of @sol100',
      'connection.expiring of @sol100',
    ]);
  });

  it('are not renewed before the provider allows it, unless they would end before', async () => {
    const clinic = await connected(({ keeper }) => {
      keeper.minAgeMs = DAY_MS;
      keeper.longLifeMs = 26 * HOUR_MS;
    });
    await clinic.later(23 * HOUR_MS);
    expect(clinic.keeper.countOf('renew')).toBe(0);
    await clinic.later(1.1 * HOUR_MS);
    expect(clinic.keeper.countOf('renew')).toBe(1);
    const short = await connected(({ keeper }) => {
      keeper.minAgeMs = DAY_MS;
      keeper.longLifeMs = 90 * SECOND_MS;
    });
    await short.later(75 * SECOND_MS);
    expect(short.keeper.countOf('renew')).toBe(1);
  });

  it('are looked at by one process at a time', async () => {
    const clinic = await connected();
    const other = clinic.beside(await context.openAnother());
    context.clock.advance(50 * DAY_MS);
    await Promise.all([
      tendDueLogins(clinic.ctx),
      tendDueLogins(other),
      tendDueLogins(clinic.ctx),
      tendDueLogins(other),
    ]);
    expect(clinic.keeper.countOf('renew')).toBe(1);
  });

  it('are left alone by a check while another process looks at them', async () => {
    const clinic = await connected();
    const { id } = await clinic.login();
    const look = () => tendLogin(clinic.ctx, clinic.tenantId, id, { renews: true });
    const [first, second] = await Promise.all([look(), look()]);
    expect([first.kind, second.kind].sort()).toEqual(['busy', 'renewed']);
    expect(await look()).toEqual({ kind: 'renewed' });
  });

  describe('when the process dies', () => {
    const renewal = async (dies: (clinic: Clinic) => void) => {
      const clinic = await connected();
      const store = clinic.ctx.store;
      const before = await clinic.tokenInUse();
      dies(clinic);
      await expect(clinic.later(50 * DAY_MS)).rejects.toThrow();
      clinic.ctx.store = store;
      return { clinic, before };
    };

    it('after the provider gave the new token and before it was stored, go on with the old one and renew again', async () => {
      const { clinic, before } = await renewal((dying) => {
        dying.ctx.store = failingAt(dying.ctx.store, 'keepRenewedToken');
      });
      expect(await clinic.tokenInUse()).toBe(before);
      // Until the claim of the dead process has run out nobody touches it.
      await clinic.later(0);
      expect(clinic.keeper.countOf('renew')).toBe(1);
      await clinic.tenant.run(endClaims, null);
      await clinic.later(0);
      expect(clinic.keeper.countOf('renew')).toBe(2);
      expect(await clinic.tokenInUse()).not.toBe(before);
      expect(await statuses(clinic)).toEqual(['active', 'active']);
      expect(await newsAfter(clinic)).toEqual([]);
    });

    it('after the new token was stored and before its accounts had it, give it to them', async () => {
      const { clinic, before } = await renewal(({ keeper }) => {
        keeper.failNext('discover', new Error('killed'));
      });
      expect(await clinic.tokenInUse()).toBe(before);
      await clinic.tenant.run(endClaims, null);
      await clinic.later(0);
      expect(clinic.keeper.countOf('renew')).toBe(1);
      expect(await clinic.tokenInUse()).not.toBe(before);
    });

    it('before what was found out is stored, are looked at again', async () => {
      const { clinic } = await renewal((dying) => {
        dying.ctx.store = failingAt(dying.ctx.store, 'settle');
      });
      await clinic.tenant.run(endClaims, null);
      await clinic.later(0);
      expect(clinic.keeper.countOf('renew')).toBe(1);
      expect(await clinic.login()).toMatchObject({ status: 'active', claimed_by: null });
    });
  });

  it('whose renewal is refused are told once, asked for again, and told when they are well', async () => {
    const clinic = await connected();
    clinic.keeper.failNext('renew', no(), no());
    await clinic.later(50 * DAY_MS);
    const [page] = await clinic.accounts();
    expect(page).toMatchObject({
      status: 'expiring',
      statusReason: expect.stringMatching(/could not be renewed\. It says no\..* Connect again/),
    });
    await clinic.later(1.1 * DAY_MS);
    expect(clinic.keeper.countOf('renew')).toBe(2);
    await clinic.later(1.1 * DAY_MS);
    expect(clinic.keeper.countOf('renew')).toBe(3);
    expect(await newsAfter(clinic)).toEqual([
      'connection.expiring of Clínica Sol',
      'connection.expiring of @sol100',
      'connection.connected of Clínica Sol',
      'connection.connected of @sol100',
    ]);
  });

  it('whose renewal gives the same end are told of like a refusal', async () => {
    const clinic = await connected(({ keeper }) => (keeper.keepsEnd = true));
    await clinic.later(50 * DAY_MS);
    expect((await clinic.accounts())[0]).toMatchObject({
      status: 'expiring',
      statusReason: expect.stringContaining('a token with the same end'),
    });
  });

  it('are tried again soon while the provider is away, and nobody is told', async () => {
    const clinic = await connected();
    clinic.keeper.failNext('inspect', away());
    clinic.keeper.failNext('renew', away());
    const wait = await clinic.later(50 * DAY_MS);
    expect(wait).toBeLessThanOrEqual(5 * SECOND_MS);
    expect(await statuses(clinic)).toEqual(['active', 'active']);
    await clinic.later(wait);
    expect(clinic.keeper.countOf('renew')).toBe(2);
    expect(await newsAfter(clinic)).toEqual([]);
  });

  it('that cannot be renewed warn a week before they end', async () => {
    const clinic = await connected(({ keeper }) => (keeper.renewable = false));
    await clinic.later(52 * DAY_MS);
    expect(await statuses(clinic)).toEqual(['active', 'active']);
    await clinic.later(1.1 * DAY_MS);
    expect((await clinic.accounts())[0]).toMatchObject({
      status: 'expiring',
      statusReason: expect.stringMatching(/^The login ends on .* connect again/),
    });
    for (let day = 0; day < 5; day += 1) await clinic.later(DAY_MS);
    expect(await newsAfter(clinic)).toEqual([
      'connection.expiring of Clínica Sol',
      'connection.expiring of @sol100',
    ]);
  });

  it('warn a week before the leave to read data ends, which no renewal changes', async () => {
    const clinic = await connected(({ keeper }) => {
      keeper.dataAccessExpiresAt = context.clock.now() + 90 * DAY_MS;
    });
    for (let day = 1; day <= 82; day += 1) await clinic.later(DAY_MS);
    expect(await statuses(clinic)).toEqual(['active', 'active']);
    await clinic.later(1.1 * DAY_MS);
    expect((await clinic.accounts())[0]).toMatchObject({
      status: 'expiring',
      statusReason: expect.stringContaining('no renewal changes'),
    });
  });

  it('that somebody revoked have expired with all their accounts, with the reason, once', async () => {
    const clinic = await connected();
    clinic.keeper.kill([...clinic.keeper.tokens.keys()].at(-1) ?? '', 190, 460);
    for (let day = 0; day < 3; day += 1) await clinic.later(DAY_MS);
    expect(await clinic.accounts()).toEqual([
      expect.objectContaining({
        status: 'expired',
        statusReason: 'Refused: the token is dead (code 190/460). Connect again.',
      }),
      expect.objectContaining({ status: 'expired' }),
    ]);
    expect(await newsAfter(clinic)).toEqual([
      'connection.expired of Clínica Sol',
      'connection.expired of @sol100',
    ]);
    expect(clinic.keeper.countOf('verify')).toBe(0);
    await clinic.connect(clinic.keeper.issueShort());
    expect((await newsAfter(clinic)).slice(2)).toEqual([
      'connection.connected of Clínica Sol',
      'connection.connected of @sol100',
    ]);
  });

  it('that reached their end leave an account alive whose own token outlives them', async () => {
    const clinic = await connected(({ keeper }) => (keeper.renewable = false));
    await clinic.later(61 * DAY_MS);
    expect((await clinic.accounts())[0]).toMatchObject({
      status: 'expiring',
      statusReason: expect.stringContaining('cannot be renewed: connect again'),
    });
    expect(await clinic.login()).toMatchObject({ status: 'expired' });
  });

  it('of an account whose send met a dead token are looked at at once, and give it a new one', async () => {
    const clinic = await connected();
    const [page] = await clinic.accounts();
    const before = await clinic.tokenInUse();
    // What messaging notes when the provider refuses the token of a send.
    await noteAccountStatus(clinic.ctx, clinic.tenantId, page?.id ?? '', 'expired', 'Dead.');
    // The Page gives another token from now on.
    clinic.keeper.pages = [{ id: '100', name: 'Clínica Sol' }];
    clinic.keeper.failNext('verify', no());
    await clinic.later(0);
    expect(await clinic.tokenInUse()).toBe(before);
    expect(await newsAfter(clinic)).toEqual([
      'connection.expired of Clínica Sol',
      'connection.connected of Clínica Sol',
    ]);
  });

  it('do not call a dead account connected, however often they are looked at', async () => {
    const clinic = await connected();
    const [page] = await clinic.accounts();
    await noteAccountStatus(clinic.ctx, clinic.tenantId, page?.id ?? '', 'expired', 'Dead.');
    clinic.keeper.failNext(
      'verify',
      ...Array.from({ length: 9 }, () => new TokenExpiredError('Still dead.')),
    );
    for (let look = 0; look < 8; look += 1) await clinic.later(7 * HOUR_MS);
    expect(await statuses(clinic)).toEqual(['expired', 'active']);
    expect(await newsAfter(clinic)).toEqual(['connection.expired of Clínica Sol']);
  });

  it.each([
    new ProviderError('provider_unavailable', 'Session has expired', 'unavailable', 1, null),
    new ProviderError('provider_rejected', 'Error validating access token', 'invalid', 100, 33),
  ])('are dead by the kind of the error, never by its words: %s', async (error) => {
    const clinic = await connected();
    clinic.keeper.failNext('inspect', error);
    await clinic.later(7 * HOUR_MS);
    expect(await statuses(clinic)).toEqual(['active', 'active']);
  });

  it('whose permissions were taken back meanwhile say so, without a word of a token', async () => {
    const clinic = await connected();
    clinic.keeper.permissions = ['comments'];
    await clinic.later(7 * HOUR_MS);
    expect(await statuses(clinic)).toEqual(['error', 'error']);
    expect(await newsAfter(clinic)).toEqual([
      'connection.error of Clínica Sol',
      'connection.error of @sol100',
    ]);
  });

  it('bring in what their owner has added since, and leave alone what another login has connected', async () => {
    const clinic = await connected();
    await clinic.connect(clinic.keeper.issueShort(), { credentialId: 'credential-2' });
    clinic.keeper.pages.push({ id: '200', name: 'Filial' });
    for (let day = 0; day < 50; day += 1) await clinic.later(DAY_MS);
    const accounts = await clinic.accounts();
    expect(accounts).toHaveLength(4);
    expect(accounts.slice(0, 2).map(({ credentialId }) => credentialId)).toEqual([
      'credential-2',
      'credential-2',
    ]);
    expect(accounts.map(({ status }) => status)).toEqual(Array(4).fill('active'));
  });
});
