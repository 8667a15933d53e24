import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** Every path below a folder, and the folder: mode and content's sum, or where a link leads. Times are left out. */
export function readTree(folder: string, leaveOut: (name: string) => boolean = () => false): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (name: string): void => {
    if (name !== '' && leaveOut(name)) return;
    const full = path.join(folder, name);
    const stat = lstatSync(full);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(full)}`;
    else if (stat.isDirectory()) {
      found[name === '' ? '.' : name] = `folder ${mode}`;
      for (const each of readdirSync(full).sort()) visit(path.join(name, each));
    } else found[name] = `${mode} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`;
  };
  visit('');
  return found;
}
