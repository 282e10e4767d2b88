import type { HttpClient } from '../http/client';
import type { UsageReport } from '../limits';
import type { Account, Clock, ProviderId } from '../model';
import { createMetaProvider, usageReport, type MetaUsage } from './meta';
import { createNotificaMeProvider } from './notificame';
import type { Provider, ProviderRegistry } from './provider';
import { createWhatsAppProvider } from './whatsapp-cloud';

export interface ProviderDeps {
  http: HttpClient;
  clock: Clock;
  /** Hears how much of a provider's own limit an account has used, where the provider says it. */
  onUsage?: ((account: Account, report: UsageReport) => void) | undefined;
}

/** Every provider of this process, by id. */
export function createProviderRegistry(deps: ProviderDeps): ProviderRegistry {
  const { http, clock } = deps;
  const onUsage = (
    usage: MetaUsage,
    { account }: { account?: Account | undefined },
    throttledForMs: number | null,
  ): void => {
    if (account) deps.onUsage?.(account, usageReport(usage, throttledForMs));
  };
  const providers: Provider[] = [
    createMetaProvider({ http, clock, onUsage }),
    createWhatsAppProvider({ http, onUsage }),
    createNotificaMeProvider({ http }),
  ];
  return new Map<ProviderId, Provider>(providers.map((provider) => [provider.id, provider]));
}
