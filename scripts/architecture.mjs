// Writes docs/architecture.svg, the rooms of src/ and what each imports: from the imports themselves, so that it is never out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { root } from './build/options.mjs';

const { ROOMS } = await import('../eslint.config.js');
const source = join(root, 'src');
const BOX = { width: 170, height: 26, step: 44, left: 300, top: 20 };

const edges = readImports();
const picture = join(root, 'docs', 'architecture.svg');
// `--check`: only checks that the picture matches the imports (exit 0 or 1), and does not write it.
if (process.argv.includes('--check')) process.exitCode = readFileSync(picture, 'utf8') === draw() ? 0 : 1;
else writeFileSync(picture, draw());

/** How many imports lead from one room to another, as `from to` -> number. */
function readImports() {
  const counted = new Map();
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = join(entry.parentPath, entry.name);
    const room = roomOf(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
      const other = roomOf(resolve(dirname(file), from));
      if (other !== room) {
        const pair = `${room} ${other}`;
        counted.set(pair, (counted.get(pair) ?? 0) + 1);
      }
    }
  }
  return counted;
}

function roomOf(file) {
  return relative(source, file).split(sep)[0];
}

/** Draws the rooms as a tower, the highest at the top, with an arc for each pair: thicker with more imports, left and right in turn. */
function draw() {
  const rooms = ROOMS.toReversed();
  const middle = (room) => BOX.top + rooms.indexOf(room) * BOX.step + BOX.height / 2;
  const height = BOX.top * 2 + (rooms.length - 1) * BOX.step + BOX.height;
  const arcs = [...edges].map(([pair, count]) => arc(pair.split(' '), count, middle, rooms));
  const boxes = rooms.map((room) => box(room, middle(room)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${BOX.left * 2 + BOX.width} ${height}" font-family="ui-monospace, monospace" font-size="13">
<title>The rooms of src/: each imports only from rooms below it</title>
<style>
  text { fill: #1f2328 } .box { fill: #f6f8fa; stroke: #59636e } path { fill: none; stroke: #0969da; stroke-opacity: .45 }
  @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .box { fill: #151b23; stroke: #9198a1 } path { stroke: #4493f8 } }
</style>
${arcs.join('\n')}
${boxes.join('\n')}
</svg>
`;
}

function arc([from, to], count, middle, rooms) {
  const distance = rooms.indexOf(to) - rooms.indexOf(from);
  const toLeft = (rooms.indexOf(from) + distance) % 2 === 0;
  const side = toLeft ? BOX.left : BOX.left + BOX.width;
  const reach = side + (toLeft ? -1 : 1) * (24 + (distance / rooms.length) * (BOX.left - 40) * 1.3);
  // Three widths, so that the picture changes with the architecture and not with each file.
  const width = count < 4 ? 1 : count < 20 ? 2 : 3.5;
  const [start, end] = [middle(from), middle(to)];
  return `<path d="M${side} ${start} C${reach.toFixed(0)} ${start} ${reach.toFixed(0)} ${end} ${side} ${end}" stroke-width="${width}"><title>${from} imports ${to}</title></path>`;
}

function box(room, middle) {
  const top = middle - BOX.height / 2;
  return `<rect class="box" x="${BOX.left}" y="${top}" width="${BOX.width}" height="${BOX.height}" rx="4"/>
<text x="${BOX.left + 12}" y="${middle + 4.5}">${room}</text>`;
}
