import { echoFingerprint } from '../../../core/messaging/fingerprint';
import type { Attachment, InboundEvent, OutboundContent } from '../../../core/model';
import type { Provider } from '../../../core/providers/provider';

type Echo = Extract<InboundEvent, { kind: 'echo' }>;

/** Shows the content that was asked about in place of its hash. */
const provider = {
  contentFingerprint: (content: OutboundContent) => JSON.stringify(content),
} as Provider;

const shown = (text: string | null, attachments: Attachment[] = []): unknown => {
  const fingerprint = echoFingerprint(provider, { text, attachments } as unknown as Echo);
  return fingerprint === null ? null : JSON.parse(fingerprint);
};

describe('the fingerprint of an echo', () => {
  it('is that of a text', () => {
    expect(shown('Oi')).toEqual({ type: 'text', text: 'Oi' });
  });

  it('is that of a picture, whose address the provider has changed', () => {
    expect(shown(null, [{ type: 'image', url: 'https://cdn.example/x' }])).toMatchObject({
      type: 'image',
    });
  });

  it('is that of buttons, whose text stands beside the template or in its title', () => {
    const expected = { type: 'buttons', text: 'Confirma?', buttons: [] };
    expect(shown('Confirma?', [{ type: 'template' }])).toEqual(expected);
    expect(shown(null, [{ type: 'template', title: 'Confirma?' }])).toEqual(expected);
  });

  it.each(['video', 'audio', 'file'] as const)('is that of a file: %s', (type) => {
    expect(shown(null, [{ type, url: 'https://cdn.example/x' }])).toMatchObject({ type });
  });

  it('is that of an album, a sticker and a shared post', () => {
    expect(shown(null, [{ type: 'image' }, { type: 'image' }])).toMatchObject({ type: 'images' });
    expect(shown(null, [{ type: 'sticker' }])).toMatchObject({ type: 'sticker' });
    expect(shown(null, [{ type: 'share', providerMediaId: '1' }])).toEqual({
      type: 'sharePost',
      postId: '1',
    });
  });

  it.each([
    ['nothing', null, []],
    ['a picture and a video', null, [{ type: 'image' }, { type: 'video' }]],
    ['a picture with words', 'Oi', [{ type: 'image' }]],
    ['a template without words', null, [{ type: 'template' }]],
    ['a place', null, [{ type: 'location' }]],
  ] as const)('is none for what this package cannot send: %s', (_name, text, attachments) => {
    expect(shown(text, [...attachments])).toBeNull();
  });
});
