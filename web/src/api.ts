/* What the page asks of its server. The token lives here, in memory, and travels in a header; it is stored nowhere. */

import type { Badge, Card, HubLogin, PageLogin } from '../../core/portal/card.ts';

export type Login = PageLogin;
export type Stage = 'offered' | 'started' | 'returned' | 'choosing' | 'connected' | 'failed';
export type Scope = 'connect' | 'operate' | 'admin' | 'instance';
export type { Badge, Card, HubLogin };

/** NotificaMe's own window. */
export function isHub(login: Login): login is HubLogin {
  return login.startsWith('notificame-');
}

export interface Attempt {
  id: string;
  login: Login;
  accountId: string | null;
  stage: Stage;
  error: string | null;
  accountIds: string[];
}

export interface PageState {
  link: {
    scope: Scope;
    name: string;
    tenantId: string;
    tenantName: string | null;
    language: 'pt-BR' | 'en' | null;
    expiresAt: number;
  };
  logins: Login[];
  accounts: Card[];
  attempts: Attempt[];
}

export interface Choice {
  id: string;
  channel: Card['channel'];
  name: string;
  pageName: string | null;
  /** Why it will not work although it was found. */
  problem: boolean;
}

export interface Completion {
  stage: 'choosing' | 'connected' | 'failed';
  language: 'pt-BR' | 'en' | null;
  choices: Choice[];
  accounts: Array<{ id: string; channel: Card['channel']; name: string; warning: boolean }>;
  error: string | null;
  permissions: string[];
}

export interface LinkRow {
  id: string;
  scope: Scope;
  name: string;
  expiresAt: number;
  revokedAt: number | null;
  lastUsedAt: number | null;
  createdAt: number;
  isThis: boolean;
}

/** A call that was refused, or did not get through; `code` has a text in every language. */
export class ApiError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;
  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

export interface Api {
  get<T>(what: string, query?: Record<string, string>): Promise<T>;
  post<T>(what: string, body?: Record<string, unknown>): Promise<T>;
  /** A picture's bytes; null where there is none. */
  picture(accountId: string): Promise<Blob | null>;
  open(what: string, signal: AbortSignal): Promise<Response>;
  /** Another tenant to look at; only for links of the scope `instance`. */
  tenantId: string | null;
}

const TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;

export function createApi(token: string): Api {
  const call = async (what: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('x-connect-token', token);
    if (api.tenantId !== null) headers.set('x-connect-tenant', api.tenantId);
    let response: Response;
    try {
      response = await fetch(new URL(`api/${what}`, folder()), {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...init,
        headers,
        cache: 'no-store',
        credentials: 'omit',
      });
    } catch {
      throw new ApiError((await isServerThere()) ? 'page_closed' : 'offline');
    }
    if (!response.ok) throw await refusalOf(response);
    return response;
  };
  const api: Api = {
    tenantId: null,
    async get<T>(what: string, query: Record<string, string> = {}): Promise<T> {
      const search = new URLSearchParams(query).toString();
      return (await (await call(search === '' ? what : `${what}?${search}`)).json()) as T;
    },
    async post<T>(what: string, body: Record<string, unknown> = {}): Promise<T> {
      const response = await call(what, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as T;
    },
    async picture(accountId: string): Promise<Blob | null> {
      const response = await call(`picture?${new URLSearchParams({ account: accountId })}`);
      return response.status === 204 ? null : await response.blob();
    },
    open: (what, signal) => call(what, { signal }),
  };
  return api;
}

async function refusalOf(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as { error: { code: string } };
    const { code, ...details } = error;
    return new ApiError(code, details);
  } catch {
    // Not our own words: a proxy, or n8n itself while the workflow is not published.
    return new ApiError(response.status === 404 ? 'page_closed' : 'internal');
  }
}

/**
 * Whether somebody answers at all. While the workflow is not published n8n answers in a way that a page in the sandbox
 * may not read: it looks like no answer.
 */
async function isServerThere(): Promise<boolean> {
  try {
    await fetch(new URL('connect', folder()), {
      mode: 'no-cors',
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return true;
  } catch {
    return false;
  }
}

/** The folder that the page and everything it calls live in, also behind a proxy with a path of its own. */
export function folder(): string {
  return new URL('.', location.href.split('#')[0]).href;
}
