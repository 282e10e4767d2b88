import type { InboundEvent, OutboundContent } from '../model';
import type { Provider } from '../providers/provider';

type Echo = Extract<InboundEvent, { kind: 'echo' }>;

/**
 * The fingerprint that content of ours would have if this echo were its own (Instagram returns no marker of ours).
 * @returns null when nothing that we can send looks like it
 */
export function echoFingerprint(provider: Provider, echo: Echo): string | null {
  const content = contentShown(echo);
  return content && provider.contentFingerprint(content);
}

function contentShown(echo: Echo): OutboundContent | null {
  const [attachment, ...more] = echo.attachments;
  if (!attachment) return echo.text === null ? null : { type: 'text', text: echo.text };
  if (more.length > 0) return null;
  if (attachment.type === 'image' && echo.text === null) {
    return { type: 'image', url: attachment.url ?? '' };
  }
  if (attachment.type === 'template') {
    const text = echo.text ?? attachment.title;
    return text === undefined ? null : { type: 'buttons', text, buttons: [] };
  }
  return null;
}
