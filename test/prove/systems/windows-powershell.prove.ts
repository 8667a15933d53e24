import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../support/prove.ts';
import { throwawayNeeds } from '../../support/throwaway.ts';
import { initWords, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
const EDITIONS = [
  { edition: 'Windows PowerShell 5.1', program: 'powershell.exe' },
  { edition: 'PowerShell 7', program: 'pwsh.exe' },
];
const FOLDERS = 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders';

// Where a profile is, Windows asks the registry of whoever runs this, not the environment.
describe.skipIf(throwawayNeeds({ platform: 'win32' }))('PowerShell on Windows', () => {
  const box = useBox();
  const ask = (program: string, script: string, more: Record<string, string> = {}): string =>
    execFileSync(program, ['-NoLogo', '-NonInteractive', '-Command', script], {
      encoding: 'utf8',
      env: { ...process.env, ...more },
    }).trim();
  const orcc = (...args: string[]) =>
    box.bin(args, { env: { ...box.env, PATH: process.env['PATH'] ?? '', MY_KEY: simulator.key }, timeout: 120_000 });
  const init = () => orcc(...initWords(['--target', 'powershell'], simulator.baseUrl));

  for (const { edition, program } of EDITIONS.filter((each) => findProgram(each.program) !== undefined)) {
    const profile = ask(program, '$PROFILE.CurrentUserAllHosts');

    it(`${edition}: a new one has what init wrote, and after remove the profile is as it was`, async () => {
      const before = existsSync(profile) ? readFileSync(profile) : undefined;
      const { code, stderr } = await init();
      expect(code, stderr).toBe(0);
      expect(ask(program, '$env:ANTHROPIC_BASE_URL').split(/\r?\n/).at(-1)).toBe(simulator.baseUrl);
      expect((await orcc('remove', '--yes')).code).toBe(0);
      expect(existsSync(profile) ? readFileSync(profile) : undefined).toEqual(before);
    });

    it(`${edition}: Documents moved to a folder with a blank and a letter outside ASCII, as OneDrive does it`, async () => {
      const moved = path.join(box.home, 'OneDrive - Øl', 'Documents');
      mkdirSync(moved, { recursive: true });
      const old = ask(program, `(Get-Item '${FOLDERS}').GetValue('Personal', $null, 'DoNotExpandEnvironmentNames')`);
      ask(program, `Set-ItemProperty '${FOLDERS}' Personal '${moved}'`);
      try {
        expect((await init()).code).toBe(0);
        expect(ask(program, '$PROFILE.CurrentUserAllHosts').startsWith(moved)).toBe(true);
        expect(ask(program, '$env:ANTHROPIC_BASE_URL').split(/\r?\n/).at(-1)).toBe(simulator.baseUrl);
        expect((await orcc('remove', '--yes')).code).toBe(0);
      } finally {
        ask(program, `Set-ItemProperty '${FOLDERS}' Personal '${old}'`);
      }
    });

    it(`${edition}: a policy that lets no profile run is named before anything is written`, async () => {
      const had = existsSync(profile) ? readFileSync(profile) : undefined;
      ask(program, 'Set-ExecutionPolicy -Scope CurrentUser Restricted -Force');
      try {
        const { stdout, stderr } = await init();
        expect(stdout + stderr).toContain('Restricted');
      } finally {
        execFileSync(program, [
          '-NoLogo',
          '-NonInteractive',
          '-ExecutionPolicy',
          'Bypass',
          '-Command',
          'Set-ExecutionPolicy -Scope CurrentUser Undefined -Force',
        ]);
        if (had === undefined) rmSync(profile, { force: true });
        else writeFileSync(profile, had);
      }
    });
  }
});
