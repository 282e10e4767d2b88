import { launchBrowser } from '../support/browser.ts';
import { startTestPlayground } from '../support/n8n.ts';
import { takeEditorPictures } from './editor.ts';
import { takePhonePictures } from './phone.ts';

// The pictures of the documentation, from a playground of its own that is gone afterwards. What a
// page is about is waited for, so that a picture of something else is an error.
const playground = await startTestPlayground({ name: 'pictures' });
try {
  const browser = await launchBrowser();
  try {
    await takePhonePictures(browser, playground);
    await takeEditorPictures(browser, playground);
  } finally {
    await browser.close();
  }
} finally {
  await playground.remove();
}
