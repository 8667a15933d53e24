import { execFileSync } from 'node:child_process';
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { throwawayNeeds } from '../../support/throwaway.ts';
import { useBox } from '../../support/use.ts';

const LABEL = 'orcc.proof.environment';
const NAME = 'ANTHROPIC_BASE_URL';

// Programs that are started from the Dock get launchd's environment, not a shell's.
describe.skipIf(throwawayNeeds({ platform: 'darwin' }))('the environment of launchd', () => {
  const box = useBox();
  const launchctl = (...args: string[]): string => execFileSync('/bin/launchctl', args, { encoding: 'utf8' });
  afterEach(async () => {
    launchctl('unsetenv', NAME);
    launchctl('remove', LABEL);
  });

  it('reaches what launchd starts, and doctor names the variable as one that is left over', async () => {
    launchctl('setenv', NAME, 'http://127.0.0.1:9/api');
    const out = path.join(box.home, 'env.txt');
    launchctl('submit', '-l', LABEL, '-o', out, '--', '/usr/bin/env');
    for (let round = 0; round < 50 && !(existsSync(out) && readFileSync(out, 'utf8').includes(NAME)); round += 1) await wait(100);
    const [, value] = new RegExp(`^${NAME}=(.*)$`, 'm').exec(readFileSync(out, 'utf8')) ?? [];
    expect(value).toBe('http://127.0.0.1:9/api');
    const { json } = await box.orcc(['doctor', '--offline', '--json'], { env: { [NAME]: value } });
    expect(json().findings.map(({ code }) => code)).toContain('URL_WITHOUT_TOKEN');
  });
});
