import { isLoopback } from '../graph/validation.ts';
import { INSTAGRAM_SCOPES } from '../seed.ts';
import type { App, WorldState } from '../model.ts';

/** What a login dialog was asked for, once it is known to be in order. */
export interface DialogAsk {
  app: App;
  redirectUri: string;
  state?: string;
  scopes: string[];
  /** Asks again for what the person has refused before. */
  isRerequest: boolean;
  isPopup: boolean;
}

/** A fault of the app: the person sees it on the dialog, and the browser is sent nowhere. */
export class DialogProblem extends Error {}

const FACEBOOK_KEYS = [
  'client_id',
  'redirect_uri',
  'state',
  'response_type',
  'scope',
  'config_id',
  'override_default_response_type',
  'auth_type',
  'display',
];
const INSTAGRAM_KEYS = [
  'client_id',
  'redirect_uri',
  'state',
  'response_type',
  'scope',
  'force_reauth',
  'enable_fb_login',
];

/** Permissions of Facebook Login. Both spellings of the utility one are seen. Source: section A.3. */
const FACEBOOK_PERMISSIONS = [
  'pages_messaging',
  'pages_manage_metadata',
  'pages_show_list',
  'pages_read_engagement',
  'business_management',
  'page_utility_messaging',
  'pages_utility_messaging',
  'instagram_basic',
  'instagram_manage_messages',
  'instagram_manage_comments',
  'whatsapp_business_messaging',
  'whatsapp_business_management',
];
const INSTAGRAM_PERMISSIONS = [...INSTAGRAM_SCOPES, 'instagram_business_content_publish'];

/** Judges a request for Facebook Login. Source: section A.2 (1). @throws DialogProblem */
export function readFacebookAsk(state: WorldState, query: URLSearchParams): DialogAsk {
  const app = state.apps[required(query, 'client_id', 'Invalid App ID')];
  if (app === undefined) {
    throw new DialogProblem(
      'Invalid App ID: The provided app ID does not look like a valid app ID.',
    );
  }
  onlyDocumented(query, FACEBOOK_KEYS);
  const ask = readCommon(state, app, query);
  const configId = query.get('config_id');
  const scope = query.get('scope');
  if ((configId === null) === (scope === null)) {
    throw new DialogProblem('sandbox: the dialog takes either scope or config_id.');
  }
  const scopes =
    configId === null ? readScopes(scope ?? '', FACEBOOK_PERMISSIONS) : configured(app, configId);
  if (query.has('override_default_response_type') && configId === null) {
    throw new DialogProblem('sandbox: override_default_response_type goes with config_id.');
  }
  oneOf(query, 'override_default_response_type', ['true']);
  oneOf(query, 'auth_type', ['rerequest']);
  oneOf(query, 'display', ['popup']);
  return {
    ...ask,
    scopes,
    isRerequest: query.get('auth_type') === 'rerequest',
    isPopup: query.get('display') === 'popup',
  };
}

/** Judges a request for Business Login for Instagram. Source: section A.4. @throws DialogProblem */
export function readInstagramAsk(state: WorldState, query: URLSearchParams): DialogAsk {
  const id = required(query, 'client_id', 'Invalid Request');
  const app = Object.values(state.apps).find((item) => item.instagram.id === id);
  if (app === undefined) {
    throw new DialogProblem(
      'Invalid Request: Request parameters are invalid: Invalid platform app',
    );
  }
  onlyDocumented(query, INSTAGRAM_KEYS);
  const ask = readCommon(state, app, query);
  const scopes = readScopes(query.get('scope') ?? '', INSTAGRAM_PERMISSIONS);
  oneOf(query, 'force_reauth', ['true']);
  oneOf(query, 'enable_fb_login', ['0', '1']);
  return { ...ask, scopes, isRerequest: true, isPopup: false };
}

function readCommon(
  state: WorldState,
  app: App,
  query: URLSearchParams,
): Pick<DialogAsk, 'app' | 'redirectUri' | 'state'> {
  const redirectUri = required(query, 'redirect_uri', 'Invalid redirect_uri');
  checkRedirect(state, app, redirectUri);
  if (query.get('response_type') !== 'code') {
    throw new DialogProblem('sandbox: response_type must be code.');
  }
  const value = query.get('state');
  return { app, redirectUri, ...(value === null ? {} : { state: value }) };
}

/** Registered to the letter, or an address of this machine where the setting lets these through. */
function checkRedirect(state: WorldState, app: App, redirectUri: string): void {
  if (app.redirectUris.includes(redirectUri)) return;
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  if (url !== undefined && state.settings.allowLocalRedirects && isLoopback(url)) return;
  throw new DialogProblem(
    `URL blocked: This redirect failed because the redirect URI ${redirectUri} is not white-listed in the app's client OAuth settings. Make sure that the client and web OAuth logins are on and add all your app domains as valid OAuth redirect URIs.`,
  );
}

function readScopes(text: string, known: readonly string[]): string[] {
  const scopes = text.split(',').filter((item) => item !== '');
  const wrong = scopes.filter((scope) => !known.includes(scope));
  if (wrong.length > 0) {
    throw new DialogProblem(
      `Invalid Scopes: ${wrong.join(', ')}. This message is only shown to developers. Scopes are separated by commas; known are ${known.join(', ')}.`,
    );
  }
  if (scopes.length === 0) throw new DialogProblem('sandbox: scope names no permission.');
  return [...new Set(scopes)];
}

function configured(app: App, configId: string): string[] {
  const scopes = app.configurations[configId];
  if (scopes === undefined) {
    throw new DialogProblem(`Invalid config_id: The app has no login configuration ${configId}.`);
  }
  return scopes;
}

function required(query: URLSearchParams, key: string, problem: string): string {
  const value = query.get(key);
  if (value === null || value === '') {
    throw new DialogProblem(`${problem}: The parameter ${key} is required`);
  }
  return value;
}

function onlyDocumented(query: URLSearchParams, known: readonly string[]): void {
  const wrong = [...query.keys()].find((key) => !known.includes(key));
  if (wrong !== undefined) {
    throw new DialogProblem(
      `sandbox: ${wrong} is not a documented parameter of the dialog. Known: ${known.join(', ')}.`,
    );
  }
  const twice = known.find((key) => query.getAll(key).length > 1);
  if (twice !== undefined) throw new DialogProblem(`sandbox: ${twice} is given twice.`);
}

function oneOf(query: URLSearchParams, key: string, allowed: readonly string[]): void {
  const value = query.get(key);
  if (value !== null && !allowed.includes(value)) {
    throw new DialogProblem(`sandbox: ${key} must be ${allowed.join(' or ')}.`);
  }
}
