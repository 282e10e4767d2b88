import { newRecordId } from '../ids.ts';
import { consentPage, personPage, problemPage, type DialogView } from './dialogPage.ts';
import {
  DialogProblem,
  readFacebookAsk,
  readInstagramAsk,
  type DialogAsk,
} from './dialogRequest.ts';
import { cancelDialog, grantFacebook, grantInstagram } from './consent.ts';
import type { Context } from '../context.ts';
import type { Reply, Request } from '../http.ts';
import type { DialogRequest } from '../loginModel.ts';

const KEPT_DIALOGS = 500;

/**
 * The login dialogs that a person clicks through: `GET /{v}/dialog/oauth` of Facebook and
 * `GET /oauth/authorize` of Instagram show the first step, POSTs to the same path the following ones.
 * Sources: sections A.2 (1, 2), A.4.
 */
export function answerDialog(
  context: Context,
  request: Request,
  host: 'www.facebook.com' | 'www.instagram.com',
  path: string,
): Reply {
  const login = host === 'www.facebook.com' ? 'facebook' : 'instagram';
  const view: DialogView = {
    context,
    login,
    isPortuguese: /^pt\b/i.test(request.headers['accept-language'] ?? ''),
  };
  try {
    checkPath(context, login, path);
    if (request.method === 'GET') return openDialog(view, request.query);
    if (request.method === 'POST') return continueDialog(view, request);
    throw new DialogProblem(`sandbox: ${request.method} is not documented for the dialog.`);
  } catch (error) {
    if (error instanceof DialogProblem) return problemPage(view, error.message);
    throw error;
  }
}

function checkPath(context: Context, login: 'facebook' | 'instagram', path: string): void {
  const { graphVersions } = context.store.state.settings;
  const known =
    login === 'instagram'
      ? path === '/oauth/authorize'
      : graphVersions.some((version) => path === `/${version}/dialog/oauth`);
  if (!known) throw new DialogProblem(`sandbox: there is no dialog ${path}.`);
}

function readAsk({ context, login }: DialogView, query: URLSearchParams): DialogAsk {
  const { state } = context.store;
  return login === 'facebook' ? readFacebookAsk(state, query) : readInstagramAsk(state, query);
}

/** Every request is noted, the refused ones too: tests look here for what a client asked. */
function openDialog(view: DialogView, query: URLSearchParams): Reply {
  const { store } = view.context;
  const dialog: DialogRequest = {
    id: newRecordId('dlg'),
    at: store.now(),
    login: view.login,
    params: Object.fromEntries(query),
    scopes: [],
    outcome: 'shown',
  };
  store.state.dialogs.push(dialog);
  if (store.state.dialogs.length > KEPT_DIALOGS) store.state.dialogs.shift();
  store.changed();
  try {
    const ask = readAsk(view, query);
    const { app, redirectUri, scopes } = ask;
    Object.assign(dialog, { appId: app.id, redirectUri, scopes });
    return personPage(view, ask, dialog.id);
  } catch (error) {
    if (error instanceof DialogProblem) {
      Object.assign(dialog, { outcome: 'refused', problem: error.message });
    }
    throw error;
  }
}

function continueDialog(view: DialogView, request: Request): Reply {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const { dialogs } = view.context.store.state;
  const dialog = dialogs.find((item) => item.id === form.get('dialog'));
  if (dialog?.outcome !== 'shown' || dialog.login !== view.login) {
    throw new DialogProblem('This login is over. Close this window and start it again.');
  }
  const ask = readAsk(view, new URLSearchParams(dialog.params));
  if (form.get('decision') === 'cancel') return sendBack(cancelDialog(view.context, dialog, ask));
  if (form.get('decision') === 'person') return personPage(view, ask, dialog.id);
  const person = form.get('person') ?? '';
  const isFacebook = view.login === 'facebook';
  const { users, instagramAccounts } = view.context.store.state;
  if ((isFacebook ? users[person] : instagramAccounts[person]) === undefined) {
    throw new DialogProblem('This person is not known here.');
  }
  if (form.get('decision') !== 'continue') {
    return consentPage(view, ask, { dialogId: dialog.id, person, edits: form.get('edit') === '1' });
  }
  const choice = {
    person,
    permissions: form.getAll('permission').filter((item) => ask.scopes.includes(item)),
    pageIds: form.getAll('page'),
    keepsEarlier: form.get('earlier') === '1',
  };
  const grant = isFacebook ? grantFacebook : grantInstagram;
  return sendBack(grant(view.context, dialog, ask, choice));
}

function sendBack(address: string): Reply {
  return {
    status: 302,
    headers: { location: address, 'referrer-policy': 'no-referrer' },
    body: '',
  };
}
