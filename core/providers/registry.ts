import type { HttpClient } from '../http/client';
import type { Clock, ProviderId } from '../model';
import { createMetaProvider } from './meta';
import type { Provider, ProviderRegistry } from './provider';

export interface ProviderDeps {
  http: HttpClient;
  clock: Clock;
}

/** Every provider of this process, by id. */
export function createProviderRegistry(deps: ProviderDeps): ProviderRegistry {
  const providers: Provider[] = [createMetaProvider(deps)];
  return new Map<ProviderId, Provider>(providers.map((provider) => [provider.id, provider]));
}
