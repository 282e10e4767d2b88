import { action, https, type BadRequest } from './badRequestRows.ts';

/** Sections A.5 and B.2 "Upload": webhooks and uploads. */
export const OTHER: BadRequest[] = [
  {
    ...action('an unknown Page field (A.5)', 'messenger', {}),
    path: '/{page}/subscribed_apps',
    params: { subscribed_fields: 'messages,messaging_seen' },
  },
  {
    ...action('no Page fields (A.5)', 'messenger', {}),
    path: '/{page}/subscribed_apps',
    params: {},
  },
  {
    ...action('subscribing without pages_manage_metadata (A.5)', 'messenger', {}),
    path: '/{page}/subscribed_apps',
    params: { subscribed_fields: 'messages' },
    before: (h) =>
      h.control('PATCH', `/tokens/${h.seed.pageAccessToken}`, { scopes: ['pages_messaging'] }),
    code: 230,
  },
  {
    ...action('an app callback that fails the handshake (C.1)', 'messenger', {}),
    path: '/{app}/subscriptions',
    params: {
      access_token: '{appToken}',
      object: 'page',
      callback_url: '{callback}',
      verify_token: 'wrong',
      fields: 'messages',
    },
  },
  {
    ...action('an app callback with a Page token (A.5)', 'messenger', {}),
    path: '/{app}/subscriptions',
    params: { object: 'page' },
  },
  {
    ...action('an upload for an undocumented platform (B.2)', 'messenger', {}),
    path: '/{page}/message_attachments',
    params: {
      platform: 'whatsapp',
      message: { attachment: { type: 'image', payload: { url: `${https}/a.png` } } },
    },
  },
  {
    ...action('an upload of a template (B.2)', 'messenger', {}),
    path: '/{page}/message_attachments',
    params: { message: { attachment: { type: 'template', payload: {} } } },
  },
  { ...action('a GET on messages', 'messenger', {}), method: 'GET', params: {}, own: true },
];
