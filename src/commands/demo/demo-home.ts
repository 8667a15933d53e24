import { join, relative } from 'node:path';
import type { Context } from '../../core/context.ts';
import { writeAll } from '../../core/write-all.ts';

/** A throwaway home with a .bashrc and a settings.json such as people have. Absolute path, mode 0700. */
export function makeDemoHome(ctx: Pick<Context, 'fs' | 'env' | 'platform' | 'random'>): string {
  const temporary = ctx.platform === 'win32' ? (ctx.env['TEMP'] ?? 'C:\\Windows\\Temp') : (ctx.env['TMPDIR'] ?? '/tmp');
  const home = join(temporary, `orcc-demo-${Buffer.from(ctx.random(6)).toString('hex')}`);
  ctx.fs.mkdir(home, 0o700);
  ctx.fs.mkdir(join(home, '.claude'), 0o755);
  const write = (name: string, text: string): void => {
    const fd = ctx.fs.openExclusive(join(home, name), 0o644);
    writeAll(ctx, fd, Buffer.from(text));
    ctx.fs.close(fd);
  };
  write('.bashrc', '# ~/.bashrc\ncase $- in\n  *i*) ;;\n  *) return ;;\nesac\nalias ll="ls -l"\n');
  write('.claude/settings.json', '{\n    "permissions": { "allow": ["Bash(npm test)"] }\n}\n');
  return home;
}

/** Every file below a folder with its mode, sorted, `.config/orcc/key  0600`. Links are not followed. */
export function listTree(fs: Context['fs'], root: string): readonly string[] {
  const lines: string[] = [];
  const walk = (folder: string): void => {
    for (const name of fs.readdir(folder).sort()) {
      const each = join(folder, name);
      const stat = fs.lstat(each);
      if (stat === undefined) continue;
      if (stat.kind === 'directory') walk(each);
      else lines.push(`${relative(root, each)}  ${stat.mode.toString(8).padStart(4, '0')}`);
    }
  };
  walk(root);
  return lines;
}
