import { drawAll, drawChat, drawClock, drawFrame, drawHappened } from './draw.js';
import { drawArrival, drawMenu } from './menus.js';
import { drawProfile, showProfile } from './profile.js';
import { label, switchLanguage } from './labels.js';
import {
  address,
  api,
  attempt,
  byId,
  inject,
  isDark,
  KEPT_EVENTS,
  quote,
  showNotice,
  state,
} from './session.js';

let stream;
let viewTimer;

/* ---------- what comes in ---------- */

function onMessage(message) {
  state.messages.set(message.mid, message);
  if (state.quoting?.mid === message.mid && message.isDeleted) quote(undefined);
  if (message.direction === 'out' && message.readAt === undefined) lookSoon();
  if (message.referral !== undefined) {
    delete state.arrivals[message.personaId];
    drawArrival();
  }
  if (message.direction === 'in' && !message.isDeleted) {
    state.conversation = { ...state.conversation, lastUserActionAt: message.createdAt };
  }
  drawChat();
  drawClock();
}

function noteDelivery(delivery) {
  const taken = delivery.attempts.some((item) => item.status === 200);
  for (const event of taken ? delivery.events : []) {
    if (event.mid !== undefined) state.heard.add(event.mid);
  }
  state.happened.set(delivery.id, { kind: 'webhook', at: delivery.createdAt, data: delivery });
}

function onDelivery(delivery) {
  noteDelivery(delivery);
  drawHappened();
  drawChat();
}

function noteCall(call) {
  state.happened.set(`call ${call.id}`, { kind: 'call', at: call.at, data: call });
}

function onCall(call) {
  noteCall(call);
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

/** Resolves as soon as the sandbox tells what happens: what is read from then on misses nothing. */
function listen() {
  stream?.close();
  stream = new EventSource(`/_sandbox/stream?persona=${state.personaId}`);
  const on = (name, handle) =>
    stream.addEventListener(name, (event) => {
      const run = () => handle(JSON.parse(event.data));
      // What arrives while the chat is being read anew is shown after it, not overwritten by it.
      if (state.early === undefined) run();
      else state.early.push(run);
    });
  on('message', onMessage);
  on('delivery', onDelivery);
  on('call', onCall);
  on('reset', () => void choose(state.channel, state.personaId));
  on('comment', () => void attempt(drawProfile));
  on('profile', () => void attempt(readProfiles));
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
  const opening = stream;
  return new Promise((resolve) => {
    for (const name of ['open', 'error']) opening.addEventListener(name, resolve, { once: true });
  });
}

/** Ice breakers and menus may have changed. */
async function readProfiles() {
  state.profiles = (await api('GET', '/messengerProfiles')).data;
  drawMenu();
  drawChat();
}

/** Reads everything about the chosen chat anew. */
async function load() {
  state.early ??= [];
  const [messages, conversations, deliveries, calls, clock, everyone, arrivals, profiles, posts] =
    await Promise.all([
      api('GET', `/messages?persona=${state.personaId}`),
      api('GET', '/conversations'),
      api('GET', '/deliveries?limit=200'),
      api('GET', '/calls'),
      api('GET', '/clock'),
      api('GET', '/personas'),
      api('GET', '/arrivals'),
      api('GET', '/messengerProfiles'),
      api('GET', '/posts'),
    ]);
  const early = state.early;
  state.early = undefined;
  state.people = everyone.data;
  state.arrivals = { ...arrivals.data };
  state.profiles = profiles.data;
  state.posts = new Map(posts.data.map((post) => [post.id, post]));
  state.messages = new Map(messages.data.map((message) => [message.mid, message]));
  state.conversation = conversations.data.find((item) => item.personaId === state.personaId);
  state.heard.clear();
  state.happened.clear();
  for (const call of calls.data.slice(-KEPT_EVENTS)) noteCall(call);
  for (const delivery of deliveries.data) noteDelivery(delivery);
  state.clockOffset = clock.now - Date.now();
  if (Math.abs(state.clockOffset) < 5000) state.clockOffset = 0;
  showNotice(undefined);
  quote(undefined);
  drawAll();
  for (const run of early) run();
  byId('composer').disabled = false;
  lookSoon();
}

/** Opens the chat of a channel with a person; without one, the first of the account or channel. */
async function choose(channel, personaId, accountId) {
  const [accounts, personas] = await Promise.all([
    api('GET', '/accounts'),
    api('GET', '/personas'),
  ]);
  state.accounts = accounts.data;
  const everyone = personas.data.filter(
    (item) => item.channel === channel && (accountId === undefined || item.accountId === accountId),
  );
  const person = everyone.find((item) => item.id === personaId) ?? everyone[0];
  Object.assign(state, {
    channel,
    personaId: person.id,
    accountId: person.accountId,
    early: [],
    newestShown: undefined,
  });
  showProfile(false);
  address.searchParams.set('channel', channel);
  address.searchParams.set('persona', person.id);
  history.replaceState(null, '', address);
  await listen();
  await load();
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
  await inject({ attachments: [{ type: kind, mediaId, title: file.name }] });
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
byId('account').addEventListener('change', (event) => {
  const account = state.accounts.find((item) => item.id === event.target.value);
  void choose(account.channel, undefined, account.id);
});
byId('open-profile').addEventListener('click', () => {
  showProfile(!state.isProfileOpen);
  drawFrame();
});
byId('back').addEventListener('click', () => {
  showProfile(false);
  drawFrame();
});
byId('menu').addEventListener('click', () => {
  byId('menu-sheet').hidden = !byId('menu-sheet').hidden;
});
byId('arrival').lastElementChild.addEventListener('click', () =>
  attempt(async () => {
    await api('POST', '/arrive', { persona: state.personaId, via: null });
    delete state.arrivals[state.personaId];
    drawArrival();
  }),
);
byId('advance').addEventListener('click', () =>
  attempt(() => api('POST', '/clock', { advanceMs: 25 * 3_600_000 })),
);
for (const button of document.querySelectorAll('[data-forward-ms]')) {
  button.addEventListener('click', () =>
    attempt(() => api('POST', '/clock', { advanceMs: Number(button.dataset.forwardMs) })),
  );
}
byId('next-morning').addEventListener('click', () =>
  attempt(() => api('POST', '/clock', { nextDayAt: '09:00' })),
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
