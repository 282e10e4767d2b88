import type { ProviderId } from '../model';
import {
  clearDoorUnwanted,
  deleteUnwantedDoor,
  findDoor,
  listDoors,
  setDoorUnwanted,
  toDoor,
  upsertDoor,
  type Door,
} from '../store/statements/doors';
import {
  deleteExpiredTestListeners,
  deleteTestListener,
  listActiveTestListeners,
  upsertTestListener,
  type TestListener,
} from '../store/statements/testListeners';
import { tenantUnit } from '../store/unit';

export type SaveDoorArgs = Pick<Door, 'id' | 'provider' | 'credentialId' | 'url' | 'subscription'>;

export const saveDoor = tenantUnit(
  __filename,
  'saveDoor',
  async (tx, door: SaveDoorArgs): Promise<Door> => toDoor(await upsertDoor(tx, door)),
);

export const readDoor = tenantUnit(
  __filename,
  'readDoor',
  async (tx, { doorId }: { doorId: string }): Promise<Door | undefined> => {
    const row = await findDoor(tx, doorId);
    return row && toDoor(row);
  },
);

export const readDoors = tenantUnit(
  __filename,
  'readDoors',
  async (tx, filter: { credentialId?: string }): Promise<Door[]> =>
    (await listDoors(tx, filter)).map(toDoor),
);

export const noteDoorUnwanted = tenantUnit(
  __filename,
  'noteDoorUnwanted',
  async (tx, { doorId }: { doorId: string }): Promise<void> => setDoorUnwanted(tx, doorId),
);

export const noteDoorWanted = tenantUnit(
  __filename,
  'noteDoorWanted',
  async (tx, { doorId }: { doorId: string }): Promise<void> => clearDoorUnwanted(tx, doorId),
);

export const dropUnwantedDoor = tenantUnit(
  __filename,
  'dropUnwantedDoor',
  async (tx, { doorId, unwantedSince }: { doorId: string; unwantedSince: number }) =>
    deleteUnwantedDoor(tx, doorId, unwantedSince),
);

export const saveTestListener = tenantUnit(
  __filename,
  'saveTestListener',
  async (tx, listener: TestListener): Promise<void> => {
    await deleteExpiredTestListeners(tx);
    await upsertTestListener(tx, listener);
  },
  { durability: 'normal' },
);

export const dropTestListener = tenantUnit(
  __filename,
  'dropTestListener',
  async (tx, { id }: { id: string }): Promise<void> => deleteTestListener(tx, id),
  { durability: 'normal' },
);

export const readTestListeners = tenantUnit(
  __filename,
  'readTestListeners',
  async (tx, { provider }: { provider: ProviderId }): Promise<TestListener[]> =>
    listActiveTestListeners(tx, provider),
);
