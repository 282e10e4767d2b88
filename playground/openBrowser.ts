import { spawn } from 'node:child_process';

const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/** Opens an address in the person's browser; where there is none, nothing happens. */
export function openBrowser(url: string): void {
  const opener = OPENERS[process.platform];
  if (opener === undefined || !hasScreen()) return;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  // The address is printed too; a machine without an opener loses nothing.
  child.on('error', () => undefined);
  child.unref();
}

function hasScreen(): boolean {
  if (!process.stdout.isTTY) return false;
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}
