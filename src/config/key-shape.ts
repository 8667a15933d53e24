/** What OpenRouter's, Anthropic's and other vendors' keys look like. */
const KEY = /\bsk-[A-Za-z0-9_-]{8,}/;

/** Whether a text holds something that looks like a key. */
export function holdsKeyShape(text: string): boolean {
  return KEY.test(text);
}

/** The path of the first text (or member name) in a JSON value that looks like a key; undefined where there is none. */
export function findKeyShape(value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value === 'string') return holdsKeyShape(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (holdsKeyShape(name)) return path;
    const found = findKeyShape(member, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
