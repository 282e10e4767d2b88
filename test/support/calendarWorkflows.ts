import type { WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';

/** A credential of n8n for the sandbox's service account. */
export async function createGoogleCredential({ api, sandbox }: Playground): Promise<{
  id: string;
  name: string;
}> {
  const { google } = sandbox.seed;
  const name = 'Google (sandbox)';
  const id = await api.createCredential(name, 'googleServiceAccountApi', {
    clientEmail: google.clientEmail,
    // As it stands in a key file.
    privateKey: google.privateKey.replaceAll('\n', '\\n'),
    calendarId: google.calendarId,
    timezone: google.timeZone,
    delegatedUser: '',
    calendarBaseUrl: google.calendarBaseUrl,
    tokenUrl: google.tokenUrl,
  });
  return { id, name };
}

/** A node of this package with its place on the canvas. */
export function nodeOf(
  name: string,
  type: string,
  position: [number, number],
  parameters: Record<string, unknown>,
  credential?: { id: string; name: string },
): WorkflowNode {
  const [head = ''] = [...name].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0'));
  return {
    id: `7a1b2c3d-0000-4000-8000-${name.length.toString(16).padStart(2, '0')}${head.padStart(10, '0')}`,
    name,
    type,
    typeVersion: 1,
    position,
    parameters,
    ...(credential ? { credentials: { googleServiceAccountApi: credential } } : {}),
  };
}
