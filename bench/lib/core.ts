import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The compiled product, with the types of its source: what is measured is what is shipped. */
export const { openStore } = require('../../dist/core/store/openStore.js') as Pick<
  typeof import('../../core/store/openStore.ts'),
  'openStore'
>;
export const { tenantUnit } = require('../../dist/core/store/unit.js') as Pick<
  typeof import('../../core/store/unit.ts'),
  'tenantUnit'
>;
export const { startConsumer } = require('../../dist/core/events/index.js') as Pick<
  typeof import('../../core/events/index.ts'),
  'startConsumer'
>;
export const limits = require('../../dist/core/limits/index.js') as Pick<
  typeof import('../../core/limits/index.ts'),
  'setLimits' | 'takeTokens'
>;
export const { listConversations, listMessages } =
  require('../../dist/core/conversations/index.js') as Pick<
    typeof import('../../core/conversations/index.ts'),
    'listConversations' | 'listMessages'
  >;
export const { findContacts } = require('../../dist/core/contacts/index.js') as Pick<
  typeof import('../../core/contacts/index.ts'),
  'findContacts'
>;
export const { nextScheduledAt } =
  require('../../dist/core/store/instance/scheduledMessages.js') as Pick<
    typeof import('../../core/store/instance/scheduledMessages.ts'),
    'nextScheduledAt'
  >;
export const { claimJourneys, openJourneyTrigger } =
  require('../../dist/core/journeys/due/claim.unit.js') as Pick<
    typeof import('../../core/journeys/due/claim.unit.ts'),
    'claimJourneys' | 'openJourneyTrigger'
  >;
export const { settleJourney } = require('../../dist/core/journeys/due/settle.unit.js') as Pick<
  typeof import('../../core/journeys/due/settle.unit.ts'),
  'settleJourney'
>;
export const { DEFAULT_SETTINGS } = require('../../dist/core/tenants/index.js') as Pick<
  typeof import('../../core/tenants/index.ts'),
  'DEFAULT_SETTINGS'
>;
export const { getStatistics, rollUp } = require('../../dist/core/insight/index.js') as Pick<
  typeof import('../../core/insight/index.ts'),
  'getStatistics' | 'rollUp'
>;
