import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPty, type Pty } from '../support/pty.ts';
import { realmNeeds, type RealmHome } from '../support/realm.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

const missing = realmNeeds({ program: 'chromium' });
const driver = fileURLToPath(new URL('../support/chromium.mjs', import.meta.url));

interface Shown {
  readonly url?: string;
  readonly title?: string;
  readonly text?: string;
  readonly code?: string;
}

describe.skipIf(missing)('orcc login with a real Chromium', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let at: RealmHome;
  beforeEach(() => {
    at = realm.makeHome();
  });

  /** Puts an `xdg-open` on the realm's PATH that starts the browser, and gives the environment of a desktop. */
  const desktop = (scenario: string): Record<string, string> => {
    const out = path.join(at.home, 'shown.json');
    const opener = path.join(realm.folder, 'bin', 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\nprintf '%s\\n' "$*" >"$HOME/opened"\nenv >"$HOME/browser-env"\nexec "${process.execPath}" "${driver}" ${scenario} "file://$1" "${out}"\n`,
      { mode: 0o755 },
    );
    return { ...at.env, DISPLAY: ':99' };
  };
  /** What the browser's tabs showed at the end. */
  const shown = async (): Promise<readonly Shown[]> => {
    const file = path.join(at.home, 'shown.json');
    for (const end = Date.now() + 30_000; !existsSync(file);) {
      if (Date.now() > end) throw new Error('the browser did not come to an end');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { pages, error } = JSON.parse(readFileSync(file, 'utf8')) as { pages?: Shown[]; error?: string };
    expect(error).toBeUndefined();
    return pages ?? [];
  };
  const orcc = (args: readonly string[], env: Record<string, string>, timeout = 60_000) =>
    realm.run('orcc', args, { env, cwd: at.cwd, timeout });
  const storedKey = (): string => readFileSync(path.join(at.home, '.config', 'orcc', 'key'), 'utf8').trim();

  it('fetches a key that works; the last page says that the tab can be closed', async () => {
    const env = { ...desktop('approve'), OPENROUTER_API_KEY: simulation.key };
    const { code, stdout, stderr } = await orcc(['login', '--base-url', simulation.baseUrl], env);
    expect(code, stderr).toBe(0);
    const [page] = await shown();
    expect(page?.text).toContain('close');
    expect(page?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/orcc-/);
    expect(stdout + stderr + JSON.stringify(page)).not.toContain(storedKey());
    const { code: asked } = await orcc(['key', 'show'], at.env);
    // Nothing is configured yet, but the key's own address is known.
    expect(asked).toBe(0);
    // The browser outlives orcc, and got no key from it.
    expect(readFileSync(path.join(at.home, 'browser-env'), 'utf8')).not.toContain('sk-or-');
    const opened = readFileSync(path.join(at.home, 'opened'), 'utf8');
    expect(opened.trim()).toBe(path.join(at.home, '.config', 'orcc', 'login.html'));
    const verified = await orcc(
      ['init', '--yes', '--base-url', simulation.baseUrl, '--preset', 'guide', '--target', 'user', '--quick'],
      at.env,
    );
    expect(verified.code, verified.stderr).toBe(0);
  });

  it('goes on after a stranger’s path, a missing and a wrong code', async () => {
    const { code, stderr } = await orcc(['login', '--base-url', simulation.baseUrl], desktop('wrong'));
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('error: ');
    expect((await shown()).map(({ title }) => title)).toEqual([
      'Nothing here',
      'This address has no code',
      'Login failed',
      'You are logged in',
    ]);
  });

  describe('on a terminal', () => {
    let pty: Pty | undefined;
    afterEach(() => {
      pty?.kill();
      pty = undefined;
    });
    const type = (args: readonly string[], env: Record<string, string>): Pty => {
      const [file, all] = realm.enter('orcc', args, at.cwd);
      pty = startPty(all, { env: { ...env, PATH: realm.path }, cwd: at.cwd, file, cols: 200 });
      return pty;
    };

    it('takes the code that the page shows', async () => {
      const env = desktop('code');
      const terminal = type(['login', '--no-browser', '--base-url', simulation.baseUrl], env);
      const screen = await terminal.waitFor(/The code:/, 20_000);
      const address = /http:\S+/.exec(screen.replace(/\n(?! )/g, ''))?.[0] ?? '';
      expect(address).not.toContain('callback_url');
      const run = await realm.run(process.execPath, [driver, 'code', address, path.join(at.home, 'shown.json')], { env, timeout: 60_000 });
      expect(run.stderr).toBe('');
      const [{ code = '' } = {}] = await shown();
      terminal.write(`${code}\r`);
      expect(await terminal.exit(20_000), terminal.screen()).toBe(0);
      expect(storedKey()).toMatch(/^sk-or-v1-/);
      expect(terminal.transcript()).not.toContain(storedKey());
    });

    it('ends with Ctrl-C while it waits, and has stored nothing', async () => {
      const terminal = type(['login', '--base-url', simulation.baseUrl], { ...at.env, BROWSER: '/bin/true', PATH: realm.path });
      writeFileSync(path.join(realm.folder, 'bin', 'xdg-open'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
      await terminal.waitFor(/Waiting for the browser/, 20_000);
      terminal.write('\x03');
      expect(await terminal.exit(10_000)).toBe(130);
      expect(existsSync(path.join(at.home, '.config', 'orcc'))).toBe(false);
    });

    it('is what Enter alone means in init; a second tab hears that it is done', async () => {
      const terminal = type(
        ['init', '--no-test', '--base-url', simulation.baseUrl, '--preset', 'guide', '--target', 'user', '--no-auto-mode'],
        desktop('tabs'),
      );
      await terminal.waitFor(/\? OpenRouter key.*Enter for the browser/, 30_000);
      terminal.write('\r');
      await terminal.waitFor(/Write this\?/, 60_000);
      expect((await shown()).map(({ title }) => title)).toEqual(['You are logged in', 'You are logged in already']);
      terminal.write('\r');
      expect(await terminal.exit(30_000), terminal.screen()).toBe(0);
      const settings = readFileSync(path.join(at.home, '.claude', 'settings.json'), 'utf8');
      expect(settings).toContain(storedKey());
    });
  });
});
