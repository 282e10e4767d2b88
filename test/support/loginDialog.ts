import type { Page } from 'playwright-core';

/** What a person does in the sandbox's login dialog; everything that is asked is allowed otherwise. */
export interface LoginChoice {
  /** Name of the person, or username of the Instagram account; default Dra. Helena Prado's first. */
  person?: string;
  /** Permissions to untick. */
  decline?: readonly string[];
  /** Ids of the Pages to untick. */
  withoutPages?: readonly string[];
}

/** Clicks through the login dialog of the sandbox in a browser window, up to Continue. */
export async function passLoginDialog(page: Page, choice: LoginChoice = {}): Promise<void> {
  const people = page.getByTestId('login-person');
  const wanted = choice.person === undefined ? people : people.filter({ hasText: choice.person });
  await wanted.first().click();
  const proceed = page.getByTestId('login-continue');
  await proceed.waitFor();
  for (const permission of choice.decline ?? []) {
    await page.locator(`[data-testid=login-permission][value="${permission}"]`).uncheck();
  }
  for (const pageId of choice.withoutPages ?? []) {
    await page.locator(`[data-testid=login-page][value="${pageId}"]`).uncheck();
  }
  await proceed.click();
}

/** The person chooses Cancel. */
export async function refuseLoginDialog(page: Page): Promise<void> {
  await page.getByTestId('login-cancel').click();
}
