import type {
  ContactPosition,
  ContactSelection,
} from '../../../../core/store/statements/contactSearch';
import type { TenantUnit } from '../../../../core/store/unit';

export const fillContacts: TenantUnit<{ contacts: number }, void>;
export const explainContacts: TenantUnit<
  { selection: ContactSelection; page: { beyond: ContactPosition | null; limit: number } },
  {
    result: string[];
    /** One for each query, in order. */
    plans: string[];
  }
>;
