import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api.ts';
import { useSpeech } from '../texts/index.ts';

interface TenantChoiceProps {
  api: Api;
  tenantId: string;
  onChoose: (tenantId: string) => void;
}

/** Whose accounts are shown, for links that open every customer's. */
export function TenantChoice({ api, tenantId, onChoose }: TenantChoiceProps) {
  const { say } = useSpeech();
  const [tenants, setTenants] = useState<Array<{ id: string; name: string }>>([]);
  useEffect(() => {
    api
      .get<{ tenants: Array<{ id: string; name: string }> }>('tenants')
      .then((answer) => setTenants(answer.tenants))
      // The page goes on with the present one.
      .catch(() => undefined);
  }, [api]);
  const listed = tenants.some(({ id }) => id === tenantId)
    ? tenants
    : [{ id: tenantId, name: tenantId }, ...tenants];
  return (
    <label class="tenant-choice">
      <span>{say('tenantHeading')}</span>
      <select
        value={tenantId}
        onChange={(event) => onChoose(event.currentTarget.value)}
        data-testid="tenants"
      >
        {listed.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
