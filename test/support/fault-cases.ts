import * as fs from 'node:fs';
import path from 'node:path';
import type { Plan } from '../../src/apply/types.ts';
import { makeTempHome, type TempHome } from './temp-home.ts';

/** Made up at run time, so that no scanner takes them for real. */
export const KEYS = [`test-old-${'k'.repeat(40)}`, `test-new-${'k'.repeat(40)}`] as const;
const [OLD_KEY, NEW_KEY] = KEYS;

export interface FaultCase {
  readonly name: string;
  setUp(): TempHome;
  plan(home: TempHome): Plan;
  /** The tree after it, orcc's history aside. */
  goal(home: TempHome, before: Record<string, string>): Record<string, string>;
}

/** Changes that between them take every way of writing a file. */
export const CASES: readonly FaultCase[] = [
  withGoal({
    name: 'a key, a linked profile and new settings in a new folder',
    setUp: () => {
      const home = makeTempHome();
      home.write('.config/orcc/key', `${OLD_KEY}\n`, 0o600);
      fs.chmodSync(home.folder, 0o700);
      home.write('dotfiles/bashrc', '# mine\nalias a=b\n', 0o640);
      fs.symlinkSync('dotfiles/bashrc', home.path('.bashrc'));
      return home;
    },
    plan: (home) => ({
      edits: [
        home.edit('.config/orcc/key', `${NEW_KEY}\n`, { owner: 'key', mode: 0o600 }),
        home.edit('.bashrc', '# mine\nalias a=b\n# >>> orcc >>>\n# <<< orcc <<<\n'),
        home.edit('.claude/settings.json', `{"env": {"ANTHROPIC_AUTH_TOKEN": "${NEW_KEY}"}}\n`, { owner: 'user', mode: 0o600 }),
      ],
    }),
  }),
  withGoal({
    name: 'a hard-linked file, a deletion and a mode',
    setUp: () => {
      const home = makeTempHome();
      home.write('.config/orcc/state.json', '{}\n', 0o600);
      fs.chmodSync(home.folder, 0o700);
      home.write('.claude/settings.json', `{"a": ${'1'.repeat(300)}}`, 0o644);
      fs.linkSync(home.path('.claude/settings.json'), home.path('twin.json'));
      home.write('.config/fish/conf.d/orcc.fish', '# ours\n', 0o600);
      home.write('.profile', 'umask 022\n', 0o644);
      return home;
    },
    plan: (home) => ({
      edits: [
        home.edit('.claude/settings.json', `{"env": {"ANTHROPIC_AUTH_TOKEN": "${NEW_KEY}"}}`, { owner: 'user', mode: 0o600 }),
        home.edit('.config/fish/conf.d/orcc.fish', null, { owner: 'fish' }),
        home.edit('.profile', 'umask 022\n', { owner: 'bash', mode: 0o600 }),
        home.edit('.config/orcc/state.json', '{"targets": []}\n', { owner: 'state', mode: 0o600 }),
      ],
    }),
  }),
  withGoal({
    name: 'the very first run: every folder is new',
    setUp: () => makeTempHome(),
    plan: (home) => ({
      edits: [
        home.edit('.config/orcc/key', `${NEW_KEY}\n`, { owner: 'key', mode: 0o600 }),
        home.edit('.config/fish/conf.d/orcc.fish', '# ours\n', { owner: 'fish' }),
        home.edit('.config/orcc/state.json', '{}\n', { owner: 'state', mode: 0o600 }),
      ],
    }),
  }),
];

/** The goal is what the plan says, worked out by plain writes in a copy of the home. */
function withGoal(testCase: Omit<FaultCase, 'goal'>): FaultCase {
  let known: Record<string, string> | undefined;
  return {
    ...testCase,
    goal: () => {
      if (known !== undefined) return known;
      const home = testCase.setUp();
      for (const edit of testCase.plan(home).edits) {
        const isNew = !fs.existsSync(edit.path);
        fs.mkdirSync(path.dirname(edit.path), { recursive: true });
        if (edit.after === null) fs.unlinkSync(edit.path);
        else fs.writeFileSync(edit.path, edit.after);
        if (edit.after !== null && (edit.mode !== null || isNew)) fs.chmodSync(edit.path, edit.mode ?? 0o644);
      }
      fs.chmodSync(home.folder, 0o700);
      known = home.tree();
      home.remove();
      return known;
    },
  };
}
