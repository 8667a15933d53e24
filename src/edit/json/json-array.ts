import { skipBlanks, skipValue } from './json-document.ts';

/** One element of an array, as a slice of the text. */
interface JsonElement {
  /** From the end of the value before (or the bracket) to this one: blanks and the comma. */
  lead: string;
  readonly raw: string;
}

export interface JsonArray {
  elements: JsonElement[];
  /** From the last value (or the opening bracket) to the closing bracket. */
  tail: string;
}

/** Takes an array apart. The text must be one that JSON.parse accepts as an array, without blanks around it. */
export function parseArray(text: string): JsonArray {
  const elements: JsonElement[] = [];
  let from = 1;
  for (;;) {
    let at = skipBlanks(text, from);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    if (text[at] === ']' || at >= text.length) return { elements, tail: text.slice(from, at) };
    const end = skipValue(text, at);
    elements.push({ lead: text.slice(from, at), raw: text.slice(at, end) });
    from = end;
  }
}

/** The same bytes where nothing was changed. */
export function printArray({ elements, tail }: JsonArray): string {
  return `[${elements.map(({ lead, raw }) => lead + raw).join('')}${tail}]`;
}

/** Adds an element behind the last one, in its neighbours' style. Changes `array`. */
export function appendElement(array: JsonArray, raw: string): void {
  const last = array.elements.at(-1);
  if (last === undefined) array.tail = '';
  array.elements.push({ lead: leadAfter(array.elements.length, last), raw });
}

function leadAfter(count: number, last: JsonElement | undefined): string {
  if (last === undefined) return '';
  if (count > 1) return last.lead;
  return `,${last.lead === '' ? ' ' : last.lead}`;
}

/** Takes an element out with the comma and blanks that came with it. Changes `array`. */
export function removeElement(array: JsonArray, index: number): void {
  const removed = array.elements[index];
  const next = array.elements[index + 1];
  if (removed === undefined) return;
  if (index === 0 && next !== undefined) next.lead = removed.lead;
  array.elements.splice(index, 1);
  if (array.elements.length === 0) array.tail = '';
}
