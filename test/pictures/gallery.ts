import type { Browser } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { openWorkflow, part, signInToEditor } from '../support/editor.ts';
import { withWhatsApp } from '../support/leadWorkflows.ts';
import { savePicture } from '../support/pictures.ts';

/** Bundled workflows whose canvas no other page has a picture of. */
const CANVASES = [
  { name: 'inbound-channels', picture: 'editor-inbound-channels' },
  { name: 'ai-assistant-reply', picture: 'editor-ai-assistant-reply' },
  { name: 'comment-to-direct', picture: 'editor-comment-to-direct' },
  { name: 'connection-watch', picture: 'editor-connection-watch' },
  { name: 'webhook-alerts', picture: 'editor-webhook-alerts' },
  { name: 'whatsapp-templates', picture: 'editor-whatsapp-templates' },
];

/** The canvases of the gallery (docs/workflows.md), as n8n shows them after an import. */
export async function takeGalleryPictures(browser: Browser, playground: Playground): Promise<void> {
  const { api, setup } = playground;
  const page = await signInToEditor(browser, playground);
  for (const { name, picture } of CANVASES) {
    const definition = withWhatsApp(name, playground);
    setup.workflowIds[name] ??= await api.createWorkflow(definition);
    await openWorkflow(page, playground, name);
    const drawn = definition.nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
    await part(page, 'canvas-node')
      .nth(drawn.length - 1)
      .waitFor();
    await savePicture(page, picture);
  }
  await page.close();
}
