import { OrccError } from './errors.ts';
import { nearestWords } from '../text/nearest.ts';
import { clip, stripControls } from '../text/text.ts';

/** "Did you mean …? Valid: …" for a word that is none of the valid ones. */
export function unknownWord(what: string, word: string, valid: readonly string[]): OrccError {
  const shown = clip(stripControls(word), 60);
  const near = nearestWords(shown, valid, 2);
  return new OrccError('usage', `There is no ${what} \`${shown}\``, { hint: `${didYouMean(near, ' or ')}Valid: ${valid.join(', ')}` });
}

/** `Did you mean \`a\`, \`b\`? `, for what goes on behind it; empty where nothing is near. */
export function didYouMean(near: readonly string[], between = ', '): string {
  return near.length === 0 ? '' : `Did you mean ${near.map((each) => `\`${each}\``).join(between)}? `;
}
