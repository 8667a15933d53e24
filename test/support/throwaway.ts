import { needs, type Need } from './prove.ts';

/**
 * For proofs that change what belongs to the machine (a keychain, a registry, the profile of the one who runs them): only where
 * ORCC_PROVE_THROWAWAY=1 says that the machine is thrown away afterwards, as a CI runner is.
 */
export function throwawayNeeds(more: Need): string | undefined {
  return (
    needs(more) ?? needs({ fact: process.env['ORCC_PROVE_THROWAWAY'] === '1', factName: 'machine to throw away (ORCC_PROVE_THROWAWAY=1)' })
  );
}
