import { toDoor, type Door } from '../statements/doors';
import { instanceUnit } from '../unit';

/** The doors of every tenant that nobody has wanted for this long: the runtime unsubscribes them. */
export const listUnwantedDoors = instanceUnit(
  __filename,
  'listUnwantedDoors',
  async (tx, { olderThanMs }: { olderThanMs: number }): Promise<Door[]> => {
    const rows = await tx.db
      .selectFrom('doors')
      .selectAll()
      .where('unwanted_since', '<=', tx.now - olderThanMs)
      .orderBy('unwanted_since')
      .execute();
    return rows.map(toDoor);
  },
);
