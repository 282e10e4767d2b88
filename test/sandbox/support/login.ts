import type { Sandbox } from '../../../sandbox/server.ts';

/** What a person does in the login dialog; everything is ticked unless said otherwise. */
export interface DialogChoice {
  /** User id (Facebook) or account id (Instagram); default the seed's doctor. */
  person?: string;
  /** Permissions that the person unticks. */
  decline?: string[];
  /** Pages that stay ticked; all without it. */
  pages?: string[];
  cancel?: boolean;
  /** "Edit access": decide anew what was decided before. */
  edit?: boolean;
}

export const REDIRECT_URI = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';

/** Parameters of a dialog request that is in order. */
export function dialogParams(sandbox: Sandbox): Record<string, string> {
  return {
    client_id: sandbox.seed.app.id,
    redirect_uri: REDIRECT_URI,
    state: 'state-1',
    response_type: 'code',
    scope: 'pages_messaging,pages_manage_metadata,pages_show_list,instagram_basic',
  };
}

/** The same for Business Login for Instagram. */
export function instagramDialogParams(sandbox: Sandbox): Record<string, string> {
  return {
    client_id: sandbox.seed.instagramLogin.appId,
    redirect_uri: REDIRECT_URI,
    state: 'state-1',
    response_type: 'code',
    scope: 'instagram_business_basic,instagram_business_manage_messages',
  };
}

/** Goes through a login dialog by its forms, without a browser. @returns where it sends the browser */
export async function passDialog(
  address: string,
  params: Record<string, string>,
  choice: DialogChoice = {},
): Promise<URL> {
  const first = await fetch(`${address}?${new URLSearchParams(params).toString()}`);
  const page = await first.text();
  if (first.status !== 200) throw new Error(problemOf(page));
  const dialog = attribute(page, /name="dialog" value="([^"]+)"/);
  const post = (form: URLSearchParams): Promise<Response> =>
    fetch(address, { method: 'POST', body: form, redirect: 'manual' });
  if (choice.cancel === true) {
    return location(await post(new URLSearchParams({ dialog, decision: 'cancel' })));
  }
  const person = choice.person ?? attribute(page, /data-id="([^"]+)"/);
  const answer: Record<string, string> = { dialog, person };
  const consent = await post(
    new URLSearchParams({ ...answer, ...(choice.edit === true ? { edit: '1' } : {}) }),
  );
  const text = await consent.text();
  const form = new URLSearchParams({ ...answer, decision: 'continue' });
  if (text.includes('name="earlier"')) form.set('earlier', '1');
  for (const [key, value] of ticked(text)) {
    const untick =
      key === 'page'
        ? choice.pages?.includes(value) === false
        : choice.decline?.includes(value) === true;
    if (!untick) form.append(key, value);
  }
  return location(await post(form));
}

/** Facebook's dialog of the sandbox, v25.0. @returns the code */
export async function facebookCode(
  sandbox: Sandbox,
  choice: DialogChoice = {},
  params: Record<string, string> = {},
): Promise<string> {
  const url = await passDialog(
    `${sandbox.url}/v25.0/dialog/oauth`,
    { ...dialogParams(sandbox), ...params },
    choice,
  );
  return url.searchParams.get('code') ?? '';
}

/** The whole way to a user token: dialog, code, and with `long` the exchange. @returns the token */
export async function facebookLogin(
  sandbox: Sandbox,
  choice: DialogChoice & { long?: boolean; params?: Record<string, string> } = {},
): Promise<string> {
  const code = await facebookCode(sandbox, choice, choice.params);
  const app = { client_id: sandbox.seed.app.id, client_secret: sandbox.seed.app.secret };
  const short = await exchange(sandbox, { ...app, redirect_uri: REDIRECT_URI, code });
  if (choice.long !== true) return short;
  return exchange(sandbox, {
    ...app,
    grant_type: 'fb_exchange_token',
    fb_exchange_token: short,
  });
}

async function exchange(sandbox: Sandbox, params: Record<string, string>): Promise<string> {
  const query = new URLSearchParams(params).toString();
  const response = await fetch(`${sandbox.url}/v25.0/oauth/access_token?${query}`);
  const body = (await response.json()) as { access_token?: string };
  if (body.access_token === undefined) throw new Error(JSON.stringify(body));
  return body.access_token;
}

/** Boxes that are ticked on a page, as name and value. */
function ticked(page: string): Array<[string, string]> {
  const boxes = page.match(/<input\s+type="checkbox"[^>]*>/g) ?? [];
  return boxes
    .filter((box) => /\schecked\s/.test(box))
    .map((box) => [attribute(box, /name="([^"]+)"/), attribute(box, /value="([^"]+)"/)]);
}

function attribute(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The page lacks ${String(pattern)}: ${text}`);
  return found;
}

function location(response: Response): URL {
  const to = response.headers.get('location');
  if (to === null) throw new Error(`The dialog sent the browser nowhere: ${response.status}`);
  return new URL(to);
}

function problemOf(page: string): string {
  return /data-testid="login-problem">([^<]+)</.exec(page)?.[1] ?? page;
}
