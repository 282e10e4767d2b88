import { ControlError, type Reply } from '../http.ts';
import { newNumericId } from '../ids.ts';
import { adReferral, linkReferral, postsOf, productReferral } from '../world/posts.ts';
import { findConversation, noteUserAction } from '../world/threads.ts';
import * as payloads from '../webhooks/payloads.ts';
import * as read from './read.ts';
import type { Context } from '../context.ts';
import type { Channel, Comment, Persona, Post } from '../model.ts';

const KINDS: Record<Channel, ReadonlyArray<Post['kind']>> = {
  instagram: ['FEED', 'REELS', 'LIVE', 'AD'],
  messenger: ['FEED', 'AD'],
  whatsapp: [],
};

/** `GET /_sandbox/accounts?channel=`: what people can write to. */
export function listAccounts(context: Context, query: URLSearchParams): { data: unknown[] } {
  const { pages, instagramAccounts, whatsApp } = context.store.state;
  const channel = query.get('channel');
  const data = [
    ...Object.values(instagramAccounts).map(({ id, name, username }) => ({
      id,
      channel: 'instagram',
      name,
      username,
    })),
    ...Object.values(pages).map(({ id, name }) => ({ id, channel: 'messenger', name })),
    ...Object.values(whatsApp.numbers).map(({ id, verifiedName, displayPhoneNumber }) => ({
      id,
      channel: 'whatsapp',
      name: verifiedName,
      phone: displayPhoneNumber,
    })),
  ];
  return { data: data.filter((item) => channel === null || item.channel === channel) };
}

/** `GET /_sandbox/posts?account=`. */
export function listPosts(context: Context, query: URLSearchParams): { data: Post[] } {
  const account = query.get('account');
  const { state } = context.store;
  return { data: account === null ? Object.values(state.posts) : postsOf(state, account) };
}

/** `GET /_sandbox/comments?account=&persona=&post=`: oldest first. */
export function listComments(context: Context, query: URLSearchParams): { data: Comment[] } {
  const [account, persona, post] = ['account', 'persona', 'post'].map((key) => query.get(key));
  const data = Object.values(context.store.state.comments).filter(
    (item) =>
      (account === null || item.accountId === account) &&
      (persona === null || item.personaId === persona) &&
      (post === null || item.postId === post),
  );
  return { data };
}

/** `POST /_sandbox/posts`: `{ accountId, kind?: "FEED", caption, ad?: { id?, title, originalPostId? } }`. */
export function addPost(context: Context, body: Record<string, unknown>): Post {
  read.onlyFields(body, ['accountId', 'kind', 'caption', 'ad']);
  const { state } = context.store;
  const accountId = read.text(body, 'accountId');
  const channel: Channel = state.pages[accountId] === undefined ? 'instagram' : 'messenger';
  if (channel === 'instagram' && state.instagramAccounts[accountId] === undefined) {
    throw new ControlError(`There is no account ${accountId}.`, 404);
  }
  const kind = KINDS[channel].find((item) => item === (body.kind ?? 'FEED'));
  if (kind === undefined) {
    throw new ControlError(`kind must be one of ${KINDS[channel].join(', ')}.`);
  }
  const post: Post = {
    id: channel === 'instagram' ? newNumericId('18', 17) : `${accountId}_${newNumericId('77', 9)}`,
    channel,
    accountId,
    kind,
    caption: read.text(body, 'caption'),
    ...(kind === 'LIVE' ? { isLive: true } : {}),
  };
  if (kind === 'AD') post.ad = readAd(read.optionalObject(body, 'ad') ?? {});
  state.posts[post.id] = post;
  if (kind === 'FEED' || kind === 'REELS')
    state.instagramAccounts[accountId]?.mediaIds.push(post.id);
  context.store.changed();
  return post;
}

function readAd(given: Record<string, unknown>): NonNullable<Post['ad']> {
  read.onlyFields(given, ['id', 'title', 'originalPostId']);
  const originalPostId = read.optionalText(given, 'originalPostId');
  return {
    id: read.optionalText(given, 'id') ?? newNumericId('604', 13),
    title: read.text(given, 'title'),
    ...(originalPostId === undefined ? {} : { originalPostId }),
  };
}

/** `PATCH /_sandbox/posts/{id}`: `{ isLive }`; a broadcast that has ended takes no private reply. */
export function changePost(context: Context, id: string, body: Record<string, unknown>): Post {
  read.onlyFields(body, ['isLive']);
  const post = findPost(context, id);
  if (post.kind !== 'LIVE') throw new ControlError('Only a post of kind LIVE is a broadcast.');
  post.isLive = read.optionalBoolean(body, 'isLive') ?? post.isLive;
  context.store.changed();
  return post;
}

/**
 * `POST /_sandbox/arrive`: the person comes `{ persona, via: "ad", postId?, ref? }`, `{ via: "link", ref? }` or
 * `{ via: "product", productId? }`. A link into a conversation that exists is told at once; otherwise the
 * person's next message (or tap) carries where they came from. `{ via: null }` forgets it.
 */
export function arrive(context: Context, body: Record<string, unknown>): Record<string, unknown> {
  read.onlyFields(body, ['persona', 'channel', 'via', 'postId', 'ref', 'productId']);
  const { store } = context;
  const persona = read.persona(store.state, body);
  if (body.via === null) {
    delete store.state.arrivals[persona.id];
    store.changed();
    return { personaId: persona.id };
  }
  const referral = readReferral(context, persona, body);
  const conversation = findConversation(store.state, persona.id);
  const isLink = body.via === 'link' && persona.channel !== 'whatsapp';
  if (isLink && conversation !== undefined && conversation.mids.length > 0) {
    const now = store.now();
    noteUserAction(conversation, persona, now);
    const event = payloads.referral(payloads.partiesWith(persona, now), referral);
    store.changed();
    return { personaId: persona.id, referral, ...context.webhooks.enqueue(event) };
  }
  store.state.arrivals[persona.id] = referral;
  store.changed();
  return { personaId: persona.id, referral, waits: true };
}

function readReferral(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Record<string, unknown> {
  const { state } = context.store;
  const ref = read.optionalText(body, 'ref');
  switch (body.via) {
    case 'ad': {
      if (persona.channel === 'whatsapp') return whatsAppAd(context);
      const ads = postsOf(state, persona.accountId).filter((post) => post.kind === 'AD');
      const postId = read.optionalText(body, 'postId');
      const post = postId === undefined ? ads[0] : ads.find((item) => item.id === postId);
      if (post === undefined) throw new ControlError('The account has no such advertisement.', 404);
      return adReferral(post, pictureUrl(context, post.id), ref ?? 'campanha-novembro');
    }
    case 'link':
      if (persona.channel === 'whatsapp') {
        throw new ControlError('A wa.me link says nothing about itself: the person just writes.');
      }
      return linkReferral(persona.channel, ref ?? 'balcao-qr');
    case 'product':
      if (persona.channel !== 'instagram') throw new ControlError('A shop is on Instagram only.');
      return productReferral(read.optionalText(body, 'productId') ?? 'PROD_FAKE_1');
    default:
      throw new ControlError('via must be ad, link, product or null.');
  }
}

/** An advertisement that opens WhatsApp. Sample: wa_ctwa_referral. */
function whatsAppAd(context: Context): Record<string, unknown> {
  return {
    source_url: 'https://fb.me/sandbox',
    source_id: '120210000000000001',
    source_type: 'ad',
    headline: 'Avaliação grátis',
    body: 'Fale conosco pelo WhatsApp',
    media_type: 'image',
    image_url: pictureUrl(context, Object.keys(context.store.state.posts)[0] ?? ''),
    ctwa_clid: 'ARsandboxClick0001',
  };
}

function pictureUrl(context: Context, postId: string): string {
  return `${context.publicUrl()}/_sandbox/pictures/${postId}.svg`;
}

const TINTS = ['#f58529 #dd2a7b', '#0a7cff #7a5cff', '#11998e #38ef7d', '#5b6cff #21c7e8'];

/** `GET /_sandbox/pictures/{post id}.svg`: a drawn picture for a post. */
export function postPicture(context: Context, id: string): Reply {
  const post = findPost(context, id);
  const sum = [...id].reduce((total, digit) => total + (Number(digit) || 0), 0);
  const [from, to] = (TINTS[sum % TINTS.length] ?? '').split(' ');
  const turn = (sum * 37) % 360;
  const play =
    post.kind === 'REELS' || post.kind === 'LIVE'
      ? '<circle cx="160" cy="100" r="34" fill="#0006"/><path d="M150 82v36l28-18z" fill="#fff"/>'
      : '<path d="M160 58c-9-8-30-9-37 6-6 13 2 31 7 49 3 12 5 31 13 31s7-33 17-33 9 33 17 33 10-19 13-31c5-18 13-36 7-49-7-15-28-14-37-6z" fill="#fffffff0"/>';
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><defs><linearGradient id="g" gradientTransform="rotate(${turn % 90})"><stop offset="0" stop-color="${from ?? ''}"/><stop offset="1" stop-color="${to ?? ''}"/></linearGradient></defs><rect width="320" height="200" fill="url(#g)"/><circle cx="${40 + (turn % 120)}" cy="30" r="90" fill="#ffffff22"/><circle cx="${290 - (turn % 80)}" cy="190" r="110" fill="#00000018"/>${play}</svg>`;
  return { status: 200, headers: { 'content-type': 'image/svg+xml; charset=utf-8' }, body };
}

function findPost(context: Context, id: string): Post {
  const post = context.store.state.posts[id];
  if (post === undefined) throw new ControlError(`There is no post ${id}.`, 404);
  return post;
}
