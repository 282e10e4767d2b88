import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness, until, type GraphAnswer } from './support/harness.ts';
import type { Comment, Post } from '../../sandbox/model.ts';

let harness: Harness;
let instagram: string;
let messenger: string;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.control('POST', '/reset');
  harness.received.length = 0;
  await harness.subscribeAll();
  [instagram, messenger] = [harness.person('instagram'), harness.person('messenger')];
});

interface Entry {
  field?: string;
  value?: Record<string, unknown>;
  changes?: Array<{ field: string; value: Record<string, unknown> }>;
  messaging?: Array<Record<string, unknown>>;
}

/** The entry of the newest webhook, once there is one more than before. */
async function entryAfter(act: () => Promise<unknown>): Promise<Entry> {
  const before = harness.received.length;
  await act();
  await until('the webhook came', () => harness.received.length > before);
  return (harness.payloads().at(-1) as { entry: Entry[] }).entry[0] as Entry;
}

const posts = async (account: string): Promise<Post[]> =>
  (await harness.control<{ data: Post[] }>('GET', `/posts?account=${account}`)).data;
const reply = (comment_id: string): Promise<GraphAnswer> =>
  harness.graph('POST', `/${harness.seed.page.id}/messages`, {
    recipient: { comment_id },
    message: { text: 'Te chamei no direct' },
  });
const comment = (post: Post | undefined, more = {}): Record<string, unknown> => ({
  kind: 'comment',
  persona: instagram,
  text: 'Quanto custa?',
  mediaId: post?.id,
  ...more,
});

describe('comments', () => {
  test('name the kind of post they stand under', async () => {
    const all = await posts(harness.seed.instagramAccount.id);
    const kinds: unknown[] = [];
    for (const post of all) {
      const entry = await entryAfter(() => harness.inject(comment(post)));
      const { field, value } = entry.changes?.[0] ?? {};
      kinds.push([field, (value?.media as Record<string, unknown>).media_product_type]);
    }
    expect(kinds).toEqual([
      ['comments', 'FEED'],
      ['comments', 'AD'],
      ['comments', 'REELS'],
      ['live_comments', 'LIVE'],
    ]);
  });

  test('under an advertisement name it', async () => {
    const ad = (await posts(harness.seed.instagramAccount.id)).find(({ kind }) => kind === 'AD');
    const entry = await entryAfter(() => harness.inject(comment(ad)));
    expect(entry.changes?.[0]?.value.media).toEqual({
      id: ad?.id,
      media_product_type: 'AD',
      ad_id: ad?.ad?.id,
      ad_title: 'Avaliação grátis',
      original_media_id: '18000000000000004',
    });
  });

  test('come flat, mentions too, when the setting says so', async () => {
    await harness.control('PATCH', '/settings', { flatComments: true });
    const flat = await entryAfter(() => harness.inject(comment(undefined)));
    expect(flat).toMatchObject({ field: 'comments', value: { text: 'Quanto custa?' } });
    const mention = await entryAfter(() => harness.inject({ kind: 'mention', persona: instagram }));
    expect(mention).toMatchObject({ field: 'mentions' });
  });

  test('of a Page go to its feed, under the post that is named', async () => {
    const [post] = await posts(harness.seed.page.id);
    const entry = await entryAfter(() =>
      harness.inject({
        kind: 'comment',
        persona: messenger,
        text: 'Abre sábado?',
        postId: post?.id,
      }),
    );
    expect(entry.changes).toMatchObject([
      { field: 'feed', value: { item: 'comment', verb: 'add', post_id: post?.id } },
    ]);
  });

  test('are listed with their private reply', async () => {
    const { mid } = await harness.inject(comment(undefined));
    const answer = await reply(mid);
    const path = `/comments?persona=${instagram}`;
    const { data } = await harness.control<{ data: Comment[] }>('GET', path);
    expect(data).toMatchObject([
      { id: mid, text: 'Quanto custa?', privateReplyMid: answer.body.message_id },
    ]);
    expect(await reply(mid)).toMatchObject({ code: 100, subcode: 2534025 });
  });

  test('of a broadcast are answered in private while it runs', async () => {
    const live = (await posts(harness.seed.instagramAccount.id)).find(
      ({ kind }) => kind === 'LIVE',
    );
    const [first, second] = [
      await harness.inject(comment(live)),
      await harness.inject(comment(live)),
    ];
    expect((await reply(first.mid)).status).toBe(200);
    await harness.control('PATCH', `/posts/${live?.id}`, { isLive: false });
    expect(await reply(second.mid)).toMatchObject({ code: 100, subcode: 2534025 });
  });

  test('can stand under a post that a test adds', async () => {
    const { id: accountId } = harness.seed.instagramAccount;
    const post = await harness.control<Post>('POST', '/posts', {
      accountId,
      kind: 'AD',
      caption: 'Aparelho em 12x',
      ad: { title: 'Aparelho' },
    });
    const entry = await entryAfter(() => harness.inject(comment(post)));
    expect(entry.changes?.[0]?.value.media).toMatchObject({ ad_title: 'Aparelho' });
  });
});

describe('where a person came from', () => {
  const arrive = (body: Record<string, unknown>): Promise<Record<string, unknown>> =>
    harness.control('POST', '/arrive', body);
  const referralOf = (entry: Entry): unknown => {
    const [item] = entry.messaging ?? [];
    const message = item?.message as { referral?: unknown } | undefined;
    return item?.referral ?? message?.referral;
  };

  test('an advertisement is named by the next message, once', async () => {
    await arrive({ persona: messenger, via: 'ad' });
    const first = await entryAfter(() => harness.inject({ persona: messenger, text: 'Vi' }));
    expect(referralOf(first)).toMatchObject({
      source: 'ADS',
      type: 'OPEN_THREAD',
      ad_id: '6045246247434',
      ads_context_data: {
        ad_title: 'Avaliação grátis',
        post_id: `${harness.seed.page.id}_1`,
        photo_url: expect.stringContaining('/pictures/'),
      },
    });
    const second = await entryAfter(() => harness.inject({ persona: messenger, text: 'Oi' }));
    expect(referralOf(second)).toBeUndefined();
  });

  test('a link into a conversation that exists is told at once, into a new one with the message', async () => {
    expect(await arrive({ persona: instagram, via: 'link', ref: 'qr' })).toMatchObject({
      waits: true,
    });
    const first = await entryAfter(() => harness.inject({ persona: instagram, text: 'Oi' }));
    expect(referralOf(first)).toEqual({ ref: 'qr', source: 'SHORTLINKS', type: 'OPEN_THREAD' });
    const second = await entryAfter(() => arrive({ persona: instagram, via: 'link', ref: 'bio' }));
    expect(second.messaging?.[0]).toMatchObject({ referral: { ref: 'bio' } });
  });

  test('a product of the shop is on Instagram only, and a wish can be taken back', async () => {
    await arrive({ persona: instagram, via: 'product' });
    const entry = await entryAfter(() => harness.inject({ persona: instagram, text: 'Tem?' }));
    expect(referralOf(entry)).toEqual({ product: { id: 'PROD_FAKE_1' } });
    await expect(arrive({ persona: messenger, via: 'product' })).rejects.toThrow(/Instagram only/);
    await arrive({ persona: messenger, via: 'ad' });
    await arrive({ persona: messenger, via: null });
    const plain = await entryAfter(() => harness.inject({ persona: messenger, text: 'Oi' }));
    expect(referralOf(plain)).toBeUndefined();
  });

  test('the first tap after a link carries it, as Get Started does', async () => {
    await arrive({ persona: messenger, via: 'link', ref: 'site-home' });
    const entry = await entryAfter(() =>
      harness.inject({ kind: 'postback', persona: messenger, title: 'Começar', payload: 'START' }),
    );
    expect(entry.messaging?.[0]).toMatchObject({
      postback: { payload: 'START', referral: { ref: 'site-home', source: 'SHORTLINK' } },
    });
  });
});

test('a silent message makes no webhook, and the conversation knows of it', async () => {
  const { mid, deliveryIds } = await harness.inject({
    persona: messenger,
    text: 'Alguém aí?',
    silent: true,
  });
  expect(deliveryIds).toEqual([]);
  await harness.idle();
  expect(harness.received).toEqual([]);
  const answer = await harness.graph('GET', `/${harness.seed.page.id}/conversations`, {
    fields: 'messages{message}',
  });
  expect(JSON.stringify(answer.body)).toContain(mid);
});
