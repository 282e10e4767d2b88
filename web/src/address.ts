/** What the page was opened for: it stands behind `#`, which browsers never send. */
export type Purpose =
  | { view: 'page'; token: string }
  /** The window of a login that came back. */
  | { view: 'login'; claim: string }
  | { view: 'failure'; code: string }
  | { view: 'deletion'; code: string };

export function purposeOf(hash: string): Purpose {
  const text = hash.replace(/^#/, '');
  const [, kind, value = ''] = /^([wed])\.(.+)$/.exec(text) ?? [];
  if (kind === 'w') return { view: 'login', claim: value };
  if (kind === 'e') return { view: 'failure', code: value };
  if (kind === 'd') return { view: 'deletion', code: value };
  return text === '' ? { view: 'failure', code: 'no_link' } : { view: 'page', token: text };
}
