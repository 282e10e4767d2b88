import {
  dialogUrl,
  exchangeCode,
  extendToken,
  LOGIN_SCOPES,
  readDialogReturn,
  readPermissions,
  renewToken,
  revokePermissions,
} from '../../../core/providers/meta';
import type { MetaApp } from '../../../core/providers/meta';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { APP_SECRET, PROOF, TOKEN } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let facebook: MetaApp;
let instagram: MetaApp;

beforeAll(async () => {
  graph = await startGraphServer();
  facebook = {
    login: 'facebook',
    appId: '555',
    appSecret: APP_SECRET,
    graphBaseUrl: graph.server.url,
  };
  instagram = {
    login: 'instagram',
    appId: '777',
    appSecret: 'instagram-app-secret',
    instagramGraphBaseUrl: `${graph.server.url}/graph`,
    instagramTokenBaseUrl: `${graph.server.url}/api/`,
  };
});

afterAll(() => graph.close());

const RETURN = { redirectUri: 'https://n8n.example.com/callback?a=b', state: 'st ate' };
const answer = (body: object, status = 200) =>
  graph.answerWith((_request, response) => sendJson(response, body, status));
const asked = () => {
  const [request, ...more] = graph.server.requests;
  expect(more).toEqual([]);
  const url = new URL(request?.url ?? '', 'http://x');
  return {
    call: `${request?.method} ${url.pathname}`,
    query: Object.fromEntries(url.searchParams),
    form: Object.fromEntries(new URLSearchParams(request?.body)),
    headers: request?.headers,
  };
};

describe('the address of the dialog', () => {
  const partsOf = (address: string) => {
    const { origin, pathname, searchParams } = new URL(address);
    return { at: origin + pathname, query: Object.fromEntries(searchParams) };
  };
  const shared = {
    redirect_uri: RETURN.redirectUri,
    state: RETURN.state,
    response_type: 'code',
  };

  it('is that of Facebook, with everything this package can use', () => {
    expect(partsOf(dialogUrl({ ...facebook, graphVersion: 'v26.0' }, RETURN))).toEqual({
      at: 'https://www.facebook.com/v26.0/dialog/oauth',
      query: { ...shared, client_id: '555', scope: LOGIN_SCOPES.facebook.join(',') },
    });
  });

  it('takes a configuration in the place of scopes, asks again, and opens as a popup', () => {
    const options = { ...RETURN, configurationId: '99', again: true, popup: true };
    expect(partsOf(dialogUrl(facebook, options)).query).toEqual({
      ...shared,
      client_id: '555',
      config_id: '99',
      override_default_response_type: 'true',
      auth_type: 'rerequest',
      display: 'popup',
    });
  });

  it('is that of Instagram for Instagram Login, and of a sandbox where one is given', () => {
    expect(partsOf(dialogUrl(instagram, { ...RETURN, again: true }))).toEqual({
      at: 'https://www.instagram.com/oauth/authorize',
      query: {
        ...shared,
        client_id: '777',
        scope: LOGIN_SCOPES.instagram.join(','),
        force_reauth: 'true',
      },
    });
    const at = (app: MetaApp) => partsOf(dialogUrl(app, { ...RETURN, scopes: ['a'] })).at;
    expect(at({ ...instagram, instagramDialogBaseUrl: 'http://127.0.0.1:1/ig/' })).toBe(
      'http://127.0.0.1:1/ig/oauth/authorize',
    );
    expect(at({ ...facebook, dialogBaseUrl: 'http://127.0.0.1:1' })).toBe(
      'http://127.0.0.1:1/v25.0/dialog/oauth',
    );
  });
});

describe('the return of the dialog', () => {
  it.each(['AQD#_=_', 'AQD#_', 'AQD'])('gives the code out of %s', (code) => {
    expect(readDialogReturn({ code, state: 's' })).toEqual({
      kind: 'code',
      code: 'AQD',
      state: 's',
    });
  });

  it('says that the person did not want to, and that something else went wrong', () => {
    const declined = { error: 'access_denied', error_code: '200', error_reason: 'user_denied' };
    expect(readDialogReturn({ ...declined, state: 's' })).toMatchObject({
      kind: 'refused',
      state: 's',
      reason: expect.stringContaining('not given'),
    });
    for (const query of [{}, { code: 'AQD' }, { error: 'server_error' }, { code: ['a'] }]) {
      expect(readDialogReturn(query)).toMatchObject({ kind: 'refused', state: null });
    }
  });
});

describe('tokens of Facebook Login', () => {
  it('come for the code, once, from the versioned endpoint', async () => {
    answer({ access_token: TOKEN, token_type: 'bearer', expires_in: 5_183 });
    const made = await exchangeCode(graph.http, facebook, { code: 'AQD', ...RETURN });
    expect(made).toEqual({
      accessToken: TOKEN,
      expiresInMs: 5_183_000,
      userId: null,
      permissions: null,
    });
    expect(asked()).toMatchObject({
      call: 'GET /v25.0/oauth/access_token',
      query: {
        client_id: '555',
        client_secret: APP_SECRET,
        redirect_uri: RETURN.redirectUri,
        code: 'AQD',
      },
    });
  });

  it.each([
    ['extended', extendToken],
    ['renewed', renewToken],
  ])('are %s by an exchange', async (_how, exchange) => {
    answer({ access_token: 'EAAGlong', token_type: 'bearer', expires_in: 5_183_944 });
    const made = await exchange(graph.http, facebook, TOKEN);
    expect(made).toMatchObject({ accessToken: 'EAAGlong', expiresInMs: 5_183_944_000 });
    expect(asked()).toMatchObject({
      call: 'GET /v25.0/oauth/access_token',
      query: {
        grant_type: 'fb_exchange_token',
        client_id: '555',
        client_secret: APP_SECRET,
        fb_exchange_token: TOKEN,
      },
    });
    expect(asked().headers).not.toHaveProperty('authorization');
  });

  it('may come without a life span', async () => {
    answer({ access_token: TOKEN });
    await expect(extendToken(graph.http, facebook, TOKEN)).resolves.toMatchObject({
      expiresInMs: null,
    });
  });

  it('that are dead say why, by their codes, and without token or secret', async () => {
    const message = `Session of ${TOKEN} with ${APP_SECRET} has expired`;
    graph.answerError({ code: 190, error_subcode: 463, message });
    const error = await rejectionOf(extendToken(graph.http, facebook, TOKEN));
    expect(error).toMatchObject({
      reason: 'token_expired',
      details: { code: 190, subcode: 463 },
      message: expect.stringContaining('the token has expired'),
    });
    expect(JSON.stringify([error, (error as Error).message])).not.toMatch(
      /app-secret-for-tests|EAAGtest/,
    );
  });

  it('are missed where Meta answers without one', async () => {
    answer({ token_type: 'bearer' });
    expect(await rejectionOf(extendToken(graph.http, facebook, TOKEN))).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('without a token'),
    });
  });
});

describe('tokens of Instagram Login', () => {
  it('come for the code by a form, flat as well as wrapped', async () => {
    // As recorded by the users of another library.
    const permissions = ['instagram_business_basic', 'instagram_business_manage_messages'];
    answer({ access_token: 'IGQ', user_id: '1234567890', permissions });
    const made = await exchangeCode(graph.http, instagram, { code: 'AQD', ...RETURN });
    expect(made).toMatchObject({ accessToken: 'IGQ', userId: '1234567890', permissions });
    expect(asked()).toMatchObject({
      call: 'POST /api/oauth/access_token',
      query: {},
      form: {
        client_id: '777',
        client_secret: 'instagram-app-secret',
        grant_type: 'authorization_code',
        redirect_uri: RETURN.redirectUri,
        code: 'AQD',
      },
    });
    for (const given of [permissions, permissions.join(',')]) {
      answer({ data: [{ access_token: 'IGQ', user_id: 17841, permissions: given }] });
      await expect(
        exchangeCode(graph.http, instagram, { code: 'AQD', ...RETURN }),
      ).resolves.toEqual({ accessToken: 'IGQ', expiresInMs: null, userId: '17841', permissions });
    }
  });

  it('are extended and refreshed by endpoints without a version', async () => {
    answer({ access_token: 'IGQlong', token_type: 'bearer', expires_in: 5_184_000 });
    await expect(extendToken(graph.http, instagram, 'IGQ')).resolves.toMatchObject({
      accessToken: 'IGQlong',
      expiresInMs: 60 * 24 * 3_600_000,
    });
    expect(asked()).toMatchObject({
      call: 'GET /graph/access_token',
      query: {
        grant_type: 'ig_exchange_token',
        client_secret: 'instagram-app-secret',
        access_token: 'IGQ',
      },
    });
    answer({ access_token: 'IGQlater', expires_in: 5_184_000 });
    await renewToken(graph.http, instagram, 'IGQlong');
    expect(asked()).toMatchObject({
      call: 'GET /graph/refresh_access_token',
      query: { grant_type: 'ig_refresh_token', access_token: 'IGQlong' },
    });
  });

  it('are refused in a form of error that only api.instagram.com has', async () => {
    const error_message = 'This authorization code has been used: AQD';
    answer({ error_type: 'OAuthException', code: 400, error_message }, 400);
    const error = await rejectionOf(
      exchangeCode(graph.http, instagram, { code: 'AQD', ...RETURN }),
    );
    expect(error).toMatchObject({
      reason: 'token_expired',
      message: expect.stringContaining('This authorization code has been used: ***'),
    });
  });
});

describe('permissions', () => {
  const access = () => ({
    baseUrl: graph.server.url,
    version: 'v25.0',
    accessToken: TOKEN,
    appSecret: APP_SECRET,
  });

  it('are read with what was refused and what has run out', async () => {
    answer({
      data: [
        { permission: 'pages_messaging', status: 'granted' },
        { permission: 'instagram_basic', status: 'declined' },
        { permission: 'pages_show_list', status: 'expired' },
      ],
    });
    await expect(readPermissions(graph.http, access())).resolves.toEqual({
      granted: ['pages_messaging'],
      refused: ['instagram_basic', 'pages_show_list'],
    });
    expect(asked()).toMatchObject({
      call: 'GET /v25.0/me/permissions',
      query: { appsecret_proof: PROOF },
    });
  });

  it('are taken back, one or all', async () => {
    answer({ success: true });
    await revokePermissions(graph.http, access(), 'pages_messaging');
    expect(asked().call).toBe('DELETE /v25.0/me/permissions/pages_messaging');
    answer({ success: true });
    await revokePermissions(graph.http, access());
    expect(asked().call).toBe('DELETE /v25.0/me/permissions');
  });
});
