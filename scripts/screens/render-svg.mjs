/** Colours that are readable on their background, by SGR number. */
const THEMES = {
  dark: {
    ground: '#0d1117',
    plain: '#e6edf3',
    31: '#ff7b72',
    32: '#7ee787',
    33: '#e3b341',
    34: '#79c0ff',
    35: '#d2a8ff',
    36: '#79c0ff',
    90: '#9198a1',
  },
  light: {
    ground: '#ffffff',
    plain: '#1f2328',
    31: '#cf222e',
    32: '#116329',
    33: '#7d4e00',
    34: '#0550ae',
    35: '#8250df',
    36: '#0550ae',
    90: '#59636e',
  },
};
const LINE = 19;
const CELL = 8.43;
const MARGIN = 16;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Browsers collapse spaces in SVG text, whatever xml:space says. */
const keepBlanks = (text) => text.replace(/^ | {2,}/g, (blanks) => '\u00a0'.repeat(blanks.length));

/** One line with SGR codes as tspans; the style carries over to the next line. */
function renderLine(line, style, colors) {
  let out = '';
  for (const [, code, text] of line.matchAll(/(?:\x1b\[([\d;]*)m)?([^\x1b]*)/g)) {
    for (const number of (code ?? '')
      .split(';')
      .filter((each) => each !== '')
      .map(Number)) {
      if (number === 0) Object.assign(style, { bold: false, dim: false, underline: false, color: undefined });
      else if (number === 1) style.bold = true;
      else if (number === 2) style.dim = true;
      else if (number === 4) style.underline = true;
      else if (number === 24) style.underline = false;
      else if (number === 22) Object.assign(style, { bold: false, dim: false });
      else if (number === 39) style.color = undefined;
      else if (colors[number] !== undefined) style.color = colors[number];
    }
    if (text === '') continue;
    const attributes = [
      style.color === undefined ? '' : ` fill="${style.color}"`,
      style.bold ? ' font-weight="bold"' : '',
      style.dim ? ' opacity="0.7"' : '',
      style.underline ? ' text-decoration="underline"' : '',
    ].join('');
    out += `<tspan${attributes}>${keepBlanks(escape(text))}</tspan>`;
  }
  return out;
}

/** What a terminal showed, as an SVG with selectable text, as wide as its longest line. `theme`: light or dark. */
export function renderSvg(text, title, theme) {
  const colors = THEMES[theme];
  const lines = text.replace(/\n+$/, '').split('\n');
  const columns = Math.max(...lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, '').length));
  const style = { bold: false, dim: false, underline: false, color: undefined };
  const width = Math.round(columns * CELL + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = lines.map(
    (line, index) => `<text x="${MARGIN}" y="${MARGIN + 14 + index * LINE}">${renderLine(line, style, colors)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<rect width="100%" height="100%" rx="8" fill="${colors.ground}" stroke="${colors[90]}" stroke-opacity="0.35"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${colors.plain}">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
