import { listMatchingEvents, type EventRow, type EventSelection } from '../store/statements/events';
import { tenantUnit } from '../store/unit';

export interface ReadArgs {
  selection: EventSelection;
  order: 'asc' | 'desc';
  beyondSeq: number | null;
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
}

/** Reads a page of the log and moves nothing. */
export const readEvents = tenantUnit(
  __filename,
  'readEvents',
  async (tx, args: ReadArgs): Promise<EventRow[]> => await listMatchingEvents(tx, args),
  { durability: 'normal' },
);
