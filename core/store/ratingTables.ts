/* What people thought; the conventions of tables.ts. */

export interface RatingsTable {
  id: string;
  tenant_id: string;
  contact_id: string;
  /** What was rated, once by each contact: `appointment:…`, `journey:…`, else the rating itself. */
  subject: string;
  rating: number;
  /** The highest there is, of the same scale. */
  best: number;
  comment: string | null;
  appointment_id: string | null;
  journey_key: string | null;
  /** What the key begins with (`appointmentFinished-24h`): stays when the person is erased. */
  journey: string | null;
  account_id: string | null;
  conversation_id: string | null;
  channel: string | null;
  /** The event that told of it as it is now. */
  event_id: string;
  /** When it was given as it is now, epoch ms. */
  given_at: number;
  created_at: number;
  updated_at: number;
}
