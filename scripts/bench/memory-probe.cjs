// Loaded before a measured program with `node -r`: at its end, writes its peak memory in KiB to the file that PEAK_FILE names.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
process.on('exit', () => {
  // VmHWM is the peak of this program alone; on Linux maxRSS includes the peak of the program that started it.
  const own = process.platform === 'linux' ? /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  writeFileSync(process.env.PEAK_FILE, String(own ?? process.resourceUsage().maxRSS));
});
