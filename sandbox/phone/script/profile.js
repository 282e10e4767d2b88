import { h, icon } from './elements.js';
import { label, timeOfDay } from './labels.js';
import { api, attempt, byId, clinic, inject, state } from './session.js';
import { drawArrival } from './menus.js';

const REF = 'balcao-qr';
const PRODUCT = 'PROD_FAKE_1';

/** Opens the account's posts over the chat, or goes back to the chat. */
export function showProfile(isOpen) {
  state.isProfileOpen = isOpen;
  byId('profile').hidden = !isOpen;
  byId('chat').hidden = isOpen;
  byId('form').hidden = isOpen;
  byId('chips').hidden = isOpen;
  byId('open-profile').classList.toggle('active', isOpen);
  if (isOpen) {
    byId('menu-sheet').hidden = true;
    void attempt(drawProfile);
  }
}

/** Reads posts and comments anew and draws them. What is being typed stays. */
export async function drawProfile() {
  if (!state.isProfileOpen) return;
  const { accountId } = state;
  const [posts, comments] = await Promise.all([
    api('GET', `/posts?account=${accountId}`),
    api('GET', `/comments?account=${accountId}`),
  ]);
  if (accountId !== state.accountId) return;
  const drafts = new Map(
    [...byId('profile').querySelectorAll('[data-post-id]')].map((card) => [
      card.dataset.postId,
      card.querySelector('input')?.value ?? '',
    ]),
  );
  const cards = posts.data.map((post) =>
    postView(
      post,
      comments.data.filter((item) => item.postId === post.id),
      drafts.get(post.id) ?? '',
    ),
  );
  const top = byId('profile').scrollTop;
  byId('profile').replaceChildren(headView(posts.data.length), waysView(), ...cards);
  byId('profile').scrollTop = top;
}

function headView(count) {
  const account = clinic();
  return h(
    'header',
    { class: 'profile-head' },
    h('span', { class: 'ring' }, h('img', { src: `/_sandbox/avatars/${account.id}.svg`, alt: '' })),
    h(
      'div',
      { class: 'who' },
      h('b', {}, account.name),
      h('small', {}, account.username === undefined ? label('business') : `@${account.username}`),
    ),
    h('span', { class: 'count' }, h('b', {}, String(count)), h('small', {}, label('posts'))),
  );
}

/** Other ways into the chat: a link with a ref, and on Instagram a product of the shop. */
function waysView() {
  const { channel } = state;
  const name = clinic().username ?? clinic().id;
  const link = `${channel === 'instagram' ? 'ig.me/m' : 'm.me'}/${name}?ref=${REF}`;
  const rows = [
    wayView('link', label('qrLink'), link, 'follow-link', label('openLink'), {
      via: 'link',
      ref: REF,
    }),
  ];
  if (channel === 'instagram') {
    const words = { via: 'product', productId: PRODUCT };
    rows.push(
      wayView('image', label('shopProduct'), PRODUCT, 'ask-product', label('askProduct'), words),
    );
  }
  return h('div', { class: 'ways' }, rows);
}

function wayView(symbol, title, detail, testId, action, arrival) {
  return h(
    'div',
    { class: 'way' },
    h('span', { class: 'file-icon' }, icon(symbol)),
    h('span', { class: 'file-text' }, h('b', {}, title), h('small', {}, detail)),
    h(
      'button',
      { type: 'button', class: 'pill', 'data-testid': testId, onclick: () => arriveBy(arrival) },
      action,
    ),
  );
}

/** The person comes by an advertisement, a link or a product, and lands in the chat. */
function arriveBy(arrival) {
  return attempt(async () => {
    const answer = await api('POST', '/arrive', { persona: state.personaId, ...arrival });
    if (answer.waits) state.arrivals[state.personaId] = answer.referral;
    showProfile(false);
    drawArrival();
    byId('composer').focus();
  });
}

function postView(post, comments, draft) {
  const input = h('input', {
    class: 'comment-input',
    placeholder: label('commentHint'),
    'aria-label': label('commentHint'),
    'data-testid': 'comment-input',
    maxlength: '1000',
  });
  input.value = draft;
  const send = (event) => {
    event.preventDefault();
    const words = input.value.trim();
    if (words === '') return;
    input.value = '';
    void attempt(() => inject({ kind: 'comment', text: words, ...placeOf(post) }));
  };
  return h(
    'article',
    { class: 'post', 'data-testid': 'post', 'data-post-id': post.id, 'data-kind': post.kind },
    h(
      'div',
      { class: 'post-picture' },
      h('img', { src: `/_sandbox/pictures/${post.id}.svg`, alt: '' }),
      badgeView(post),
    ),
    post.kind === 'AD' ? adButton(post) : undefined,
    h('p', { class: 'caption' }, post.caption),
    comments.map((comment) => commentView(comment)),
    h(
      'form',
      { class: 'comment-form', onsubmit: send },
      input,
      h('button', { type: 'submit', 'data-testid': 'comment-send' }, label('publish')),
    ),
  );
}

function placeOf(post) {
  return post.channel === 'messenger' ? { postId: post.id } : { mediaId: post.id };
}

function badgeView(post) {
  if (post.kind === 'AD') return h('span', { class: 'post-badge' }, label('sponsored'));
  if (post.kind === 'REELS') return h('span', { class: 'post-badge' }, 'Reels');
  if (post.kind !== 'LIVE') return undefined;
  const change = () =>
    attempt(async () => {
      await api('PATCH', `/posts/${post.id}`, { isLive: !post.isLive });
      await drawProfile();
    });
  return h(
    'button',
    {
      type: 'button',
      class: post.isLive ? 'post-badge live' : 'post-badge',
      title: label(post.isLive ? 'endLive' : 'startLive'),
      'data-testid': 'live-switch',
      onclick: change,
    },
    label(post.isLive ? 'live' : 'liveOver'),
  );
}

function adButton(post) {
  return h(
    'button',
    {
      type: 'button',
      class: 'ad-button',
      'data-testid': 'ad-message',
      onclick: () => arriveBy({ via: 'ad', postId: post.id }),
    },
    label('sendMessage'),
    icon('reply'),
  );
}

function commentView(comment) {
  const person = state.people.find((item) => item.id === comment.personaId);
  const name =
    comment.channel === 'instagram'
      ? person?.username
      : `${person?.firstName ?? ''} ${person?.lastName ?? ''}`;
  const isOwn = comment.personaId === state.personaId;
  const replied =
    comment.privateReplyMid === undefined
      ? undefined
      : h(
          'button',
          {
            type: 'button',
            class: 'link',
            'data-testid': 'comment-replied',
            disabled: !isOwn,
            onclick: () => showProfile(false),
          },
          label('repliedPrivately'),
        );
  return h(
    'div',
    { class: 'comment', 'data-testid': 'comment' },
    h('img', { class: 'mini', src: `/_sandbox/avatars/${comment.personaId}.svg`, alt: '' }),
    h(
      'div',
      {},
      h('b', {}, name ?? ''),
      ` ${comment.text}`,
      h('small', {}, timeOfDay(comment.createdAt), replied === undefined ? '' : ' · ', replied),
    ),
  );
}
