import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/prove.ts';
import { BRANCHES, HOLDS } from '../support/sh-branches.ts';
import { QUOTED, STATEMENTS } from '../support/sh-samples.ts';

/** Reads in each text as a file, in a shell of its own that finds no program; tells its status and what it left in A and B. */
const READ_IN = `
report() {
  local status=$?
  set +aeu
  printf '%s:%s:' "$number" "$status" >&3
  for name in A B; do
    local -n value=$name
    [[ \${value@a} = *x* ]] && printf 'export ' >&3
    printf '%s;' "$name\${value+=$value}" >&3
    unset -n value
  done
  printf '\\0' >&3
}
PATH=/nowhere
exec 3>&1 >/dev/null 2>&1
number=0
for each; do
  ( trap report EXIT; . /dev/stdin <<<"$each" )
  : $((number += 1))
done`;

interface Answer {
  readonly status: string;
  readonly state: string;
}

function askBash(texts: readonly string[]): readonly (Answer | undefined)[] {
  const told = execFileSync('bash', ['--norc', '--noprofile', '-c', READ_IN, 'bash', ...texts], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  const found = [...told.matchAll(/(\d+):(\d+):([^\0]*)\0/g)];
  const answers = new Map(found.map(([, number = '', status = '', state = '']) => [number, { status, state }]));
  return texts.map((_, index) => answers.get(String(index)));
}

/** The state with `?` where reading has it. */
function veiled(state: string | undefined, read: string): string | undefined {
  const parts = read.split(';');
  return state
    ?.split(';')
    .map((each, index) => (parts[index]?.endsWith('=?') === true ? parts[index] : each))
    .join(';');
}

describe.skipIf(needs({ program: 'bash' }))('bash', () => {
  it('leaves what the samples say, and judges their conditions as they say', () => {
    const samples = [...STATEMENTS, ...BRANCHES, ...QUOTED.map((quoted) => [`${quoted}\nA=1`, 'A=1;B;'] as const)];
    const answers = askBash(samples.map(([text]) => text));
    expect(samples.map(([text, read], index) => [text, veiled(answers[index]?.state, read)])).toEqual(samples);

    const tests = Object.keys(HOLDS).map((test) => (test.startsWith('case ') ? `${test} true ;; *) false ;; esac` : test));
    expect(askBash(tests).map((each) => each?.status === '0')).toEqual(Object.values(HOLDS));
  });
});
