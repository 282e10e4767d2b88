export { createHttpClient } from './client';
export type { Guard, HttpClient, HttpClientOptions, HttpRequest, HttpResponse } from './client';
export { HttpFailure } from './failure';
export type { HttpFailureKind } from './failure';
export { isPublicAddress } from './guard';
