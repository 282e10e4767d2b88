import type { HttpClient } from '../../http/client';
import type { ProviderConnection } from '../provider';
import { asId, asList, asObject, asText } from '../graph/json';
import { accessOf, createCloudClient } from './client';
import { nextPage, pageQuery } from './paging';
import { businessIdOf } from './subscribe';

/** A form of WhatsApp Manager that opens in the chat. */
export interface Flow {
  id: string;
  name: string;
  /** `DRAFT`, `PUBLISHED`, `DEPRECATED`, `BLOCKED`, `THROTTLED` */
  status: string | null;
  /** `APPOINTMENT_BOOKING`, `SURVEY`, … */
  categories: string[];
}

/** This is for loops that Meta would not end. */
const MAX_PAGES = 20;
const PAGE_SIZE = 100;

/**
 * Every flow of the account's business account: `GET /{business account}/flows`. Source: Meta's Flows API.
 * @throws SendError; InvalidInputError when the business account is not known
 */
export async function flowsOf(http: HttpClient, connection: ProviderConnection): Promise<Flow[]> {
  const client = createCloudClient({ http });
  const flows: Flow[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.call(accessOf(connection), {
      method: 'GET',
      path: [businessIdOf(connection), 'flows'],
      query: { fields: 'id,name,status,categories', ...pageQuery({ limit: PAGE_SIZE, cursor }) },
      subject: `the flows of "${connection.account.name}"`,
    });
    flows.push(...asList(answer.data).flatMap(toFlow));
    cursor = nextPage(answer);
    if (cursor === null) break;
  }
  return flows;
}

function toFlow(item: unknown): Flow[] {
  const flow = asObject(item);
  const id = asId(flow?.id);
  if (flow === null || id === null) return [];
  return [
    {
      id,
      name: asText(flow.name) ?? id,
      status: asText(flow.status),
      categories: asList(flow.categories).flatMap((category) => asText(category) ?? []),
    },
  ];
}
