import { stripVTControlCharacters } from 'node:util';

interface Cell {
  readonly character: string;
  /** The SGR parameters in effect, `1;36`; empty for none. */
  readonly style: string;
}

const BLANK: Cell = { character: ' ', style: '' };
/** Parameters that end others: all, bold and dim, italic, underline, reverse, foreground, background. */
const ENDS: Readonly<Record<string, readonly string[]>> = { 22: ['1', '2'], 23: ['3'], 24: ['4'], 27: ['7'] };

/**
 * What a terminal would show: as much of a VT100 as prompts and progress lines use (cursor moves, erasing, wrapping,
 * scrolling, colours). Everything else is ignored. One code point is one cell.
 */
export class Screen {
  readonly #columns: number;
  readonly #rows: number;
  #lines: Cell[][] = [[]];
  #style: readonly string[] = [];
  #row = 0;
  #column = 0;
  #saved = { row: 0, column: 0 };
  #rest = '';

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** Takes the next piece of output; a sequence may be cut anywhere. */
  write(piece: string): void {
    const text = this.#rest + piece;
    // A lone ESC or an unfinished sequence at the end waits for the next piece.
    const cut = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[()#])?$/.exec(text)?.index ?? text.length;
    this.#rest = text.slice(cut);
    for (const [token] of text.slice(0, cut).matchAll(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()#].|\x1b.|[^]/gu)) {
      if (token.startsWith('\x1b[')) this.#control(token.slice(2, -1), token.slice(-1));
      else if (token === '\x1b7') this.#saved = { row: this.#row, column: this.#column };
      else if (token === '\x1b8') this.#moveTo(this.#saved.row, this.#saved.column);
      else if (!token.startsWith('\x1b')) this.#print(token);
    }
  }

  /** All lines, those that scrolled away too, without blanks at their ends. */
  text(): string {
    return this.#lines
      .map((line) =>
        Array.from(line, (cell: Cell | undefined) => (cell ?? BLANK).character)
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  /** The same with colours, each run of cells behind its SGR sequence. */
  coloured(): string {
    return this.#lines
      .map((line) => {
        let shown = '';
        let style = '';
        for (const cell of Array.from(line, (each: Cell | undefined) => each ?? BLANK)) {
          if (cell.style !== style) shown += `\x1b[0m${cell.style === '' ? '' : `\x1b[${cell.style}m`}`;
          style = cell.style;
          shown += cell.character;
        }
        return `${shown.trimEnd()}${style === '' ? '' : '\x1b[0m'}`;
      })
      .join('\n')
      .trimEnd();
  }

  #print(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#moveTo(this.#row + 1, this.#column);
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character === '\t') this.#column = Math.min(this.#columns - 1, (Math.floor(this.#column / 8) + 1) * 8);
    else if (stripVTControlCharacters(character) !== '' && character >= ' ') {
      if (this.#column >= this.#columns) this.#moveTo(this.#row + 1, 0);
      this.#line()[this.#column] = { character, style: this.#style.join(';') };
      this.#column += 1;
    }
  }

  #control(parameters: string, final: string): void {
    const [first = 0, second = 0] = parameters.replace(/^\?/, '').split(';').map(Number);
    const count = Math.max(1, first);
    if (final === 'A') this.#moveTo(Math.max(this.#top(), this.#row - count), this.#column);
    else if (final === 'B') this.#moveTo(Math.min(this.#top() + this.#rows - 1, this.#row + count), this.#column);
    else if (final === 'C') this.#column = Math.min(this.#columns - 1, this.#column + count);
    else if (final === 'D') this.#column = Math.max(0, this.#column - count);
    else if (final === 'E') this.#moveTo(this.#row + count, 0);
    else if (final === 'F') this.#moveTo(Math.max(this.#top(), this.#row - count), 0);
    else if (final === 'G') this.#column = count - 1;
    else if (final === 'H' || final === 'f') this.#moveTo(this.#top() + count - 1, Math.max(1, second) - 1);
    else if (final === 'K') this.#eraseLine(first);
    else if (final === 'J') this.#eraseDisplay(first);
    else if (final === 'm') for (const each of parameters.split(';')) this.#dress(each === '' ? '0' : each);
    else if (final === 's') this.#saved = { row: this.#row, column: this.#column };
    else if (final === 'u') this.#moveTo(this.#saved.row, this.#saved.column);
  }

  #dress(parameter: string): void {
    const number = Number(parameter);
    const isColour = (low: number) => (each: string) =>
      (Number(each) >= low && Number(each) <= low + 9) || (Number(each) >= low + 60 && Number(each) <= low + 69);
    if (number === 0) this.#style = [];
    else if (number === 39) this.#style = this.#style.filter((each) => !isColour(30)(each));
    else if (number === 49) this.#style = this.#style.filter((each) => !isColour(40)(each));
    else if (ENDS[parameter] !== undefined) this.#style = this.#style.filter((each) => ENDS[parameter]?.includes(each) !== true);
    else if (isColour(30)(parameter)) this.#style = [...this.#style.filter((each) => !isColour(30)(each)), parameter];
    else this.#style = [...this.#style.filter((each) => each !== parameter), parameter];
  }

  #eraseLine(mode: number): void {
    const line = this.#line();
    if (mode === 0) line.length = Math.min(line.length, this.#column);
    else if (mode === 1) line.fill(BLANK, 0, this.#column + 1);
    else line.length = 0;
  }

  #eraseDisplay(mode: number): void {
    if (mode === 0) {
      this.#eraseLine(0);
      this.#lines.length = this.#row + 1;
    } else if (mode === 1) {
      for (let row = this.#top(); row < this.#row; row++) this.#lines[row] = [];
      this.#eraseLine(1);
    } else {
      for (let row = this.#top(); row < this.#lines.length; row++) this.#lines[row] = [];
    }
  }

  /** The first line that is still on the screen. */
  #top(): number {
    return Math.max(0, this.#lines.length - this.#rows);
  }

  #moveTo(row: number, column: number): void {
    while (this.#lines.length <= row) this.#lines.push([]);
    this.#row = row;
    this.#column = column;
  }

  #line(): Cell[] {
    return (this.#lines[this.#row] ??= []);
  }
}
