import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { initIn, useSetUp, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useSetUp(async (box) => {
  // The shell prints its environment with it.
  symlinkSync('/usr/bin/env', path.join(box.env['PATH'] ?? '', 'env'));
  await initIn(box, simulator, ['--target', 'bash']);
});

const asked = (): string => box.read('asked') ?? '';

/** A Claude Code that notes what it is asked, beside this version, and answers from its environment as the real one does. */
function installClaude(version: string, { model = '$MODEL', wait = '' }: { readonly model?: string; readonly wait?: string } = {}): void {
  const script = `#!/bin/sh
echo "$*" >> '${box.at('asked')}'
MODEL="$ANTHROPIC_DEFAULT_SONNET_MODEL"; [ -n "$MODEL" ] || MODEL='Opus 5.5'
case "$*" in
  --version) echo '${version} (Claude Code)' ;;
  '-p /model'*) ${wait}
    echo "Current model: \\\`${model}\\\`" ;;
  'auth status') if [ -n "$ANTHROPIC_AUTH_TOKEN" ]; then echo '{"loggedIn": true, "authMethod": "oauth_token"}'; else echo '{"loggedIn": false, "authMethod": "none"}'; exit 1; fi ;;
  'auth status --text') [ -z "$ANTHROPIC_BASE_URL" ] || echo "Anthropic base URL: $ANTHROPIC_BASE_URL" ;;
  *) echo 'a paid answer' ;;
esac
`;
  box.write('../programs/claude', script, 0o755);
}

const verify = (...args: string[]): Promise<Ran> => box.orcc(['status', '--verify', ...args]);
const codes = (ran: Ran): readonly string[] => ran.codes();

describe('orcc status --verify', () => {
  it('agrees where Claude Code and the shell say what orcc works out, in a new terminal and in this one', async () => {
    installClaude('2.1.330');
    const ran = await verify('--json');
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({
      ok: true,
      findings: [],
      data: {
        verify: {
          version: '2.1.330',
          shell: 'bash',
          notAsked: null,
          views: [
            { from: 'startup', compared: [{ claude: 'qwen/qwen3-coder-next' }, { claude: 'oauth_token' }, { claude: simulator.baseUrl }] },
            { from: 'process', compared: [{ claude: 'Opus 5.5' }, { claude: 'none' }, { claude: 'none' }] },
          ],
        },
      },
    });
    const { code, stdout, stderr } = await verify();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ .*\b127\.0\.0\.1: /m);
    expect(stdout).toMatch(/✓ model +qwen\/qwen3-coder-next/);
    expect(stdout + stderr + ran.stdout).not.toContain(simulator.key);
  });

  it('asks for the version first', async () => {
    installClaude('2.1.330');
    await verify();
    expect(asked().split('\n')[0]).toBe('--version');
  });

  it('is exit 1 where Claude Code takes another model, and says which', async () => {
    installClaude('2.1.330', { model: 'else/model' });
    const ran = await verify('--json');
    expect([ran.code, ran.json().ok]).toEqual([1, false]);
    expect(codes(ran)).toEqual(['STATUS_DIFFERS', 'STATUS_DIFFERS']);
    expect((await verify()).stdout).toMatch(/✗ model +else\/model[\s\S]*STATUS_DIFFERS model/);
  });

  it('is exit 1 where the shell itself exports something else than its files seem to say', async () => {
    installClaude('2.1.330');
    box.write('.bashrc', `${box.read('.bashrc') ?? ''}\nv=ANTHROPIC_DEFAULT_SONNET_MODEL; export "$v=else/model"\n`);
    const ran = await verify('--json');
    expect(ran.code).toBe(1);
    expect([...codes(ran)].sort()).toEqual(['SHELL_DIFFERS', 'STATUS_DIFFERS']);
    expect(ran.stdout).not.toContain(simulator.key);
  });

  it.each(['1.0.128', '2.1.1'])('asks version %s for nothing else: it would take a question for a prompt', async (version) => {
    installClaude(version);
    const ran = await verify('--json');
    expect([ran.code, codes(ran)]).toEqual([1, ['CLAUDE_TOO_OLD']]);
    expect(asked()).toBe('--version\n');
    const lines = (await verify()).stdout.trim().split('\n');
    expect(lines.filter((line) => line.includes(version))).toEqual([lines.at(-1)]);
  });

  it('asks one that tells no version for nothing else', async () => {
    installClaude('unknown');
    const ran = await verify('--json');
    expect([ran.code, codes(ran), asked()]).toEqual([1, ['NOT_VERIFIED'], '--version\n']);
  });

  it('says so where there is no Claude Code', async () => {
    const ran = await verify('--json');
    expect([ran.code, codes(ran)]).toEqual([1, ['CLAUDE_MISSING']]);
  });

  it('ends with all that it asked when it is stopped', async () => {
    installClaude('2.1.330', { wait: `(trap '' TERM INT; echo $$ > '${box.at('pid')}'; exec sleep 60)` });
    rmSync(path.join(box.env['PATH'] ?? '', 'sleep'), { force: true });
    symlinkSync('/bin/sleep', path.join(box.env['PATH'] ?? '', 'sleep'));
    const stop = new AbortController();
    const running = box.orcc(['status', '--verify'], { signal: stop.signal });
    for (let tries = 0; !existsSync(box.at('pid')) && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    expect((await running).code).toBe(130);
    const pid = readFileSync(box.at('pid'), 'utf8').trim();
    expect(isAlive(Number(pid))).toBe(false);
  });

  it('writes nothing itself', async () => {
    installClaude('2.1.330');
    await verify();
    const before = box.traces();
    rmSync(box.at('asked'));
    await verify();
    const noted = /asked$|^home$/;
    const kept = (traces: Record<string, string>): object =>
      Object.fromEntries(Object.entries(traces).filter(([name]) => !noted.test(name)));
    expect(kept(box.traces())).toEqual(kept(before));
  });

  it('answers by the short way of the built program as by the long one', async () => {
    installClaude('2.1.330');
    const short = await box.bin(['status', '--verify']);
    const long = await verify();
    expect([short.code, short.stdout]).toEqual([long.code, long.stdout]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
