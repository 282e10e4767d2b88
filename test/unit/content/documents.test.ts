import { checkContent } from '../../../core/providers/content';
import { metaAbilities } from '../../../core/providers/meta/abilities';
import { whatsAppAbilities } from '../../../core/providers/whatsapp-cloud/abilities';

const at = (url: string) => ({ type: 'file' as const, media: { url } });
const onInstagram = (url: string) => () =>
  checkContent(at(url), metaAbilities('instagram'), { channel: 'instagram', provider: 'meta' });

describe('a document at a web address', () => {
  it('is refused before the call where its ending says that the channel does not take it', () => {
    expect(onInstagram('https://clinica.example/guia.docx')).toThrow(
      /Instagram does not take "application\/vnd.*word.*" as a document/,
    );
    expect(onInstagram('https://clinica.example/guia.JPG?v=2')).toThrow(/does not take "image/);
  });

  it('passes with an ending that the channel takes, and with one that says nothing', () => {
    expect(onInstagram('https://clinica.example/guia.pdf?v=2')).not.toThrow();
    expect(onInstagram('https://clinica.example/download/4711')).not.toThrow();
    expect(onInstagram('https://clinica.example/guia.v2.final')).not.toThrow();
  });

  it('passes on channels that take any file', () => {
    const content = at('https://clinica.example/guia.docx');
    const onWhatsApp = () =>
      checkContent(content, whatsAppAbilities('whatsapp'), {
        channel: 'whatsapp',
        provider: 'whatsapp_cloud',
      });
    expect(onWhatsApp).not.toThrow();
  });
});
