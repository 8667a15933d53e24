import { posix } from 'node:path';

/**
 * Expands a path as written in a start-up file (`~/.aliases`, `"$HOME/x"`,
 * `${ZDOTDIR:-$HOME}/.zshrc.local`) to an absolute one, using only the given variables.
 * Returns undefined if it contains anything else that only a shell can expand.
 */
export function expandPath(
  raw: string,
  variables: Readonly<Record<string, string>>,
  join: (...parts: string[]) => string = posix.join,
): string | undefined {
  let isPlain = true;
  const lookUp = (name: string, fallback?: string): string => {
    const value = Object.hasOwn(variables, name)
      ? variables[name]
      : fallback === undefined
        ? undefined
        : expandPath(fallback, variables, join);
    if (value === undefined) isPlain = false;
    return value ?? '';
  };
  const bare = raw.replace(/^~(?=[/\\]|$)/, '${HOME}').replace(/['"]/g, '');
  const text = bare.replace(
    /\$\{(\w+)(?::?-([^{}]*))?\}|\$(\w+)/g,
    (_, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => lookUp(braced ?? plain ?? '', fallback),
  );
  if (!isPlain || text === '' || /[$`*?(){}]/.test(text) || !/^(?:\/|[A-Za-z]:[\\/])/.test(text)) return undefined;
  return join(text);
}
