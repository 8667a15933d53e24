import { join, relative } from 'node:path';
import type { Context } from '../../core/context.ts';
import { tempFolder } from '../../core/folder.ts';
import { removeTree } from '../../core/remove-tree.ts';
import type { Outcome } from '../../core/outcome.ts';
import { formatMode } from '../../text/format.ts';
import { createStyle } from '../../text/style.ts';
import { fold, wrap } from '../../text/wrap.ts';
import { startSimulator } from '../../simulator/server.ts';
import { runInit } from '../init/init.ts';
import { runSwitch } from '../switch/switch.ts';
import { runStatus } from '../status/status.ts';
import { writeAll } from '../../core/write-all.ts';

const ABOUT =
  'A demo: a simulator on this machine plays OpenRouter, and the home folder is temporary. None of your keys or files are read or changed.';

/**
 * `orcc demo`: runs init, switch with a test, and status against the built-in simulator in a throwaway home: no key, no network
 * beyond this machine. Ends with the tree of what was written; the home is deleted afterwards.
 */
export async function runDemo(ctx: Context, _input: unknown): Promise<Outcome> {
  const simulator = await startSimulator({ port: 0 });
  const home = makeDemoHome(ctx);
  const style = await createStyle(ctx.stderr);
  const heading = (text: string): void => ctx.stderr.write(`\n${style.cyan('$')} ${style.bold(text)}\n`);
  const demo: Context = {
    ...ctx,
    home,
    cwd: home,
    interactive: false,
    env: {
      PATH: ctx.env['PATH'],
      HOME: home,
      USERPROFILE: home,
      LOCALAPPDATA: join(home, 'AppData', 'Local'),
      SHELL: '/bin/bash',
      DEMO_KEY: simulator.key,
      TERM: ctx.env['TERM'],
    },
    // Nobody reads an image here.
    stderr: { ...ctx.stderr, omits: ['no-images'] },
  };
  // The next steps are left out: this home is about to be deleted.
  const show = (outcome: Outcome): Outcome => {
    const text = outcome.text(style);
    if (text !== '') ctx.stderr.write(`${fold(text, ctx.stderr.columns)}\n`);
    return outcome;
  };
  ctx.stderr.write(`${wrap(ABOUT, ctx.stderr.columns)}\n`);
  try {
    heading('orcc init --yes --key-env DEMO_KEY --preset guide --target bash --target user --no-auto-mode');
    const init = show(
      await runInit(demo, {
        keyEnv: 'DEMO_KEY',
        preset: 'guide',
        target: ['bash', 'user'],
        baseUrl: simulator.baseUrl,
        yes: true,
        autoMode: false,
        quick: false,
      }),
    );
    heading('orcc switch haiku=deepseek/deepseek-v4-flash --yes --test');
    const change = show(await runSwitch(demo, { changes: ['haiku=deepseek/deepseek-v4-flash'], yes: true, test: true }));
    heading('orcc status');
    show(await runStatus(demo, {}));
    return viewDemo([init, change], listTree(demo.fs, home));
  } finally {
    await simulator.close();
    removeTree(ctx, home);
  }
}

/** The outcome of a demo, with every file that was in its home. Backups and the catalog are counted, not listed. */
function viewDemo(parts: readonly Outcome[], tree: readonly string[]): Outcome {
  const isBeside = (line: string): boolean => /^\.config.orcc.(?:history|cache)/.test(line);
  const ok = parts.every(({ exit }) => exit === 'ok');
  return {
    exit: ok ? 'ok' : 'problems',
    data: { ok, tree },
    findings: parts.flatMap(({ findings }) => findings),
    text: () =>
      [
        '',
        'What orcc wrote in that home folder, which is now deleted:',
        ...tree.filter((line) => !isBeside(line)).map((line) => `  ${line}`),
        `  .config/orcc/history, cache  ${tree.filter(isBeside).length} files, for \`orcc undo\` and the catalog`,
      ].join('\n'),
    remarks: () => '\nFor real: `orcc init`. To take it back: `orcc undo`, `orcc remove`',
  };
}

/** Creates a throwaway home with a typical .bashrc and settings.json. Absolute path, mode 0700. */
function makeDemoHome(ctx: Pick<Context, 'fs' | 'env' | 'platform' | 'random'>): string {
  const home = join(tempFolder(ctx), `orcc-demo-${Buffer.from(ctx.random(6)).toString('hex')}`);
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
function listTree(fs: Context['fs'], root: string): readonly string[] {
  const lines: string[] = [];
  const walk = (folder: string): void => {
    for (const name of fs.readdir(folder).sort()) {
      const each = join(folder, name);
      const stat = fs.lstat(each);
      if (stat === undefined) continue;
      if (stat.kind === 'directory') walk(each);
      else lines.push(`${relative(root, each)}  ${formatMode(stat.mode)}`);
    }
  };
  walk(root);
  return lines;
}
