import type { Channel, ChannelAbilities, OutboundContent, SendSettings } from '../../../core/model';
import { InvalidContentError } from '../../../core/model';
import { checkMediaFile } from '../../../core/providers/content';
import { checkMetaContent } from '../../../core/providers/meta/content';
import { metaAbilities } from '../../../core/providers/meta/abilities';

const refusalOf = (
  channel: Channel,
  content: OutboundContent,
  settings: SendSettings = {},
): InvalidContentError => {
  try {
    checkMetaContent(channel, content, settings);
  } catch (error) {
    if (error instanceof InvalidContentError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
};
const accepts = (channel: Channel, content: OutboundContent) =>
  expect(() => checkMetaContent(channel, content)).not.toThrow();

const text = (value: string): OutboundContent => ({ type: 'text', text: value });
const postback = { type: 'postback', title: 'Sim', payload: 'YES' } as const;
const buttons = (list: unknown[], words = 'Confirma?'): OutboundContent =>
  ({ type: 'buttons', text: words, buttons: list }) as OutboundContent;
const reply = { title: 'Manhã', payload: 'AM' };
const quickReplies = (list: unknown[], words = 'Quando?'): OutboundContent =>
  ({ type: 'quickReplies', text: words, quickReplies: list }) as OutboundContent;

describe('abilities', () => {
  it('have a 24-hour window on both channels of a Page and know no other channel', () => {
    expect(metaAbilities('instagram')).toMatchObject({
      channel: 'instagram',
      windowMs: 86_400_000,
    });
    expect(metaAbilities('messenger')).toMatchObject({
      channel: 'messenger',
      windowMs: 86_400_000,
    });
    expect(metaAbilities('whatsapp')).toBeUndefined();
  });
});

describe('text', () => {
  it('is measured in bytes on Instagram, up to 1000', () => {
    accepts('instagram', text('a'.repeat(1000)));
    accepts('instagram', text('😀'.repeat(250)));
    expect(refusalOf('instagram', text('😀'.repeat(301)))).toMatchObject({
      field: 'Text',
      reason: 'invalid_content',
      retryable: false,
      message:
        'The text has 1,204 bytes; Instagram allows 1,000 (an accented letter counts 2, an emoji 4).',
      details: { size: 1204, max: 1000, unit: 'bytes' },
    });
    expect(refusalOf('instagram', text(`${'a'.repeat(999)}é`)).message).toContain('1,001 bytes');
  });

  it('is measured in characters on Messenger, fewer than 2000', () => {
    accepts('messenger', text('é'.repeat(1999)));
    accepts('messenger', text('😀'.repeat(1999)));
    expect(refusalOf('messenger', text('é'.repeat(2000))).message).toBe(
      'The text has 2,000 characters; Messenger allows 1,999.',
    );
  });

  it.each(['', '   \n'])('is refused when there is nothing in it (%j)', (value) => {
    expect(refusalOf('messenger', text(value))).toMatchObject({
      field: 'Text',
      message: 'The text is empty.',
    });
  });
});

const image = (url: string): OutboundContent => ({ type: 'image', media: { url } });

describe('a file by its address', () => {
  it.each(['image', 'video', 'audio', 'file'] as const)(
    'of type %s is taken on both channels',
    (type) => {
      accepts('instagram', { type, media: { url: 'https://cdn.example/a' } });
      accepts('messenger', { type, media: { url: 'https://cdn.example/a' } });
    },
  );

  it('needs a full https address; http only on this machine', () => {
    accepts('instagram', image('https://cdn.example/a.png?x=1'));
    accepts('instagram', image('http://127.0.0.1:4010/a.png'));
    accepts('instagram', image('http://localhost:4010/a.png'));
    for (const url of ['', 'a.png', 'http://cdn.example/a.png', 'file:///etc/passwd', 'data:,x']) {
      expect(refusalOf('instagram', image(url))).toMatchObject({
        field: 'URL',
        message: 'The address of the picture is not a full web address.',
      });
    }
  });

  it('may be one that Meta has stored, by its id', () => {
    accepts('instagram', { type: 'video', media: { attachmentId: '98' } });
    expect(refusalOf('instagram', { type: 'video', media: { attachmentId: ' ' } })).toMatchObject({
      field: 'Attachment ID',
      message: 'The attachment ID is empty.',
    });
  });

  it('has no text beside it on either channel; an empty one is none', () => {
    const media = { url: 'https://cdn.example/a.pdf' };
    accepts('messenger', { type: 'file', media, caption: '' });
    for (const channel of ['instagram', 'messenger'] as const) {
      expect(refusalOf(channel, { type: 'file', media, caption: 'Tabela' })).toMatchObject({
        field: 'Caption',
        hint: 'Send the text as a message of its own.',
      });
    }
  });
});

describe('several pictures', () => {
  const album = (size: number): OutboundContent => ({
    type: 'images',
    images: Array.from({ length: size }, () => ({ url: 'https://cdn.example/a.png' })),
  });

  it('are one to ten', () => {
    accepts('messenger', album(1));
    accepts('instagram', album(10));
    expect(refusalOf('instagram', album(0)).message).toBe(
      'There is no picture; Instagram needs 1 to 10.',
    );
    expect(refusalOf('messenger', album(11))).toMatchObject({
      field: 'Images',
      message: 'There are 11 pictures; Messenger allows 10.',
    });
  });

  it('each need an address, and the wrong one is named', () => {
    const images = [{ url: 'https://cdn.example/a.png' }, { url: 'b.png' }];
    expect(refusalOf('instagram', { type: 'images', images })).toMatchObject({
      field: 'Images',
      message: 'The address of picture 2 is not a full web address.',
    });
  });
});

describe("a file of the caller's own", () => {
  const MB = 1024 ** 2;
  const can = (channel: Channel) => metaAbilities(channel) as ChannelAbilities;
  const check = (
    channel: Channel,
    kind: 'image' | 'video' | 'audio' | 'file',
    size: number,
    mimeType: string,
  ) => {
    try {
      checkMediaFile(kind, { size, mimeType }, can(channel));
      return 'taken';
    } catch (error) {
      return error instanceof InvalidContentError ? `${error.field}: ${error.message}` : error;
    }
  };

  it('is measured: 8 MB for a picture on Instagram, else 25 MB', () => {
    expect(check('instagram', 'image', 8 * MB, 'image/png')).toBe('taken');
    expect(check('instagram', 'image', 8 * MB + MB / 2, 'image/png')).toBe(
      'Input Binary Field: The picture has 8.5 MB; Instagram allows 8 MB.',
    );
    expect(check('messenger', 'image', 25 * MB, 'image/png')).toBe('taken');
    expect(check('messenger', 'file', 26 * MB, 'application/zip')).toBe(
      'Input Binary Field: The document has 26 MB; Messenger allows 25 MB.',
    );
    expect(check('instagram', 'video', 26 * MB, 'video/mp4')).toContain('allows 25 MB');
    expect(check('messenger', 'image', 0, 'image/png')).toContain('is empty');
  });

  it.each([
    ['image', ['image/png', 'image/jpeg', 'IMAGE/GIF'], 'image/webp', 'PNG, JPEG and GIF'],
    [
      'video',
      ['video/mp4', 'video/ogg', 'video/quicktime', 'video/webm', 'video/x-msvideo'],
      'video/x-flv',
      'MP4, OGG, AVI, MOV and WebM',
    ],
    [
      'audio',
      ['audio/aac', 'audio/mp4', 'audio/wav; codecs=1'],
      'audio/ogg',
      'AAC, M4A, WAV and MP4',
    ],
    ['file', ['application/pdf'], 'application/msword', 'PDF'],
  ] as const)('of kind %s has its formats on Instagram', (kind, taken, refused, formats) => {
    for (const mimeType of taken) expect(check('instagram', kind, 1, mimeType)).toBe('taken');
    expect(check('instagram', kind, 1, refused)).toContain(`does not take "${refused}"`);
    expect(() => checkMediaFile(kind, { size: 1, mimeType: refused }, can('instagram'))).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(formats) as unknown }),
    );
  });

  it('may be anything of its family on Messenger', () => {
    expect(check('messenger', 'image', 1, 'image/webp')).toBe('taken');
    expect(check('messenger', 'file', 1, 'application/x-anything')).toBe('taken');
    expect(check('messenger', 'video', 1, 'image/png')).toContain('as a video');
  });
});

describe('buttons', () => {
  it('are one to three', () => {
    accepts('instagram', buttons([postback]));
    accepts('instagram', buttons([postback, postback, postback]));
    expect(refusalOf('instagram', buttons([])).message).toBe(
      'There is no button; Instagram needs 1 to 3.',
    );
    expect(
      refusalOf('messenger', buttons(Array.from({ length: 4 }, () => postback))),
    ).toMatchObject({
      field: 'Buttons',
      message: 'There are 4 buttons; Messenger allows 3.',
    });
  });

  it('have titles of 20 and payloads of 1000 characters at most', () => {
    accepts(
      'messenger',
      buttons([{ ...postback, title: 'é'.repeat(20), payload: 'x'.repeat(1000) }]),
    );
    const long = { ...postback, title: 'Confirmar a consulta agora' };
    expect(refusalOf('messenger', buttons([postback, long])).message).toBe(
      'The label of button 2 has 26 characters; Messenger allows 20.',
    );
    const heavy = { ...postback, payload: 'x'.repeat(1001) };
    expect(refusalOf('instagram', buttons([heavy])).message).toBe(
      'The payload of button 1 has 1,001 characters; Instagram allows 1,000.',
    );
    for (const hollow of [
      { ...postback, title: ' ' },
      { ...postback, payload: '' },
    ]) {
      expect(refusalOf('instagram', buttons([hollow])).message).toContain('is empty');
    }
  });

  it('stand under a text of 640 characters at most, in characters on Instagram too', () => {
    accepts('instagram', buttons([postback], 'é'.repeat(640)));
    expect(refusalOf('instagram', buttons([postback], 'é'.repeat(641)))).toMatchObject({
      field: 'Text',
      message: 'The text above the buttons has 641 characters; Instagram allows 640.',
    });
    expect(refusalOf('messenger', buttons([postback], ' ')).field).toBe('Text');
  });

  it('that dial a number exist on Messenger only, and only with an international number', () => {
    const phone = { type: 'phone', title: 'Ligar', phone: '+5511999990000' };
    accepts('messenger', buttons([phone]));
    expect(refusalOf('instagram', buttons([phone]))).toMatchObject({
      message: 'Button 1 is of the kind "Call a Number", which Instagram does not have.',
      hint: 'Use "Answer" or "Open a Page".',
    });
    for (const number of ['11999990000', '+55 11 99999-0000', '+']) {
      expect(refusalOf('messenger', buttons([{ ...phone, phone: number }])).message).toContain(
        'phone number of button 1',
      );
    }
  });

  it('that open a page need a full web address', () => {
    accepts(
      'instagram',
      buttons([{ type: 'url', title: 'Site', url: 'http://clinica.example/x' }]),
    );
    expect(
      refusalOf('instagram', buttons([{ type: 'url', title: 'Site', url: 'javascript:alert(1)' }]))
        .message,
    ).toBe('The address of button 1 is not a full web address.');
  });
});

describe('quick replies', () => {
  it('are one to thirteen, with short titles and payloads', () => {
    accepts('messenger', quickReplies(Array.from({ length: 13 }, () => reply)));
    expect(
      refusalOf('messenger', quickReplies(Array.from({ length: 14 }, () => reply))),
    ).toMatchObject({
      field: 'Quick Replies',
      message: 'There are 14 quick replies; Messenger allows 13.',
    });
    expect(refusalOf('instagram', quickReplies([])).message).toBe(
      'There is no quick reply; Instagram needs 1 to 13.',
    );
    const long = { ...reply, title: 'x'.repeat(21) };
    expect(refusalOf('instagram', quickReplies([reply, long])).message).toBe(
      'The label of quick reply 2 has 21 characters; Instagram allows 20.',
    );
    const picture = { ...reply, imageUrl: 'http://cdn.example/i.png' };
    expect(refusalOf('messenger', quickReplies([picture])).field).toBe('Quick Replies');
  });

  it('stand under a text with the limit of a text', () => {
    expect(refusalOf('instagram', quickReplies([reply], 'é'.repeat(501))).message).toContain(
      '1,002 bytes',
    );
  });
});

describe('a channel or kind that Meta does not serve', () => {
  it('is refused by name', () => {
    expect(refusalOf('whatsapp', text('oi'))).toMatchObject({ field: 'Content' });
    const heart: OutboundContent = { type: 'sticker', sticker: 'heart' };
    const post: OutboundContent = { type: 'sharePost', postId: '1' };
    const media = { url: 'https://www.facebook.com/photo/1' };
    const withButton: OutboundContent = {
      type: 'mediaTemplate',
      mediaKind: 'image',
      media,
      buttons: [],
    };
    for (const content of [heart, post]) {
      accepts('instagram', content);
      expect(refusalOf('messenger', content).message).toContain('on Messenger.');
    }
    accepts('messenger', withButton);
    expect(refusalOf('instagram', withButton).message).toBe(
      'Meta cannot send "mediaTemplate" on Instagram.',
    );
  });
});

describe('quick replies that ask for what Meta knows', () => {
  it('exist on both channels and need nothing beside their kind', () => {
    accepts('messenger', quickReplies([{ kind: 'phone' }, { kind: 'email' }]));
    accepts('instagram', quickReplies([{ kind: 'phone' }, reply]));
  });
});

describe('a carousel', () => {
  const card = { title: 'Clareamento', subtitle: 'R$ 300', buttons: [] };
  const carousel = (elements: object[]): OutboundContent =>
    ({ type: 'genericTemplate', elements }) as OutboundContent;

  it('has one to ten cards', () => {
    accepts('messenger', carousel(Array.from({ length: 10 }, () => card)));
    expect(refusalOf('messenger', carousel([])).message).toContain('There is no card');
    expect(refusalOf('instagram', carousel(Array.from({ length: 11 }, () => card)))).toMatchObject({
      field: 'Cards',
      message: 'There are 11 cards; Instagram allows 10.',
    });
  });

  it('has titles and subtitles of 80 characters at most', () => {
    accepts('messenger', carousel([{ ...card, title: 'é'.repeat(80), subtitle: 'é'.repeat(80) }]));
    expect(
      refusalOf('messenger', carousel([card, { ...card, title: 'é'.repeat(81) }])).message,
    ).toBe('The title of card 2 has 81 characters; Messenger allows 80.');
    expect(refusalOf('messenger', carousel([{ ...card, subtitle: 'x'.repeat(81) }])).message).toBe(
      'The subtitle of card 1 has 81 characters; Messenger allows 80.',
    );
    expect(refusalOf('messenger', carousel([{ ...card, title: '' }])).message).toBe(
      'The title of card 1 is empty.',
    );
  });

  it('needs more than a title on each card of Instagram', () => {
    accepts('messenger', carousel([{ title: 'Só', buttons: [] }]));
    accepts('instagram', carousel([{ title: 'Só', buttons: [postback] }]));
    accepts('instagram', carousel([{ title: 'Só', url: 'https://clinica.example', buttons: [] }]));
    expect(refusalOf('instagram', carousel([card, { title: 'Só', buttons: [] }])).message).toBe(
      'There is nothing but a title on card 2; Instagram needs more.',
    );
  });

  it('has up to three buttons a card, of the kinds of the channel', () => {
    const full = { ...card, buttons: [postback, postback, postback, postback] };
    expect(refusalOf('messenger', carousel([full]))).toMatchObject({
      field: 'Cards',
      message: 'There are 4 buttons; Messenger allows 3.',
    });
    const phone = { type: 'phone', title: 'Ligar', phone: '+5511999990000' };
    accepts('messenger', carousel([{ ...card, buttons: [phone] }]));
    expect(refusalOf('instagram', carousel([card, { ...card, buttons: [phone] }])).message).toBe(
      'Button 1 of card 2 is of the kind "Call a Number", which Instagram does not have.',
    );
  });

  it('has full addresses only', () => {
    expect(refusalOf('messenger', carousel([{ ...card, imageUrl: 'a.png' }])).message).toBe(
      'The image address of card 1 is not a full web address.',
    );
    expect(refusalOf('messenger', carousel([{ ...card, url: 'ftp://x' }])).message).toBe(
      'The address of card 1 is not a full web address.',
    );
  });
});

describe('a picture or video with a button', () => {
  const withButtons = (url: string, list: unknown[]): OutboundContent =>
    ({
      type: 'mediaTemplate',
      mediaKind: 'video',
      media: { url },
      buttons: list,
    }) as OutboundContent;

  it('has one button at most', () => {
    accepts('messenger', withButtons('https://facebook.com/v/1', []));
    accepts('messenger', withButtons('https://facebook.com/v/1', [postback]));
    expect(
      refusalOf('messenger', withButtons('https://facebook.com/v/1', [postback, postback])).message,
    ).toBe('There are 2 buttons; Messenger allows 1.');
  });

  it('needs the address of a post on Facebook, or the id of an upload', () => {
    accepts('messenger', withButtons('https://www.facebook.com/photo/1', []));
    accepts('messenger', {
      type: 'mediaTemplate',
      mediaKind: 'image',
      media: { attachmentId: '98' },
      buttons: [],
    });
    for (const url of ['https://clinica.example/a.mp4', 'https://notfacebook.com/v/1']) {
      expect(refusalOf('messenger', withButtons(url, []))).toMatchObject({
        field: 'URL',
        message: expect.stringContaining('facebook.com') as unknown,
      });
    }
  });
});

describe('products and own posts', () => {
  it('are named by ids', () => {
    const products = (productIds: string[]): OutboundContent => ({
      type: 'productTemplate',
      productIds,
    });
    accepts('instagram', products(['1', '2']));
    expect(refusalOf('messenger', products([])).field).toBe('Product IDs');
    expect(refusalOf('messenger', products(Array.from({ length: 11 }, String))).message).toBe(
      'There are 11 products; Messenger allows 10.',
    );
    expect(refusalOf('instagram', products(['1', ' '])).message).toBe(
      'The ID of product 2 is empty.',
    );
    expect(refusalOf('instagram', { type: 'sharePost', postId: '' }).field).toBe('Post ID');
  });
});

describe('settings beside the content', () => {
  it('are refused where the channel does not know them', () => {
    expect(() =>
      checkMetaContent('messenger', text('Oi'), {
        replyTo: 'm_1',
        humanAgent: true,
        notification: 'silent',
      }),
    ).not.toThrow();
    expect(refusalOf('instagram', text('Oi'), { notification: 'silent' })).toMatchObject({
      field: 'Notification',
      message: 'Instagram does not know "Notification".',
    });
    expect(() =>
      checkMetaContent('instagram', text('Oi'), { replyTo: 'm_1', humanAgent: true }),
    ).not.toThrow();
  });
});
