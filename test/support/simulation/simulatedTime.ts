import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import type { StoreTarget } from '../../../core/model';
import { createTestFolder } from '../tempFolder';

/** The clock of a database and of the processes that work with it, in the hands of a test. */
export interface SimulatedTime {
  /** For SIMULATION_CLOCK of a process with clockPreload.cjs. */
  readonly clockFile: string;
  set(epochMs: number): Promise<void>;
  end(): Promise<void>;
}

/**
 * Takes time into the test's hands: processes read it in a file, and what the product asks a PostgreSQL server for
 * (`clock_timestamp()`) is what the test says, in this one database. SQLite has no clock but that of its process.
 */
export async function takeTime(target: StoreTarget, now: number): Promise<SimulatedTime> {
  const folder = createTestFolder('omnichannel-clock-');
  const clockFile = path.join(folder.path, 'clock');
  fs.writeFileSync(clockFile, asBytes(now));
  const handle = fs.openSync(clockFile, 'r+');
  const client = target.kind === 'postgres' ? new Client(target.connection) : undefined;
  await client?.connect();
  await client?.query(TAKE_CLOCK);
  const set = async (epochMs: number) => {
    fs.writeSync(handle, asBytes(epochMs), 0, 8, 0);
    await client?.query('update public.simulated_time set at = $1', [Math.floor(epochMs)]);
  };
  await set(now);
  return {
    clockFile,
    set,
    async end() {
      fs.closeSync(handle);
      folder.remove();
      await client?.end();
    },
  };
}

function asBytes(epochMs: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Math.floor(epochMs));
  return bytes;
}

/** Once in a database. Replacing the function itself changes nothing: the server knows its own by their numbers. */
const TAKE_CLOCK = `do $$ begin
  if to_regclass('public.simulated_time') is null then
    create table public.simulated_time (at bigint not null);
    insert into public.simulated_time values (0);
    alter function pg_catalog.clock_timestamp() rename to clock_timestamp_of_the_server;
    create function pg_catalog.clock_timestamp() returns timestamptz language sql volatile
      as 'select to_timestamp(at / 1000.0) from public.simulated_time';
  end if;
end $$`;
