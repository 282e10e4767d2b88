import { NodeApiError, NodeOperationError, type INode, type INodeProperties } from 'n8n-workflow';
import {
  InvalidInputError,
  NotFoundError,
  StoreError,
  TokenExpiredError,
} from '../../../core/model';
import { claimedAccounts } from '../../../nodes/shared/door/claimedAccounts';
import { localAddress, signCopy } from '../../../nodes/shared/door/testCopies';
import { toMetaCredential } from '../../../nodes/MetaMessaging/metaCredential';
import { contentProperties } from '../../../nodes/shared/content/contentProperties';
import { toNodeError } from '../../../nodes/shared/errors';
import { parameterReader } from '../../../nodes/shared/parameters';
import { readContent } from '../../../nodes/shared/content/readContent';

const node: INode = {
  id: '1',
  name: 'Send',
  type: 'n8n-nodes-omnichannel.omnichannel',
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
};

describe('the parameter reader', () => {
  const properties = [
    { displayName: 'Recipient', name: 'recipient', type: 'string', default: '' },
    { displayName: 'Hours', name: 'hours', type: 'number', default: 1 },
    {
      displayName: 'Options',
      name: 'options',
      type: 'collection',
      default: {},
      options: [{ displayName: 'Tenant', name: 'tenant', type: 'string', default: '' }],
    },
  ] as const satisfies INodeProperties[];
  const reader = (values: Record<string, unknown>) =>
    parameterReader(properties, (name) => values[name]);

  it('takes numbers for texts and digits for numbers, as expressions yield them', () => {
    const read = reader({ recipient: 7001002003004005, hours: '24' });
    expect([read('recipient'), read('hours')]).toEqual(['7001002003004005', 24]);
  });

  it('takes nothing for an empty text', () => {
    expect(reader({ recipient: undefined })('recipient')).toBe('');
    expect(reader({ recipient: null })('recipient')).toBe('');
  });

  it.each([
    ['recipient', { id: 1 }, '"Recipient" is not a text.'],
    ['hours', 'soon', '"Hours" is not a number.'],
    ['hours', undefined, '"Hours" is not a number.'],
  ] as const)('names the field when %s is %p', (name, value, sentence) => {
    expect(() => reader({ [name]: value })(name)).toThrow(
      new InvalidInputError(name, sentence).message,
    );
  });

  it('keeps only the options that the panel has', () => {
    expect(reader({ options: { tenant: 5, invented: true } })('options')).toEqual({ tenant: '5' });
  });
});

describe('the content of a message', () => {
  const contentOf = (values: Record<string, unknown>) =>
    readContent(
      parameterReader(contentProperties, (name) => values[name]),
      (field) => ({ field }),
    );

  it('gives a button without a payload its label as payload', () => {
    const buttons = {
      button: [
        { title: 'Agendar' },
        { type: 'url', title: 'Site', url: ' https://example.com ' },
        { type: 'phone', title: 'Ligar', phone: '+5511999990000' },
      ],
    };
    expect(contentOf({ contentType: 'buttons', text: 'Escolha', buttons })).toEqual({
      type: 'buttons',
      text: 'Escolha',
      buttons: [
        { type: 'postback', title: 'Agendar', payload: 'Agendar' },
        { type: 'url', title: 'Site', url: 'https://example.com' },
        { type: 'phone', title: 'Ligar', phone: '+5511999990000' },
      ],
    });
  });

  it('reads a file by its address or by the id it was stored under, with its caption', () => {
    const video = { contentType: 'video', source: 'url', url: ' https://e/x.mp4 ', caption: 'Oi' };
    expect(contentOf(video)).toEqual({
      type: 'video',
      media: { url: 'https://e/x.mp4' },
      caption: 'Oi',
    });
    const stored = { contentType: 'file', source: 'attachmentId', attachmentId: 98, caption: '' };
    expect(contentOf(stored)).toEqual({ type: 'file', media: { attachmentId: '98' } });
    const images = {
      image: [{ url: 'https://e/1.png' }, { source: 'attachmentId', attachmentId: '7' }],
    };
    expect(contentOf({ contentType: 'images', images })).toEqual({
      type: 'images',
      images: [{ url: 'https://e/1.png' }, { attachmentId: '7' }],
    });
  });

  it('reads cards from the fields, without what was left empty', () => {
    const card = [
      { title: 'Clareamento', subtitle: 'R$ 300', buttons: { button: [{ title: 'Agendar' }] } },
      { title: 'Limpeza', url: 'https://e/limpeza' },
    ];
    const elements = [
      {
        title: 'Clareamento',
        subtitle: 'R$ 300',
        buttons: [{ type: 'postback', title: 'Agendar', payload: 'Agendar' }],
      },
      { title: 'Limpeza', url: 'https://e/limpeza', buttons: [] },
    ];
    const fields = { contentType: 'genericTemplate', cardsAs: 'fields', cards: { card } };
    expect(contentOf(fields)).toEqual({ type: 'genericTemplate', elements });
  });

  it('reads cards from JSON, as text or as a list out of an expression', () => {
    const list = [
      {
        title: 'A',
        imageUrl: 'https://e/a.png',
        buttons: [{ type: 'url', title: 'Ver', url: 'https://e' }],
      },
      { title: 'B', subtitle: '', buttons: [{ title: 'Sim' }] },
    ];
    const json = { contentType: 'genericTemplate', cardsAs: 'json' };
    const expected = [
      list[0],
      { title: 'B', buttons: [{ type: 'postback', title: 'Sim', payload: 'Sim' }] },
    ];
    for (const cardsJson of [list, JSON.stringify(list)]) {
      expect(contentOf({ ...json, cardsJson })).toEqual({
        type: 'genericTemplate',
        elements: expected,
      });
    }
  });

  it.each([
    ['{', '"Cards (JSON)" is no valid JSON.'],
    ['{}', '"Cards (JSON)" is not a list.'],
    ['[1]', 'Card 1 is not an object in braces.'],
    ['[{"title":{}}]', 'Card 1 has a title that is not a text.'],
    ['[{"title":"A","buttons":{}}]', 'Card 1 has buttons that are not a list.'],
    [
      '[{"title":"A"},{"title":"B","buttons":[{"type":"call"}]}]',
      'Button 1 of card 2 has a type other than postback, url and phone.',
    ],
  ])('says what is wrong with %s', (cardsJson, sentence) => {
    const json = { contentType: 'genericTemplate', cardsAs: 'json', cardsJson };
    expect(() => contentOf(json)).toThrow(sentence);
  });

  it('reads quick replies from JSON, as text or as a list out of an expression', () => {
    const list = [
      { title: 'qui. 26/11 10:00', payload: 'SLOT:a:2026-11-26T10:00:00-03:00', start: 'x' },
      { title: 'Outro' },
    ];
    const json = { contentType: 'quickReplies', text: 'Qual?', quickRepliesAs: 'json' };
    for (const quickRepliesJson of [list, JSON.stringify(list)]) {
      expect(contentOf({ ...json, quickRepliesJson })).toEqual({
        type: 'quickReplies',
        text: 'Qual?',
        quickReplies: [
          { title: 'qui. 26/11 10:00', payload: 'SLOT:a:2026-11-26T10:00:00-03:00' },
          { title: 'Outro', payload: 'Outro' },
        ],
      });
    }
    for (const quickRepliesJson of ['{', '{}', '[1]', '[{"title":""}]']) {
      expect(() => contentOf({ ...json, quickRepliesJson })).toThrow('"Quick Replies (JSON)"');
    }
  });

  it('reads products, an own post, a picture with buttons and the heart', () => {
    expect(contentOf({ contentType: 'productTemplate', productIds: '1, 2' })).toEqual({
      type: 'productTemplate',
      productIds: ['1', '2'],
    });
    expect(contentOf({ contentType: 'sharePost', postId: 17895695668004550n.toString() })).toEqual({
      type: 'sharePost',
      postId: '17895695668004550',
    });
    expect(contentOf({ contentType: 'sticker' })).toEqual({ type: 'sticker', sticker: 'heart' });
    const media = {
      contentType: 'mediaTemplate',
      mediaKind: 'video',
      source: 'url',
      url: 'https://www.facebook.com/v/1',
      buttons: {},
    };
    expect(contentOf(media)).toEqual({
      type: 'mediaTemplate',
      mediaKind: 'video',
      media: { url: 'https://www.facebook.com/v/1' },
      buttons: [],
    });
  });

  it('reads quick replies that ask for what Meta knows', () => {
    const quickReplies = { quickReply: [{ kind: 'phone' }, { kind: 'email', title: 'unused' }] };
    expect(contentOf({ contentType: 'quickReplies', text: 'Contato?', quickReplies })).toEqual({
      type: 'quickReplies',
      text: 'Contato?',
      quickReplies: [{ kind: 'phone' }, { kind: 'email' }],
    });
  });

  it('leaves out the picture of a quick reply that has none', () => {
    const quickReplies = {
      quickReply: [
        { title: 'Manhã', payload: 'M' },
        { title: 'Tarde', imageUrl: 'https://e/x.png' },
      ],
    };
    expect(contentOf({ contentType: 'quickReplies', text: 'Quando?', quickReplies })).toEqual({
      type: 'quickReplies',
      text: 'Quando?',
      quickReplies: [
        { title: 'Manhã', payload: 'M' },
        { title: 'Tarde', payload: 'Tarde', imageUrl: 'https://e/x.png' },
      ],
    });
  });
});

describe('the translation of errors', () => {
  it('makes the sentence the message and the next step the description', () => {
    const error = toNodeError(
      node,
      new NotFoundError('The account', 'x', { hint: 'Choose another.' }),
      3,
    );
    expect(error).toBeInstanceOf(NodeOperationError);
    expect(error).toMatchObject({
      message: 'The account "x" does not exist here.',
      description: 'Choose another.',
      context: { itemIndex: 3 },
    });
  });

  it("tells the other side's refusal from a fault of ours", () => {
    expect(toNodeError(node, new TokenExpiredError('The token is dead.'))).toBeInstanceOf(
      NodeApiError,
    );
    expect(
      toNodeError(node, new StoreError('store_full', 'The disk is full.', true)),
    ).toBeInstanceOf(NodeOperationError);
  });

  it('carries neither the cause nor the details of an error along', () => {
    const cause = new Error('Bearer EAAG-secret');
    const error = toNodeError(
      node,
      new TokenExpiredError('Dead.', { cause, details: { token: 'EAAG-secret' } }),
    );
    expect(JSON.stringify(error)).not.toContain('EAAG-secret');
    expect(error.cause).toBeUndefined();
  });

  it('understands the errors of a copy of the package that n8n has replaced', () => {
    class StoreErrorOfOldCopy extends Error {
      code = 'store_locked';
      hint = 'Wait.';
      details = {};
    }
    expect(toNodeError(node, new StoreErrorOfOldCopy('Locked.'))).toMatchObject({
      description: 'Wait.',
    });
  });
});

describe('the accounts that a refused body claims', () => {
  const ids = ({ id }: Record<string, unknown>) => [id];
  const claimed = (body: unknown) => claimedAccounts(Buffer.from(JSON.stringify(body)), ids);

  it('are its entry ids, once each', () => {
    expect(claimed({ entry: [{ id: '100' }, { id: 200 }, { id: '100' }] })).toEqual(['100', '200']);
  });

  it('are none of anything else that is in it', () => {
    const strange = [{ id: 'x; drop table' }, { id: '9'.repeat(40) }, { id: {} }, null, 'text'];
    expect(claimed({ entry: strange })).toEqual([]);
    expect(claimed({ entry: 'none' })).toEqual([]);
    expect(claimedAccounts(Buffer.from('no json'), ids)).toEqual([]);
    expect(claimed({ entry: Array.from({ length: 1000 }, (_, id) => ({ id })) })).toHaveLength(20);
  });
});

describe('copies for a test in the editor', () => {
  it.each([
    ['https://n8n.example.com/webhook-test/a/meta', 'https://n8n.example.com'],
    ['https://n8n.example.com/flows/webhook-test/a/meta', 'https://n8n.example.com/flows'],
    ['https://other.example.com/webhook-test/a/meta', 'https://n8n.example.com'],
  ])('of %s go to this machine', (url, publicUrl) => {
    const host = { localUrl: 'http://127.0.0.1:5678', publicUrl };
    expect(localAddress(host, url)).toBe('http://127.0.0.1:5678/webhook-test/a/meta');
  });

  it('are signed with a key that another n8n does not have', () => {
    const host = (secret: string) => ({
      encryptionKey: { secret, source: 'N8N_ENCRYPTION_KEY' as const },
    });
    const at = 1_795_000_000_000;
    expect(signCopy(host('a'), '{}', at)).toBe(signCopy(host('a'), '{}', at));
    expect(signCopy(host('a'), '{}', at)).not.toBe(signCopy(host('b'), '{}', at));
    expect(signCopy(host('a'), '{}', at)).not.toBe(signCopy(host('a'), '{ }', at));
  });
});

describe('the fields of the Meta credential', () => {
  it('lose the blanks that come along when they are pasted, and empty ones are absent', () => {
    expect(toMetaCredential({ accessToken: ' EAAG \n', appSecret: '', pageId: ' 1 ' })).toEqual({
      accessToken: 'EAAG',
      pageId: '1',
      graphVersion: 'v25.0',
      graphBaseUrl: 'https://graph.facebook.com',
    });
  });

  it('must have a token', () => {
    expect(() => toMetaCredential({ accessToken: ' ' })).toThrow(
      'The credential has no access token.',
    );
  });
});
