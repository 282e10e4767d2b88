import { createRequire } from 'node:module';
import type * as accounts from '../../core/accounts';
import type * as appointments from '../../core/appointments';
import type * as broadcasts from '../../core/journeys/broadcasts';
import type * as contacts from '../../core/contacts';
import type * as conversations from '../../core/conversations';
import type * as events from '../../core/events';
import type * as due from '../../core/journeys/due';
import type * as google from '../../core/providers/google';
import type * as http from '../../core/http';
import type * as insight from '../../core/insight';
import type * as journeys from '../../core/journeys';
import type * as limits from '../../core/limits';
import type * as messaging from '../../core/messaging';
import type * as portal from '../../core/portal';
import type * as portalPage from '../../core/portal/page';
import type * as meta from '../../core/providers/meta';
import type * as notificaMe from '../../core/providers/notificame';
import type * as whatsApp from '../../core/providers/whatsapp-cloud';
import type * as runtime from '../../core/runtime';
import type * as store from '../../core/store';
import type * as tenants from '../../core/tenants';
import type * as webhooks from '../../core/webhooks';

/** The rooms of core/ that nodes use. */
export interface Core {
  accounts: typeof accounts;
  appointments: typeof appointments;
  broadcasts: typeof broadcasts;
  contacts: typeof contacts;
  conversations: typeof conversations;
  /** What is due by itself. */
  due: typeof due;
  events: typeof events;
  google: typeof google;
  http: typeof http;
  /** Statistics. */
  insight: typeof insight;
  journeys: typeof journeys;
  limits: typeof limits;
  messaging: typeof messaging;
  meta: typeof meta;
  notificaMe: typeof notificaMe;
  portal: typeof portal;
  /** Apart, for it needs none of the rest. */
  portalPage: typeof portalPage;
  runtime: typeof runtime;
  store: typeof store;
  tenants: typeof tenants;
  webhooks: typeof webhooks;
  whatsApp: typeof whatsApp;
}

/**
 * `require`, not `import()`: n8n loads every node file at its start, so the libraries of core/ (350 ms, 40 MB)
 * wait until a node works; and when the package is updated n8n clears the cache of `require` alone, so that
 * only `require` finds the new files.
 */
const requireLater = createRequire(__filename);

/** Loads a room of core/ the first time it is needed. */
function room<Name extends keyof Core>(file: string): Core[Name] {
  return requireLater(file) as Core[Name];
}

/** core/, each room loaded when it is first touched. */
export const core: Core = {
  get accounts() {
    return room<'accounts'>('../../core/accounts');
  },
  get appointments() {
    return room<'appointments'>('../../core/appointments');
  },
  get broadcasts() {
    return room<'broadcasts'>('../../core/journeys/broadcasts');
  },
  get contacts() {
    return room<'contacts'>('../../core/contacts');
  },
  get conversations() {
    return room<'conversations'>('../../core/conversations');
  },
  get due() {
    return room<'due'>('../../core/journeys/due');
  },
  get events() {
    return room<'events'>('../../core/events');
  },
  get google() {
    return room<'google'>('../../core/providers/google');
  },
  get http() {
    return room<'http'>('../../core/http');
  },
  get insight() {
    return room<'insight'>('../../core/insight');
  },
  get journeys() {
    return room<'journeys'>('../../core/journeys');
  },
  get limits() {
    return room<'limits'>('../../core/limits');
  },
  get messaging() {
    return room<'messaging'>('../../core/messaging');
  },
  get meta() {
    return room<'meta'>('../../core/providers/meta');
  },
  get notificaMe() {
    return room<'notificaMe'>('../../core/providers/notificame');
  },
  get portal() {
    return room<'portal'>('../../core/portal');
  },
  get portalPage() {
    return room<'portalPage'>('../../core/portal/page');
  },
  get runtime() {
    return room<'runtime'>('../../core/runtime');
  },
  get store() {
    return room<'store'>('../../core/store');
  },
  get tenants() {
    return room<'tenants'>('../../core/tenants');
  },
  get webhooks() {
    return room<'webhooks'>('../../core/webhooks');
  },
  get whatsApp() {
    return room<'whatsApp'>('../../core/providers/whatsapp-cloud');
  },
};
