import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { openRealm, type Realm, type RealmHome } from './realm.ts';
import { startSimulation, type Simulation } from './simulate.ts';
import { initWords, use } from './use.ts';
import { startWitness, type Witness } from './witness.ts';

// What a proof plays in. Each is called in the `describe` whose tests share it, before its own hooks.

export function useRealm(about?: Parameters<typeof openRealm>[0]): Realm {
  return use(
    'file',
    () => openRealm(about),
    (realm) => realm.close(),
  );
}

export function useSimulation(realm: Realm, faults?: readonly string[]): Simulation {
  return use(
    'file',
    () => startSimulation(realm, faults),
    (simulation) => simulation.stop(),
  );
}

/** A witness before the simulation, whose key it passes on. */
export function useWitness(realm: Realm, simulation: Simulation, manner?: 'strict'): Witness & Pick<Simulation, 'key'> {
  const start = async () => ({ ...(await startWitness(realm, simulation.baseUrl, manner)), key: simulation.key });
  return use('file', start, (witness) => witness.stop());
}

/** A home in which Claude Code asks nothing at its start. */
export function makeKnownHome(realm: Realm): RealmHome {
  const box = realm.makeHome();
  const state = { hasCompletedOnboarding: true, projects: { [box.cwd]: { hasTrustDialogAccepted: true } } };
  writeFileSync(path.join(box.home, '.claude.json'), JSON.stringify(state), { mode: 0o600 });
  return box;
}

/** Runs `orcc init ARGS` against the gateway, by the words of `initWords`, and gives the home. */
export async function setUpIn(
  realm: Realm,
  gateway: Pick<Simulation, 'baseUrl' | 'key'>,
  args: readonly string[],
  box = realm.makeHome(),
): Promise<RealmHome> {
  const env = { ...box.env, MY_KEY: gateway.key };
  const { code, stderr } = await realm.run('orcc', initWords(args, gateway.baseUrl), { env, cwd: box.cwd });
  expect(code, stderr).toBe(0);
  return box;
}
