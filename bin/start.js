'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const dist = join(__dirname, '..', 'dist');

function fail(error) {
  const unbuilt = !existsSync(join(dist, 'main.js'));
  process.stderr.write(unbuilt ? 'orcc is not built yet: run `npm run build` in its folder\n' : `${error.stack}\n`);
  process.exitCode = 70;
}

try {
  require('../dist/launch.js').launch(process.argv.slice(2), dist, require).catch(fail);
} catch (error) {
  fail(error);
}
