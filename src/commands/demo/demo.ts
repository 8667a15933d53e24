import { join } from 'node:path';
import type { Context } from '../../core/context.ts';
import { listTree } from './list-tree.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { removeTree, makeDemoHome } from './demo-home.ts';
import { startSimulator } from '../../simulator/server.ts';
import { runInit } from '../init/init.ts';
import { runSwitch } from '../switch/switch.ts';
import { runStatus } from '../status/status.ts';

/**
 * init, test and switch against the built-in simulator in a throwaway home: no key, no network beyond
 * this machine. Ends with the tree of what was written; the home is deleted afterwards.
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
  };
  const show = async (outcome: Outcome): Promise<Outcome> => {
    const text = outcome.text(style);
    if (text !== '') ctx.stderr.write(`${text}\n`);
    const remarks = outcome.remarks?.(style) ?? '';
    if (remarks !== '') ctx.stderr.write(`${remarks}\n`);
    return outcome;
  };
  try {
    heading('orcc init --yes --key-env DEMO_KEY --preset guide --target bash --target user --no-auto-mode');
    const init = await show(
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
    const change = await show(await runSwitch(demo, { changes: ['haiku=deepseek/deepseek-v4-flash'], yes: true, test: true }));
    heading('orcc status');
    await show(await runStatus(demo, {}));
    const tree = listTree(demo.fs, home);
    const ok = init.exit === 'ok' && change.exit === 'ok';
    return {
      exit: ok ? 'ok' : 'problems',
      data: { ok, tree },
      findings: [...init.findings, ...change.findings],
      text: () => ['', 'What orcc wrote in that home (now deleted):', ...tree.map((line) => `  ${line}`)].join('\n'),
      remarks: () => `\nThat was the simulator on ${simulator.baseUrl}. For real: \`orcc init\``,
    };
  } finally {
    await simulator.close();
    removeTree(ctx.fs, home);
  }
}
