import {
  checkMetaCredential,
  discoverAccounts,
  discoverMetaAccounts,
  loginOfCredential,
} from '../../../core/providers/meta';
import type { MetaCredential } from '../../../core/providers/meta';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import type { SeenRequest } from '../http/support/localServer';
import { APP_SECRET, INSTAGRAM_ID, PAGE_ID, PROOF, TOKEN } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let credential: MetaCredential;

beforeAll(async () => {
  graph = await startGraphServer();
});

afterAll(() => graph.close());

beforeEach(() => {
  credential = {
    accessToken: ` ${TOKEN} `,
    appId: '555',
    appSecret: APP_SECRET,
    pageId: PAGE_ID,
    graphVersion: 'v25.0',
    graphBaseUrl: graph.server.url,
  };
});

const IG = { id: INSTAGRAM_ID, username: 'clinica.sol', name: 'Clínica' };
const discover = () => discoverMetaAccounts(graph.http, credential);

/** Answers by path and fields; a number is the code of an error. */
function answerRoutes(
  routes: Record<string, object | number | ((request: SeenRequest) => object)>,
) {
  graph.answerWith((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    const key = pathname.replace('/v25.0/', '');
    const found = routes[`${key}?${searchParams.get('fields') ?? ''}`] ?? routes[key] ?? 2500;
    if (typeof found === 'number') {
      const message = 'words of Meta';
      sendJson(response, { error: { code: found, message } }, 400);
    } else sendJson(response, typeof found === 'function' ? found(request) : found);
  });
}

describe('discovery with a Page ID', () => {
  it("finds the Page and its Instagram account with the Page's own token", async () => {
    answerRoutes({
      me: { id: PAGE_ID, name: 'Clínica Sol' },
      [PAGE_ID]: { id: PAGE_ID, name: 'Clínica Sol', instagram_business_account: IG },
    });
    const secrets = {
      accessToken: TOKEN,
      appId: '555',
      appSecret: APP_SECRET,
      apiBaseUrl: graph.server.url,
      apiVersion: 'v25.0',
    };
    await expect(discover()).resolves.toEqual([
      {
        channel: 'messenger',
        externalId: PAGE_ID,
        parentExternalId: null,
        name: 'Clínica Sol',
        secrets,
        expiresAt: null,
      },
      {
        channel: 'instagram',
        externalId: INSTAGRAM_ID,
        parentExternalId: PAGE_ID,
        parentName: 'Clínica Sol',
        name: '@clinica.sol',
        username: 'clinica.sol',
        pictureUrl: null,
        secrets,
        expiresAt: null,
      },
    ]);
    const asked = graph.server.requests.map(({ url }) => new URL(url, 'http://x').searchParams);
    expect(asked.map((query) => query.get('fields'))).toEqual([
      'id,name',
      'name,instagram_business_account{id,username,name,profile_picture_url}',
    ]);
    expect(asked.map((query) => query.get('appsecret_proof'))).toEqual([PROOF, PROOF]);
  });

  it('finds the Page alone where no Instagram account is linked', async () => {
    answerRoutes({ me: { id: PAGE_ID }, [PAGE_ID]: { name: 'Só a Página' } });
    await expect(discover()).resolves.toMatchObject([
      { channel: 'messenger', name: 'Só a Página' },
    ]);
  });

  it("takes the Page's own token where the given one is a user's", async () => {
    answerRoutes({
      me: { id: '42', name: 'Helena' },
      [`${PAGE_ID}?access_token`]: { id: PAGE_ID, access_token: 'EAAGpage-token' },
      [PAGE_ID]: { name: 'Clínica Sol' },
    });
    await expect(discover()).resolves.toMatchObject([
      { secrets: { accessToken: 'EAAGpage-token' } },
    ]);
  });

  it('says so when the user of the token may not speak for the Page', async () => {
    answerRoutes({
      me: { id: '42', name: 'Helena' },
      [`${PAGE_ID}?access_token`]: { id: PAGE_ID },
      [PAGE_ID]: { name: 'Clínica Sol' },
    });
    expect(await rejectionOf(discover())).toMatchObject({
      code: 'invalid_input',
      field: 'Access Token',
      message: `The token does not belong to the Page ${PAGE_ID}.`,
    });
  });

  it.each([100, 803])('names the Page ID when Meta does not know it (code %s)', async (code) => {
    answerRoutes({ me: { id: '42' }, [PAGE_ID]: code });
    expect(await rejectionOf(discover())).toMatchObject({
      field: 'Page ID',
      message: expect.stringContaining(PAGE_ID),
    });
  });
});

describe('discovery without a Page ID', () => {
  beforeEach(() => {
    credential.pageId = '';
  });

  it('lists every Page of a user over all pages of the list, each with its own token', async () => {
    const listed = (n: number) => ({ id: `${n}`, name: `P${n}`, access_token: `EAAGtoken-${n}` });
    answerRoutes({
      me: { id: '42' },
      'me/accounts': ({ url }) =>
        url.includes('after=c2')
          ? { data: [{ ...listed(3), instagram_business_account: IG }] }
          : {
              data: [listed(1), listed(2)],
              paging: {
                next: `https://graph.facebook.com/v25.0/me/accounts?access_token=${TOKEN}&limit=100&after=c2&fields=id`,
              },
            },
    });
    await expect(discover()).resolves.toMatchObject([
      { channel: 'messenger', externalId: '1', secrets: { accessToken: 'EAAGtoken-1' } },
      { channel: 'messenger', externalId: '2', secrets: { accessToken: 'EAAGtoken-2' } },
      { channel: 'messenger', externalId: '3', secrets: { accessToken: 'EAAGtoken-3' } },
      { channel: 'instagram', externalId: INSTAGRAM_ID, secrets: { accessToken: 'EAAGtoken-3' } },
    ]);
    const [, first, next] = graph.server.requests.map(({ url }) => new URL(url, 'http://x'));
    expect(Object.fromEntries(first?.searchParams ?? [])).toEqual({
      fields:
        'id,name,access_token,tasks,category,instagram_business_account{id,username,name,profile_picture_url}',
      limit: '100',
      appsecret_proof: PROOF,
    });
    // The next page is asked for here, not at the host that Meta names, and without a token in the address.
    expect(next?.pathname).toBe('/v25.0/me/accounts');
    expect(Object.fromEntries(next?.searchParams ?? [])).toEqual({
      fields: 'id',
      limit: '100',
      after: 'c2',
      appsecret_proof: PROOF,
    });
  });

  it('explains a Page that whoever logged in may not speak for', async () => {
    const listed = { id: '1', name: 'Clínica Sol' };
    answerRoutes({
      me: { id: '42' },
      'me/accounts': {
        data: [
          { ...listed, instagram_business_account: IG },
          { ...listed, id: '2', access_token: 'EAAG-2', tasks: ['ANALYZE', 'ADVERTISE'] },
          { ...listed, id: '3', access_token: 'EAAG-3', tasks: ['ANALYZE', 'MESSAGING'] },
          { ...listed, id: '4', access_token: 'EAAG-4' },
        ],
      },
    });
    const found = await discover();
    expect(found.map(({ externalId, problem }) => [externalId, problem])).toEqual([
      ['1', expect.stringContaining('no token for the Page "Clínica Sol"')],
      [INSTAGRAM_ID, expect.stringContaining('no token for the Page "Clínica Sol"')],
      ['2', expect.stringMatching(/task MESSAGING .* connect again/)],
      ['3', undefined],
      ['4', undefined],
    ]);
    expect(found[0]?.secrets).not.toHaveProperty('accessToken');
  });

  it('explains an account whose permissions were not given', async () => {
    const data = [{ id: '1', name: 'Sol', access_token: 'EAAG-1', instagram_business_account: IG }];
    answerRoutes({ me: { id: '42' }, 'me/accounts': { data } });
    const login = loginOfCredential(credential);
    const found = await discoverAccounts(graph.http, login, ['pages_messaging', 'instagram_basic']);
    expect(found.map(({ channel, problem }) => [channel, problem])).toEqual([
      ['messenger', undefined],
      ['instagram', expect.stringContaining('without instagram_manage_messages,')],
    ]);
  });

  it('ends with a list that turns in circles', async () => {
    answerRoutes({
      me: { id: '42' },
      'me/accounts': { data: [], paging: { next: 'https://graph.facebook.com/?after=again' } },
    });
    expect(await rejectionOf(discover())).toMatchObject({ field: 'Access Token' });
    expect(graph.server.requests).toHaveLength(51);
  });

  it('takes the token of a single Page for that Page', async () => {
    answerRoutes({
      me: { id: PAGE_ID, name: 'Clínica Sol' },
      'me/accounts': 100,
      [PAGE_ID]: { name: 'Clínica Sol', instagram_business_account: { id: INSTAGRAM_ID } },
    });
    await expect(discover()).resolves.toMatchObject([
      { channel: 'messenger', externalId: PAGE_ID, secrets: { accessToken: TOKEN } },
      { channel: 'instagram', name: 'Clínica Sol (Instagram)' },
    ]);
  });
});

describe('discovery after Instagram Login', () => {
  beforeEach(() => {
    credential = {
      ...credential,
      login: 'instagram',
      accessToken: 'IGQtoken',
      instagramAppId: '777',
      instagramAppSecret: 'instagram-app-secret',
      instagramGraphBaseUrl: graph.server.url,
    };
  });

  it('finds the account under the id that its webhooks carry, without proof or Page', async () => {
    answerRoutes({
      me: { id: 'scoped-1', user_id: 17841400000000, username: 'clinica.sol', name: 'Clínica' },
    });
    await expect(discover()).resolves.toEqual([
      {
        channel: 'instagram',
        externalId: '17841400000000',
        parentExternalId: null,
        name: '@clinica.sol',
        username: 'clinica.sol',
        pictureUrl: null,
        secrets: {
          login: 'instagram',
          accessToken: 'IGQtoken',
          appId: '777',
          appSecret: 'instagram-app-secret',
          apiBaseUrl: graph.server.url,
          apiVersion: 'v25.0',
        },
        expiresAt: null,
      },
    ]);
    const [request, ...more] = graph.server.requests;
    expect(more).toEqual([]);
    expect(request?.url).toBe(
      '/v25.0/me?fields=user_id%2Cusername%2Cname%2Caccount_type%2Cprofile_picture_url',
    );
    expect(request?.headers.authorization).toBe('Bearer IGQtoken');
  });

  it('says so where Meta names no professional account', async () => {
    answerRoutes({ me: { id: 'scoped-1' } });
    expect(await rejectionOf(discover())).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('professional account'),
    });
  });
});

describe('a credential that does not work', () => {
  it('without a token makes no call', async () => {
    graph.answerWith((_request, response) => sendJson(response, {}));
    credential.accessToken = ' ';
    expect(await rejectionOf(discover())).toMatchObject({ field: 'Access Token' });
    expect(graph.server.requests).toHaveLength(0);
  });

  it('with a dead token says why', async () => {
    graph.answerError({ code: 190, error_subcode: 460 }, 401);
    expect(await rejectionOf(discover())).toMatchObject({
      reason: 'token_expired',
      message: expect.stringContaining('changed their password'),
    });
  });

  it('with a version that has ended says which field to change', async () => {
    graph.answerError({ code: 2635 });
    expect(await rejectionOf(discover())).toMatchObject({
      retryClass: 'configuration',
      hint: 'Set a newer Graph Version in the credential.',
    });
  });

  it.each([
    [APP_SECRET, 'The app secret is not that of the app which made the token.'],
    ['', 'The app accepts calls with its app secret only, and the credential has none.'],
  ])('with app secret %j that Meta refuses points to the app secret', async (secret, message) => {
    credential.appSecret = secret;
    answerRoutes({ me: 100 });
    expect(await rejectionOf(discover())).toMatchObject({ field: 'App Secret', message });
  });
});

describe('checkMetaCredential', () => {
  it('gives the name of the Page, or of every Page of a user', async () => {
    answerRoutes({ me: { id: PAGE_ID }, [PAGE_ID]: { name: 'Clínica Sol' } });
    await expect(checkMetaCredential(graph.http, credential)).resolves.toEqual({
      name: 'Clínica Sol',
    });
    credential.pageId = undefined;
    const data = ['A', 'B'].map((name) => ({ id: name, name, access_token: `EAAG-${name}` }));
    answerRoutes({ me: { id: '42' }, 'me/accounts': { data } });
    await expect(checkMetaCredential(graph.http, credential)).resolves.toEqual({ name: 'A, B' });
  });
});
