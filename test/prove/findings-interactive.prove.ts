import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { claudeNeeds } from '../support/realm.ts';
import { doctor, initScene, openScene, type Scene } from '../support/set-ups/scene.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds({ program: 'tmux' });

/** A set-up whose fault only a session in a terminal shows. */
interface Talk {
  readonly name: string;
  readonly code: string;
  readonly init: string;
  /** What `.claude.json` says, where it is not that all questions were answered. */
  readonly state?: object;
  /** What is typed into a session once it runs. */
  readonly says?: string;
  readonly wrong: RegExp;
  readonly evidence: (scene: Scene) => string;
  /** Part of the finding's fix, and how it is carried out: a command, or keys in the session. */
  readonly act: { readonly fix: string; readonly command?: string; readonly keys?: readonly string[] };
  readonly right: RegExp;
}

const FIRST_START = /Choose the text style/;
const READY = /qwen\/qwen3-coder-next[^]*(?:auto|manual) mode on/;

const TALKS: readonly Talk[] = [
  {
    name: 'auto mode stops at the first command',
    code: 'AUTO_MODE_BLOCKED',
    init: '--target bash',
    says: 'run: node -e "console.log(6 * 7)"',
    wrong: /Auto mode can.t check actions in this session/,
    evidence: () => 'no settings file has permissions.disableAutoMode: "disable"',
    act: { fix: '`orcc doctor --fix AUTO_MODE_BLOCKED`', command: 'orcc doctor --fix AUTO_MODE_BLOCKED --yes' },
    right: /Do you want to proceed\?\s+❯ 1\. Yes/,
  },
  {
    name: 'the first start looks for Anthropic before it reads the settings of a folder',
    code: 'ONBOARDING_GATE',
    init: '--target local',
    state: {},
    wrong: /Unable to connect to Anthropic services/,
    evidence: ({ home }) => `${home}/.claude.json has no hasCompletedOnboarding`,
    act: { fix: '`orcc init --target user`', command: 'orcc init --target user --yes --no-test' },
    right: FIRST_START,
  },
  {
    name: 'the settings of a folder wait for its trust',
    code: 'PROJECT_UNTRUSTED',
    init: '--target local',
    state: { hasCompletedOnboarding: true },
    wrong: /Is this a project you created or one you trust\?[^]*loads \.claude\/settings\.local\.json/,
    evidence: ({ home, cwd }) => `${cwd}/.claude/settings.local.json\` only after you trust the folder\n${home}/.claude.json does not list`,
    act: { fix: 'start `claude` here and answer its question', keys: ['Up', 'Enter'] },
    right: READY,
  },
];

describe.skipIf(missing)(
  'a broken set-up that shows in a terminal: the real Claude Code stops as the finding says, and goes on once it is fixed',
  () => {
    const realm = useRealm();
    const simulation = useSimulation(realm);
    let tmux: Tmux | undefined;
    let proven = 0;
    afterEach(async () => await tmux?.kill());
    afterAll(async () => {
      console.log(`${proven} of ${TALKS.length} set-ups in a terminal: the finding holds, and its fix`);
    });

    /** Starts a session in a new terminal and waits for what it shows. */
    async function talk(scene: Scene, { says }: Talk, wanted: RegExp): Promise<Tmux> {
      await tmux?.kill();
      tmux = await openTmux(realm, ['bash'], { ...scene.env, HISTFILE: '/dev/null' }, scene.cwd);
      await tmux.type('claude');
      await tmux.press('Enter');
      if (says !== undefined) {
        await tmux.waitFor(/mode on/, 60_000);
        await tmux.type(says);
        await tmux.waitFor(says);
        await tmux.press('Enter');
      }
      await tmux.waitFor(wanted, 60_000);
      return tmux;
    }

    it.each(TALKS.map((each) => [each.code, each.name, each] as const))('%s: %s', async (_code, _name, each) => {
      const scene = await openScene(realm, simulation);
      await initScene(scene, each.init);
      if (each.state !== undefined) scene.write('.claude.json', each.state);
      const terminal = await talk(scene, each, each.wrong);

      const finding = (await doctor(scene)).find(({ code }) => code === each.code);
      expect(finding === undefined ? 'no finding' : [finding.cause, ...finding.evidence].join('\n')).toContain(each.evidence(scene));
      expect(finding?.fix).toContain(each.act.fix);

      for (const key of each.act.keys ?? []) await terminal.press(key);
      if (each.act.keys !== undefined) await terminal.waitFor(READY);
      if (each.act.command !== undefined) await scene.type(each.act.command);
      expect((await doctor(scene)).filter(({ code, severity }) => code === each.code || severity === 'error')).toEqual([]);
      await talk(scene, each, each.right);
      proven += 1;
    });
  },
);
