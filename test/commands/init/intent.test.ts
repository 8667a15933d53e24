import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../../src/cli/commands.ts';
import { defineProgram } from '../../../src/cli/program.ts';
import { OrccError } from '../../../src/core/errors.ts';
import { parseInitIntent, parseTargets, type InitIntent } from '../../../src/commands/init/intent.ts';

const PROGRAM = await loadProgram();

/** argv to intent, as the program does it: commander's flags through the command's schema. */
async function intentOf(...argv: string[]): Promise<InitIntent> {
  let flags: unknown;
  const output = { write: () => undefined, isTty: false, columns: 80, colorLevel: 0 } as const;
  const program = defineProgram(PROGRAM, { version: '0', stdout: output }, (command) =>
    command.action(() => void (flags = command.opts())),
  );
  await program.parseAsync(['init', ...argv], { from: 'user' });
  return parseInitIntent(flags);
}

const exitOf = async (...argv: string[]): Promise<string> => {
  try {
    await intentOf(...argv);
    return 'fine';
  } catch (error) {
    if (error instanceof OrccError) return error.exit;
    throw error;
  }
};

describe('the flags of orcc init', () => {
  it('ask for nothing where none is given: test, check and auto mode stay on', async () => {
    expect(await intentOf()).toMatchObject({
      keyFrom: undefined,
      models: {},
      defaultAlias: undefined,
      targets: undefined,
      baseUrl: undefined,
      keyStorage: undefined,
      autoMode: true,
      test: true,
      check: true,
      quick: false,
      installClaude: false,
      replace: false,
      adopt: false,
      force: false,
      yes: false,
      dryRun: false,
      json: false,
    });
  });

  it.each<[string[], Partial<InitIntent>]>([
    [
      ['--yes', '--key-stdin', '--preset', 'guide', '--target', 'zsh', '--target', 'user'],
      { yes: true, keyFrom: { kind: 'stdin' }, preset: 'guide', targets: ['zsh', 'user'] },
    ],
    [['-y'], { yes: true }],
    [['--key-env', 'OPENROUTER_API_KEY'], { keyFrom: { kind: 'env', name: 'OPENROUTER_API_KEY' } }],
    [
      ['--opus', 'a/b', '--sonnet', 'c/d', '--haiku', 'e/f', '--fable', 'g/h', '--subagent', 'i/j'],
      { models: { opus: 'a/b', sonnet: 'c/d', haiku: 'e/f', fable: 'g/h', subagent: 'i/j' } },
    ],
    [['--default', 'fable'], { defaultAlias: 'fable' }],
    [['--target', 'bash,user', '--target', 'user'], { targets: ['bash', 'user'] }],
    [['--base-url', 'https://gateway.example/api/'], { baseUrl: 'https://gateway.example/api' }],
    [['--key-storage', 'profile'], { keyStorage: { kind: 'profile' } }],
    [['--key-storage', 'env:MY_KEY'], { keyStorage: { kind: 'env', ref: 'MY_KEY' } }],
    [['--no-test', '--no-check'], { test: false, check: false }],
    [['--replace', '--adopt', '--force'], { replace: true, adopt: true, force: true }],
    [['--no-auto-mode'], { autoMode: false }],
    [['--dry-run', '--json', '--quick', '--timeout', '30'], { dryRun: true, json: true, quick: true, timeout: 30_000 }],
    [['--limits', 'none'], { limits: 'none' }],
  ])('%j', async (argv, wanted) => {
    expect(await intentOf(...argv)).toMatchObject(wanted);
  });

  it.each([
    [['--preset', 'nope']],
    [['--target', 'nope']],
    [['--target', '']],
    [['--target', 'bash,,user']],
    [['--default', 'subagent']],
    [['--opus', 'no pe']],
    [['--base-url', 'http://example.com']],
    [['--key-storage', 'env:lower']],
    [['--key-storage', 'env:ANTHROPIC_AUTH_TOKEN']],
    [['--key-storage', 'file:x']],
    [['--key-env', 'not-a-name']],
    [['--key-stdin', '--key-env', 'K']],
    [['--timeout', '0']],
    [['--timeout', '1.5']],
    [['--timeout', '3601']],
    [['--limits', 'some']],
  ])('%j is bad usage', async (argv) => {
    expect(await exitOf(...argv)).toBe('usage');
  });
});

describe('parseTargets', () => {
  it('gives each target once, in the order given', () => {
    expect(parseTargets(['zsh,bash', 'zsh', 'local'])).toEqual(['zsh', 'bash', 'local']);
  });
});
