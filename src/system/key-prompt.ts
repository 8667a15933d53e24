import { createPrompt, isBackspaceKey, isEnterKey, makeTheme, useKeypress, usePrefix, useState } from '@inquirer/core';
import { styleText } from 'node:util';
import { wrap } from '../text/wrap.ts';

interface KeyQuestion {
  readonly message: string;
  /** Gives true, or what is wrong with the answer. */
  readonly validate: (text: string) => Promise<string | true>;
  /** What the answered line shows in place of a key. */
  readonly answered: (text: string) => string;
}

/** The most stars shown: one for each character of a long paste would fill lines that say nothing. */
const MOST_STARS = 8;
const HIDE_CURSOR = '\x1b[?25l';

/**
 * Asks for one line and shows stars, plus the number of characters if there are more. Backspace deletes one, Ctrl-U and Ctrl-W all,
 * since nobody sees the words. Esc deletes all too, and with nothing typed it goes back: undefined. Readline's own line stays empty:
 * it would put the cursor where the whole line ends.
 */
export const askKey = createPrompt<string | undefined, KeyQuestion>(({ message, validate, answered }, done) => {
  const [status, setStatus] = useState<'idle' | 'loading' | 'done' | 'gone'>('idle');
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState('');
  const theme = makeTheme();
  const prefix = usePrefix({ status: status === 'gone' ? 'done' : status, theme });
  useKeypress(async (key, line) => {
    const typed = line.line;
    line.clearLine(0);
    if (status !== 'idle') return;
    setWrong('');
    if (key.name === 'escape' && value === '') {
      setStatus('gone');
      done(undefined);
    } else if (key.name === 'escape' || (key.ctrl && (key.name === 'u' || key.name === 'w'))) setValue('');
    else if (isBackspaceKey(key)) setValue([...value].slice(0, -1).join(''));
    else if (!isEnterKey(key)) setValue(value + typed);
    else {
      setStatus('loading');
      const isValid = await validate(value);
      setStatus(isValid === true ? 'done' : 'idle');
      if (isValid === true) done(value);
      else setWrong(isValid);
    }
  });
  const folded = (text: string): string => wrap(text, (process.stderr.columns ?? 80) - 1, '  ');
  const question = `${prefix} ${theme.style.message(message, status === 'gone' ? 'done' : status)}`;
  if (status === 'gone') return folded(`${question} ${theme.style.answer('Esc')}`);
  if (status === 'done') return folded(`${question} ${theme.style.answer(answered(value))}`);
  const count = value.length > MOST_STARS ? `… (${value.length} characters)` : '';
  const below = wrong === '' ? '' : styleText('red', folded(`> ${wrong}`));
  return [folded(`${question} ${'*'.repeat(Math.min(value.length, MOST_STARS))}${count}`), `${below}${HIDE_CURSOR}`];
});
