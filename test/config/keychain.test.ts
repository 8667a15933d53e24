import { describe, expect, it } from 'vitest';
import type { Exec, ExecOptions, ExecResult } from '../../src/core/context.ts';
import { keychainAccount, keychainHelper, putInKeychain, readFromKeychain, removeFromKeychain } from '../../src/config/keychain.ts';
import type { KeychainContext } from '../../src/config/keychain.ts';

const key = `sk-or-v1-${'0a'.repeat(32)}`;

interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: ExecOptions;
}

/** A system whose programs answer as told; it remembers every call. */
function makeSystem(
  platform: NodeJS.Platform,
  answer: (args: readonly string[], options: ExecOptions) => Partial<ExecResult>,
  env: Record<string, string> = { XDG_RUNTIME_DIR: '/run/user/1' },
  programs = ['secret-tool'],
): KeychainContext & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const exec: Exec = {
    find: (name) => (programs.includes(name) ? `/usr/bin/${name}` : undefined),
    interactive: () => Promise.reject(new Error('nothing is asked')),
    run: (file, args, options) => {
      calls.push({ file, args, options });
      return Promise.resolve({ code: 0, stdout: '', stderr: '', timedOut: false, notFound: false, ...answer(args, options) });
    },
  };
  return { platform, env: { ...env, ANTHROPIC_AUTH_TOKEN: key }, exec, signal: new AbortController().signal, calls };
}

/** macOS's `security` over a memory: commands come in through standard input, as with `-i`. */
function makeMac(): ReturnType<typeof makeSystem> & { readonly stored: Map<string, string> } {
  const stored = new Map<string, string>();
  const system = makeSystem('darwin', (args, { input }) => {
    const added = /^add-generic-password -U -s orcc -a "([^"]+)" -l "[^"]*" -w "([^"]+)"\n$/.exec(input ?? '');
    if (args[0] === '-i' && added !== null) stored.set(added[1] ?? '', added[2] ?? '');
    const account = args[args.indexOf('-a') + 1] ?? '';
    if (args[0] === 'delete-generic-password') return { code: stored.delete(account) ? 0 : 44 };
    if (args[0] !== 'find-generic-password') return {};
    const found = stored.get(account);
    return found === undefined ? { code: 44, stderr: 'could not be found' } : { stdout: `${found}\n` };
  });
  return { ...system, stored };
}

describe('the keychain of macOS', () => {
  it('takes, gives and loses a key, which stands in no argument and no environment', async () => {
    const mac = makeMac();
    await putInKeychain(mac, 'openrouter.ai', key);
    expect(mac.stored).toEqual(new Map([['openrouter.ai', key]]));
    expect(await readFromKeychain(mac, 'openrouter.ai')).toBe(key);
    expect(await removeFromKeychain(mac, 'openrouter.ai')).toBe(true);
    expect(await readFromKeychain(mac, 'openrouter.ai')).toBeUndefined();
    expect(await removeFromKeychain(mac, 'openrouter.ai')).toBe(true);
    expect(JSON.stringify(mac.calls.map(({ args, options }) => [args, options.env]))).not.toContain(key);
    expect(new Set(mac.calls.map(({ file }) => file))).toEqual(new Set(['/usr/bin/security']));
  });

  it('that keeps nothing is refused, since its exit code says nothing', async () => {
    const deaf = makeSystem('darwin', () => ({ stderr: `security: User interaction is not allowed. ${key}` }));
    await expect(putInKeychain(deaf, 'x', key)).rejects.toMatchObject({ exit: 'refused', code: 'NO_KEYCHAIN' });
    await expect(putInKeychain(deaf, 'x', key)).rejects.not.toThrow(key);
  });
});

describe('the keyring of a Linux desktop', () => {
  it.each([
    ['secret-tool is not installed', {}, [], /`secret-tool`/],
    ['there is no session', {}, ['secret-tool'], /no desktop session/],
  ])('is refused where %s, with the other storages', async (_name, env, programs, why) => {
    const system = makeSystem('linux', () => ({}), env, programs);
    const refused = putInKeychain(system, 'x', key);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toMatchObject({
      exit: 'refused',
      hint: expect.stringMatching(/file.*helper.*profile.*env:NAME/) as string,
    });
    expect(await readFromKeychain(system, 'x')).toBeUndefined();
    expect(await removeFromKeychain(system, 'x')).toBe(false);
    expect(system.calls).toEqual([]);
  });

  it.each([
    ['locked', { code: 1, stderr: `secret-tool: Cannot create an item in a locked collection ${key}\x1b[2J` }],
    ['waiting for its password', { code: null, timedOut: true }],
    ['forgetful', { code: 0 }],
  ])('that is %s is told without the key', async (_name, result) => {
    const system = makeSystem('linux', () => result);
    const refused = putInKeychain(system, 'x', key);
    await expect(refused).rejects.toMatchObject({ exit: 'refused', code: 'NO_KEYCHAIN' });
    await expect(refused).rejects.not.toThrow(/sk-or-v1-0a0a0a0a|\x1b/);
  });
});

describe('other systems', () => {
  it.each(['win32', 'freebsd'] as const)('%s: none, and that is said', async (platform) => {
    const system = makeSystem(platform, () => ({}));
    await expect(putInKeychain(system, 'x', key)).rejects.toMatchObject({ exit: 'refused', code: 'NO_KEYCHAIN' });
    expect(system.calls).toEqual([]);
  });
});

describe('an item of the keychain', () => {
  it('is named after the host, and quoted in the helper where it must be', () => {
    expect(keychainAccount('https://openrouter.ai/api')).toBe('openrouter.ai');
    expect(keychainHelper('openrouter.ai', 'linux')).toBe('secret-tool lookup service orcc account openrouter.ai');
    expect(keychainHelper('[::1]:8080', 'linux')).toBe("secret-tool lookup service orcc account '[::1]:8080'");
    expect(keychainHelper('openrouter.ai', 'darwin')).toBe('/usr/bin/security find-generic-password -s orcc -a openrouter.ai -w');
  });
});
