/**
 * A webhook path whose last segment varies. n8n takes one only with `isFullPath`, puts the webhook id in front of it all
 * the same, and yet keeps it by the path alone: without the id in the segment's name only one node of an instance could
 * be published. In addresses the name stands nowhere.
 */
export function pathWithPlace(folder: string): string {
  return `=${folder}/:last-{{ $webhookId }}`;
}

/** An address of n8n without the segment that varies. */
export function withoutPlace(url: string): string {
  return url.replace(/\/:[^/]*$/, '');
}

/** What a call has in that segment; nothing else varies. */
export function inPlace(params: object): string {
  const [value] = Object.values(params) as unknown[];
  return typeof value === 'string' ? value : '';
}
