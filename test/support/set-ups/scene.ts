import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FindingCode } from '../../../src/diagnose/table.ts';
import { QUIET, type Realm, type RealmHome } from '../realm.ts';
import type { RunResult, TestEnv } from '../sandbox.ts';
import type { Simulation } from '../simulate.ts';
import { startWitness, type Witness } from '../witness.ts';

/** Where one set-up is made: a home in use, and a server that sees what comes from it. */
export interface Scene extends RealmHome {
  /** Base URL and key of this set-up. */
  readonly url: string;
  readonly key: string;
  readonly witness: Witness;
  /** Writes a file below the home, or of the work folder where it begins with `./`. */
  write(name: string, content: string | object, mode?: number): void;
  /** Changes the text of one. Fails where that changes nothing. */
  edit(name: string, change: (text: string) => string): void;
  /** The same for a JSON file. */
  editJson(name: string, change: (value: SettingsJson) => void): void;
  /** Runs a command in a new terminal, in the work folder or below it. */
  type(command: string, more?: Where & { readonly input?: string }): Promise<RunResult>;
}

/** How a terminal is started: with these variables, below the work folder, before the start-up file was written. */
export interface Where {
  readonly env?: TestEnv;
  readonly from?: string;
  readonly isOld?: boolean;
}

/** A finding as `orcc doctor --json` prints it. */
export interface Found {
  readonly code: string;
  readonly severity: string;
  readonly cause: string;
  readonly evidence: readonly string[];
  readonly fix: string;
}

export interface SettingsJson extends Record<string, unknown> {
  env?: Record<string, unknown>;
}

/** What one request of the client shows, and what it says. A set-up names what matters there. */
export interface Seen {
  /** The model it asks for, or `nobody` where it sends nothing at all. */
  readonly asks?: string;
  /** The model of the second request. */
  readonly then?: string;
  /** Whose bearer token goes out. */
  readonly bearer?: 'KEY' | 'LOGIN' | 'none' | 'other';
  readonly apiKey?: 'KEY' | 'ANTHROPIC' | 'none' | 'other';
  /** Of the request, without its query. */
  readonly path?: string;
  readonly maxTokens?: number;
  /** Somewhere in what it prints. */
  readonly says?: RegExp;
}

export const LOGIN = 'sk-ant-oat01-a-saved-login-of-claude-ai-000000000000000000000000000';
export const ANTHROPIC_KEY = 'sk-ant-api03-a-real-key-of-anthropic-00000000000000000000000000000000';

/** Saves a claude.ai login, as `/login` does. */
export function logIn({ write }: Pick<Scene, 'write'>): void {
  const claudeAiOauth = {
    accessToken: LOGIN,
    refreshToken: 'sk-ant-ort01-000',
    expiresAt: Date.now() + 86_400_000,
    scopes: ['user:inference', 'user:profile'],
    subscriptionType: 'max',
  };
  write('.claude/.credentials.json', { claudeAiOauth });
}

/** One broken set-up: what the client does there, what doctor says of it, and how that is fixed. */
export interface SetUp {
  readonly name: string;
  readonly code: FindingCode;
  /** Flags of the `orcc init` that goes before; absent where orcc was never run. */
  readonly init?: readonly string[];
  readonly breaks: (scene: Scene) => void | Promise<void>;
  /** Until it is fixed the terminal is an old one, which has not read the start-up file. */
  readonly isOld?: true;
  /** What the terminal was started with. */
  readonly env?: TestEnv | ((scene: Scene) => TestEnv);
  /** An older client that it takes. */
  readonly needsOlder?: string;
  /** The fix is another terminal, without all that. */
  readonly isLeft?: true;
  /** The folder it is asked in, below the work folder. */
  readonly from?: string;
  /** The command that shows it; `claude -p hi` unless given. */
  readonly ask?: string;
  readonly wrong: Seen;
  /** In the finding's evidence: file and line where there are. */
  readonly evidence: RegExp | ((scene: Scene) => string);
  /** Part of the finding's fix, where that is no `doctor --fix CODE`, and how it is carried out. */
  readonly byHand?: { readonly fix: string; readonly act: (scene: Scene) => void | Promise<void | RunResult> };
  /** `--fix` alone, for all that there is, in place of `--fix CODE`. */
  readonly fixAll?: true;
  readonly right: Seen;
  /** Errors that only `orcc init` would fix, in a set-up by hand. */
  readonly leaves?: readonly FindingCode[];
}

/** Makes the home and the server of one set-up. */
export async function openScene(realm: Realm, simulation: Simulation): Promise<Scene> {
  const box = realm.makeHome();
  const witness = await startWitness(realm, simulation.baseUrl);
  const env = { ...box.env, ...QUIET };
  const place = (name: string): string => (name.startsWith('./') ? path.join(box.cwd, name) : path.join(box.home, name));
  const write: Scene['write'] = (name, content, mode = 0o600) => {
    mkdirSync(path.dirname(place(name)), { recursive: true });
    writeFileSync(place(name), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`, { mode });
  };
  const edit: Scene['edit'] = (name, change) => {
    const before = readFileSync(place(name), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing to change in ${name}:\n${before}`);
    writeFileSync(place(name), after);
  };
  write('.bashrc', 'case $- in *i*) ;; *) return;; esac\nalias ll="ls -l"\n', 0o644);
  write('.claude.json', { hasCompletedOnboarding: true, projects: { [box.cwd]: { hasTrustDialogAccepted: true } } });
  return {
    ...box,
    env,
    url: witness.baseUrl,
    key: simulation.key,
    witness,
    write,
    edit,
    editJson(name, change) {
      edit(name, (text) => {
        const value = JSON.parse(text) as SettingsJson;
        change(value);
        return `${JSON.stringify(value, null, 2)}\n`;
      });
    },
    async type(command, { env: more = {}, from = '.', input = '', isOld = false } = {}) {
      const cwd = path.join(box.cwd, from);
      mkdirSync(cwd, { recursive: true });
      const [shell, flags] = isOld ? ['sh', '-c'] : ['bash', '-ic'];
      return await realm.run(shell, [flags, command], { env: { ...env, ...more }, cwd, input });
    },
  };
}

/** What the client does in the set-up: the first request it sends, and all that it prints. */
export async function see(
  scene: Scene,
  setUp: Where & Pick<SetUp, 'ask'>,
): Promise<Required<Omit<Seen, 'says'>> & { readonly said: string }> {
  scene.witness.takeAsked();
  const { stdout, stderr } = await scene.type(setUp.ask ?? 'claude -p hi', setUp);
  const [first, second] = scene.witness.takeAsked().filter(({ path: asked }) => !asked.includes('count_tokens'));
  const whose = (value: string | undefined): 'KEY' | 'LOGIN' | 'ANTHROPIC' | 'none' | 'other' => {
    const token = (value ?? '').replace(/^Bearer\s*/, '');
    if (token === '') return 'none';
    return token === scene.key ? 'KEY' : token === LOGIN ? 'LOGIN' : token === ANTHROPIC_KEY ? 'ANTHROPIC' : 'other';
  };
  const [bearer, apiKey] = [whose(first?.authorization), whose(first?.apiKey)];
  return {
    asks: first?.model ?? 'nobody',
    then: second?.model ?? 'nobody',
    bearer: bearer === 'ANTHROPIC' ? 'other' : bearer,
    apiKey: apiKey === 'LOGIN' ? 'other' : apiKey,
    path: (first?.path ?? '').replace(/\?.*/, ''),
    maxTokens: first?.maxTokens ?? 0,
    said: stdout + stderr,
  };
}

/** `orcc init` of the built program with the guide's models, as the base of a set-up. */
export async function initScene(scene: Scene, flags: string): Promise<void> {
  const command = `orcc init --yes --key-stdin --preset guide --base-url ${scene.url} --no-test ${flags}`;
  const { code, stdout, stderr } = await scene.type(command, { input: scene.key });
  if (code !== 0) throw new Error(stdout + stderr);
}

/** What the built doctor finds from a terminal. */
export async function doctor(scene: Scene, where: Where = {}): Promise<readonly Found[]> {
  const { stdout, stderr } = await scene.type('orcc doctor --json', where);
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  return (JSON.parse(stdout) as { findings: readonly Found[] }).findings;
}
