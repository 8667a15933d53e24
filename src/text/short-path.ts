import { escapeInvisible } from './text.ts';

/** `~/.zshrc` for a path below the home folder, as it may be shown: what is invisible in it stands as an escape. */
export function shortPath(path: string, home: string): string {
  const short = path === home ? '~' : path.startsWith(`${home}/`) || path.startsWith(`${home}\\`) ? `~${path.slice(home.length)}` : path;
  return escapeInvisible(short);
}

/** A text with its quoted paths below the home folder as people write them. */
export function shortenPaths(text: string, home: string): string {
  return home.length < 2 ? text : text.replaceAll(`\`${home}/`, '`~/');
}
