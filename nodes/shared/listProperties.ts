import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { ParameterReader } from './parameters';

/** *Return All* and *Limit* of every list. */
export const listProperties = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { returnAll: [false] } },
  },
] as const satisfies INodeProperties[];

export const cursorOption = {
  displayName: 'Cursor',
  name: 'cursor',
  type: 'string',
  default: '',
  placeholder: 'e.g. {{ $json.nextCursor }}',
  description:
    'Goes on where an earlier page ended: the nextCursor that its last item carries. Empty means from the beginning.',
} as const satisfies INodeProperties;

/** What core returns is JSON by construction. */
export function toItem(result: object): IDataObject {
  return { ...result } as IDataObject;
}

interface Page<T> {
  items: T[];
  /** null: this is the last page. */
  nextCursor: string | null;
}

/** The reader of a panel with `listProperties` in it. */
type ReadList = ParameterReader<typeof listProperties>;

/** *Limit* is read only when not everything is wanted: n8n has no such parameter otherwise. */
export function wantedCount(read: ReadList): number {
  return read('returnAll') ? Infinity : read('limit');
}

/** Core gives no larger pages. */
const PAGE = 500;

/**
 * Reads pages until as much is there as the panel asks for. Where more is left, the last item says so with `nextCursor`.
 * @param start the option *Cursor*
 * @param fetchPage one page beyond a cursor
 */
export async function collectPages<T extends object>(
  read: ReadList,
  start: string | undefined,
  fetchPage: (page: { limit: number; cursor: string | null }) => Promise<Page<T>>,
): Promise<IDataObject[]> {
  const wanted = wantedCount(read);
  const items: IDataObject[] = [];
  let cursor = start?.trim() || null;
  do {
    const page = await fetchPage({ limit: Math.min(PAGE, wanted - items.length), cursor });
    items.push(...page.items.map(toItem));
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < wanted);
  const last = items.at(-1);
  if (last && cursor !== null) last.nextCursor = cursor;
  return items;
}
