import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startPty, type Pty } from '../support/pty.ts';
import { ORCC_BIN } from '../support/sandbox.ts';
import { variablesAfter } from '../support/in-bash.ts';
import { initWords, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let pty: Pty | undefined;
afterEach(async () => {
  pty?.kill();
  pty = undefined;
});

const DOWN = '\x1b[B';
const UP = '\x1b[A';

/** orcc as a user starts it: typed into an interactive bash, which is the shell that it then finds. */
function start(args: readonly string[], env: Record<string, string> = {}): Pty {
  // NO_COLOR stays: the screen is looked at as text.
  pty = startPty(['--norc', '--noprofile', '-i'], {
    file: 'bash',
    env: { ...box.env, PATH: process.env['PATH'] ?? '', HISTFILE: '', ...env, ORCC_PATH: box.env['PATH'] ?? '' },
    cwd: box.cwd,
    rows: 60,
  });
  pty.write(`PATH=$ORCC_PATH '${process.execPath}' '${ORCC_BIN}' ${args.map((arg) => `'${arg}'`).join(' ')}; exit $?\r`);
  return pty;
}

/** Up to the models: found, pasted key. */
async function throughKey(terminal: Pty): Promise<void> {
  await terminal.waitFor('OpenRouter key (paste');
  terminal.write(`${simulator.key}\r`);
  await terminal.waitFor('Key accepted');
  await terminal.waitFor('Which models?');
}

/** From the recap to a row of what can be changed. */
async function changeRow(terminal: Pty, index: number): Promise<void> {
  terminal.write(`${DOWN}\r`);
  await terminal.waitFor(/^\? Change what\?/m);
  terminal.write(`${DOWN.repeat(index)}\r`);
}

describe('a key that is typed again while the first one is being checked', () => {
  it('is never shown, Ctrl-C still works, and the next question takes none of it', async () => {
    const slow = createServer((_, answer) => void setTimeout(() => answer.writeHead(401).end('{}'), 1_000)).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const at = slow.address();
    const baseUrl = `http://127.0.0.1:${String(typeof at === 'object' ? at?.port : '')}/api`;
    const again = `sk-or-v1-${'9'.repeat(64)}`;
    try {
      const terminal = start(['init', '--base-url', baseUrl, '--no-test']);
      for (const isLast of [false, true]) {
        await terminal.waitFor(/\? OpenRouter key/);
        terminal.write(`${simulator.key}\r`);
        await terminal.waitFor('Checking the key');
        terminal.write(isLast ? '\x03' : `${again}\r`);
      }
      expect(await terminal.exit()).toBe(130);
      expect(terminal.transcript()).not.toContain('99999');
    } finally {
      slow.close();
    }
  });
});

describe('the wizard in a terminal', () => {
  it('sets up user settings with three answers, the live test at the end', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--quick']);
    await throughKey(terminal);
    terminal.write(`${UP}\r`);
    await terminal.waitFor('Write this?');
    terminal.write('\r');
    await terminal.waitFor('4 of 4 work');
    await terminal.waitFor('Undo this');
    expect(await terminal.exit()).toBe(0);
    expect(terminal.transcript()).not.toContain(simulator.key);
    const settings = box.settings();
    expect(settings.env).toMatchObject({ ANTHROPIC_AUTH_TOKEN: simulator.key, ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7' });
    expect(settings.permissions).toEqual({ disableAutoMode: 'disable' });
    expect(box.read('.bashrc')).toBeNull();
  });

  it('sets up bash in place of them, with another default alias and auto mode left alone, from the recap', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--no-test']);
    await throughKey(terminal);
    terminal.write(`${UP}\r`);
    await terminal.waitFor('Write this?');
    await changeRow(terminal, 1);
    await terminal.waitFor('Which alias should Claude Code start with');
    terminal.write(`${DOWN}\r`);
    await terminal.waitFor(/haiku \*[^]*\? Write this\?/);
    await changeRow(terminal, 2);
    await terminal.waitFor('Where should it be written?');
    terminal.write(`${DOWN}\r`);
    await terminal.waitFor(/Where: ~\/\.bashrc[^]*\? Write this\?/);
    await changeRow(terminal, 4);
    await terminal.waitFor('Auto mode?');
    terminal.write(`${DOWN}\r`);
    await terminal.waitFor(/left on[^]*\? Write this\?/);
    terminal.write('\r');
    await terminal.waitFor('source ~/.bashrc');
    expect(await terminal.exit()).toBe(0);
    expect(variablesAfter('. "$HOME/.bashrc"', box.env)).toMatchObject({
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_AUTH_TOKEN: simulator.key,
      ANTHROPIC_MODEL: 'haiku',
    });
    expect(box.read('.claude/settings.json')).toBeNull();
  });

  it("writes the shell's profile after one key at the recap, and the same key leads back", async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--no-test', '--preset', 'guide', '--key-env', 'K'], {
      K: simulator.key,
    });
    await terminal.waitFor(/Where: ~\/\.claude\/settings\.json[^]*p writes ~\/\.bashrc instead/);
    terminal.write('p');
    await terminal.waitFor(/Where: ~\/\.bashrc[^]*p writes user settings instead/);
    terminal.write('p');
    await terminal.waitFor(/Where: ~\/\.bashrc[^]*Where: ~\/\.claude[^]*p writes ~\/\.bashrc instead/);
    terminal.write('p');
    await terminal.waitFor(/(?:Where: ~\/\.bashrc[^]*){2}p writes user settings instead/);
    terminal.write('\r');
    await terminal.waitFor('source ~/.bashrc');
    expect(await terminal.exit()).toBe(0);
    expect(variablesAfter('. "$HOME/.bashrc"', box.env)).toMatchObject({ ANTHROPIC_BASE_URL: simulator.baseUrl });
  });

  it('takes a paste of any length in one line, and Esc leads back to the recap, from there out', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl]);
    await terminal.waitFor('OpenRouter key (paste');
    terminal.write('x'.repeat(300));
    expect((await terminal.waitFor('(300 characters)')).match(/\*+/g)).toEqual(['********']);
    terminal.write(`\x15${simulator.key}\r`);
    await terminal.waitFor('Which models?');
    terminal.write('\r');
    await terminal.waitFor('Write this?');
    await changeRow(terminal, 0);
    await terminal.waitFor(/Change what\? models[^]*\? Which models\?/);
    terminal.write('\x1b');
    await terminal.waitFor(/Which models\? Esc[^]*\? Write this\?/);
    await changeRow(terminal, 9);
    await terminal.waitFor(/Change what\? key[^]*\? OpenRouter key/);
    terminal.write('\x1b');
    await terminal.waitFor(/browser\): Esc[^]*\? Write this\?/);
    terminal.write('\x1b');
    await terminal.waitFor('nothing was written');
    expect(await terminal.exit()).toBe(130);
    expect(box.read('.claude/settings.json')).toBeNull();
  });

  it('lets a model be found by typing', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--no-test', '--dry-run']);
    await throughKey(terminal);
    terminal.write(`${DOWN.repeat(3)}\r`);
    await terminal.waitFor('Model for opus');
    terminal.write('kimi');
    await terminal.waitFor(/❯ *moonshotai\/kimi-k3/);
    terminal.write('\r');
    // The answered line shows the id alone.
    await terminal.waitFor(/^. Model for opus, hard work and planning: moonshotai\/kimi-k3$/m);
    await terminal.waitFor('Model for sonnet');
    terminal.write('sonar');
    await terminal.waitFor(/perplexity\/sonar-pro.*tool/);
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
  });

  it('says after a refused key what to do at this question, and names no command', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--no-test']);
    const wrong = ['sk-ant-api03-abcdefghijklmnopqrstuvwxyz', 'two words', `sk-or-v1-${'9'.repeat(64)}`, `x${'y'.repeat(600)}`];
    for (const [index, key] of wrong.entries()) {
      await terminal.waitFor(new RegExp(`(?:hint:[^]*){${index}}\\? OpenRouter key`));
      terminal.write(`${key}\r`);
    }
    const screen = await terminal.waitFor(new RegExp(`(?:hint:[^]*){${wrong.length}}\\? OpenRouter key`));
    expect(screen.replace(/^.*orcc\.js.*$/gm, '')).not.toContain('`orcc ');
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
    expect(terminal.transcript()).not.toMatch(/9{20}|y{20}|abcdefgh/);
  });

  it('takes a key that is pasted with line breaks around it', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--no-test']);
    await terminal.waitFor('OpenRouter key (paste');
    terminal.write(`\r${simulator.key}\r`);
    await terminal.waitFor('paste it again');
    terminal.write(`${simulator.key}\r`);
    await terminal.waitFor('Which models?');
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
    expect(terminal.transcript()).not.toContain('browser opens');
  });

  it.each(['OpenRouter key (paste', 'Which models?', 'Write this?', 'Change what?', 'Where should it be written?'])(
    'Ctrl-C at “%s” is exit 130 and leaves the home untouched',
    async (question) => {
      box.write('.bashrc', 'alias a=b\n');
      const before = box.traces();
      const [hasKey, hasModels] = [!question.includes('paste'), !/paste|models/.test(question)];
      const args = [...(hasKey ? ['--key-env', 'K'] : []), ...(hasModels ? ['--preset', 'guide'] : [])];
      const terminal = start(['init', '--base-url', simulator.baseUrl, ...args], { K: simulator.key });
      if (/Change|Where/.test(question)) {
        await terminal.waitFor('Write this?');
        terminal.write(`${DOWN}\r`);
        await terminal.waitFor('Change what?');
        if (question.startsWith('Where')) terminal.write(`${DOWN.repeat(2)}\r`);
      }
      await terminal.waitFor(question);
      terminal.write('\x03');
      expect(await terminal.exit()).toBe(130);
      expect(box.traces()).toEqual(before);
    },
  );

  it('Ctrl-C while a server does not answer is exit 130 at once, nothing written', async () => {
    simulator.setFaults([{ code: 'first-byte-never', path: '/v1/key' }]);
    const before = box.traces();
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--key-env', 'K', '--preset', 'guide'], { K: simulator.key });
    await terminal.waitFor('Checking the key');
    terminal.write('\x03');
    expect(await terminal.exit(3000)).toBe(130);
    expect(box.traces()).toEqual(before);
  });
});

describe('the built program without a terminal', () => {
  it('asks nothing under CI even where there is one', async () => {
    const terminal = start(['init', '--base-url', simulator.baseUrl, '--preset', 'guide'], { CI: 'true' });
    expect(await terminal.exit()).toBe(2);
    expect(terminal.screen()).toContain('--key-stdin');
  });

  it('takes the key from a pipe and sets up, with the exit code and streams of a script', async () => {
    const args = initWords(['--key-stdin', '--target', 'bash', '--target', 'user', '--quick', '--json'], simulator.baseUrl);
    const { code, stdout, stderr } = await box.bin(args, { input: `${simulator.key}\n` });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'init', ok: true, data: { kind: 'applied' } });
    expect(stdout).not.toContain(simulator.key);
    expect((await box.bin(['remove', '--yes'])).code).toBe(0);
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it('is terminated by SIGTERM with 143, nothing written', async () => {
    simulator.setFaults([{ code: 'first-byte-never', path: '/v1/key' }]);
    const before = box.traces();
    const { code } = await box.bin(initWords(['--key-stdin', '--target', 'bash'], simulator.baseUrl), {
      input: simulator.key,
      onStart: (child) => {
        const asked = simulator.requests.length;
        const poll = setInterval(() => {
          if (simulator.requests.length === asked) return;
          clearInterval(poll);
          child.kill('SIGTERM');
        }, 20);
      },
    });
    expect(code).toBe(143);
    expect(box.traces()).toEqual(before);
  });

  it('has the exit codes of the table', async () => {
    expect((await box.bin(['switch', 'value', '--yes'])).code).toBe(3);
    expect((await box.bin(['init', '--preset', 'guid'])).code).toBe(2);
    expect((await box.bin(['--help'])).code).toBe(0);
  });
});
