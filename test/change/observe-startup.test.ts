import { describe, expect, it } from 'vitest';
import { causeOf, observeStartup } from '../../src/change/observe-startup.ts';
import { EMPTY_STATE, type State } from '../../src/config/state.ts';
import type { MaySet, NotKnown, StartupOutcome } from '../../src/targets/startup-outcome.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { shellContext } from '../support/shell-context.ts';

const HOME = '/home/u';
const NAME = 'ANTHROPIC_MODEL';

describe('where a value comes from that reading is not certain of', () => {
  const may = (line: number, value: MaySet['value'], name = NAME): MaySet => ({ name, value, file: '/rc', line, conditions: [] });
  const unknown = (line: number, text: string, names?: readonly string[]): NotKnown => ({ text, file: '/rc', line, names, settled: [] });
  const files = {
    [`${HOME}/.work.env`]: `A=1\n${NAME}=x\n`,
    [`${HOME}/env.d/a.sh`]: 'A=1\n',
    [`${HOME}/env.d/b.sh`]: `${NAME}=x\n`,
    [`${HOME}/one.d/only.sh`]: `${NAME}=x\n`,
    [`${HOME}/other.env`]: `# none\n\n${NAME}=y\n`,
  };
  const cause = (outcome: Partial<StartupOutcome>) =>
    causeOf(shellContext({ files }), 'bash', { sure: [], may: [], unknown: [], ...outcome }, NAME, 'x');

  it.each<[string, Partial<StartupOutcome>, object]>([
    ['the last condition with that value', { may: [may(1, 'x'), may(2, 'x'), may(3, 'y'), may(4, undefined)] }, { file: '/rc', line: 2 }],
    [
      'else the last whose value only running tells',
      { may: [may(1, undefined), may(2, undefined), may(3, 'y')] },
      { file: '/rc', line: 2 },
    ],
    ['no condition of another variable', { may: [may(1, 'x', 'OTHER')] }, { file: 'bash' }],
    [
      'the only file of a folder that a statement names',
      { unknown: [unknown(1, 'cat ~/one.d/*')] },
      { file: `${HOME}/one.d/only.sh`, line: 1 },
    ],
    ['a file that a statement names', { unknown: [unknown(1, 'eval "$(cat ~/.work.env)"')] }, { file: `${HOME}/.work.env`, line: 2 }],
    [
      'a folder that a statement names',
      { unknown: [unknown(1, 'for f in $HOME/env.d/*.sh; do')] },
      { file: `${HOME}/env.d/b.sh`, line: 1 },
    ],
    [
      'the last of such statements',
      { unknown: [unknown(1, 'cat ~/.work.env'), unknown(2, 'cat ${HOME}/other.env'), unknown(3, 'cat ~/none')] },
      { file: `${HOME}/other.env`, line: 3 },
    ],
    [
      'else the last statement about it',
      { unknown: [unknown(1, 'a', [NAME]), unknown(2, 'b', [NAME]), unknown(3, 'c')] },
      { file: '/rc', line: 2 },
    ],
    ['else the last that may be about anything', { unknown: [unknown(1, 'a'), unknown(2, 'b')] }, { file: '/rc', line: 2 }],
    ['else the shell', {}, { file: 'bash' }],
  ])('is %s', (_what, outcome, found) => {
    expect(cause(outcome)).toEqual(found);
  });
});

describe('what new terminals have', () => {
  const record = (id: TargetId, carries: State['targets'][number]['carries'] = 'setup'): State['targets'][number] => {
    return { id, path: `${HOME}/${id}`, created: false, modeBefore: null, carries, members: [] };
  };
  const LOGIN = `${HOME}/.bash_profile`;
  const files = {
    [`${HOME}/.bashrc`]: 'export ANTHROPIC_MODEL=of-bash\n',
    [`${HOME}/.zshrc`]: 'export ANTHROPIC_MODEL=of-zsh\n',
    [LOGIN]: 'export ANTHROPIC_MODEL=of-login\n',
  };
  const observe = async (targets: State['targets'], shell: string, options: Partial<Parameters<typeof observeStartup>[2]> = {}) => {
    const ctx = { ...shellContext({ files, env: { SHELL: `/bin/${shell}`, HOME } }), pid: 1, random: () => new Uint8Array(6) };
    const found = await observeStartup(ctx, { state: { ...EMPTY_STATE, targets }, located: new Map() }, { ask: false, ...options });
    expect(ctx.calls).toEqual([]);
    return found;
  };

  it.each<[string, State['targets'], string, string]>([
    ['the one that orcc wrote to', [record('bash')], 'zsh', 'bash'],
    ['of several the one that this terminal runs', [record('bash'), record('zsh')], 'zsh', 'zsh'],
    ['else the first', [record('bash'), record('zsh')], 'fish', 'bash'],
    ['no one that carries nothing now', [record('bash', 'nothing'), record('user')], 'zsh', 'zsh'],
    ['else this terminal’s', [], 'zsh', 'zsh'],
  ])('is what the files say of its shell: %s', async (_what, targets, shell, wanted) => {
    const found = await observe(targets, shell);
    expect([found.shell, found.asked, found.claude]).toEqual([wanted, undefined, undefined]);
    expect(found.startup.map(({ name, value }) => [name, value])).toEqual([['ANTHROPIC_MODEL', `of-${wanted}`]]);
    expect(found.outcome.sure).toEqual(found.startup);
  });

  it('is read of all shells that orcc wrote to and of those asked for, or of the one in use alone', async () => {
    const both = [record('bash'), record('zsh')];
    expect([...(await observe(both, 'zsh')).scan.outcomes.keys()].toSorted()).toEqual(['bash', 'zsh']);
    expect([...(await observe([], 'zsh', { also: ['bash'] })).scan.outcomes.keys()].toSorted()).toEqual(['bash', 'zsh']);
    expect([...(await observe(both, 'zsh', { only: 'outcome' })).scan.outcomes.keys()]).toEqual(['zsh']);
    expect((await observe([], 'tcsh')).startup).toEqual([]);
    const readsLogin = async (only?: 'outcome'): Promise<boolean> =>
      (await observe([], 'bash', only && { only })).scan.assignments.some(({ file }) => file === LOGIN);
    expect([await readsLogin(), await readsLogin('outcome')]).toEqual([true, false]);
  });

  it('is what the shell answers where it is asked: as it was read, where that is the same, or with the place that may set it', async () => {
    const bashrc = `export ANTHROPIC_MODEL=of-bash\nexport ANTHROPIC_SMALL_FAST_MODEL=read\n[ -n "$X" ] && export ANTHROPIC_BASE_URL=u\n`;
    const mark = `orcc-${'00'.repeat(9)}`;
    const answer = (text: string) => ({ stdout: [mark, text, mark, 'claude is /bin/claude', mark].join('\n') });
    const look = async (text: string, shell = 'bash') => {
      const programs = { bash: () => answer(text) };
      const ctx = shellContext({ files: { [`${HOME}/.bashrc`]: bashrc }, env: { SHELL: `/bin/${shell}`, HOME }, programs });
      const more = { pid: 1, random: (bytes: number) => new Uint8Array(bytes) };
      return observeStartup({ ...ctx, ...more }, { state: EMPTY_STATE, located: new Map() }, { ask: true });
    };
    const found = await look('TERM=dumb\nANTHROPIC_MODEL=of-bash\nANTHROPIC_BASE_URL=u');
    expect([found.claude, found.asked?.get('ANTHROPIC_BASE_URL')]).toEqual(['claude is /bin/claude', 'u']);
    expect(found.startup.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { name: 'ANTHROPIC_BASE_URL', value: 'u', file: `${HOME}/.bashrc`, line: 3 },
      { name: 'ANTHROPIC_MODEL', value: 'of-bash', file: `${HOME}/.bashrc`, line: 1 },
    ]);
    const other = (await look('TERM=dumb\nANTHROPIC_MODEL=else')).startup;
    expect(other).toEqual([{ name: 'ANTHROPIC_MODEL', value: 'else', file: 'bash' }]);
    const silent = await look('');
    expect([silent.startup, silent.asked]).toEqual([silent.outcome.sure, undefined]);
    expect((await look('TERM=dumb', 'tcsh')).startup).toEqual([]);
  });
});
