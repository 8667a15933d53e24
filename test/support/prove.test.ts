import { describe, expect, it } from 'vitest';
import { needs } from './prove.ts';

// What is found missing here is noted for the report of a run: the notes of this file are meant to be seen by nobody.
delete process.env['PROVE_NOTES_FILE'];

describe('what a long test needs', () => {
  it('is nothing where everything is there', () => {
    expect(needs({ program: 'node', file: process.execPath, platform: process.platform, fact: true })).toBeUndefined();
  });

  it('is named where it is missing', () => {
    expect(needs({ program: 'no-such-program' })).toContain('no-such-program');
    expect(needs({ file: '/no/such/file' })).toContain('/no/such/file');
    expect(needs({ file: undefined, fileName: 'SOME_VARIABLE' })).toContain('SOME_VARIABLE');
    expect(needs({ fact: false, factName: 'network namespaces' })).toContain('network namespaces');
    expect(needs({ platform: process.platform === 'win32' ? 'linux' : 'win32' })).toContain(process.platform);
  });
});
