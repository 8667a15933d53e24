import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/targets/index.ts';
import { shellContext, type Answer, type Call } from '../support/shell-context.ts';

const HOME = 'C:\\Users\\Zoë';
const DOCUMENTS = `${HOME}\\OneDrive - Øxxx\\Documents`;

/** A PowerShell that answers the question as the real one does. */
function powershell(more: Record<string, unknown> = {}, noise = ''): (call: Call) => Answer {
  return ({ options }) => {
    const [, first = '', last = ''] = /\('(\S+)<' \+ .* \+ '>(\S+)'\)/.exec(options.input ?? '') ?? [];
    const answer = {
      path: `${DOCUMENTS}\\PowerShell\\profile.ps1`,
      version: '7.4.6',
      edition: 'Core',
      policies: ['MachinePolicy=Undefined', 'CurrentUser=RemoteSigned'],
      effective: 'RemoteSigned',
      languageMode: 'FullLanguage',
      ...more,
    };
    return { stdout: `${noise}${first}<${Buffer.from(JSON.stringify(answer)).toString('base64')}>${last}\r\n` };
  };
}

const old = (more: Record<string, unknown> = {}) =>
  powershell({ path: `${DOCUMENTS}\\WindowsPowerShell\\profile.ps1`, version: '5.1.26100.1', edition: 'Desktop', ...more });
const locate = (programs: Parameters<typeof shellContext>[0] & object) => shellContext({ platform: 'win32', home: HOME, ...programs });

describe('PowerShell on Windows', () => {
  it('is asked by script on stdin, with nothing secret or non-ASCII in it, in one line, and every edition’s profile is taken', async () => {
    const ctx = locate({
      programs: { powershell: old(), pwsh: powershell({}, 'Loading personal modules\r\n') },
      env: { PATH: 'C:\\bin', PSModulePath: 'x', PsExecutionPolicyPreference: 'Bypass' },
    });
    const located = await targetOf('powershell').locate(ctx);
    expect(located.files).toMatchObject([
      { path: `${DOCUMENTS}\\WindowsPowerShell\\profile.ps1` },
      { path: `${DOCUMENTS}\\PowerShell\\profile.ps1` },
    ]);
    expect(located).not.toHaveProperty('refusal');
    for (const { args, options } of ctx.calls) {
      expect(args).toEqual(['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '-']);
      expect(options.input).toMatch(/^[ -~]+\n$/);
      expect(options.env).toEqual({ PATH: 'C:\\bin' });
      expect(options.timeoutMs).toBe(15_000);
    }
  });

  it.each(['Restricted', 'AllSigned'])('that runs no profile (%s) is refused with the reason and another target', async (policy) => {
    const ctx = locate({ programs: { powershell: old({ policies: [`CurrentUser=${policy}`], effective: policy }) } });
    const located = await targetOf('powershell').locate(ctx);
    expect(located.files).toEqual([]);
    expect(located.refusal).toMatchObject({ reason: expect.stringContaining(policy), hint: expect.stringContaining('--target user') });
  });

  it('is restricted by default in 5.1 where it can’t say more, and not in 7', async () => {
    const silent = { policies: ['MachinePolicy=', 'LocalMachine=Undefined'], effective: '' };
    const located = await targetOf('powershell').locate(locate({ programs: { powershell: old(silent), pwsh: powershell(silent) } }));
    expect(located.files.map((file) => file.path)).toEqual([`${DOCUMENTS}\\PowerShell\\profile.ps1`]);
    expect(located.notes).toEqual([expect.stringContaining('5.1')]);
  });

  it('has one file for two editions that share it', async () => {
    const located = await targetOf('powershell').locate(locate({ programs: { pwsh: powershell(), 'pwsh-preview': powershell() } }));
    expect(located.files).toHaveLength(1);
  });

  it.each([
    [
      'what the registry says',
      { reg: () => ({ stdout: '\r\nHKEY\r\n    Personal    REG_EXPAND_SZ    %USERPROFILE%\\Dokumente\r\n\r\n' }) },
      { [`${HOME}\\Dokumente\\x`]: '' },
      `${HOME}\\Dokumente`,
    ],
    ['OneDrive’s folder', {}, { [`${HOME}\\OneDrive\\Documents\\x`]: '' }, `${HOME}\\OneDrive\\Documents`],
    ['Documents below the home folder', { reg: () => ({ code: 1 }) }, {}, `${HOME}\\Documents`],
  ])('that does not answer has its profile guessed from %s, and it is called a guess', async (_, programs, files, folder) => {
    const ctx = locate({
      programs: { powershell: () => ({ code: null, timedOut: true }), ...programs },
      files,
      env: { UserProfile: HOME, OneDrive: `${HOME}\\OneDrive` },
    });
    const located = await targetOf('powershell').locate(ctx);
    expect(located.files).toMatchObject([{ path: `${folder}\\WindowsPowerShell\\profile.ps1` }]);
    expect(located.notes[0]).toContain('assuming');
  });

  it('is found in the system folder where PATH has none, and refused where there is none at all', async () => {
    const ctx = locate({
      programs: { powershell: old() },
      files: { 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe': '' },
      env: {},
    });
    const hidden = { ...ctx, exec: { ...ctx.exec, find: () => undefined } };
    expect((await targetOf('powershell').locate(hidden)).files).toHaveLength(1);
    expect((await targetOf('powershell').locate(locate({}))).refusal).toBeDefined();
  });
});
