import fs from 'node:fs';
import path from 'node:path';
import { loadState, resetData, saveState } from '../../../playground/state.ts';
import { createTestFolder, type TestFolder } from '../../support/tempFolder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

it('makes a key and a login at the first start and finds them again', () => {
  const first = loadState(folder.path);
  expect(first.encryptionKey).toMatch(/^[0-9a-f]{48}$/);
  expect(first.owner.password).toMatch(/^[A-Z][a-z]+-\d{6}$/);
  expect(loadState(folder.path)).toEqual(first);
});

it('keeps its secrets from other users of the machine', () => {
  saveState(folder.path, loadState(folder.path));
  const { mode } = fs.statSync(path.join(folder.path, 'playground.json'));
  expect(mode & 0o777).toBe(0o600);
});

it('forgets everything on a reset', () => {
  const data = path.join(folder.path, 'data');
  const first = loadState(data);
  resetData(data);
  expect(fs.existsSync(data)).toBe(false);
  expect(loadState(data).encryptionKey).not.toBe(first.encryptionKey);
});

it('does not delete a folder that is not its own', () => {
  const file = path.join(folder.path, 'thesis.txt');
  fs.writeFileSync(file, 'three years');
  expect(() => resetData(folder.path)).toThrow(/does not look like a playground's data/);
  expect(fs.existsSync(file)).toBe(true);
});
