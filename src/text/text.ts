/**
 * Makes text from the network or from a file safe to print: ESC sequences and
 * every control character are dropped (tabs and newlines become a blank), so
 * that a model's name can't move the cursor or set the window title. Also drops
 * bidirectional overrides, which can make a line read as another.
 */
export function stripControls(text: string): string {
  return text
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])/g, '')
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g, '');
}

/** At most `max` characters, with an ellipsis where something was cut. */
export function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, Math.max(0, max - 1))}…`;
}

/** A key as it may be shown: `sk-or-v1-0e6...1c96`. Anything short is hidden whole. */
export function maskKey(key: string): string {
  return key.length >= 24 ? `${key.slice(0, 12)}...${key.slice(-4)}` : '(hidden)';
}

/** Replaces everything in `text` that looks like an OpenRouter or Anthropic key, or that is one of `secrets`, and what stands before the host of a URL. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let result = text;
  for (const secret of secrets) {
    if (secret.length >= 8) result = result.split(secret).join(maskKey(secret));
  }
  return result.replace(/(?<=:\/\/)[^\s/@"'`]+@/g, '(hidden)@').replace(/\bsk-(?:or|ant)-[A-Za-z0-9_-]{10,}/g, (key) => maskKey(key));
}
