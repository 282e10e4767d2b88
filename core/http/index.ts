export { createHttpClient } from './client';
export type {
  DeliveryAnswer,
  Guard,
  HttpClient,
  HttpClientOptions,
  HttpDelivery,
  HttpRequest,
  HttpResponse,
} from './client';
export { HttpFailure } from './failure';
export type { HttpFailureKind } from './failure';
export { createEgressGuard, isPublicAddress } from './guard';
export type { Egress, EgressGuard } from './guard';
