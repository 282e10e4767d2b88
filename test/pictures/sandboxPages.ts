import type { Browser } from 'playwright-core';
import type { Sandbox } from '../../sandbox/server.ts';
import { control } from '../support/customers.ts';
import { savePicture } from '../support/pictures.ts';

/** A comment of the seed's first Instagram customer, answered in private by the clinic's token. */
async function commentAndAnswer({ url, seed }: Sandbox): Promise<void> {
  const persona = seed.personas.instagram[0]?.id;
  const endpoint = `${url}/_sandbox/inject`;
  const body = JSON.stringify({ kind: 'comment', persona, text: 'Quanto custa?' });
  const { mid } = (await (await fetch(endpoint, { method: 'POST', body })).json()) as {
    mid: string;
  };
  await fetch(`${url}/${seed.graphVersion}/${seed.page.id}/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${seed.pageAccessToken}`,
    },
    body: JSON.stringify({ recipient: { comment_id: mid }, message: { text: 'Te chamei aqui' } }),
  });
}

/** Takes the pictures of the sandbox's own pages: the login dialog, and posts on the phone. */
export async function takeSandboxPictures(browser: Browser, sandbox: Sandbox): Promise<void> {
  const { url, seed } = sandbox;
  const dialog = await browser.newPage({ viewport: { width: 760, height: 860 }, locale: 'en' });
  const query = new URLSearchParams({
    client_id: seed.app.id,
    redirect_uri: 'http://localhost:5678/rest/oauth2-credential/callback',
    response_type: 'code',
    scope: 'pages_messaging,pages_show_list,instagram_manage_messages',
    state: 'picture',
  });
  await dialog.goto(`${url}/${seed.graphVersion}/dialog/oauth?${query.toString()}`);
  await dialog.getByTestId('login-person').first().click();
  await dialog.getByTestId('login-continue').waitFor();
  await savePicture(dialog, 'sandbox-login');
  await dialog.close();

  await control(sandbox, 'PATCH', '/settings', { duplicateEvery: 0 });
  await commentAndAnswer(sandbox);
  const phone = await browser.newPage({ viewport: { width: 1000, height: 830 } });
  const chat = new URLSearchParams({ channel: 'instagram', lang: 'en', theme: 'light' });
  await phone.goto(`${url}/?${chat.toString()}`);
  await phone.getByTestId('open-profile').click();
  await phone.getByTestId('comment-replied').waitFor();
  await phone.getByTestId('profile').evaluate((posts) => posts.scrollTo(0, 510));
  await savePicture(phone, 'phone-posts');
  await phone.close();
}
