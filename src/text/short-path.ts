/** `~/.zshrc` for a path below the home folder. */
export function shortPath(path: string, home: string): string {
  return path === home ? '~' : path.startsWith(`${home}/`) || path.startsWith(`${home}\\`) ? `~${path.slice(home.length)}` : path;
}
