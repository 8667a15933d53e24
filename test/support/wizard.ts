import type { Tmux } from './tmux.ts';

/** What a user answers to `orcc init`; the questions may come in any order, or not at all. */
export interface Answers {
  readonly key: string;
  /** Written to in the end, and nothing else. */
  readonly targets: readonly string[];
  readonly autoModeOff: boolean;
}

/** The proposals of a first set-up. */
const PROPOSED = { targets: 'user', autoModeOff: true };

/**
 * Walks through `orcc init` in a terminal where it was just started, by reading what is asked, until `end` shows.
 * What is to be other than the recap proposes is changed from there. Gives every question that was met. Rejects where a question is
 * unknown.
 */
export async function walkWizard(tmux: Tmux, answers: Answers, end: RegExp): Promise<readonly string[]> {
  const asked: string[] = [];
  const open = [
    ...(answers.targets.join() === PROPOSED.targets ? [] : [/^.\s*places/]),
    ...(answers.autoModeOff === PROPOSED.autoModeOff ? [] : [/^.\s*auto mode/]),
  ];
  const until = Date.now() + 90_000;
  for (;;) {
    const shown = await tmux.visible();
    if (end.test(shown) && open.length === 0) return asked;
    const question = openQuestion(shown);
    if (question !== undefined) {
      asked.push(question);
      const count = countOf(shown, question);
      await answer(tmux, question, answers, open);
      await gone(tmux, question, count);
    } else if (Date.now() > until) throw new Error(`the wizard does not go on:\n${await tmux.screen()}`);
    await pause(60);
  }
}

/** The last question on the screen that has no answer yet: a prompt's mark turns from `?` to a tick. */
function openQuestion(shown: string): string | undefined {
  return (
    shown
      .split('\n')
      .findLast((line) => /^[?] /.test(line))
      // What follows is the answer as it is typed, masked or a letter.
      ?.replace(/\s+\(?[yYnN]\/[yYnN]\)?.*$/, '')
      .replace(/\s*\*+(?:… \(\d+ characters\))?\s*$/, '')
      .trimEnd()
  );
}

async function answer(tmux: Tmux, question: string, { key, targets, autoModeOff }: Answers, open: RegExp[]): Promise<void> {
  if (/^\? OpenRouter key/.test(question)) {
    await tmux.type(key);
    await tmux.press('Enter');
  } else if (/Install Claude Code/.test(question)) await say(tmux, false);
  else if (/Which models/.test(question)) await pick(tmux, /^.\s*guide/);
  else if (/Write this/.test(question)) await pick(tmux, open.length === 0 ? /Write and test/ : /Change something/);
  else if (/Change what/.test(question)) await pick(tmux, open.shift() ?? /nothing, back/);
  else if (/press space to select/.test(question)) await tick(tmux, targets);
  else if (/Where should it be written/.test(question)) await pick(tmux, /others/);
  else if (/Auto mode/.test(question)) await pick(tmux, autoModeOff ? /off in user settings/ : /on: nothing answers/);
  else throw new Error(`an unknown question: ${question}\n${await tmux.screen()}`);
}

async function say(tmux: Tmux, yes: boolean): Promise<void> {
  await tmux.type(yes ? 'y' : 'n');
  await tmux.press('Enter');
}

/** Moves the pointer down to a line that matches and takes it. */
async function pick(tmux: Tmux, wanted: RegExp): Promise<void> {
  await pointAt(tmux, wanted);
  await tmux.press('Enter');
}

/** Ticks exactly these rows. */
async function tick(tmux: Tmux, wanted: readonly string[]): Promise<void> {
  const rows = (await tmux.visible()).split('\n').flatMap((line) => {
    const found = /^[ ❯]\s*([◉◯])\s*(\S+)/u.exec(line);
    return found === null ? [] : [{ ticked: found[1] === '◉', name: found[2] ?? '' }];
  });
  for (const { ticked, name } of rows) {
    if (ticked === wanted.includes(name)) continue;
    await pointAt(tmux, new RegExp(`^❯\\s*[◉◯]\\s*${name}\\b`, 'u'));
    await tmux.press('Space');
  }
  await tmux.press('Enter');
}

async function pointAt(tmux: Tmux, wanted: RegExp): Promise<void> {
  const seen = new Set<string>();
  for (let tries = 0; tries < 40; tries += 1) {
    const line = (await tmux.visible()).split('\n').findLast((each) => /^❯/.test(each)) ?? '';
    if (wanted.test(line)) return;
    // At the end of the list the way leads up again.
    await tmux.press(seen.has(line) ? 'Up' : 'Down');
    seen.add(line);
    await pause(80);
  }
  throw new Error(`no line to point at: ${String(wanted)}\n${await tmux.screen()}`);
}

/** How often a question stands on the screen, answered or not: the same one may come again at once. */
function countOf(shown: string, question: string): number {
  return shown.split(question.slice(2)).length;
}

async function gone(tmux: Tmux, question: string, before: number): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    const shown = await tmux.visible();
    if (openQuestion(shown) !== question || countOf(shown, question) > before) return;
    if (Date.now() > until) throw new Error(`still asked: ${question}\n${await tmux.screen()}`);
    await pause(60);
  }
}

const pause = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));
