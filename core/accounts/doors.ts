import type { Account, DoorProvider, DoorSubscription } from '../model';
import { listUnwantedDoors } from '../store/instance/doors';
import type { Door } from '../store/statements/doors';
import type { AccountsContext } from './context';
import {
  dropUnwantedDoor,
  noteDoorUnwanted,
  noteDoorWanted,
  readDoor,
  readDoors,
  saveDoor,
} from './doors.unit';

export type { Door } from '../store/statements/doors';

export interface RegisterDoorInput {
  tenantId: string;
  /** `${workflowId}:${nodeId}` */
  doorId: string;
  provider: DoorProvider;
  credentialId: string | null;
  /** The production URL that a provider calls. */
  url: string;
  /** Default: `ifFree`. */
  subscription?: DoorSubscription | undefined;
}

/** Makes the door known, or refreshes it, when its workflow is published; it is wanted from now on. */
export async function registerDoor(ctx: AccountsContext, input: RegisterDoorInput): Promise<Door> {
  const { tenantId, doorId: id, provider, credentialId, url, subscription = 'ifFree' } = input;
  const door = { id, provider, credentialId, url, subscription };
  return ctx.store.forTenant(tenantId).run(saveDoor, door);
}

export async function getDoor(
  ctx: AccountsContext,
  tenantId: string,
  doorId: string,
): Promise<Door | undefined> {
  return ctx.store.forTenant(tenantId).run(readDoor, { doorId });
}

/** The tenant's doors; with a credential, those that use it (who still holds an account's subscription?). */
export async function listDoors(
  ctx: AccountsContext,
  tenantId: string,
  filter: { credentialId?: string } = {},
): Promise<Door[]> {
  return ctx.store.forTenant(tenantId).run(readDoors, filter);
}

/** The doors at which webhooks of the account are wanted, the oldest first. */
export async function openDoorsOf(
  ctx: AccountsContext,
  { tenantId, credentialId, provider }: Pick<Account, 'tenantId' | 'credentialId' | 'provider'>,
): Promise<Door[]> {
  if (credentialId === null) return [];
  const doors = await listDoors(ctx, tenantId, { credentialId });
  return doors.filter((door) => door.provider === provider && door.unwantedSince === null);
}

/**
 * Notes that a door may be unwanted: n8n cannot tell an edit, an unpublish and the end of a test apart, so nothing
 * is unsubscribed yet. Marking twice keeps the first moment.
 */
export async function markDoorUnwanted(
  ctx: AccountsContext,
  tenantId: string,
  doorId: string,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(noteDoorUnwanted, { doorId });
}

export async function markDoorWanted(
  ctx: AccountsContext,
  tenantId: string,
  doorId: string,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(noteDoorWanted, { doorId });
}

/** How long a door must have been unwanted before it is unsubscribed. */
export const UNWANTED_AFTER_MS = 60_000;

/** The doors of every tenant that stayed unwanted; the runtime's runner asks. */
export async function unwantedDoors(ctx: AccountsContext): Promise<Door[]> {
  return ctx.store.run(listUnwantedDoors, { olderThanMs: UNWANTED_AFTER_MS });
}

/**
 * Forgets an unwanted door, once its provider was told.
 * @returns false when somebody wanted it again meanwhile: it stays
 */
export async function removeUnwantedDoor(ctx: AccountsContext, door: Door): Promise<boolean> {
  if (door.unwantedSince === null) return false;
  return ctx.store
    .forTenant(door.tenantId)
    .run(dropUnwantedDoor, { doorId: door.id, unwantedSince: door.unwantedSince });
}
