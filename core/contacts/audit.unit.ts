import { listAuditRows, type AuditRow } from '../store/statements/exportContact';
import { tenantUnit } from '../store/unit';

export interface AuditQuery {
  subjectIds?: readonly string[] | undefined;
  actions?: readonly string[] | undefined;
  /** Epoch ms, from inclusive, to exclusive. */
  from?: number | undefined;
  to?: number | undefined;
  beyondId: string | null;
  limit: number;
}

export const readAudit = tenantUnit(
  __filename,
  'readAudit',
  async (tx, query: AuditQuery): Promise<AuditRow[]> => listAuditRows(tx, query),
);
