import { dayAndTime, label, languageTag, switchLanguage, timeOfDay } from './labels.js';
import { callView, deliveryView, h, introView, messageView, quickReplyView } from './view.js';

const KEPT_EVENTS = 80;
const DAY_MS = 86_400_000;
const byId = (id) => document.getElementById(id);
const address = new URL(location.href);

const state = {
  seed: undefined,
  channel: address.searchParams.get('channel') === 'messenger' ? 'messenger' : 'instagram',
  personaId: address.searchParams.get('persona'),
  messages: new Map(),
  conversation: undefined,
  /** Message ids whose webhook somebody took with 200. */
  heard: new Set(),
  happened: new Map(),
  clockOffset: 0,
  quoting: undefined,
  newestShown: undefined,
  notice: undefined,
};
let stream;
let viewTimer;

async function api(method, path, body) {
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
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    showNotice(label('notSent', { reason: error.message }));
  }
}

function showNotice(text) {
  state.notice = text;
  byId('notice').textContent = text ?? '';
  byId('notice').hidden = text === undefined;
}

async function inject(content) {
  const answer = await api('POST', '/inject', { persona: state.personaId, ...content });
  showNotice(answer.deliveryIds.length === 0 ? label('notHeard') : undefined);
  return answer;
}

const actions = {
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

function person() {
  return state.people?.find((item) => item.id === state.personaId);
}

function quote(message) {
  state.quoting = message;
  byId('quoting').hidden = message === undefined;
  const text =
    message === undefined ? '' : `${label('replyingTo')} “${message.text ?? label('file')}”`;
  byId('quoting').firstElementChild.textContent = text;
}

/* ---------- drawing ---------- */

function drawChat() {
  const chat = byId('chat');
  const list = [...state.messages.values()].sort((a, b) => a.createdAt - b.createdAt);
  const rows = [
    introView(clinic(), state.channel === 'instagram' ? `@${clinic().username}` : label('usually')),
  ];
  let day = '';
  for (const message of list) {
    const date = new Date(message.createdAt).toDateString();
    if (date !== day) rows.push(h('div', { class: 'day' }, dayAndTime(message.createdAt)));
    day = date;
    rows.push(messageView(message, state, actions));
  }
  markGroups(rows);
  const lastMine = list.findLast((message) => message.direction === 'in');
  const lastMineRow = rows.findLast((row) => row.classList.contains('mine'));
  if (lastMine !== undefined) rows.splice(rows.indexOf(lastMineRow) + 1, 0, receiptView(lastMine));
  if (state.conversation?.typing) rows.push(typingView());
  if (list.length === 0) rows.push(h('div', { class: 'empty' }, label('empty')));
  const isPinned = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
  const position = chat.scrollTop;
  const isNew = state.newestShown !== list.at(-1)?.mid;
  state.newestShown = list.at(-1)?.mid;
  chat.replaceChildren(...rows);
  if (isPinned || isNew) scrollDown();
  else chat.scrollTop = position;
  const last = list.at(-1);
  byId('chips').replaceChildren(
    ...(last?.direction === 'out' ? quickReplyView(last, actions) : []),
  );
}

/** To the newest message, and again when its pictures have their size. */
function scrollDown() {
  const chat = byId('chat');
  const down = () => {
    chat.scrollTop = chat.scrollHeight;
  };
  down();
  for (const picture of chat.querySelectorAll('img')) {
    if (!picture.complete) picture.addEventListener('load', down, { once: true });
  }
}

function clinic() {
  return state.channel === 'instagram' ? state.seed.instagramAccount : state.seed.page;
}

/** Bubbles of one side that follow each other share their corners, and one avatar. */
function markGroups(rows) {
  const sideOf = (row) =>
    row?.classList.contains('theirs') ? 'theirs' : row?.classList.contains('mine') ? 'mine' : '';
  rows.forEach((row, index) => {
    if (sideOf(row) === '') return;
    row.classList.toggle('first', sideOf(rows[index - 1]) !== sideOf(row));
    row.classList.toggle('last', sideOf(rows[index + 1]) !== sideOf(row));
  });
}

function receiptView(message) {
  const seen = (state.conversation?.businessReadAt ?? 0) >= message.createdAt;
  const key = seen ? 'seen' : state.heard.has(message.mid) ? 'delivered' : 'sent';
  const ticks = { sent: '✓', delivered: '✓✓', seen: '✓✓' }[key];
  return h(
    'div',
    { class: `receipt ${key}`, 'data-testid': 'receipt', 'data-state': key },
    h('span', { class: 'ticks', 'aria-hidden': 'true' }, ticks),
    ` ${label(key)} · ${timeOfDay(message.createdAt)}`,
  );
}

function typingView() {
  return h(
    'div',
    { class: 'row theirs first last', 'data-testid': 'typing', 'aria-label': label('typing') },
    h('img', { class: 'mini', src: byId('clinic-picture').src, alt: '' }),
    h('div', { class: 'bubble dots' }, h('i'), h('i'), h('i')),
  );
}

function drawHappened() {
  const list = [...state.happened.values()].sort((a, b) => b.at - a.at).slice(0, KEPT_EVENTS);
  byId('events').replaceChildren(
    ...list.map((item) => (item.kind === 'call' ? callView(item.data) : deliveryView(item.data))),
  );
  byId('no-events').hidden = list.length > 0;
}

function drawClock() {
  const now = Date.now() + state.clockOffset;
  byId('clock').textContent = dayAndTime(now);
  byId('status-time').textContent = timeOfDay(now);
  byId('clock-reset').hidden = state.clockOffset === 0;
  const last = state.conversation?.lastUserActionAt;
  const open = last !== undefined && now - last <= DAY_MS;
  byId('window').textContent =
    last === undefined
      ? label('windowNever')
      : open
        ? label('windowOpen', { time: dayAndTime(last + DAY_MS) })
        : label('windowClosed');
  byId('window').dataset.open = String(open);
}

function drawFrame() {
  const { seed, channel } = state;
  document.documentElement.lang = languageTag();
  document.documentElement.dataset.channel = channel;
  document.title = `${label('title')} · ${channel === 'instagram' ? 'Instagram' : 'Messenger'}`;
  for (const element of document.querySelectorAll('[data-label]')) {
    element.textContent = label(element.dataset.label);
  }
  byId('advance').textContent = label('advance');
  byId('advance').title = label('advanceHint');
  byId('language').dataset.short = languageTag() === 'en' ? 'PT' : 'EN';
  byId('theme').textContent = label(isDark() ? 'light' : 'dark');
  byId('composer').placeholder = label('composer');
  for (const id of ['send', 'attach']) {
    byId(id).title = label(id);
    byId(id).setAttribute('aria-label', label(id));
  }
  const account = clinic();
  byId('clinic-name').textContent = account.name;
  byId('clinic-line').textContent = channel === 'instagram' ? account.username : label('usually');
  byId('clinic-picture').src = `/_sandbox/avatars/${account.id}.svg`;
  byId('channel').value = channel;
  const people = seed.personas[channel];
  byId('persona').replaceChildren(
    ...people.map((item) => h('option', { value: item.id }, item.name)),
  );
  byId('persona').value = state.personaId;
}

function drawAll() {
  drawFrame();
  drawChat();
  drawClock();
  drawHappened();
}

/* ---------- what comes in ---------- */

function onMessage(message) {
  state.messages.set(message.mid, message);
  if (state.quoting?.mid === message.mid && message.isDeleted) quote(undefined);
  if (message.direction === 'out' && message.readAt === undefined) lookSoon();
  if (message.direction === 'in' && !message.isDeleted) {
    state.conversation = { ...state.conversation, lastUserActionAt: message.createdAt };
  }
  drawChat();
  drawClock();
}

function onDelivery(delivery) {
  const taken = delivery.attempts.some((item) => item.status === 200);
  if (taken)
    for (const event of delivery.events) if (event.mid !== undefined) state.heard.add(event.mid);
  state.happened.set(delivery.id, { kind: 'webhook', at: delivery.createdAt, data: delivery });
  drawHappened();
  if (taken) drawChat();
}

function onCall(call) {
  state.happened.set(`call ${call.id}`, { kind: 'call', at: call.at, data: call });
  drawHappened();
}

/** A person who has the chat before their eyes has read it. */
function lookSoon() {
  clearTimeout(viewTimer);
  viewTimer = setTimeout(() => {
    if (document.visibilityState !== 'visible') return;
    void api('POST', `/personas/${state.personaId}/view`, {}).catch(() => undefined);
  }, 350);
}

function listen() {
  stream?.close();
  stream = new EventSource(`/_sandbox/stream?persona=${state.personaId}`);
  const on = (name, handle) =>
    stream.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  on('message', onMessage);
  on('delivery', onDelivery);
  on('call', onCall);
  on('reset', () => void load());
  on('clock', ({ offset }) => {
    state.clockOffset = offset;
    drawClock();
  });
  on('conversation', (conversation) => {
    state.conversation = conversation;
    drawChat();
    drawClock();
  });
  stream.addEventListener('error', () => showNotice(label('offline')));
  stream.addEventListener('open', () => {
    if (state.notice === label('offline')) void load();
  });
}

/** Reads everything about the chosen chat anew. */
async function load() {
  state.seed = await api('GET', '/seed');
  const people = state.seed.personas[state.channel];
  if (!people.some((item) => item.id === state.personaId)) state.personaId = people[0].id;
  const [messages, conversations, deliveries, calls, clock, everyone] = await Promise.all([
    api('GET', `/messages?persona=${state.personaId}`),
    api('GET', '/conversations'),
    api('GET', '/deliveries'),
    api('GET', '/calls'),
    api('GET', '/clock'),
    api('GET', '/personas'),
  ]);
  state.people = everyone.data;
  state.messages = new Map(messages.data.map((message) => [message.mid, message]));
  state.conversation = conversations.data.find((item) => item.personaId === state.personaId);
  state.heard.clear();
  state.happened.clear();
  for (const call of calls.data.slice(-KEPT_EVENTS)) onCall(call);
  for (const delivery of deliveries.data.slice(-KEPT_EVENTS)) onDelivery(delivery);
  state.clockOffset = clock.now - Date.now();
  if (Math.abs(state.clockOffset) < 5000) state.clockOffset = 0;
  showNotice(undefined);
  quote(undefined);
  drawAll();
  lookSoon();
}

async function choose(channel, personaId) {
  Object.assign(state, { channel, personaId });
  await load();
  address.searchParams.set('channel', channel);
  address.searchParams.set('persona', state.personaId);
  history.replaceState(null, '', address);
  listen();
}

/* ---------- what the person does ---------- */

function resizeComposer() {
  const composer = byId('composer');
  composer.style.setProperty('height', 'auto');
  composer.style.setProperty('height', `${Math.min(composer.scrollHeight, 120)}px`);
  byId('send').disabled = composer.value.trim() === '';
}

async function sendText() {
  const text = byId('composer').value.trim();
  if (text === '') return;
  byId('composer').value = '';
  resizeComposer();
  const replyTo = state.quoting?.mid;
  quote(undefined);
  await inject({ text, ...(replyTo === undefined ? {} : { replyTo }) });
}

async function sendFile(file) {
  const { mediaId } = await api('POST', '/media', file);
  const kind = ['image', 'audio', 'video'].find((item) => file.type.startsWith(item)) ?? 'file';
  await inject({ attachments: [{ type: kind, mediaId }] });
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === undefined
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : theme === 'dark';
}

byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(sendText);
});
byId('composer').addEventListener('input', resizeComposer);
byId('composer').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void attempt(sendText);
});
byId('attach').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', (event) => {
  const [file] = event.target.files;
  event.target.value = '';
  if (file !== undefined) void attempt(() => sendFile(file));
});
byId('quoting').lastElementChild.addEventListener('click', () => quote(undefined));
byId('channel').addEventListener('change', (event) => void choose(event.target.value, undefined));
byId('persona').addEventListener(
  'change',
  (event) => void choose(state.channel, event.target.value),
);
byId('advance').addEventListener('click', () =>
  attempt(() => api('POST', '/clock', { advanceMs: 25 * 3_600_000 })),
);
byId('clock-reset').addEventListener('click', () =>
  attempt(() => api('POST', '/clock', { reset: true })),
);
byId('language').addEventListener('click', () => {
  switchLanguage();
  drawAll();
});
byId('theme').addEventListener('click', () => {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
  drawFrame();
});
for (const id of ['drawer-toggle', 'drawer-close']) {
  byId(id).addEventListener('click', () => byId('drawer').classList.toggle('open'));
}
document.addEventListener('visibilitychange', lookSoon);
setInterval(drawClock, 10_000);

const theme = address.searchParams.get('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
void choose(state.channel, state.personaId);
