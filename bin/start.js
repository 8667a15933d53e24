'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

import('../dist/main.js').catch((error) => {
  const unbuilt = error.code === 'ERR_MODULE_NOT_FOUND' && !existsSync(join(__dirname, '..', 'dist', 'main.js'));
  process.stderr.write(unbuilt ? 'orcc is not built yet: run `npm run build` in its folder\n' : `${error.stack}\n`);
  process.exitCode = 70;
});
