// `npm run bench [-- NAME...]`: measures what the README promises, and prints it beside its bar. Not a test: a busy machine
// must not turn anything red, so it exits with 0 whatever it finds.
import { availableParallelism, loadavg } from 'node:os';

const names = ['start-up', 'memory', 'shell-start', 'test-run', 'probe-overhead', 'search', 'filter', 'edit', 'usage', 'statusline'];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}

const [load] = loadavg();
const cores = availableParallelism();
console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; medians of alternating pairs, NODE_EXTRA_CA_CERTS unset`);
// Node's own threads wait for a core too, so a busy machine makes ratios worse, not only times longer.
console.log(
  `${cores} cores, load ${load.toFixed(1)}${load > cores / 2 ? ': other work is running, and the figures are worse than they should be' : ''}\n`,
);
printRow('what', 'value', 'bar', 'aim', '');
for (const name of wanted.length > 0 ? wanted : names) {
  try {
    const { measure } = await import(`./bench/${name}.mjs`);
    for await (const row of measure()) printMeasured(row);
  } catch (error) {
    printRow(name, 'failed', '', '', String(error.message).split('\n').slice(0, 3).join(' | '));
  }
}

function printMeasured({ what, value, unit, bar, aim, note = '', skipped }) {
  if (skipped !== undefined) return printRow(what, 'skipped', '', '', skipped);
  const digits = unit === 'x' || Math.abs(value) < 10 ? 2 : 0;
  const over = bar !== undefined && value > bar ? 'OVER ' : '';
  printRow(
    what,
    `${over}${value.toFixed(digits)}${unit}`,
    bar === undefined ? '' : `${bar}${unit}`,
    aim === undefined ? '' : `${aim}${unit}`,
    note,
  );
}

function printRow(what, value, bar, aim, note) {
  console.log(`${what.padEnd(44)} ${value.padStart(16)}  ${bar.padStart(12)}  ${aim.padStart(12)}  ${note}`.trimEnd());
}
