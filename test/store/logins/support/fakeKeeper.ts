import {
  TokenExpiredError,
  type Account,
  type LoginSecrets,
  type SendError,
} from '../../../../core/model';
import type {
  ConnectionKeeper,
  DiscoveredAccount,
  LoginFacts,
  LoginToken,
  ProviderConnection,
} from '../../../../core/providers/provider';
import type { TestClock } from '../../../support/testClock';

const DAY_MS = 24 * 3_600_000;

interface FakeToken {
  issuedAt: number;
  /** null = never. */
  endsAt: number | null;
  isShort: boolean;
  /** Code and subcode of an error that a person caused. */
  dead?: [number, number];
}

type Method = 'extend' | 'inspect' | 'renew' | 'discover' | 'verify' | 'subscribe' | 'unsubscribe';

/**
 * Logins of a provider in memory, with the rules that matter: tokens end and are revoked, the old one of a renewal stays
 * good, the tokens of Pages outlive the login they came from and die with its revocation.
 */
export class FakeKeeper implements ConnectionKeeper {
  /** Every call in order: its name and the token it was made with. */
  readonly calls: Array<[Method, string]> = [];
  readonly tokens = new Map<string, FakeToken>();
  /** What the next calls of a method fail with. */
  readonly failures = new Map<Method, Error[]>();
  readonly subscribed = new Set<string>();
  longLifeMs = 60 * DAY_MS;
  minAgeMs = 0;
  renewable = true;
  /** A renewal gives a token with the end of the old one. */
  keepsEnd = false;
  permissions: string[] | undefined = ['messages', 'comments'];
  dataAccessExpiresAt: number | null = null;
  pages = [{ id: '100', name: 'Clínica Sol' }];
  #made = 0;

  constructor(private readonly clock: TestClock) {}

  /** What n8n gets of the dialog. */
  issueShort(lifeMs = 3_600_000): string {
    return this.#issue('short', lifeMs, true);
  }

  issueLong(lifeMs: number | null = this.longLifeMs): string {
    return this.#issue('long', lifeMs, false);
  }

  kill(token: string, code = 190, subcode = 460): void {
    const found = this.tokens.get(token);
    if (found) found.dead = [code, subcode];
  }

  failNext(method: Method, ...errors: Error[]): void {
    this.failures.set(method, [...(this.failures.get(method) ?? []), ...errors]);
  }

  countOf(method: Method): number {
    return this.calls.filter(([name]) => name === method).length;
  }

  async extend({ accessToken }: LoginSecrets): Promise<LoginToken> {
    this.#use('extend', accessToken);
    return { accessToken: this.issueLong(), expiresInMs: this.longLifeMs };
  }

  async inspect({ accessToken }: LoginSecrets): Promise<LoginFacts> {
    const { issuedAt, endsAt, isShort } = this.#use('inspect', accessToken);
    return {
      subjectId: 'user-1',
      issuedAt,
      expiresAt: endsAt,
      dataAccessExpiresAt: this.dataAccessExpiresAt,
      ...(this.permissions ? { permissions: this.permissions } : {}),
      renewable: this.renewable && endsAt !== null,
      isShortLived: isShort,
    };
  }

  renewableAfterMs(): number {
    return this.minAgeMs;
  }

  async renew({ accessToken }: LoginSecrets): Promise<LoginToken> {
    const old = this.#use('renew', accessToken);
    if (this.keepsEnd) return { accessToken, expiresInMs: (old.endsAt ?? 0) - this.clock.now() };
    return { accessToken: this.issueLong(), expiresInMs: this.longLifeMs };
  }

  async discover(
    { accessToken }: LoginSecrets,
    permissions?: readonly string[],
  ): Promise<DiscoveredAccount[]> {
    this.#use('discover', accessToken);
    const isMuted = permissions !== undefined && !permissions.includes('messages');
    return this.pages.flatMap(({ id, name }) => {
      const secrets = { accessToken: `page-${id}-of-${accessToken}`, appSecret: 'app-secret' };
      const shared = {
        secrets,
        expiresAt: null,
        ...(isMuted ? { problem: 'It was connected without messages.' } : {}),
      };
      return [
        { ...shared, channel: 'messenger', externalId: id, parentExternalId: null, name },
        {
          ...shared,
          channel: 'instagram',
          externalId: `ig-${id}`,
          parentExternalId: id,
          parentName: name,
          name: `@sol${id}`,
          username: `sol${id}`,
        },
      ];
    });
  }

  endedNaturally({ details }: TokenExpiredError): boolean {
    return details.subcode === 463;
  }

  async verify({ secrets }: ProviderConnection): Promise<void> {
    this.#use('verify', secrets.accessToken ?? '');
  }

  missingPermissions(_account: Account, granted: readonly string[]) {
    const lacks = (name: string) => (granted.includes(name) ? [] : [name]);
    return { essential: lacks('messages'), useful: lacks('comments') };
  }

  pageOf(account: Account) {
    const { parentExternalId, parentName, externalId, name } = account;
    return parentExternalId === null
      ? { id: externalId, name }
      : { id: parentExternalId, name: parentName };
  }

  subscribedAsset(account: Account): string {
    return account.parentExternalId ?? account.externalId;
  }

  async subscription({ account }: ProviderConnection) {
    const isOn = this.subscribed.has(this.subscribedAsset(account));
    return {
      isSubscribed: isOn,
      fields: isOn ? ['messages'] : [],
      missing: isOn ? [] : ['messages'],
    };
  }

  async subscribe({ account, secrets }: ProviderConnection): Promise<string[]> {
    this.#use('subscribe', secrets.accessToken ?? '');
    this.subscribed.add(this.subscribedAsset(account));
    return ['messages'];
  }

  async unsubscribe({ account, secrets }: ProviderConnection): Promise<boolean> {
    this.#use('unsubscribe', secrets.accessToken ?? '');
    this.subscribed.delete(this.subscribedAsset(account));
    return true;
  }

  #issue(kind: string, lifeMs: number | null, isShort: boolean): string {
    this.#made += 1;
    const token = `${kind}-${this.#made}`;
    const issuedAt = this.clock.now();
    const endsAt = lifeMs === null ? null : issuedAt + lifeMs;
    this.tokens.set(token, { issuedAt, endsAt, isShort });
    return token;
  }

  /** @throws what the test wants, or TokenExpiredError for a dead token */
  #use(method: Method, accessToken: string): FakeToken {
    this.calls.push([method, accessToken]);
    const failure = this.failures.get(method)?.shift();
    if (failure) throw failure;
    const parent = /^page-\d+-of-(.*)$/.exec(accessToken)?.[1];
    const own = this.tokens.get(accessToken);
    const token = own ?? this.tokens.get(parent ?? '');
    if (!token) throw dead(190, null);
    if (token.dead) throw dead(...token.dead);
    const isOver = token.endsAt !== null && this.clock.now() >= token.endsAt;
    if (isOver && (own || token.isShort)) throw dead(190, 463);
    return token;
  }
}

function dead(code: number, subcode: number | null): SendError {
  return new TokenExpiredError(`Refused: the token is dead (code ${code}/${subcode}).`, {
    hint: 'Connect again.',
    details: { code, subcode },
  });
}
