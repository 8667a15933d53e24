import * as fs from 'node:fs';
import path from 'node:path';
import { createBox } from '../support/box.ts';
import { ORCC_BIN, runProgram, type RunResult, type TestEnv } from '../support/sandbox.ts';

/** What the contract needs of a running simulator. */
export interface Gateway {
  readonly baseUrl: string;
  readonly keys: Readonly<Record<'good' | 'bad' | 'free' | 'own-keys', string>>;
  setFaults(faults: readonly Fault[]): void;
  close(): Promise<void>;
}

/** `code` meets every request whose path holds `path`; `*` for all. */
export interface Fault {
  readonly code: string;
  readonly path?: string;
}

/** A home, a folder to work in, a PATH with few programs, and a gateway, for scenarios that build on each other. */
export interface World {
  readonly gateway: Gateway;
  /** Absolute path below the home. */
  at(name: string): string;
  /** Absolute path below the folder that orcc is run in; of that itself without a name. */
  here(name?: string): string;
  /** Puts a program on the PATH. */
  addProgram(name: string, script: string): void;
  /** Runs `orcc WORDS`; in WORDS, URL stands for the gateway's address and DEAD_URL for one where nobody listens. */
  orcc(words: string, env?: TestEnv): Promise<Pick<RunResult, 'code' | 'stdout'>>;
  /** The same with the built program. */
  bin(words: string, env?: TestEnv): Promise<RunResult>;
  dispose(): Promise<void>;
}

/** The loopback address has nobody behind its first port. */
const DEAD_URL = 'http://127.0.0.1:1/api';
/** Beside those of a box. */
const PROGRAMS = ['env', 'nohup'];

/** A fresh world. The keys of the gateway stand in GOOD_KEY, OTHER_KEY, BAD_KEY and, for an account with keys of providers, OWN_KEYS. */
export function createWorld(gateway: Gateway): World {
  const box = createBox();
  const programs = box.env['PATH'] ?? '';
  for (const name of PROGRAMS) {
    const real = findProgram(name);
    if (real !== undefined) fs.symlinkSync(real, path.join(programs, name));
  }
  const env: TestEnv = {
    ...box.env,
    DISPLAY: ':0',
    // Whatever would leave this machine ends here.
    HTTPS_PROXY: DEAD_URL,
    GOOD_KEY: gateway.keys.good,
    OTHER_KEY: gateway.keys.free,
    BAD_KEY: gateway.keys.bad,
    OWN_KEYS: gateway.keys['own-keys'],
  };
  const fill = (words: string): string => words.replace(/\bDEAD_URL\b/, DEAD_URL).replace(/\bURL\b/, gateway.baseUrl);
  return {
    gateway,
    at: box.at,
    here: (name = '') => path.join(box.cwd, name),
    addProgram: (name, script) => fs.writeFileSync(path.join(programs, name), script, { mode: 0o755 }),
    orcc: (words, more = {}) => box.orcc(fill(words).split(' '), { env: { ...env, ...more } }),
    bin: (words, more = {}) => runInShell(fill(words), { ...env, ...more }, box.cwd),
    dispose: async () => {
      await box.dispose();
      await gateway.close();
    },
  };
}

/**
 * An interactive bash stands in front of orcc, which looks for the shell that it was started from: on a developer's machine that
 * would be any.
 */
function runInShell(words: string, env: TestEnv, cwd: string): Promise<RunResult> {
  const line = [process.execPath, ORCC_BIN, ...words.split(' ')].map((word) => `'${word}'`).join(' ');
  return runProgram('bash', ['--norc', '-s'], { env, cwd, input: `${line} </dev/null\n`, timeout: 60_000 });
}

function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file));
}

/** A Claude Code that answers as the real one does where orcc asks it, reads user settings alone, and ends a session with 7. */
export const CLAUDE = `#!/bin/sh
setting() {
  while read -r line; do
    case "$line" in '"'"$1"'": '*) line="\${line#*: \\"}"; echo "\${line%%\\"*}" ;; esac
  done < "$HOME/.claude/settings.json"
}
case "$*" in
  --version) echo '2.1.330 (Claude Code)' ;;
  '-p /model --model'*) echo "Current model: \\\`$ANTHROPIC_DEFAULT_HAIKU_MODEL\\\`" ;;
  '-p /model'*) echo "Current model: \\\`$(setting ANTHROPIC_DEFAULT_SONNET_MODEL)\\\`" ;;
  'auth status --text') echo "Anthropic base URL: $(setting ANTHROPIC_BASE_URL)" ;;
  'auth status') echo '{"loggedIn": true, "authMethod": "oauth_token"}' ;;
  '-p --output-format stream-json'*)
    read -r prompt
    file="\${prompt#*file_path\\":\\"}"
    read -r word < "\${file%%\\"*}"
    echo '{"type":"assistant","message":{"model":"'"$ANTHROPIC_DEFAULT_HAIKU_MODEL"'","content":[{"type":"tool_use","name":"Read"}]}}'
    echo '{"type":"result","is_error":false,"result":"'"$word"'"}' ;;
  --settings*) exit 7 ;;
esac
`;

/** A browser in which somebody logs in at once; it is given a file that leads there. */
export const BROWSER = `#!${process.execPath}
const page = require('node:fs').readFileSync(process.argv[2], 'utf8');
fetch(/url=([^"]*)"/.exec(page)[1].replaceAll('&#38;', '&'));
`;
