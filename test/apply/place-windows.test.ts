import { describe, expect, it } from 'vitest';
import { resolvePlace } from '../../src/apply/place.ts';
import { memoryFiles } from '../support/memory-files.ts';

describe('on Windows', () => {
  const home = 'C:\\Users\\Ada';

  it('paths have drive letters and backslashes, and missing folders are found from the outside in', () => {
    const fs = memoryFiles({ [`${home}\\.claude\\settings.json`]: '{}' }, 'win32');
    expect(resolvePlace({ fs, platform: 'win32' }, `${home}\\.claude\\settings.json`)).toMatchObject({
      folder: `${home}\\.claude`,
      missing: [],
    });
    expect(resolvePlace({ fs, platform: 'win32' }, `${home}\\Documents\\PowerShell\\profile.ps1`)).toMatchObject({
      real: `${home}\\Documents\\PowerShell\\profile.ps1`,
      missing: [`${home}\\Documents`, `${home}\\Documents\\PowerShell`],
    });
    expect(resolvePlace({ fs, platform: 'win32' }, 'Z:\\a\\profile.ps1')).toMatchObject({ missing: ['Z:\\a'] });
  });
});
