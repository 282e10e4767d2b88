import type { Channel, OutboundContent } from '../../../core/model';
import { InvalidContentError } from '../../../core/model';
import { checkMetaContent, toGraphMessage } from '../../../core/providers/meta/content';
import { metaAbilities } from '../../../core/providers/meta/abilities';
import {
  metaContentFingerprint,
  readBackFingerprint,
} from '../../../core/providers/meta/fingerprint';

const refusalOf = (channel: Channel, content: OutboundContent): InvalidContentError => {
  try {
    checkMetaContent(channel, content);
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

describe('image', () => {
  it('needs a full https address; http only on this machine', () => {
    accepts('instagram', { type: 'image', url: 'https://cdn.example/a.png?x=1' });
    accepts('instagram', { type: 'image', url: 'http://127.0.0.1:4010/a.png' });
    accepts('instagram', { type: 'image', url: 'http://localhost:4010/a.png' });
    for (const url of ['', 'a.png', 'http://cdn.example/a.png', 'file:///etc/passwd', 'data:,x']) {
      expect(refusalOf('instagram', { type: 'image', url })).toMatchObject({ field: 'Image URL' });
    }
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
      'The title of button 2 has 26 characters; Messenger allows 20.',
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
      message: 'Button 1 is of type Phone, which Instagram does not have.',
      hint: 'Use Postback or Link.',
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
      'The title of quick reply 2 has 21 characters; Instagram allows 20.',
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
    expect(refusalOf('whatsapp', text('oi'))).toMatchObject({ field: 'Message Type' });
    const video = { type: 'video', url: 'https://x.example' } as unknown as OutboundContent;
    expect(refusalOf('instagram', video).message).toBe('Meta cannot send "video" on Instagram.');
  });
});

describe('toGraphMessage', () => {
  it('writes each form of the Send API', () => {
    expect(toGraphMessage(text('Olá'))).toEqual({ text: 'Olá' });
    expect(toGraphMessage({ type: 'image', url: 'https://cdn.example/a.png' })).toEqual({
      attachment: { type: 'image', payload: { url: 'https://cdn.example/a.png' } },
    });
    expect(
      toGraphMessage(
        buttons([
          postback,
          { type: 'url', title: 'Site', url: 'https://clinica.example' },
          { type: 'phone', title: 'Ligar', phone: '+5511999990000' },
        ]),
      ),
    ).toEqual({
      attachment: {
        type: 'template',
        payload: {
          template_type: 'button',
          text: 'Confirma?',
          buttons: [
            { type: 'postback', title: 'Sim', payload: 'YES' },
            { type: 'web_url', title: 'Site', url: 'https://clinica.example' },
            { type: 'phone_number', title: 'Ligar', payload: '+5511999990000' },
          ],
        },
      },
    });
    const picture = { ...reply, imageUrl: 'https://cdn.example/i.png' };
    expect(toGraphMessage(quickReplies([reply, picture]))).toEqual({
      text: 'Quando?',
      quick_replies: [
        { content_type: 'text', title: 'Manhã', payload: 'AM' },
        {
          content_type: 'text',
          title: 'Manhã',
          payload: 'AM',
          image_url: 'https://cdn.example/i.png',
        },
      ],
    });
  });
});

describe('fingerprints', () => {
  it('of what was sent and of what reads back are equal', () => {
    const read = (message: string) => readBackFingerprint({ message });
    expect(read('Quando?')).toBe(metaContentFingerprint(text('Quando?')));
    expect(read('Quando?')).toBe(metaContentFingerprint(quickReplies([reply])));
    expect(read('Confirma?')).toBe(metaContentFingerprint(buttons([postback])));
    const picture = {
      message: '',
      attachments: { data: [{ image_data: { url: 'https://fbcdn.example/9' } }] },
    };
    expect(readBackFingerprint(picture)).toBe(
      metaContentFingerprint({ type: 'image', url: 'https://clinica.example/a.png' }),
    );
  });

  it('do not depend on white space at the ends, line ends or how accents are composed', () => {
    expect(metaContentFingerprint(text(' Olá\r\nfim \n'))).toBe(
      metaContentFingerprint(text('Ola\u0301\nfim')),
    );
  });

  it('differ for different words, for words and pictures, and for files of another kind', () => {
    const file = {
      message: '',
      attachments: { data: [{ file_url: 'https://fbcdn.example/f.pdf' }] },
    };
    const prints = [
      metaContentFingerprint(text('a')),
      metaContentFingerprint(text('A')),
      metaContentFingerprint({ type: 'image', url: 'https://x.example' }),
      readBackFingerprint(file),
    ];
    expect(new Set(prints).size).toBe(4);
    expect(prints.every((print) => /^[0-9a-f]{64}$/.test(print ?? ''))).toBe(true);
  });

  it('are null where reading shows nothing of the content: it may be any message', () => {
    expect(readBackFingerprint({ message: '' })).toBeNull();
    expect(readBackFingerprint({})).toBeNull();
  });
});
