import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { core } from '../shared/loadCore';
import { accountOfCredential, readOfPanel } from './panelAccount';

/** Meta refuses those. */
const NOT_SENDABLE = new Set(['DEPRECATED', 'BLOCKED']);

/** The flows that can be sent and whose name contains the filter; drafts say so. @throws NodeOperationError */
export async function searchFlows(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  const wanted = filter?.trim().toLocaleLowerCase() ?? '';
  const flows = await readOfPanel(context, accountOfCredential, 'flows', (app, connection) =>
    core.whatsApp.flowsOf(app.http, connection),
  );
  const results = flows
    .filter(({ status }) => !NOT_SENDABLE.has(status ?? ''))
    .map(({ id, name, status }) => ({
      name: status === 'DRAFT' ? `${name} · draft` : name,
      value: id,
    }))
    .filter(({ name, value }) => `${name}\n${value}`.toLocaleLowerCase().includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return { results };
}
