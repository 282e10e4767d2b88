/**
 * Loads the PostgreSQL side when a server database is first named: an n8n with the embedded store never pays for the
 * driver.
 */
export function loadPostgres(): Promise<typeof import('./index.js')> {
  return import('./index.js');
}
