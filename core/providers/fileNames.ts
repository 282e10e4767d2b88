/** People name their files: never a path, never a control character. */
export function safeFileName(name: string | undefined): string | null {
  const last = name?.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(/\p{Cc}/gu, '').trim();
  return plain === '' || /^\.+$/.test(plain) ? null : plain;
}
