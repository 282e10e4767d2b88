/** One template, in the form that each channel has for it. */
import { shapeFor } from '../../../core/messaging/messageTemplates/shape';
import type { FilledText, TemplateButton } from '../../../core/messaging/messageTemplates';
import { metaAbilities } from '../../../core/providers/meta/abilities';
import { notificaMeAbilities } from '../../../core/providers/notificame/abilities';
import { whatsAppAbilities } from '../../../core/providers/whatsapp-cloud/abilities';
import type { ChannelAbilities } from '../../../core/model';

const CHANNELS: Array<[name: string, can: ChannelAbilities | undefined]> = [
  ['messenger', metaAbilities('messenger')],
  ['instagram', metaAbilities('instagram')],
  ['whatsapp', whatsAppAbilities('whatsapp')],
  ['telegram', notificaMeAbilities('telegram')],
];
const can = (name: string) => CHANNELS.find(([one]) => one === name)?.[1];

const button = (title: string): TemplateButton => ({ title, payload: title.toUpperCase() });
const filled = (parts: Partial<FilledText> = {}): FilledText => ({
  text: 'Confirma?',
  buttons: [],
  media: null,
  ...parts,
});
const two = [button('Sim'), button('Não')];
const pdf = { kind: 'file' as const, url: 'https://clinic.example/a.pdf', fileName: 'a.pdf' };

describe('a message template', () => {
  it.each(CHANNELS)('of words alone is a text on %s', (_, abilities) => {
    expect(shapeFor(filled(), abilities)).toEqual({ type: 'text', text: 'Confirma?' });
  });

  it.each(['messenger', 'instagram', 'whatsapp'])('has its buttons on %s', (name) => {
    expect(shapeFor(filled({ buttons: two }), can(name))).toEqual({
      type: 'buttons',
      text: 'Confirma?',
      buttons: [
        { type: 'postback', title: 'Sim', payload: 'SIM' },
        { type: 'postback', title: 'Não', payload: 'NÃO' },
      ],
    });
  });

  it.each(['messenger', 'instagram', 'whatsapp'])(
    'has quick replies where there are too many for buttons on %s',
    (name) => {
      const buttons = ['1', '2', '3', '4', '5'].map(button);
      expect(shapeFor(filled({ buttons }), can(name))).toEqual({
        type: 'quickReplies',
        text: 'Confirma?',
        quickReplies: buttons,
      });
    },
  );

  it.each([
    ['telegram', two],
    ['whatsapp', [button('Um título que em nenhum botão cabe'), button('Não')]],
  ])('has numbered lines where %s has no room for them', (name, buttons) => {
    const lines = buttons.map(({ title }, index) => `${index + 1} - ${title}`);
    expect(shapeFor(filled({ buttons }), can(name))).toEqual({
      type: 'text',
      text: ['Confirma?', '', ...lines].join('\n'),
      choices: buttons.map((one, index) => ({ number: index + 1, ...one })),
    });
  });

  it.each(['messenger', 'instagram', 'whatsapp', 'telegram'])('brings its file on %s', (name) => {
    expect(shapeFor(filled({ media: pdf }), can(name))).toEqual({
      type: 'file',
      media: { url: pdf.url },
      caption: 'Confirma?',
      fileName: 'a.pdf',
    });
  });

  it('has file, text and buttons in one message on WhatsApp', () => {
    expect(shapeFor(filled({ buttons: two, media: pdf }), can('whatsapp'))).toEqual({
      type: 'replyButtons',
      frame: {
        header: { kind: 'document', media: { url: pdf.url }, fileName: 'a.pdf' },
        text: 'Confirma?',
      },
      buttons: [
        { id: 'SIM', title: 'Sim' },
        { id: 'NÃO', title: 'Não' },
      ],
    });
  });

  it('has its choices under the file elsewhere', () => {
    expect(shapeFor(filled({ buttons: two, media: pdf }), can('messenger'))).toMatchObject({
      type: 'file',
      caption: 'Confirma?\n\n1 - Sim\n2 - Não',
    });
  });

  it('has the address of the file in its words where a channel takes no files', () => {
    const sms = notificaMeAbilities('sms');
    expect(sms?.contentTypes).not.toContain('file');
    expect(shapeFor(filled({ media: pdf }), sms)).toEqual({
      type: 'text',
      text: `Confirma?\n${pdf.url}`,
    });
  });
});
