import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { realmNeeds, type RealmHome } from '../support/realm.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

const missing = realmNeeds({ program: 'strace' }, { program: 'bash' });

/** Every command of one life of orcc, from the first to the last; the keys come in through standard input. */
const LIFE = (targets: readonly string[], storage: string, next: string): readonly string[] => {
  const to = targets.map((each) => `--target ${each}`).join(' ');
  return [
    `init --yes --quick --key-stdin --base-url "$BASE" --preset guide ${to} --key-storage ${storage} <"$KEYS/first"`,
    'status --all',
    'test haiku --quick --json',
    'switch value --yes',
    'switch --native --yes',
    'switch --back --yes',
    'models coder --tools',
    'usage --json',
    'env',
    'key show',
    'key rotate --key-stdin --yes --to "$BASE" <"$KEYS/second"',
    `key storage ${next} --yes --json`,
    'doctor',
    'doctor --json',
    'doctor --fix --yes',
    'undo --list',
    'undo --yes',
    'key set --key-stdin --yes --to "$BASE" <"$KEYS/first"',
    'init --yes --no-test --key-stdin --preset value --to "$BASE" <"$KEYS/bad"',
    'key forget --yes',
    'remove --yes',
  ];
};

describe.skipIf(missing)('a whole life of orcc under strace', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let at: RealmHome;
  beforeEach(() => {
    at = realm.makeHome();
  });

  const filesBelow = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile() === true,
    );

  it.each([
    [['bash', 'user', 'local'], 'file', 'profile', /^(?:\.config\/orcc\/(?:key|history\/.*)|\.claude\/settings\.json|\.bashrc|\.profile)$/],
    [['bash', 'zsh'], 'profile', 'file', /^(?:\.config\/orcc\/(?:key|history\/.*)|\.bashrc|\.profile|\.zshrc)$/],
    [['user'], 'helper', 'file', /^(?:\.config\/orcc\/(?:key|history\/.*)|\.claude\/settings\.json)$/],
  ] as const)(
    'with %j and storage %s, later %s: keys stand where their storage puts them, and nowhere else',
    async (targets, storage, next, allowed) => {
      const keys = realm.makeHome().cwd;
      const names = { first: simulation.key, second: await keyNamed('free'), bad: await keyNamed('bad') };
      for (const [name, key] of Object.entries(names)) writeFileSync(path.join(keys, name), `${key}\n`, { mode: 0o600 });
      const log = path.join(keys, 'strace.log');
      const marks = path.join(keys, 'files');
      // After each command: which files hold a key, and with which mode.
      const script = LIFE(targets, storage, next)
        .map(
          (command, index) =>
            `orcc ${command} >"$OUT/${index}.out" 2>"$OUT/${index}.err"; echo "$? ${command.split(' <')[0]?.replaceAll('"', '') ?? ''}"\n(cd "$HOME" && grep -rlF -f "$KEYS/first" -f "$KEYS/second" . 2>/dev/null | while read -r f; do stat -c '${index} %a %n' "$f"; done) >>"${marks}"`,
        )
        .join('\n');
      const out = realm.makeHome().cwd;
      const file = path.join(keys, 'life.sh');
      writeFileSync(file, script);
      const env = { ...at.env, BASE: simulation.baseUrl, KEYS: keys, OUT: out };
      const { code, stdout, stderr } = await realm.run(
        'strace',
        ['-f', '-v', '-s', '1000000', '-e', 'trace=execve', '-o', log, 'bash', file],
        { env, cwd: at.cwd, timeout: 240_000 },
      );
      expect(code, stderr).toBe(0);
      const codes = stdout.trim().split('\n');
      // The refused key is exit 4; `env` has nothing to refer to where the key lives in the profile.
      expect(codes.filter((line) => !/^(?:0|1 doctor)/.test(line)).map((line) => line.slice(0, 12))).toEqual([
        ...(storage === 'profile' ? ['2 env'] : []),
        ...codes.filter((line) => /^3 undo --yes/.test(line)).map((line) => line.slice(0, 12)),
        '4 init --yes',
      ]);

      const secrets = Object.values(names);
      const holds = (text: string): boolean => secrets.some((secret) => text.includes(secret));
      const streams = filesBelow(out).map((name) => ({ name, text: readFileSync(path.join(out, name), 'utf8') }));
      expect(streams.length).toBe(LIFE(targets, storage, next).length * 2);
      expect(streams.filter(({ text }) => holds(text)).map(({ name }) => name)).toEqual([]);

      const started = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('execve('));
      expect(started.length).toBeGreaterThan(30);
      const withKey = started.filter(holds).map((line) => /execve\("([^"]+)"/.exec(line)?.[1] ?? line.slice(0, 80));
      // A shell that reads its profile exports the key, as D3 says, and doctor asks one for its environment: `env` is started by that shell.
      expect([...new Set(withKey.map((program) => path.basename(program)))].filter((program) => program !== 'env')).toEqual([]);
      for (const line of started) expect(holds(/execve\("[^"]+", \[(.*?)\], \[/.exec(line)?.[1] ?? '')).toBe(false);

      const seen = readFileSync(marks, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(' '));
      expect(seen.length).toBeGreaterThan(5);
      expect(seen.filter(([, mode]) => mode !== '600')).toEqual([]);
      expect([...new Set(seen.map(([, , name]) => (name ?? '').slice(2)))].filter((name) => !allowed.test(name))).toEqual([]);
      // After `remove` nothing holds any of them, temporary folders included.
      const left = [at.home, at.cwd, at.env['TMPDIR'] ?? at.home].flatMap((folder) =>
        filesBelow(folder).filter((name) => holds(readFileSync(path.join(folder, name), 'utf8'))),
      );
      expect(left).toEqual([]);
    },
  );

  /** The simulator's other keys are made from their names. */
  async function keyNamed(name: 'free' | 'bad'): Promise<string> {
    const { makeKeys } = await import('../../src/simulator/accounts.ts');
    return makeKeys()[name];
  }
});
