import type { INode } from 'n8n-workflow';
import type { ProviderId } from '../../core/model/channels';
import type { LoginSecrets } from '../../core/model/login';

/** A credential as n8n gives it now: which one it is, and the accounts it leads to. */
export interface CredentialSource {
  id: string;
  provider: ProviderId;
  /** Its values; whether they were changed is seen by them, so the order of the fields stays the same. */
  credential: object;
  /** @throws InvalidInputError while it leads nowhere, because nobody has logged in */
  login(): LoginSecrets;
  /** The token has just come out of a login dialog and is exchanged for one that lasts. */
  isFresh: boolean;
}

/** What every context of n8n offers for this. */
export interface CredentialContext {
  getNode(): INode;
  getCredentials<T extends object>(type: string): Promise<T>;
}

/** Reads the credential that a node was given. */
export type CredentialChooser<S extends CredentialSource = CredentialSource> = (
  context: CredentialContext,
) => Promise<S>;
