'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const argv = process.argv.slice(2);

function fail(error) {
  const unbuilt = !existsSync(join(__dirname, '..', 'dist', 'main.js'));
  process.stderr.write(unbuilt ? 'orcc is not built yet: run `npm run build` in its folder\n' : `${error.stack}\n`);
  process.exitCode = 70;
}

/** `status` and `env` have a short way of their own; undefined where there is none for these words. */
function startQuick() {
  if (argv[0] !== 'status' && argv[0] !== 'env') return undefined;
  return require('../dist/quick.js').quick(argv);
}

try {
  (startQuick() ?? require('../dist/main.js').main(argv)).catch(fail);
} catch (error) {
  fail(error);
}
