import { ConnectPortalTrigger } from '../../nodes/ConnectPortal/ConnectPortalTrigger.node';
import { core } from '../../nodes/shared/loadCore';
import { NodeHelpers } from 'n8n-workflow';
import { Hub } from './support/notificaMe.ts';
import { hookContext } from './support/contexts.ts';

const URL_OF_PAGE = 'https://n8n.example.com/webhook/webhook-id/connect';

let hub: Hub;
const node = new ConnectPortalTrigger();

beforeAll(async () => {
  hub = await Hub.start();
});
afterAll(async () => {
  await hub.close();
});

const publish = (logins: string[], credential = {}) =>
  node.webhookMethods.default.create.call(
    hookContext(
      hub.setup({
        node,
        parameters: { logins, options: {} },
        credentials: { notificaMeApi: { ...hub.credential, ...credential } },
        webhookUrl: URL_OF_PAGE,
      }),
    ),
  );

describe('a connect page that offers NotificaMe alone', () => {
  it('asks for no credential of Meta', () => {
    const shown = (logins: string[]) =>
      node.description.credentials
        ?.filter((credential) =>
          NodeHelpers.displayParameter(
            { logins, options: {} },
            credential,
            { typeVersion: 1 },
            node.description,
          ),
        )
        .map(({ name }) => name);
    expect(shown(['notificame'])).toEqual(['notificaMeApi']);
    expect(shown(['facebook'])).toEqual(['metaOAuth2Api']);
    expect(shown(['instagram', 'notificame'])).toEqual(['metaOAuth2Api', 'notificaMeApi']);
  });

  it('is published with the credential of NotificaMe', async () => {
    expect(await publish(['notificame'])).toBe(true);
    const pages = await core.portal.pagesServing(await hub.app(), 'default');
    expect(pages.map(({ url }) => url)).toEqual([URL_OF_PAGE]);
  });

  it('is refused for the Instances API, which has no window', async () => {
    await expect(publish(['notificame'], { profile: 'instances' })).rejects.toThrow(
      /profile "Instances API", which has no window to connect in/,
    );
  });

  it('is refused without a token, naming the field', async () => {
    await expect(publish(['notificame'], { apiToken: '' })).rejects.toThrow(
      'The credential has no API token.',
    );
  });
});
