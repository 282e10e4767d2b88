import { label } from './labels.js';

/** Channels and their names, in the order of the page. */
export const CHANNELS = { instagram: 'Instagram', messenger: 'Messenger', whatsapp: 'WhatsApp' };
export const KEPT_EVENTS = 80;
export const DAY_MS = 86_400_000;
export const byId = (id) => document.getElementById(id);
export const address = new URL(location.href);

/** What the page knows at the moment. */
export const state = {
  channel: ['messenger', 'whatsapp'].includes(address.searchParams.get('channel'))
    ? address.searchParams.get('channel')
    : 'instagram',
  personaId: address.searchParams.get('persona'),
  /** The account that the person writes to. */
  accountId: undefined,
  accounts: [],
  profiles: {},
  posts: new Map(),
  arrivals: {},
  isProfileOpen: false,
  messages: new Map(),
  conversation: undefined,
  /** Message ids whose webhook somebody took with 200. */
  heard: new Set(),
  happened: new Map(),
  /** Events that wait for the chat to be read; undefined when nothing is being read. */
  early: undefined,
  clockOffset: 0,
  quoting: undefined,
  newestShown: undefined,
  notice: undefined,
};
/** A call to a control endpoint. @throws Error with the sandbox's sentence. */
export async function api(method, path, body) {
  const isFile = body instanceof Blob;
  const response = await fetch(`/_sandbox${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': isFile ? body.type : 'application/json' },
          body: isFile ? body : JSON.stringify(body),
        }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? String(response.status));
  return answer;
}

/** Runs something the person asked for, and says in the chat why it failed. */
export async function attempt(work) {
  try {
    await work();
  } catch (error) {
    showNotice(label('notSent', { reason: error.message }));
  }
}

/** A sentence above the chat; undefined takes it away. */
export function showNotice(text) {
  state.notice = text;
  byId('notice').textContent = text ?? '';
  byId('notice').hidden = text === undefined;
}

/** The person does something. */
export async function inject(content) {
  const answer = await api('POST', '/inject', { persona: state.personaId, ...content });
  showNotice(answer.deliveryIds.length === 0 ? label('notHeard') : undefined);
  return answer;
}

/** What taps on messages do. */
export const actions = {
  postback: (title, payload) => attempt(() => inject({ kind: 'postback', title, payload })),
  quickReply: (option, title) =>
    attempt(() => {
      const persona = person();
      const own = {
        user_phone_number: persona?.phone ?? '+5511999990000',
        user_email: `${persona?.username ?? 'cliente'}@example.com`,
      }[option.contentType];
      return inject({ text: own ?? title, quickReply: own ?? option.payload });
    }),
  react: (message) =>
    attempt(() => {
      const has = message.reactions.some((item) => item.by === 'persona');
      return inject({ kind: has ? 'unreaction' : 'reaction', mid: message.mid });
    }),
  reply: (message) => {
    quote(message);
    byId('composer').focus();
  },
  unsend: (message) => attempt(() => inject({ kind: 'unsend', mid: message.mid })),
};

/** The chosen person. */
function person() {
  return state.people?.find((item) => item.id === state.personaId);
}

/** A message in a few words. */
export function quoteText(message) {
  if (message.text !== undefined) return message.text;
  const kinds = { image: 'picture', audio: 'audio', video: 'video' };
  return label(kinds[message.attachments[0]?.type] ?? 'file');
}

/** Chooses the message that the next one answers; undefined chooses none. */
export function quote(message) {
  state.quoting = message;
  byId('quoting').hidden = message === undefined;
  const text = message === undefined ? '' : `${label('replyingTo')} “${quoteText(message)}”`;
  byId('quoting').firstElementChild.textContent = text;
}

/** The account whose chat is open. */
export function clinic() {
  return state.accounts.find((item) => item.id === state.accountId);
}

/** True when the page is dark, by choice or by the system. */
export function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === undefined
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : theme === 'dark';
}
