import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLAUDE, claudeNeeds, olderClaude, olderClaudeNeeds, QUIET, type RealmHome } from '../support/realm.ts';
import { openTmux } from '../support/tmux.ts';
import { makeKnownHome, setUpIn, useRealm, useSimulation } from '../support/stage.ts';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
/** In the session's folder, in capital letters, below it, beside it, in the home. */
const places = ({ cwd, home }: RealmHome): readonly string[] => [
  ...['x.png', 'X.PNG', 'sub/y.png', '../out.png'].map((name) => path.resolve(cwd, name)),
  path.join(home, 'h.png'),
];
const CLIENTS = [
  { version: 'newest', program: CLAUDE, missing: claudeNeeds({ program: 'tmux' }) },
  { version: '2.1.300', program: olderClaude('2.1.300'), missing: olderClaudeNeeds('2.1.300') },
];

describe.each(CLIENTS)('Claude Code $version with models that take text alone', ({ program, missing }) => {
  describe.skipIf(missing)('and pictures about', () => {
    const realm = useRealm({ claude: program });
    const simulation = useSimulation(realm);

    /** A home with pictures, and with a clipboard that holds one. */
    async function setUp(isGuarded: boolean): Promise<RealmHome> {
      const box = await setUpIn(realm, simulation, ['--no-auto-mode', '--target', 'user'], makeKnownHome(realm));
      if (isGuarded) {
        const fixed = await realm.run('orcc', ['doctor', '--fix', 'IMAGES_UNGUARDED', '--offline', '--yes'], {
          env: box.env,
          cwd: box.cwd,
        });
        expect(fixed.code, fixed.stderr).toBe(0);
      }
      mkdirSync(path.join(box.cwd, 'sub'));
      for (const file of places(box)) writeFileSync(file, PNG);
      const bin = path.join(box.home, 'bin');
      mkdirSync(bin);
      const script = `#!/bin/sh\ncase "$*" in *TARGETS*|*list-types*) echo image/png;; *) cat "${path.join(box.home, 'h.png')}";; esac\n`;
      for (const tool of ['xclip', 'wl-paste']) writeFileSync(path.join(bin, tool), script, { mode: 0o755 });
      simulation.takeCalls();
      return { ...box, env: { ...box.env, ...QUIET, DISPLAY: ':0', PATH: `${bin}${path.delimiter}${box.env['PATH'] ?? ''}` } };
    }

    const statuses = (): ReadonlySet<string> => new Set(simulation.takeCalls().map(({ answer }) => answer));
    const ask = async (box: RealmHome, prompt: string): Promise<ReadonlySet<string>> => {
      await realm.run('claude', ['-p', prompt, '--allowedTools', 'Read,Bash'], { env: box.env, cwd: box.cwd, input: '' });
      return statuses();
    };

    it('is refused after an image by every way, and by none under the rules', async () => {
      for (const isGuarded of [false, true]) {
        const box = await setUp(isGuarded);
        const wanted = isGuarded ? ['200'] : expect.arrayContaining([expect.stringMatching(/404|image/)]);
        for (const file of places(box)) {
          const read = await ask(box, `Call the tool Read with exactly this JSON: ${JSON.stringify({ file_path: file })}`);
          expect([...read], `Read ${file}`).toEqual(wanted);
          expect([...(await ask(box, `what is @${file}`))], `@${file}`).toEqual(wanted);
        }
      }
    });

    it('takes a path that is pasted for a path under the rules, and a picture of the clipboard for what it is', async () => {
      const box = await setUp(true);
      const tmux = await openTmux(realm, ['claude'], box.env, box.cwd);
      try {
        await tmux.waitFor(/mode on|\? for shortcuts/, 60_000);
        await tmux.type(`\x1b[200~${path.join(box.cwd, 'x.png')}\x1b[201~`);
        await tmux.waitFor('x.png');
        await tmux.press('Enter');
        await tmux.waitFor('Hello from the simulator', 60_000);
        expect([...statuses()]).toEqual(['200']);
        await tmux.press('C-v');
        await tmux.waitFor('[Image #1]');
        await tmux.type(' hello');
        await tmux.press('Enter');
        await tmux.waitFor("There's an issue with the selected model", 60_000);
        statuses();
        // The session is over for good.
        await tmux.type('and now?');
        await tmux.press('Enter');
        await tmux.waitFor(/issue with the selected model[^]*and now\?[^]*issue with the selected model/, 60_000);
        expect([...statuses()]).not.toContain('200');
      } finally {
        await tmux.kill();
      }
    });
  });
});
