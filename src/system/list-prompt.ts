import {
  createPrompt,
  isDownKey,
  isEnterKey,
  isSpaceKey,
  isUpKey,
  makeTheme,
  useEffect,
  useKeypress,
  usePrefix,
  useRef,
  useState,
  type KeypressEvent,
} from '@inquirer/core';
import figures from '@inquirer/figures';
import { styleText } from 'node:util';
import type { Choice, Listed } from '../core/context.ts';
import { fit } from '../text/table.ts';
import { wrap } from '../text/wrap.ts';

/** A question that is answered from a list. */
export interface ListQuestion<T> {
  readonly message: string;
  /** The rows; in a search those for `term`, the text typed so far. In a search a heading that comes last stays in sight below the list. */
  readonly list: (term: string) => readonly Listed<T>[];
  /** One row, any number of ticked rows, or one that is searched for by typing. */
  readonly kind: 'one' | 'some' | 'search';
  /** The value of the row that is active at first. */
  readonly initial?: T | undefined;
}

export interface Where {
  readonly output: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly clearPromptOnDone: boolean;
}

/** Milliseconds after which a typed letter begins a new word. */
const WORD_MS = 700;
/** The most rows in sight in a search. */
const MOST_FOUND = 12;
/** Lines needed besides the rows: question, heading, how many more, a row's description, keys. */
const LINES_BESIDE = 8;
const HIDE_CURSOR = '\x1b[?25l';

interface Parts<T> {
  readonly rows: readonly Listed<T>[];
  readonly choices: readonly Choice<T>[];
  /** Choices that are made with a key of their own and have no row. */
  readonly keyed: readonly Choice<T>[];
  readonly foot: string;
}

interface State<T> {
  readonly parts: Parts<T>;
  /** The text of the search; in other lists what has been typed of a row's name. */
  readonly term: string;
  readonly termAt: number;
  /** The index of the active choice. */
  readonly at: number;
  readonly ticked: readonly T[];
  readonly error?: string;
  /** The answer, or that Esc was pressed. */
  readonly chosen?: readonly Choice<T>[] | 'esc';
}

/** Asks the question and returns the chosen values; undefined after Esc. */
export function askList<T>(question: ListQuestion<T>, where: Where): Promise<readonly T[] | undefined> {
  return createPrompt<readonly T[] | undefined, ListQuestion<T>>((asked, done) => show(asked, done, where.output))(question, where);
}

function show<T>(
  question: ListQuestion<T>,
  done: (values: readonly T[] | undefined) => void,
  output: NodeJS.WriteStream,
): string | [string, string] {
  const [state, setState] = useState<State<T>>(() => begin(question));
  const theme = makeTheme();
  const prefix = usePrefix({ status: state.chosen === undefined ? 'idle' : 'done', theme });
  const [, redraw] = useState(0);
  const drawn = useRef(0);
  useEffect(() => {
    const onResize = (): void => {
      output.write(clearBelow(drawn.current));
      redraw((count) => count + 1);
    };
    output.on('resize', onResize);
    return () => void output.off('resize', onResize);
  }, []);
  useKeypress((key, line) => {
    const next = press(question, state, key, line, sizeOf(question, state.parts, output));
    setState(next);
    if (next.chosen !== undefined) done(next.chosen === 'esc' ? undefined : next.chosen.map(({ value }) => value));
  });
  const head = headOf(`${prefix} ${theme.style.message(question.message, 'idle')}`, output);
  if (state.chosen !== undefined) {
    const answer = state.chosen === 'esc' ? 'Esc' : state.chosen.map(({ short, name }) => short ?? name).join(', ');
    return headOf(`${prefix} ${theme.style.message(question.message, 'done')} ${theme.style.answer(answer)}`, output);
  }
  const lines = linesBelow(question, state, output);
  drawn.current = lines.length;
  const isSearch = question.kind === 'search';
  return [isSearch ? `${head} ${theme.style.answer(state.term)}`.trimEnd() : head, `${lines.join('\n')}${isSearch ? '' : HIDE_CURSOR}`];
}

function headOf(text: string, { columns = 80 }: NodeJS.WriteStream): string {
  return wrap(text, columns - 1, '  ');
}

/**
 * After a resize the terminal may have wrapped or cut the lines below the question: erases them and writes as many blank ones, since
 * the next drawing erases that many again.
 */
function clearBelow(lines: number): string {
  return `\x1b[J${'\n'.repeat(lines)}\x1b[${String(lines)}A`;
}

function begin<T>(question: ListQuestion<T>): State<T> {
  const parts = partsOf(question, '');
  const ticked = parts.choices.filter(({ checked }) => checked === true).map(({ value }) => value);
  return { parts, term: '', termAt: 0, at: firstIn(parts, question.initial), ticked };
}

function partsOf<T>({ list, kind }: ListQuestion<T>, term: string): Parts<T> {
  const all = list(term);
  const last = kind === 'search' ? all.at(-1) : undefined;
  const foot = last === undefined || isChoice(last) ? undefined : last.heading;
  const rows = (foot === undefined ? all : all.slice(0, -1)).filter((each) => !isChoice(each) || each.key === undefined);
  return { rows, choices: rows.filter(isChoice), keyed: all.filter(isChoice).filter(({ key }) => key !== undefined), foot: foot ?? '' };
}

/** The index of the choice that is active before any arrow key is pressed: one that can be chosen, if there is one. */
function firstIn<T>({ choices }: Parts<T>, initial?: T): number {
  const proposed = choices.findIndex((each) => isOpen(each) && each.value === initial);
  return Math.max(0, proposed < 0 ? choices.findIndex(isOpen) : proposed);
}

function isOpen<T>({ disabled }: Choice<T>): boolean {
  return typeof disabled !== 'string';
}

/** Readline's interface to the line being typed. */
interface Line {
  readonly line: string;
  clearLine(direction: 0): void;
  write(text: string): void;
}

function press<T>(question: ListQuestion<T>, before: State<T>, key: KeypressEvent, line: Line, size: number): State<T> {
  const { error: _, ...state } = before;
  const { parts, at, term } = state;
  const active = parts.choices[at];
  const isSearch = question.kind === 'search';
  const keyed = isSearch || key.ctrl ? undefined : parts.keyed.find((each) => each.key === key.name);
  if (keyed !== undefined) return { ...state, chosen: [keyed] };
  if (key.name === 'escape') {
    line.clearLine(0);
    // The first Esc only clears the search.
    return isSearch && term !== '' ? searchFor(question, state, '') : { ...state, chosen: 'esc' };
  }
  if (isEnterKey(key)) {
    const answered = enter(question, state, active);
    // Enter makes readline clear its line, so the search text is put back.
    if (isSearch && answered.chosen === undefined) line.write(term);
    return answered;
  }
  const move = moveOf(key, size);
  if (move !== undefined) return { ...state, at: Math.max(0, Math.min(parts.choices.length - 1, at + move)) };
  if (isSearch) return line.line === term ? state : searchFor(question, state, line.line.replaceAll('\t', ''));
  const letters = line.line;
  line.clearLine(0);
  if (question.kind === 'some' && isSpaceKey(key)) return { ...state, ticked: toggle(state.ticked, active) };
  return typeAhead(state, letters);
}

function enter<T>({ kind }: ListQuestion<T>, state: State<T>, active: Choice<T> | undefined): State<T> {
  if (kind === 'some') {
    const chosen = state.parts.choices.filter(({ value }) => state.ticked.includes(value));
    return chosen.length > 0 ? { ...state, chosen } : { ...state, error: 'Press space to select at least one row' };
  }
  if (active === undefined) return state;
  return isOpen(active) ? { ...state, chosen: [active] } : { ...state, error: "This one can't be chosen" };
}

function searchFor<T>(question: ListQuestion<T>, state: State<T>, term: string): State<T> {
  const parts = partsOf(question, term);
  return { ...state, parts, term, at: firstIn(parts) };
}

function toggle<T>(ticked: readonly T[], choice: Choice<T> | undefined): readonly T[] {
  if (choice === undefined || !isOpen(choice)) return ticked;
  return ticked.includes(choice.value) ? ticked.filter((each) => each !== choice.value) : [...ticked, choice.value];
}

/** Letters select the row whose name begins with them, a number the row with that number. */
function typeAhead<T>(state: State<T>, letters: string): State<T> {
  const now = Date.now();
  const term = now - state.termAt < WORD_MS ? state.term + letters : letters;
  const { choices } = state.parts;
  const found = /^[0-9]+$/.test(term)
    ? Number(term) - 1
    : choices.findIndex((each) => isOpen(each) && each.name.toLowerCase().startsWith(term.toLowerCase()));
  return { ...state, term, termAt: now, at: term === '' || choices[found] === undefined ? state.at : found };
}

function moveOf(key: KeypressEvent, size: number): number | undefined {
  if (isUpKey(key)) return -1;
  if (isDownKey(key)) return 1;
  const far: Readonly<Record<string, number>> = { pageup: -size, pagedown: size };
  return far[key.name];
}

/** How many rows are in sight: few enough to leave room for the question and a row's description in a small terminal. */
function sizeOf<T>({ kind }: ListQuestion<T>, { rows }: Parts<T>, { rows: height = 24 }: NodeJS.WriteStream): number {
  const room = Math.max(3, height - LINES_BESIDE);
  return Math.min(rows.length, kind === 'search' ? Math.min(MOST_FOUND, room) : room);
}

/** Everything below the question, each line within the terminal's width. */
function linesBelow<T>(question: ListQuestion<T>, state: State<T>, output: NodeJS.WriteStream): readonly string[] {
  const { parts, error } = state;
  const { columns = 80, rows: height = 24 } = output;
  const active = parts.choices[state.at];
  const page = pageOfList(parts.rows, active, sizeOf(question, parts, output));
  const dim = (text: string): string => styleText('dim', text);
  const cut = (text: string): string => fit(text, columns - 1);
  const above = [
    ...(page.heading === undefined ? [] : [dim(cut(`  ${page.heading}`))]),
    ...page.rows.map((row) => rowLine(question, state, row, columns)),
    ...(parts.rows.length === 0 ? [styleText('red', '  Nothing found')] : []),
    dim(cut(`  ${tellMore(page)}`.trimEnd())),
  ];
  const below = [...(error === undefined ? [] : [styleText('red', `> ${error}`)]), dim(cut(helpOf(question, parts)))];
  // One line stays free: what fills the screen to its last line can't be drawn over after a resize.
  const room = height - 1 - headOf(`? ${question.message}`, output).split('\n').length - above.length - below.length;
  return [...above, ...aboutLines(active, columns, room), ...below];
}

/** One row as one line, cut to the terminal's width. */
function rowLine<T>({ kind }: ListQuestion<T>, { parts, at, ticked }: State<T>, row: Listed<T>, columns: number): string {
  if (!isChoice(row)) return styleText('dim', fit(`  ${row.heading}`.trimEnd(), columns - 1));
  const isActive = row === parts.choices[at];
  const box = kind !== 'some' ? '' : ticked.includes(row.value) ? styleText('green', figures.circleFilled) : figures.circle;
  const name = isOpen(row) ? row.name : `${row.name} ${String(row.disabled)}`;
  const text = fit(name, columns - (kind === 'some' ? 4 : 3));
  const mark = isActive ? figures.pointer : isOpen(row) ? ' ' : '-';
  if (!isOpen(row)) return styleText('dim', `${mark} ${text}`);
  return isActive ? `${styleText('cyan', mark)}${box} ${styleText('cyan', text)}` : `${mark}${box} ${text}`;
}

/** The lines about the active row, as far as there is room: first why it can't be chosen, in full, then its description. */
function aboutLines<T>(active: Choice<T> | undefined, columns: number, room: number): readonly string[] {
  const why = typeof active?.disabled === 'string' ? [active.disabled.replace(/^\((.*)\)$/, '$1')] : [];
  const said = [...why, ...(active?.description === undefined ? [] : [active.description])].join('\n');
  if (said === '') return [];
  const lines = said.split('\n').flatMap((line) => wrap(line, columns - 1, '  ').split('\n'));
  return lines.slice(0, Math.max(0, room)).map((line) => styleText('cyan', line));
}

function helpOf<T>({ kind }: ListQuestion<T>, { keyed, foot }: Parts<T>): string {
  if (foot !== '') return foot;
  const keys = kind === 'some' ? 'space select • ⏎ continue' : '↑↓ navigate • ⏎ select';
  return [keys, ...keyed.map(({ key, name }) => `${key ?? ''} ${name}`)].join(' • ');
}

interface ListPage<T> {
  /** The heading above the first row, which stays in sight however far the list is scrolled. */
  readonly heading: string | undefined;
  readonly rows: readonly Listed<T>[];
  /** How many choices are out of sight above and below. */
  readonly above: number;
  readonly below: number;
}

/** Returns at most `size` rows of a list, with the active one near the middle; a heading that begins the list is not counted. */
export function pageOfList<T>(list: readonly Listed<T>[], active: Listed<T> | undefined, size: number): ListPage<T> {
  const [first] = list;
  const heading = first !== undefined && 'heading' in first ? first.heading : undefined;
  const body = heading === undefined ? list : list.slice(1);
  const at = active === undefined ? 0 : Math.max(0, body.indexOf(active));
  const start = Math.max(0, Math.min(at - Math.floor(size / 2), body.length - size));
  // A section's title that would be the first row replaces the heading that stays in sight.
  const top = body[start];
  const from = heading !== undefined && start > 0 && top !== undefined && isTitle(top) ? start + 1 : start;
  const rows = body.slice(from, from + size);
  return {
    heading: heading === undefined ? undefined : (body.slice(0, from).filter(isTitle).at(-1)?.heading ?? heading),
    rows,
    above: body.slice(0, from).filter(isChoice).length,
    below: body.slice(from + rows.length).filter(isChoice).length,
  };
}

/** `3 more above, 9 more below`; empty if everything is in sight. */
export function tellMore({ above, below }: Pick<ListPage<unknown>, 'above' | 'below'>): string {
  return [...(above > 0 ? [`${above} more above`] : []), ...(below > 0 ? [`${below} more below`] : [])].join(', ');
}

function isChoice<T>(each: Listed<T>): each is Choice<T> {
  return !('heading' in each);
}

/** Whether it is a heading with text; one without is a blank line. */
function isTitle<T>(each: Listed<T>): each is { readonly heading: string } {
  return 'heading' in each && each.heading !== '';
}
