import { spawnSync } from 'node:child_process';
import { closeSync, chownSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A file system of its own and of a fixed size, so that a test can fill it without filling the machine's. */
export interface SmallDisk {
  readonly path: string;
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** Unmounts it, whoever still has files in it. */
  remove(): void;
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/**
 * Mounts a tmpfs.
 * @param owner who may write into it; default whoever runs the test
 * @returns null where that is not allowed: it takes root, and a container may forbid it even to root
 */
export function mountSmallDisk(
  megabytes: number,
  owner?: { uid: number; gid: number },
): SmallDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = mkdtempSync(path.join(tmpdir(), 'omnichannel-disk-'));
  const options = `size=${megabytes}m,mode=0700`;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) {
    rmdirSync(folder);
    return null;
  }
  const remove = () => {
    process.off('exit', remove);
    spawnSync('umount', ['--lazy', folder]);
    rmdirSync(folder);
  };
  process.on('exit', remove);
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const ballast = path.join(folder, 'ballast');
  return {
    path: folder,
    remove,
    free: () => rmSync(ballast),
    fill() {
      const file = openSync(ballast, 'w');
      try {
        // Ever smaller pieces, down to the last byte: the last page counts.
        for (let size = CHUNK.length; size >= 1; ) {
          try {
            writeSync(file, CHUNK, 0, size);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
            size = Math.floor(size / 2);
          }
        }
      } finally {
        closeSync(file);
      }
    },
  };
}
