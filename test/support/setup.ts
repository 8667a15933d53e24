import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { forgetSecrets } from '../../src/text/text.ts';
import { sandboxVariables } from './sandbox.ts';

/**
 * Runs before each test file, also where several share a process: whatever the developer has exported or configured is out of reach.
 * `test/guard.test.ts` checks that it is.
 */
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-test-')));
const home = path.join(folder, 'home');
mkdirSync(home);

// A list of what to remove would forget something, so what to keep is listed instead. PROVE_* and ORCC_PROVE_* are how the
// developer tells the long tests where a program is, UPDATE_JSON_CONTRACT that test/contract/ may take up what is new.
const kept =
  /^(PATH|PATHEXT|SYSTEMROOT|COMSPEC|WINDIR|LANG|LC_ALL|TZ|TMPDIR|TEMP|TMP|NODE_ENV|MODE|DEV|PROD|SSR|BASE_URL|TEST|VITEST.*|UPDATE_JSON_CONTRACT|PROVE_.*|ORCC_PROVE_.*|FC_.*)$/i;
for (const name of Object.keys(process.env)) {
  if (!kept.test(name)) delete process.env[name];
}
Object.assign(process.env, sandboxVariables(home));

// A run of orcc is a process: it knows the secrets that it was given, and none of the test before.
beforeEach(forgetSecrets);
// Not at the end of the process: Vitest ends its workers without one.
afterAll(() => rmSync(folder, { recursive: true, force: true }));
