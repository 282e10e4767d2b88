import { h } from './elements.js';
import { callView, deliveryView } from './happened.js';
import { dayAndTime, label, languageTag, timeOfDay } from './labels.js';
import { introView } from './messages.js';
import { drawArrival, drawMenu, starterView } from './menus.js';
import { isBeside } from './whatsapp.js';
import { drawProfile } from './profile.js';
import { chipsOf, rowOf, show } from './rows.js';
import { byId, CHANNELS, clinic, DAY_MS, isDark, KEPT_EVENTS, state } from './session.js';

export function drawChat() {
  const chat = byId('chat');
  const list = [...state.messages.values()]
    .filter((item) => !isBeside(item))
    .sort((a, b) => a.createdAt - b.createdAt);
  const rows = [
    introView(
      clinic(),
      clinic().username === undefined ? label('usually') : `@${clinic().username}`,
    ),
  ];
  let day = '';
  for (const message of list) {
    const date = new Date(message.createdAt).toDateString();
    if (date !== day) rows.push(h('div', { class: 'day' }, dayAndTime(message.createdAt)));
    day = date;
    rows.push(rowOf(message));
  }
  markGroups(rows);
  const lastMine = list.findLast((message) => message.direction === 'in');
  const lastMineRow = rows.findLast((row) => row.classList.contains('mine'));
  if (lastMine !== undefined) rows.splice(rows.indexOf(lastMineRow) + 1, 0, receiptView(lastMine));
  if (state.conversation?.typing) rows.push(typingView());
  if (list.length === 0) rows.push(starterView());
  const isPinned = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 120;
  const position = chat.scrollTop;
  const isNew = state.newestShown !== list.at(-1)?.mid;
  state.newestShown = list.at(-1)?.mid;
  show(chat, rows);
  if (isPinned || isNew) scrollDown();
  else chat.scrollTop = position;
  const last = list.at(-1);
  show(byId('chips'), last?.direction === 'out' ? chipsOf(last) : []);
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

export function drawHappened() {
  const list = [...state.happened.values()].sort((a, b) => b.at - a.at).slice(0, KEPT_EVENTS);
  byId('events').replaceChildren(
    ...list.map((item) => (item.kind === 'call' ? callView(item.data) : deliveryView(item.data))),
  );
  byId('no-events').hidden = list.length > 0;
}

export function drawClock() {
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

export function drawFrame() {
  const { channel } = state;
  document.documentElement.lang = languageTag();
  document.documentElement.dataset.channel = channel;
  document.title = `${label('title')} · ${CHANNELS[channel]}`;
  for (const element of document.querySelectorAll('[data-label]')) {
    element.textContent = label(element.dataset.label);
  }
  byId('advance').textContent = label('advance');
  byId('advance').title = label('advanceHint');
  byId('language').dataset.short = languageTag() === 'en' ? 'PT' : 'EN';
  byId('theme').textContent = label(isDark() ? 'light' : 'dark');
  byId('composer').placeholder = label('composer');
  for (const id of ['send', 'attach', 'menu']) {
    byId(id).title = label(id);
    byId(id).setAttribute('aria-label', label(id));
  }
  const profileLabel = label(state.isProfileOpen ? 'backToChat' : 'openProfile');
  byId('open-profile').title = profileLabel;
  byId('open-profile').setAttribute('aria-label', profileLabel);
  const account = clinic();
  byId('clinic-name').textContent = account.name;
  byId('clinic-line').textContent = account.username ?? account.phone ?? label('usually');
  byId('clinic-picture').src = `/_sandbox/avatars/${account.id}.svg`;
  byId('channel').value = channel;
  drawAccounts();
  const people = state.people.filter((item) => item.accountId === state.accountId);
  byId('persona').replaceChildren(
    ...people.map((item) => h('option', { value: item.id }, `${item.firstName} ${item.lastName}`)),
  );
  byId('persona').value = state.personaId;
}

/** Every account that somebody writes to, by channel. */
function drawAccounts() {
  const groups = Object.entries(CHANNELS).map(([channel, name]) => {
    const accounts = state.accounts.filter(
      (item) =>
        item.channel === channel && state.people.some((person) => person.accountId === item.id),
    );
    const options = accounts.map((item) =>
      h('option', { value: item.id }, item.username ?? item.name),
    );
    return h('optgroup', { label: name }, options);
  });
  byId('account').replaceChildren(...groups);
  byId('account').value = state.accountId;
}

export function drawAll() {
  drawFrame();
  drawMenu();
  drawArrival();
  drawChat();
  drawClock();
  drawHappened();
  void drawProfile().catch(() => undefined);
}
