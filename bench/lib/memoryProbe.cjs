// Loaded into n8n by the benchmark (NODE_OPTIONS=--require): on SIGUSR2 it collects garbage and writes down what stays.
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

const file = process.env.OMNICHANNEL_BENCH_MEMORY_FILE;

process.on('SIGUSR2', () => {
  v8.setFlagsFromString('--expose_gc');
  /** @type {() => void} */
  const collect = vm.runInNewContext('gc');
  collect();
  // The second time takes what only finalizers held; the pages go back to the system a little later.
  setTimeout(() => {
    collect();
    setTimeout(() => {
      if (file) fs.writeFileSync(file, String(process.memoryUsage().rss));
    }, 2_000);
  }, 500);
});
