import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../scripts/lib/paths.mjs';

/**
 * Keeps a picture of the running product, so that the pictures of the documentation are never drawn
 * by hand: in docs/images/ when OMNICHANNEL_UPDATE_PICTURES is set, else beside the test reports.
 */
export async function savePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.OMNICHANNEL_UPDATE_PICTURES
    ? ['docs', 'images']
    : ['reports', 'images'];
  const file = path.join(ROOT, ...folder, `${name}.png`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled' });
}
