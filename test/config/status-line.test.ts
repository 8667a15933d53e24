import { describe, expect, it } from 'vitest';
import { missingProgram, writeCommand } from '../../src/config/status-line.ts';
import type { OwnProgram } from '../../src/core/context.ts';
import { createFileSystem } from '../../src/system/files.ts';

const write = (program: OwnProgram, platform: NodeJS.Platform = 'linux'): string =>
  writeCommand({ program: () => program, platform }, { after: undefined, format: undefined });
/** What a doctor finds gone where these files are there. */
const missing = (command: string, ...there: readonly string[]): string | undefined =>
  missingProgram({ fs: { ...createFileSystem(), access: (file) => there.includes(file) } }, command);

describe('the command of the status line', () => {
  it.each<[string, OwnProgram, NodeJS.Platform, string]>([
    ['Node and a script', { node: '/n/node', entry: '/o/bin/orcc.js' }, 'linux', '/n/node /o/bin/orcc.js statusline'],
    ['one file with Node inside', { entry: '/o/orcc' }, 'linux', '/o/orcc statusline'],
    ['one file below a folder with a blank', { entry: '/my programs/orcc' }, 'darwin', "'/my programs/orcc' statusline"],
    ['one file on Windows', { entry: 'C:\\Tools\\orcc.exe' }, 'win32', '"C:\\Tools\\orcc.exe" statusline'],
  ])('starts %s, and its death is noticed', (_, program, platform, command) => {
    expect(write(program, platform)).toBe(command);
    const files = [program.node, program.entry].filter((file) => file !== undefined);
    expect(missing(command, ...files)).toBeUndefined();
    for (const gone of files) expect(missing(command, ...files.filter((file) => file !== gone))).toBe(gone);
  });

  it.each(['mine.sh', 'statusline', '/x/orcc', '/a /b /c/orcc statusline', '/n/node /o/other.js statusline'])(
    'is not taken for orcc’s where it is %s',
    (command) => {
      expect(missing(command)).toBeUndefined();
    },
  );

  it.each(['/home/u/.npm/_npx/1/node_modules/orcc/bin/orcc.js', '/tmp/dlx-1/orcc/bin/orcc.js'])('is refused out of %s', (entry) => {
    expect(() => write({ node: '/n/node', entry })).toThrow(/cache/);
  });
});
