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

  it.each([
    ['nothing', null, []],
    ['several pictures', null, [{ type: 'image' }, { type: 'image' }]],
    ['a picture with words', 'Oi', [{ type: 'image' }]],
    ['a template without words', null, [{ type: 'template' }]],
    ['an audio', null, [{ type: 'audio' }]],
  ] as const)('is none for what this package cannot send: %s', (_name, text, attachments) => {
    expect(shown(text, [...attachments])).toBeNull();
  });
});
