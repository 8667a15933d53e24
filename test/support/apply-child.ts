import { applyPlan } from '../../src/apply/apply-plan.ts';
import { withLock } from '../../src/apply/lock.ts';
import { planSettingsFile } from '../../src/edit/json/settings-edit.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { createProcesses } from '../../src/system/processes.ts';
import { CASES } from './fault-cases.ts';
import { faultFs, type Fault } from './fault-fs.ts';
import { openTempHome } from './temp-home.ts';

/**
 * A process that writes files and may be killed. Arguments: `change HOME CASE [AT before|after|half]` kills itself there with a real SIGKILL;
 * `count HOME CASE` prints its calls; `add HOME NAME` adds one member and one line under the lock; `hold HOME` takes the lock and never lets go.
 */
const [what, where = '', name = '', at, when] = process.argv.slice(2);
const clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
};
const home = openTempHome(where, { fs: createFileSystem(), clock, processes: createProcesses(process.platform) });
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  for (;;) performance.now();
};

async function change(): Promise<void> {
  const testCase = CASES[Number(name)];
  if (testCase === undefined) throw new Error('no such case');
  const fault: Fault | undefined =
    at === undefined ? undefined : { at: Number(at), kill: when === 'before' || when === 'half' ? when : 'after' };
  const faulty = faultFs(home.ctx.fs, fault, die);
  await applyPlan({ ...home.ctx, fs: faulty.fs }, testCase.plan(home), { folder: home.folder, command: 'switch' });
  if (what === 'count') process.stdout.write(JSON.stringify(faulty.calls));
}

async function add(): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await withLock(home.ctx, home.folder, async (lock) => {
        const settings = home.edit('.claude/settings.json', '', { owner: 'user', mode: 0o600 });
        const planned = planSettingsFile({
          path: 'f',
          before: settings.before,
          desired: [{ path: ['env', name], value: name }],
          owned: [],
          createdFile: false,
          replace: false,
          force: false,
        });
        if (!planned.ok) throw new Error(planned.message);
        const rc = `${home.read('.bashrc') ?? ''}export ${name}=1\n`;
        const edits = [{ ...settings, after: planned.after }, home.edit('.bashrc', rc)];
        await applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch', lock });
      });
      return;
    } catch (error) {
      const isChanged = error instanceof Error && 'code' in error && error.code === 'CHANGED';
      if (!isChanged || tries >= 20) throw error;
    }
  }
}

if (what === 'change' || what === 'count') await change();
else if (what === 'add') await add();
else
  await withLock(home.ctx, home.folder, () => {
    process.stdout.write('held\n');
    return new Promise<void>((done) => setTimeout(done, 600_000));
  });
