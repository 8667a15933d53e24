// Loaded before a measured program with `node -r`: at its end, writes its peak memory in KiB to the file that is named.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
process.on('exit', () => {
  // VmHWM belongs to this program alone; maxRSS would, on Linux, hold the peak of whoever started it too.
  const own = process.platform === 'linux' ? /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  writeFileSync(process.env.PEAK_FILE, String(own ?? process.resourceUsage().maxRSS));
});
