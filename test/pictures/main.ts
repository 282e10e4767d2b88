import { launchBrowser } from '../support/browser.ts';
import { startTestPlayground } from '../support/n8n.ts';
import { takeCalendarPictures } from './calendar.ts';
import { takeConnectionPictures } from './connections.ts';
import { takeConnectPagePictures } from './connectPage.ts';
import { takeEditorPictures } from './editor.ts';
import { takeGalleryPictures } from './gallery.ts';
import { takeOmnichannelPictures } from './omnichannel.ts';
import { takeNotificaMePictures } from './notificaMe.ts';
import { takeCollectedPicture, takePhonePictures } from './phone.ts';
import { takeSandboxPictures } from './sandboxPages.ts';
import { takeRateLimiterPicture } from './rateLimiter.ts';
import { takeStatisticsPicture } from './statistics.ts';
import { ALLOW_OWN_ADDRESS, setUpWebhookWorkflows } from '../support/webhookWorkflows.ts';
import { takeWebhookPictures } from './webhooks.ts';
import { takeWhatsAppPictures } from './whatsApp.ts';

// The pictures of the documentation, from a playground of its own that is gone afterwards. What a
// page is about is waited for, so that a picture of something else is an error.
const playground = await startTestPlayground({ name: 'pictures', env: ALLOW_OWN_ADDRESS });
try {
  const browser = await launchBrowser();
  try {
    await takePhonePictures(browser, playground);
    await takeEditorPictures(browser, playground);
    await takeWhatsAppPictures(browser, playground);
    await takeSandboxPictures(browser, playground.sandbox);
    // Before a second connect page is published: a link has to say which one from then on.
    await takeConnectPagePictures(browser, playground);
    await takeNotificaMePictures(browser, playground);
    await takeRateLimiterPicture(browser, playground);
    await takeStatisticsPicture(browser, playground);
    await takeCalendarPictures(browser, playground);
    await takeConnectionPictures(browser, playground);
    await takeOmnichannelPictures(browser, playground);
    await takeWebhookPictures(browser, playground, await setUpWebhookWorkflows(playground));
    await takeCollectedPicture(browser, playground);
    await takeGalleryPictures(browser, playground);
  } finally {
    await browser.close();
  }
} finally {
  await playground.remove();
}
