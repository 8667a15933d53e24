import { describe, expect, it } from 'vitest';
import { homeOf } from '../../src/system/home.ts';

describe('the home folder', () => {
  it.each([
    ['/home/ann', '/home/ann'],
    ['/home/ann/', '/home/ann'],
    ['/home/ann//', '/home/ann'],
    ['/home/bob/../ann/.', '/home/ann'],
    ['//home/ann', '/home/ann'],
    ['/', '/'],
    ['.', process.cwd()],
    ['x', `${process.cwd()}/x`],
  ])('that HOME spells %j is %j, so that records find it from every folder', (named, home) => {
    expect(homeOf({ HOME: named }, 'linux')).toBe(home);
  });

  it('is spelled one way on Windows, too', () => {
    expect(homeOf({ USERPROFILE: 'C:\\Users\\ann\\' }, 'win32')).toBe('C:\\Users\\ann');
  });
});
