/**
 * A code as the login page gives it; a whole callback address may be pasted too. undefined for what can be none:
 * empty, over 1024 characters, or with other characters than a URL's.
 */
export function parseCode(text: string): string | undefined {
  const trimmed = text.trim();
  const pasted = /^https?:\/\//.test(trimmed) && URL.canParse(trimmed) ? (new URL(trimmed).searchParams.get('code') ?? '') : trimmed;
  return /^[\x21-\x7e]{1,1024}$/.test(pasted) ? pasted : undefined;
}
