import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  newCustomer,
  receivedBy,
  untilAnswered,
  untilReceived,
  write,
} from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { untilQuiet } from '../support/quiet.ts';
import { countOf, readServerStore, type StoreReader } from '../support/storeReader.ts';

let database: TestDatabase;
let playground: TestPlayground;
let store: StoreReader;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  playground = await startTestPlayground({
    name: 'postgres',
    env: {
      DB_TYPE: 'postgresdb',
      DB_POSTGRESDB_HOST: url.hostname,
      DB_POSTGRESDB_PORT: url.port,
      DB_POSTGRESDB_DATABASE: database.name,
      DB_POSTGRESDB_USER: decodeURIComponent(url.username),
      DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
    },
  });
  store = await readServerStore(database.url);
});

afterAll(async () => {
  await store?.close();
  await playground?.remove();
  await database?.drop();
});

const test = testWith(() => playground);

describe('n8n on PostgreSQL', () => {
  test("keeps the package's data in its own schema of the same database", async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'instagram');
    await write(sandbox, customer, 'Oi');
    await untilReceived(sandbox, customer);
    await untilQuiet(playground, store);
    const identities = `contact_identities where external_id = '${customer.id}'`;
    expect(await countOf(store, identities)).toBe(1);
    expect(
      await countOf(store, `messages where direction = 'outbound' and status <> 'failed'`),
    ).toBe(1);
  });

  test('welcomes a customer once when the webhook comes three times at the same moment', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'messenger');
    const { mid, deliveryIds } = await write(sandbox, customer, 'Oi', {
      duplicate: 3,
      simultaneous: true,
    });
    expect(await untilAnswered(sandbox, String(deliveryIds[0]))).toEqual([200, 200, 200]);
    await untilReceived(sandbox, customer);
    await untilQuiet(playground, store);
    expect(await countOf(store, `messages where provider_id = '${mid}'`)).toBe(1);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });

  test('welcomes a customer who wrote while n8n was down', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'instagram');
    await playground.kill9();
    await write(sandbox, customer, 'Oi');
    await playground.restart();
    await untilReceived(sandbox, customer);
    await untilQuiet(playground, store);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });
});
