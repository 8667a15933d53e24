import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Observed } from '../../src/doctor/observed.ts';
import { BASHRC, block, codes, ENV, found, type observed, USER, userSettings } from './support.ts';
import { useBox } from '../support/use.ts';

const noFiles = { files: {}, isSetUp: false };
const BASE = 'https://openrouter.ai/api';
const left = { ANTHROPIC_BASE_URL: BASE, ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-0123456789abcdef0123456789abcdef', ANTHROPIC_MODEL: 'sonnet' };
const tell = (change: Partial<Observed>, more: Parameters<typeof observed>[0] = noFiles) =>
  found({ ...more, change: { ...more?.change, ...change } }).flatMap(({ findings }) => findings);

describe('doctor and what stands around a terminal', () => {
  it('after `switch --native` finds the terminal that still has the variables, and gives the command', () => {
    const [finding] = tell({ native: true, shell: 'bash' }, { ...noFiles, env: left });
    expect(finding).toMatchObject({ code: 'ENV_LEFT_OVER', severity: 'warning' });
    expect(finding?.fix).toContain('unset ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN ANTHROPIC_MODEL');
    const [fish] = tell({ native: true, shell: 'fish' }, { ...noFiles, env: left });
    expect(fish?.fix).toContain('set -e ANTHROPIC_BASE_URL ANTHROPIC_AUTH_TOKEN');
    expect(JSON.stringify(finding)).not.toContain(left.ANTHROPIC_AUTH_TOKEN);
    // Nothing to fix in a file: Claude Code is meant to talk to Anthropic, which answers auto mode's check.
    expect(codes({ ...noFiles, env: left, change: { native: true } })).not.toContain('AUTO_MODE_BLOCKED warning');
    expect(codes({ ...noFiles, env: left })).toContain('AUTO_MODE_BLOCKED warning');
  });

  it('not where a settings file decides, or nobody took Claude Code back', () => {
    const files = { [USER]: userSettings() };
    expect(codes({ files, env: left, change: { native: true } })).not.toContain('ENV_LEFT_OVER warning');
    expect(codes({ ...noFiles, env: left })).not.toContain('ENV_LEFT_OVER warning');
  });

  it('a tmux server with variables that no start-up file sets', () => {
    const tmux = new Map(Object.entries(left));
    const [finding] = tell({ around: { editor: [], tmux } });
    expect(finding).toMatchObject({ code: 'TMUX_STALE' });
    expect(finding?.fix).toContain('tmux set-environment -gu ANTHROPIC_BASE_URL; tmux set-environment -gu ANTHROPIC_AUTH_TOKEN');
    // A new pane's shell reads the start-up files, and they have the last word.
    const set = {
      files: {},
      startup: block(),
      env: ENV,
      change: { own: [{ id: 'bash' as const, path: BASHRC }], around: { editor: [], tmux } },
    };
    expect(codes(set)).not.toContain('TMUX_STALE warning');
  });

  it.each([
    ['alias', 'claude --settings ~/x.json', 'CLAUDE_REPLACED warning'],
    ['alias', 'ANTHROPIC_MODEL=opus claude', 'CLAUDE_REPLACED warning'],
    ['alias', 'ccr code', 'CLAUDE_REPLACED info'],
    ['function', undefined, 'CLAUDE_REPLACED info'],
    ['alias', '/home/u/.claude/local/claude', undefined],
    ['alias', 'claude --verbose', undefined],
  ] as const)('%s named claude that is %j', (kind, text, wanted) => {
    const claudeNames = [{ kind, text, file: BASHRC, line: 3, conditions: [] }];
    expect(codes({ ...noFiles, change: { claudeNames } })).toEqual(wanted === undefined ? [] : [wanted]);
  });

  it("VS Code's settings with other variables, once for each file", () => {
    const editor = Object.entries(left).map(([name, value]) => ({ name, value, file: '/h/settings.json' }));
    expect(codes({ ...noFiles, change: { around: { editor } } })).toEqual(['EDITOR_VARIABLES warning']);
    expect(codes({ files: { [USER]: userSettings() }, change: { around: { editor } } })).toEqual([]);
  });

  it('direnv or mise with other values here', () => {
    const around = { editor: [], folderTool: { tool: 'direnv' as const, file: '/w/.envrc', names: ['ANTHROPIC_MODEL'] } };
    expect(codes({ ...noFiles, env: { ANTHROPIC_MODEL: 'opus' }, change: { around } })).toEqual(['FOLDER_VARIABLES warning']);
    expect(codes({ ...noFiles, change: { around } })).toEqual([]);
  });
});

describe('orcc doctor, asked for real', () => {
  const box = useBox();
  const doctor = async (env: Record<string, string> = {}) => {
    // The shell is asked by `env`, which has to be there; no other tmux server than this box's own.
    const all = { PATH: `${box.env['PATH'] ?? ''}:/usr/bin:/bin`, TMUX_TMPDIR: box.home, ...env };
    const { findings } = (await box.orcc(['doctor', '--offline', '--json'], { env: all })).json();
    return findings.map(({ code, severity }) => `${code} ${severity}`);
  };

  it('sees an alias that only the shell itself can tell of', async () => {
    box.write('.bashrc', `eval "$(printf "alias claude='claude --settings x.json'")"\n`);
    expect(await doctor()).toContain('CLAUDE_REPLACED warning');
    box.write('.bashrc', `alias claude='claude --settings x.json'\nunalias claude\n`);
    expect(await doctor()).not.toContain('CLAUDE_REPLACED warning');
  });

  it("reads VS Code's settings, comments and all", async () => {
    const settings = '{\n  // mine\n  "claudeCode.environmentVariables": [{"name": "ANTHROPIC_MODEL", "value": "old"},],\n}\n';
    box.write('.config/Code/User/settings.json', settings);
    expect(await doctor()).toContain('EDITOR_VARIABLES warning');
  });

  it('reads what direnv left in this environment', async () => {
    const diff = deflateSync(JSON.stringify({ p: {}, n: { ANTHROPIC_MODEL: 'opus' } })).toString('base64url');
    expect(await doctor({ ANTHROPIC_MODEL: 'opus', DIRENV_DIFF: diff, DIRENV_FILE: '/w/.envrc' })).toContain('FOLDER_VARIABLES warning');
    expect(await doctor({ ANTHROPIC_MODEL: 'opus', DIRENV_DIFF: 'no such thing' })).not.toContain('FOLDER_VARIABLES warning');
  });

  it('names the file behind a value that an `eval` gives', async () => {
    box.write('.work.env', '# mine\nexport ANTHROPIC_MODEL=work\n');
    box.write('.bashrc', 'eval "$(cat ~/.work.env)"\nexport ANTHROPIC_BASE_URL=https://x.example ANTHROPIC_AUTH_TOKEN=t\n');
    const { stdout } = await box.orcc(['status', '--verify', '--json']);
    expect(stdout).toContain('work.env');
  });
});
