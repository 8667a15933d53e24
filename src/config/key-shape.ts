/** The common shape of keys of OpenRouter, Anthropic and other vendors. */
const KEY = /\bsk-[A-Za-z0-9_-]{8,}/;

/** Whether a text contains something that looks like a key. */
export function holdsKeyShape(text: string): boolean {
  return KEY.test(text);
}

/** The path of the first string in a JSON value that contains a key (for a member name: of its object); undefined if none does. */
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
