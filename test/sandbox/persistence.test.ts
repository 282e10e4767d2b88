import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/server.ts';
import { Harness, until } from './support/harness.ts';
import { facebookLogin } from './support/login.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

test('everything survives a restart, the clock and the subscriptions too', async () => {
  const first = await Harness.start({ stateDir });
  await first.subscribeAll();
  await first.control('POST', '/clock', { advanceMs: 60_000 });
  const person = first.person('instagram');
  await first.inject({ persona: person, text: 'oi' });
  await first.sendText(person, 'Olá');
  await first.idle();
  await first.close();
  expect(readdirSync(stateDir)).toEqual(['sandbox-state.json']);

  const second = await Harness.start({ stateDir });
  expect((await second.messages(person)).map((message) => message.text)).toEqual(['Olá']);
  expect(await second.control('GET', '/subscriptions')).toMatchObject({
    app: [{ object: 'page' }, { object: 'instagram' }],
  });
  const { now } = await second.control<{ now: number }>('GET', '/clock');
  expect(now - Date.now()).toBeGreaterThan(59_000);
  await second.close();
});

test('the file follows while the sandbox runs, for a process that is killed', async () => {
  const harness = await Harness.start({ stateDir });
  await harness.inject({ persona: harness.person('messenger'), text: 'gravada' });
  await until('the file is there', () => readdirSync(stateDir).includes('sandbox-state.json'));
  await harness.close();
});

test('a webhook that was under way is delivered after a restart', async () => {
  const first = await Harness.start({ stateDir });
  await first.subscribeAll({ retryDelaysMs: [60_000] });
  first.answers.push(500);
  await first.inject({ persona: first.person('messenger'), text: 'oi' });
  await until('the first attempt failed', () => first.received.length === 1);
  await until('it is on record', async () => (await first.deliveries())[0]?.attempts.length === 1);
  await first.sandbox.close();

  const restarted = await startSandbox({ port: 0, stateDir });
  await until('the second attempt came', () => first.received.length === 2);
  expect(first.received[1]?.body).toBe(first.received[0]?.body);
  await restarted.close();
  await first.close();
});

test('a file of an earlier version gets what it lacks, and logins survive a restart', async () => {
  const first = await Harness.start({ stateDir });
  const token = await facebookLogin(first.sandbox, { long: true });
  await first.close();
  const file = join(stateDir, 'sandbox-state.json');
  const state = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const { users: _users, dialogs: _dialogs, settings: _settings, ...older } = state;
  writeFileSync(file, JSON.stringify({ ...older, settings: { duplicateEvery: 0 } }));

  const second = await Harness.start({ stateDir });
  expect((await second.graph('GET', '/me', { access_token: token })).status).toBe(200);
  expect(await second.control('GET', '/settings')).toMatchObject({
    duplicateEvery: 0,
    longTokenSeconds: 5_184_000,
  });
  await facebookLogin(second.sandbox);
  await second.close();
});

test('a file of something else is refused with its name', async () => {
  writeFileSync(join(stateDir, 'sandbox-state.json'), '{"format":9}');
  await expect(startSandbox({ port: 0, stateDir })).rejects.toThrow(
    /sandbox-state\.json is not a sandbox state/,
  );
});

test('a port that is taken is said', async () => {
  const harness = await Harness.start();
  await expect(startSandbox({ port: harness.sandbox.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await harness.close();
});

test('pages of other sites may not use the control endpoints', async () => {
  const harness = await Harness.start();
  const url = `${harness.sandbox.url}/_sandbox/reset`;
  const foreign = await fetch(url, { method: 'POST', headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  await harness.close();
});
