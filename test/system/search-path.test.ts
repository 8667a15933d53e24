import { describe, expect, it } from 'vitest';
import { childEnv, searchedFolders } from '../../src/system/search-path.ts';

const WINDOWS = { cwd: 'C:\\src\\repo\\packages\\one', home: 'C:\\Users\\me' };
const LINUX = { cwd: '/src/repo/packages/one', home: '/home/me' };

describe('programs are looked for in absolute folders that no repository brings along', () => {
  it('on Windows', () => {
    const trusted = [
      'C:\\Windows\\System32',
      'c:/tools',
      '\\\\server\\share\\bin',
      'C:\\Users\\me\\node_modules\\.bin',
      'C:\\other\\node_modules\\.bin',
    ];
    const others = ['', '.', 'tools', '..\\bin', '\\tools', '/tools', 'C:tools', 'C:'];
    const brought = ['C:\\src\\repo\\node_modules\\.bin', 'c:\\SRC\\repo\\packages\\one\\node_modules\\.bin\\', 'C:/src/node_modules/.bin'];
    const all = [...others, ...trusted, ...brought].join(';');
    expect(searchedFolders({ PATH: all }, 'win32', WINDOWS)).toEqual(trusted);
    expect(searchedFolders({ Path: all }, 'win32', WINDOWS)).toEqual(trusted);
    expect(childEnv({ Path: all, Other: '.' }, 'win32', WINDOWS)).toEqual({
      Path: trusted.join(';'),
      Other: '.',
      NoDefaultCurrentDirectoryInExePath: '1',
    });
    expect(childEnv({ PATH: '.;;tools' }, 'win32', WINDOWS)['PATH']).toBe('C:\\Windows\\System32');
  });

  it('elsewhere', () => {
    const trusted = ['/usr/bin', '/home/me/node_modules/.bin', '/other/node_modules/.bin'];
    const all = ['', '.', 'bin', '../bin', ...trusted, '/src/repo/node_modules/.bin', '/src/repo/packages/one/node_modules/.bin/'].join(
      ':',
    );
    expect(searchedFolders({ PATH: all }, 'linux', LINUX)).toEqual(trusted);
    expect(childEnv({ PATH: all, Path: '.' }, 'linux', LINUX)).toEqual({ PATH: trusted.join(':'), Path: '.' });
    expect(childEnv({ PATH: '.:' }, 'linux', LINUX)).toEqual({ PATH: '/usr/bin:/bin' });
  });
});
