export type { WebhooksContext } from './context';
export { MAX_BODY_BYTES } from './body';
export {
  getDelivery,
  listDeliveries,
  listQueue,
  recoverDeliveries,
  replayDelivery,
  type DeliveryDetails,
  type ListDeliveriesQuery,
  type Page,
  type RecoverInput,
} from './deliveries';
export {
  DELIVERY_STATES,
  type Delivery,
  type DeliveryLogEntry,
  type DeliveryState,
} from './delivery';
export { createDispatcher, type Dispatcher } from './dispatcher';
export { type SubscriptionFields } from './input';
export {
  checkSigningSecret,
  recordSignedWebhook,
  verifyOfficialVector,
  verifySignedWebhook,
  type CustomHeader,
  type RecordSignedWebhookInput,
  type SignatureScheme,
  type SignatureVerdict,
  type SignedWebhookInput,
  type VerifiedWebhook,
} from './receive';
export { RETRY_PRESETS, type RetryPreset, type RetrySchedule } from './schedule';
export { sendNow, testSubscription, type SendNowInput } from './sendNow';
export {
  generateSecret,
  legacySignature,
  signDelivery,
  standardForm,
  standardSignature,
} from './signing';
export { subscriptionStatistics, type WebhookFigures, type WebhookStatistics } from './statistics';
export type { Subscription, SubscriptionWithSecret } from './subscription';
export {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  regenerateSecret,
  updateSubscription,
  type CreateSubscriptionInput,
  type UpdateSubscriptionInput,
} from './subscriptions';
export { DEFAULT_WEBHOOK_TUNING, type WebhookTuning } from './tuning';
