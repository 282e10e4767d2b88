import CryptoJS from 'crypto-js';
import { inspectToken } from '../../../core/providers/meta';
import { appSecretProof } from '../../../core/providers/graph/client';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { APP_SECRET, PROOF, TOKEN } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;

beforeAll(async () => {
  graph = await startGraphServer();
});

afterAll(() => graph.close());

const inspect = () =>
  inspectToken(
    graph.http,
    { appId: '555', appSecret: APP_SECRET, baseUrl: graph.server.url, version: 'v25.0' },
    TOKEN,
  );
const answer = (data: object) =>
  graph.answerWith((_request, response) => sendJson(response, { data }));

describe('appsecret_proof', () => {
  it('is the documented digest, by two implementations', () => {
    expect(appSecretProof(TOKEN, APP_SECRET)).toBe(PROOF);
    expect(CryptoJS.HmacSHA256(TOKEN, APP_SECRET).toString(CryptoJS.enc.Hex)).toBe(PROOF);
  });
});

describe('the look at a token', () => {
  it('tells ends, permissions and whose it is, asked with the token of the app', async () => {
    answer({
      app_id: '1234567890',
      type: 'USER',
      data_access_expires_at: 1_563_217_616,
      expires_at: 1_561_330_800,
      issued_at: 1_556_146_800,
      is_valid: true,
      scopes: ['pages_show_list', 'business_management'],
      user_id: 9_876_543_212_345,
    });
    await expect(inspect()).resolves.toEqual({
      problem: null,
      type: 'USER',
      appId: '1234567890',
      userId: '9876543212345',
      profileId: null,
      issuedAt: 1_556_146_800_000,
      expiresAt: 1_561_330_800_000,
      dataAccessExpiresAt: 1_563_217_616_000,
      permissions: ['pages_show_list', 'business_management'],
    });
    const [request] = graph.server.requests;
    const url = new URL(request?.url ?? '', 'http://x');
    expect(`${request?.method} ${url.pathname}`).toBe('GET /v25.0/debug_token');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      input_token: TOKEN,
      appsecret_proof: appSecretProof(`555|${APP_SECRET}`, APP_SECRET),
    });
    expect(request?.headers.authorization).toBe(`Bearer 555|${APP_SECRET}`);
  });

  it('takes 0 for never', async () => {
    answer({ is_valid: true, expires_at: 0, data_access_expires_at: 0, scopes: [] });
    await expect(inspect()).resolves.toMatchObject({ expiresAt: null, dataAccessExpiresAt: null });
  });

  it.each([
    [{ code: 190, subcode: 460, message: 'changed' }, 'changed their password'],
    [{ code: 190, error_subcode: 458 }, 'removed the app'],
    [undefined, 'the token is not valid'],
  ])('gives %j as the reason of a dead token', async (error, words) => {
    answer({ is_valid: false, scopes: [], ...(error && { error }) });
    const { problem } = await inspect();
    expect(problem).toMatchObject({
      reason: 'token_expired',
      message: expect.stringContaining(words),
      details: { code: 190 },
    });
  });

  it('fails only where the question itself does', async () => {
    graph.answerError({ code: 190, message: `Invalid token ${APP_SECRET}` });
    const error = await rejectionOf(inspect());
    expect(error).toMatchObject({ reason: 'token_expired' });
    expect((error as Error).message).not.toContain(APP_SECRET);
  });
});
