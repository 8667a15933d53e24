import { join } from 'node:path';
import type { Context } from '../../core/context.ts';

/** A throwaway home with a .bashrc and a settings.json such as people have. Absolute path, mode 0700. */
export function makeDemoHome(ctx: Pick<Context, 'fs' | 'env' | 'platform' | 'random'>): string {
  const temporary = ctx.platform === 'win32' ? (ctx.env['TEMP'] ?? 'C:\\Windows\\Temp') : (ctx.env['TMPDIR'] ?? '/tmp');
  const home = join(temporary, `orcc-demo-${Buffer.from(ctx.random(6)).toString('hex')}`);
  ctx.fs.mkdir(home, 0o700);
  ctx.fs.mkdir(join(home, '.claude'), 0o755);
  write(ctx.fs, join(home, '.bashrc'), '# ~/.bashrc\ncase $- in\n  *i*) ;;\n  *) return ;;\nesac\nalias ll="ls -l"\n');
  write(ctx.fs, join(home, '.claude', 'settings.json'), '{\n    "permissions": { "allow": ["Bash(npm test)"] }\n}\n');
  return home;
}

/** Deletes a folder and everything in it; what can't be deleted stays. */
export function removeTree(fs: Context['fs'], folder: string): void {
  try {
    for (const name of fs.readdir(folder)) {
      const each = join(folder, name);
      if (fs.lstat(each)?.kind === 'directory') removeTree(fs, each);
      else fs.unlink(each);
    }
    fs.rmdir(folder);
  } catch {
    // A temporary folder that resists is the system's to clean.
  }
}

function write(fs: Context['fs'], file: string, text: string): void {
  const fd = fs.openExclusive(file, 0o644);
  try {
    const bytes = Buffer.from(text, 'utf8');
    for (let offset = 0; offset < bytes.length;) offset += fs.write(fd, bytes, offset);
  } finally {
    fs.close(fd);
  }
}
