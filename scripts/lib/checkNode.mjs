// Imported first by every script that a person starts. It uses nothing that an old Node lacks.
const OLDEST = 20;
const running = process.versions.node;

if (Number(running.split('.')[0]) < OLDEST) {
  console.error(
    `This project needs Node ${OLDEST} or later; this is Node ${running}. ` +
      'Install a newer one (https://nodejs.org) and run the same command again. ' +
      'Node 24, which n8n needs, is then brought along by itself.',
  );
  process.exit(1);
}
