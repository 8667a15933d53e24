import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();

const box = useBox();

it('`orcc test --via claude` gives the client all that orcc writes, as it is in effect', async () => {
  expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
  const written = box.settings().env;
  const claude = `#!/bin/sh
case "$1" in --version) echo '2.1.332 (Claude Code)'; exit ;; esac
case "$*" in *stream-json*) export -p >'${box.at('seen')}' ;; esac
exit 1
`;
  chmodSync(box.write('programs/claude', claude), 0o755);
  await box.orcc(['test', 'opus', '--quick', '--via', 'claude'], {
    env: { PATH: `${box.at('programs')}${path.delimiter}${box.env['PATH'] ?? ''}` },
  });
  const seen = box.read('seen') ?? '';
  const names = Object.keys(written);
  expect(names).toContain('ENABLE_TOOL_SEARCH');
  expect(names.filter((name) => !new RegExp(`^export ${name}=`, 'm').test(seen))).toEqual([]);
  expect(seen).toMatch(/^export ENABLE_TOOL_SEARCH=['"]?false['"]?$/m);
  expect(seen).toMatch(/^export CLAUDE_CODE_ATTRIBUTION_HEADER=['"]?0['"]?$/m);
});
