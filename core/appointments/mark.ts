/** In front of the title of an event whose person said that they come: what the staff sees in the calendar. */
const MARK = '✓';

export function withMark(title: string | null): string {
  return `${MARK} ${withoutMark(title) ?? ''}`.trim();
}

/** The title as it was before the mark. */
export function withoutMark(title: string | null): string | null {
  return title === null ? null : title.replace(/^\s*✓\s*/u, '') || null;
}
