import type { Browser, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { passLoginDialog } from '../support/loginDialog.ts';
import { savePicture } from '../support/pictures.ts';
import { SEED } from '../../sandbox/seed.ts';

/** Takes the pictures of a login with n8n's own button, and of the list of accounts that it leads to. */
export async function takeConnectionPictures(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const page = await signInToEditor(browser, playground);
  const id = await takeLogin(page, playground);
  await takeAccounts(page, playground, id);
  await page.close();
}

async function takeLogin(page: Page, { n8n, api, sandbox }: Playground): Promise<string> {
  const { graphBaseUrl, dialogBaseUrl } = sandbox.seed;
  const id = await api.createCredential('Clínica Sorriso (login)', 'metaOAuth2Api', {
    login: 'facebook',
    clientId: SEED.appId,
    clientSecret: SEED.appSecret,
    verifyToken: SEED.verifyToken,
    graphVersion: 'v25.0',
    graphBaseUrl,
    dialogBaseUrl,
  });
  await page.goto(`${n8n.baseUrl}/home/credentials/${id}`);
  const popupOpens = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await passLoginDialog(await popupOpens);
  await page.getByText('Account connected').waitFor();
  await savePicture(page, 'credential-meta-login');
  return id;
}

async function takeAccounts(
  page: Page,
  { n8n, api }: Playground,
  credentialId: string,
): Promise<void> {
  const workflowId = await api.createWorkflow({
    name: 'Choose an account',
    nodes: [
      {
        id: '7d2f5b30-1c4e-4a86-9b0d-3e5f7a9c1b01',
        name: 'Instagram and Messenger',
        type: 'n8n-nodes-omnichannel.metaMessaging',
        typeVersion: 1,
        position: [0, 0],
        credentials: { metaOAuth2Api: { id: credentialId, name: 'Clínica Sorriso (login)' } },
        parameters: {
          authentication: 'oAuth2',
          account: { __rl: true, mode: 'list', value: '' },
        },
      },
    ],
    connections: {},
    settings: {},
  });
  await page.goto(`${n8n.baseUrl}/workflow/${workflowId}`);
  await part(page, 'canvas-node').dblclick();
  await part(page, 'rlc-input').click();
  await part(page, 'rlc-item').first().waitFor();
  await savePicture(page, 'node-accounts-of-login');
}
