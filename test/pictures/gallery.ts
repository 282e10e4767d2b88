import type { Browser } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { bundledWorkflows, readBundledWorkflow } from '../../playground/workflows.ts';
import { openWorkflow, part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/** The canvas of every bundled workflow, as n8n shows it after an import: `editor-<name>`. */
export async function takeGalleryPictures(browser: Browser, playground: Playground): Promise<void> {
  const { api, setup } = playground;
  const page = await signInToEditor(browser, playground);
  for (const name of bundledWorkflows()) {
    setup.workflowIds[name] ??= await api.createWorkflow(readBundledWorkflow(name));
    await openWorkflow(page, playground, name);
    const { nodes } = readBundledWorkflow(name);
    const drawn = nodes.filter(({ type }) => !type.endsWith('.stickyNote')).length;
    await part(page, 'canvas-node')
      .nth(drawn - 1)
      .waitFor();
    await part(page, 'zoom-to-fit').click();
    await savePicture(page, `editor-${name}`);
  }
  await page.close();
}
