import { InvalidInputError } from '../model';
import { listPagesServing, type ServingPage } from '../store/instance/portal';
import type { PortalContext } from './context';
import { dropPage, savePage } from './pages.unit';

type PagesContext = Pick<PortalContext, 'store'>;

export interface RegisterPageInput {
  tenantId: string;
  /** `${workflowId}:${nodeId}` */
  pageId: string;
  name: string;
  url: string;
  serves: 'tenant' | 'every';
}

/** Makes a published connect page known, so that links can be made for it. */
export async function registerPage(ctx: PagesContext, input: RegisterPageInput): Promise<void> {
  const { tenantId, pageId, name, url, serves } = input;
  await ctx.store.forTenant(tenantId).run(savePage, { id: pageId, name, url, serves });
}

export async function closePage(
  ctx: PagesContext,
  tenantId: string,
  pageId: string,
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(dropPage, { pageId });
}

/** The published pages that take links of this tenant. */
export async function pagesServing(ctx: PagesContext, tenantId: string): Promise<ServingPage[]> {
  return await ctx.store.run(listPagesServing, { tenantId });
}

/**
 * The page that a link of this tenant leads to, where nobody chose one.
 * @throws InvalidInputError when there is none, or more than one
 */
export async function onlyPageServing(ctx: PagesContext, tenantId: string): Promise<ServingPage> {
  const [page, ...more] = await pagesServing(ctx, tenantId);
  if (!page) {
    throw new InvalidInputError('Page', 'No connect page is published for this tenant.', {
      hint: 'Publish a workflow with the node "Customer Connect Page Trigger", or give the address of one.',
    });
  }
  if (more.length > 0) {
    throw new InvalidInputError(
      'Page',
      `${more.length + 1} connect pages are published: ${[page, ...more].map(({ name }) => name).join(', ')}.`,
      { hint: 'Choose one under "Page".' },
    );
  }
  return page;
}
