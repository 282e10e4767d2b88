import { instanceUnit } from '../unit';

/** Files of every tenant that expired, with their parts. @returns how many files */
export const pruneKeptFiles = instanceUnit(
  __filename,
  'pruneKeptFiles',
  async (tx, args: { before: number; limit: number }): Promise<number> => {
    const files = await tx.db
      .selectFrom('kept_files')
      .select(['tenant_id', 'id'])
      .where('expires_at', '<', args.before)
      .limit(args.limit)
      .execute();
    for (const { tenant_id: tenantId, id } of files) {
      const gone = await tx.db
        .deleteFrom('kept_files')
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        // Somebody may want it longer meanwhile.
        .where('expires_at', '<', args.before)
        .returning('id')
        .executeTakeFirst();
      if (!gone) continue;
      for (const table of ['kept_file_parts', 'kept_file_uses'] as const) {
        await tx.db
          .deleteFrom(table)
          .where('tenant_id', '=', tenantId)
          .where('file_id', '=', id)
          .execute();
      }
    }
    return files.length;
  },
);
