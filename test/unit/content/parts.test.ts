import type { OutboundContent } from '../../../core/model';
import { partsOf } from '../../../core/providers/content';
import { testAbilities } from '../../support/abilities';

const can = {
  ...testAbilities,
  textLimit: { max: 20, unit: 'bytes' } as const,
  buttonTextLimit: 10,
};
const buttons = [{ type: 'postback', title: 'Sim', payload: 'YES' }] as const;
const text = (value: string): OutboundContent => ({ type: 'text', text: value });

describe('the messages in which content goes', () => {
  it('are one where it fits', () => {
    for (const content of [
      text('Oi'),
      { type: 'buttons', text: 'Confirma?', buttons: [...buttons] },
      { type: 'image', media: { url: 'https://e/a.png' } },
      { type: 'sticker', sticker: 'heart' },
    ] satisfies OutboundContent[]) {
      expect(partsOf(content, can)).toEqual([content]);
    }
  });

  it('are several texts for a long one', () => {
    expect(partsOf(text('Seu horário é amanhã às 15h'), can)).toEqual([
      text('Seu horário é'),
      text('amanhã às 15h'),
    ]);
  });

  it('have quick replies under the last of them', () => {
    const quickReplies = [{ title: 'Manhã', payload: 'AM' }];
    const content: OutboundContent = {
      type: 'quickReplies',
      text: 'Quando você pode vir para a consulta?',
      quickReplies,
    };
    expect(partsOf(content, can)).toEqual([
      text('Quando você pode'),
      { type: 'quickReplies', text: 'vir para a consulta?', quickReplies },
    ]);
  });

  it('have buttons under a last one that keeps their own limit', () => {
    const content: OutboundContent = {
      type: 'buttons',
      text: 'Quando você pode vir para a consulta?',
      buttons: [...buttons],
    };
    expect(partsOf(content, can)).toEqual([
      text('Quando você pode'),
      text('vir para a'),
      { type: 'buttons', text: 'consulta?', buttons: [...buttons] },
    ]);
  });

  it('are a file and a text where the channel shows none beside a file', () => {
    const media = { url: 'https://e/a.pdf' };
    const content: OutboundContent = { type: 'file', media, caption: 'A nossa tabela de preços' };
    expect(partsOf(content, can)).toEqual([
      { type: 'file', media },
      text('A nossa tabela de'),
      text('preços'),
    ]);
    const file = { maxBytes: 1, mimeTypes: [], formats: '', caption: 1_000 };
    expect(partsOf(content, { ...can, media: { file } })).toEqual([content]);
    expect(partsOf({ ...content, caption: ' ' }, can)).toHaveLength(1);
  });

  it('are not made for a text without end: that is refused as it is', () => {
    const endless = text('palavra '.repeat(500));
    expect(partsOf(endless, can)).toEqual([endless]);
  });
});
