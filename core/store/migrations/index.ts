import { foundation } from './0001_foundation';
import { limits } from './0002_limits';
import { webhooks } from './0003_webhooks';
import { outages } from './0004_outages';
import { whatsapp } from './0005_whatsapp';
import { logins } from './0006_logins';
import { listening } from './0007_listening';
import { messageParts } from './0008_message_parts';
import { uploads } from './0009_uploads';
import { portal } from './0010_portal';
import { profiles } from './0011_profiles';
import { webhookQueue } from './0012_webhook_queue';
import { doorSubscriptions } from './0013_door_subscriptions';
import { recipientLimits } from './0014_recipient_limits';
import { otherIds } from './0015_other_ids';
import { appointments } from './0016_appointments';
import { contacts } from './0017_contacts';
import { collecting } from './0018_collecting';
import { scheduledMessages } from './0019_scheduled_messages';
import { sendCategories } from './0020_send_categories';
import { broadcasts } from './0021_broadcasts';
import { waits } from './0022_waits';
import { conversations } from './0024_conversations';
import { keptFiles } from './0025_kept_files';
import { senders } from './0026_senders';
import { retention } from './0027_retention';
import { continuedOn } from './0028_continued_on';
import { messageTemplates } from './0029_message_templates';
import { journeys } from './0030_journeys';
import { scheduledAppointments } from './0031_scheduled_appointments';
import { ratings } from './0032_ratings';
import { keptFileUses } from './0033_kept_file_uses';
import { confirmations } from './0034_confirmations';
import { contactZones } from './0035_contact_zones';
import { figures } from './0036_figures';
import { reachIndexes } from './0037_reach_indexes';
import { openChoices } from './0038_open_choices';
import type { Migration } from './migration';

/** Every migration, oldest first. */
export const migrations: readonly Migration[] = [
  foundation,
  limits,
  webhooks,
  outages,
  whatsapp,
  logins,
  listening,
  messageParts,
  uploads,
  portal,
  profiles,
  webhookQueue,
  doorSubscriptions,
  recipientLimits,
  otherIds,
  appointments,
  contacts,
  collecting,
  scheduledMessages,
  sendCategories,
  broadcasts,
  waits,
  conversations,
  keptFiles,
  senders,
  retention,
  continuedOn,
  messageTemplates,
  journeys,
  scheduledAppointments,
  ratings,
  keptFileUses,
  confirmations,
  contactZones,
  figures,
  reachIndexes,
  openChoices,
];

/** The schema this copy of the package works with: the name of its newest migration. */
export const SCHEMA_VERSION: string = migrations.at(-1)?.name ?? '';
