import { discoverWhatsAppAccounts } from '../../../core/providers/whatsapp-cloud';
import { rejectionOf } from '../http/support/clients';
import { sendJson, type SeenRequest } from '../http/support/localServer';
import { startGraphServer, type GraphServer } from '../meta/support/graphServer';
import { APP_SECRET, BUSINESS_ID, NUMBER_ID, PROOF, TOKEN } from './support/accounts';

let graph: GraphServer;
beforeAll(async () => {
  graph = await startGraphServer();
});
afterAll(() => graph.close());

const NUMBER = {
  id: NUMBER_ID,
  display_phone_number: '+55 11 90000-0001',
  verified_name: 'Clínica Sol',
  quality_rating: 'GREEN',
  name_status: 'APPROVED',
  throughput: { level: 'STANDARD' },
  whatsapp_business_manager_messaging_limit: 'TIER_2K',
};
const OTHER = { id: '42', display_phone_number: '+55 11 90000-0002' };

interface Meta {
  token?: string;
  secret?: boolean;
  numbers?: object[];
  permission?: boolean;
}

/** A Graph API that knows one token, one number and one business account. */
function serve({
  token = TOKEN,
  secret = false,
  numbers = [NUMBER, OTHER],
  permission = true,
}: Meta = {}) {
  graph.answerWith((request, response) => {
    const refuse = (code: number, status = 400) =>
      sendJson(response, { error: { code, message: `(#${code})` } }, status);
    const url = new URL(request.url, graph.server.url);
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(190, 401);
    if (secret && url.searchParams.has('appsecret_proof')) {
      if (url.searchParams.get('appsecret_proof') !== PROOF) return refuse(100);
    }
    if (!permission) return refuse(200, 403);
    const known = numbers.find(
      (number) => url.pathname === `/v25.0/${(number as { id: string }).id}`,
    );
    if (known) return sendJson(response, known);
    if (url.pathname === `/v25.0/${BUSINESS_ID}/phone_numbers`) {
      return sendJson(response, { data: numbers });
    }
    return refuse(100);
  });
}

const discover = (fields: object = {}) =>
  discoverWhatsAppAccounts(graph.http, {
    accessToken: TOKEN,
    phoneNumberId: NUMBER_ID,
    businessAccountId: BUSINESS_ID,
    graphVersion: 'v25.0',
    graphBaseUrl: graph.server.url,
    ...fields,
  });

describe('the accounts of a credential', () => {
  it('are its number, with what Meta says of it', async () => {
    serve();
    await expect(discover({ appSecret: APP_SECRET })).resolves.toEqual([
      {
        channel: 'whatsapp',
        externalId: NUMBER_ID,
        parentExternalId: BUSINESS_ID,
        name: 'Clínica Sol +55 11 90000-0001',
        secrets: {
          accessToken: TOKEN,
          apiBaseUrl: graph.server.url,
          apiVersion: 'v25.0',
          appSecret: APP_SECRET,
        },
        expiresAt: null,
        health: {
          phoneNumber: '5511900000001',
          verifiedName: 'Clínica Sol',
          qualityRating: 'GREEN',
          messagingLimit: 'TIER_2K',
          throughput: 'STANDARD',
          nameStatus: 'APPROVED',
        },
      },
    ]);
  });

  it('are every number of the business account where none is named', async () => {
    serve();
    const accounts = await discover({ phoneNumberId: '' });
    expect(accounts.map(({ externalId }) => externalId)).toEqual([NUMBER_ID, '42']);
  });

  it('are the number alone where no business account is named', async () => {
    serve();
    await expect(discover({ businessAccountId: '' })).resolves.toMatchObject([
      { externalId: NUMBER_ID, parentExternalId: null },
    ]);
  });

  it('are read from every page', async () => {
    const pages: SeenRequest[] = [];
    graph.answerWith((request, response) => {
      pages.push(request);
      const isFirst = pages.length === 1;
      sendJson(response, {
        data: [isFirst ? NUMBER : OTHER],
        paging: isFirst
          ? { next: 'https://x', cursors: { after: 'c1' } }
          : { cursors: { after: 'c2' } },
      });
    });
    await expect(discover({ phoneNumberId: '' })).resolves.toHaveLength(2);
    expect(pages[1]?.url).toContain('after=c1');
  });
});

describe('a credential that is wrong says which field', () => {
  it.each([
    ['the token', {}, { token: 'another' }, 'Access Token'],
    ['the number', { phoneNumberId: '999' }, {}, 'Phone Number ID'],
    ['the business account', { businessAccountId: '999' }, {}, 'WhatsApp Business Account ID'],
    ['the app secret', { appSecret: 'wrong' }, { secret: true }, 'App Secret'],
    ['the token’s access', {}, { permission: false }, 'Access Token'],
    ['a number of another account', {}, { numbers: [NUMBER] }, null],
  ] as Array<[string, object, Meta, string | null]>)('%s', async (_what, fields, meta, field) => {
    serve(meta);
    if (field === null) return void (await expect(discover(fields)).resolves.toHaveLength(1));
    const error = await rejectionOf(discover(fields));
    expect(error).toMatchObject({ code: 'invalid_input', field, hint: expect.any(String) });
    expect(JSON.stringify([(error as Error).message, error])).not.toContain(TOKEN);
  });

  it('when the number belongs to another business account', async () => {
    serve();
    graph.answerWith((request, response) => {
      sendJson(response, request.url.includes('phone_numbers') ? { data: [OTHER] } : NUMBER);
    });
    expect(await rejectionOf(discover())).toMatchObject({
      field: 'WhatsApp Business Account ID',
      message: expect.stringContaining('does not belong to the business account'),
    });
  });

  it.each([
    [{ accessToken: ' ' }, 'Access Token'],
    [{ phoneNumberId: '', businessAccountId: '' }, 'Phone Number ID'],
  ])('when it is empty', async (fields, field) => {
    serve();
    expect(await rejectionOf(discover(fields))).toMatchObject({ code: 'invalid_input', field });
    expect(graph.server.requests).toHaveLength(0);
  });

  it('and blames nobody when Meta is down', async () => {
    graph.answerError({ code: 131016 }, 503);
    expect(await rejectionOf(discover())).toMatchObject({ reason: 'provider_unavailable' });
  });
});
