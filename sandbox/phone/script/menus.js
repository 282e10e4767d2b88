import { h } from './elements.js';
import { label } from './labels.js';
import { actions, byId, state } from './session.js';

/** Ice breakers, menu, ... of the account whose chat is open. */
function ownProfile() {
  return state.profiles?.[state.accountId] ?? {};
}

/** The entry of the page's language, or the default one. */
function localised(list) {
  const language = document.documentElement.lang.replace('-', '_');
  return list?.find((item) => item.locale === language) ?? list?.[0];
}

/** What an empty chat offers: the greeting, Get Started, the ice breakers. */
export function starterView() {
  const profile = ownProfile();
  const rows = [];
  const greeting = localised(profile.greeting)?.text;
  if (greeting !== undefined) rows.push(h('p', { class: 'greeting' }, greeting));
  for (const { question, payload } of localised(profile.ice_breakers)?.call_to_actions ?? []) {
    const tap = () => actions.postback(question, payload);
    rows.push(
      h(
        'button',
        { type: 'button', class: 'ice-breaker', 'data-testid': 'ice-breaker', onclick: tap },
        question,
      ),
    );
  }
  if (profile.get_started !== undefined) {
    const title = label('getStarted');
    const tap = () => actions.postback(title, profile.get_started.payload);
    rows.push(
      h(
        'button',
        { type: 'button', class: 'get-started', 'data-testid': 'get-started', onclick: tap },
        title,
      ),
    );
  }
  if (rows.length === 0) rows.push(h('div', { class: 'empty' }, label('empty')));
  return h('div', { class: 'starters' }, rows);
}

/** The button of the persistent menu, and its sheet. */
export function drawMenu() {
  const items = localised(ownProfile().persistent_menu)?.call_to_actions ?? [];
  byId('menu').hidden = items.length === 0;
  if (items.length === 0) byId('menu-sheet').hidden = true;
  byId('menu-sheet').replaceChildren(...items.map(menuItem));
}

function menuItem(item) {
  if (item.type === 'web_url') {
    return h(
      'a',
      { href: item.url, target: '_blank', rel: 'noopener noreferrer', 'data-testid': 'menu-item' },
      item.title,
    );
  }
  const tap = () => {
    byId('menu-sheet').hidden = true;
    return actions.postback(item.title, item.payload);
  };
  return h('button', { type: 'button', 'data-testid': 'menu-item', onclick: tap }, item.title);
}

/** Where the person came from, until the next message tells it. */
export function drawArrival() {
  const referral = state.arrivals?.[state.personaId];
  byId('arrival').hidden = referral === undefined;
  byId('arrival').firstElementChild.textContent =
    referral === undefined ? '' : label('arrived', { from: referralText(referral) });
}

/** An advertisement, link or product in words. */
export function referralText(referral) {
  if (referral.product !== undefined) return label('fromProduct', { id: referral.product.id });
  const title = referral.ads_context_data?.ad_title ?? referral.headline;
  return title === undefined
    ? label('fromLink', { ref: referral.ref ?? '' })
    : label('fromAd', { title });
}
