import type { HttpClient } from '../http/client';
import type { UsageReport } from '../limits';
import type { Account, Clock, ProviderId } from '../model';
import { createMetaProvider, usageReport } from './meta';
import type { Provider, ProviderRegistry } from './provider';

export interface ProviderDeps {
  http: HttpClient;
  clock: Clock;
  /** Hears how much of a provider's own limit an account has used, where the provider says it. */
  onUsage?: ((account: Account, report: UsageReport) => void) | undefined;
}

/** Every provider of this process, by id. */
export function createProviderRegistry(deps: ProviderDeps): ProviderRegistry {
  const { http, clock, onUsage } = deps;
  const meta = createMetaProvider({
    http,
    clock,
    onUsage: (usage, { account }, throttledForMs) => {
      if (account) onUsage?.(account, usageReport(usage, throttledForMs));
    },
  });
  const providers: Provider[] = [meta];
  return new Map<ProviderId, Provider>(providers.map((provider) => [provider.id, provider]));
}
