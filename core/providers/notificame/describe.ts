import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import { CREDENTIAL_FIELDS, accessOfCredential, type NotificaMeCredential } from './access';
import { explained, listHubChannels } from './hubChannels';
import { listInstances } from './instances';

/**
 * What a credential leads to, in one sentence: its test.
 * @throws InvalidInputError, SendError naming what is wrong
 */
export async function describeCredential(
  http: HttpClient,
  credential: NotificaMeCredential,
): Promise<string> {
  const access = accessOfCredential(credential);
  if (credential.profile === 'instances') {
    const instances = await explained(listInstances(http, access));
    const names = instances.map(({ id, name, platform }) => `${name ?? id} (${platform ?? '?'})`);
    return `The server answers (this profile is unproven at NotificaMe). Instances: ${names.join(', ') || 'none yet'}.`;
  }
  const channels = await explained(listHubChannels(http, access));
  if (channels.length === 0) {
    throw new InvalidInputError(
      CREDENTIAL_FIELDS.token,
      'The token works, but reaches no channel.',
      {
        hint: "Connect one in NotificaMe's panel, or use the token of the sub-account instead of the reseller's.",
      },
    );
  }
  const names = channels.map(({ name, type, isConnected, status, channel }) => {
    const note = channel === null ? 'a kind of channel that is not known here' : status;
    return `${name} · ${type ?? '?'}${isConnected && channel !== null ? '' : ` (${note})`}`;
  });
  return `Connected. Channels: ${names.join('; ')}.`;
}
