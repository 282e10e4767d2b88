/** Ends the server of jestPostgresSetup; one that was given from outside is left alone. */
export default async function stopDatabaseOfRun(): Promise<void> {
  const server = globalThis.omnichannelTestPostgres;
  if (!server) return;
  globalThis.omnichannelTestPostgres = undefined;
  delete process.env.OMNICHANNEL_TEST_DATABASE_URL;
  await server.dispose();
}
