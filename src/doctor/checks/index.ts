import type { Finding } from '../../core/finding.ts';
import type { Check, FixRequest, Result } from '../check.ts';
import type { Observed } from '../observed.ts';
import { claudeReplaced, editorVariables, envLeftOver, folderVariables, tmuxStale } from './around.ts';
import { autoModeBlocked, claudeMissing, claudeTooOld, defaultNeverCompacts, sessionsRunning, statuslineDead } from './client.ts';
import {
  apiKeyPresent,
  apiKeyUnguarded,
  authConflict,
  authConflictLogin,
  baseUrlWrong,
  keyMissing,
  urlWithoutToken,
} from './credentials.ts';
import { credentialAdded } from './credential-added.ts';
import { fallbackUnfit, routingHidden } from './extras.ts';
import { keyExposed } from './exposed.ts';
import {
  blockDamaged,
  executionPolicy,
  gitUnknown,
  legacyBlock,
  modeTooOpen,
  sessionLeft,
  settingsFileDiffers,
  settingsInvalid,
  settingsNotIgnored,
} from './files.ts';
import { localAlone, modelWithoutUrl, onboardingGate, projectMappingAlone, projectUntrusted } from './folder.ts';
import { envNotExpanded, envNotLoaded, foreignExport, settingsOverride, setupOutdated } from './layers.ts';
import { imagesUnguarded, modelNameHides, modelUnknown, modelUnsuited, presetStale } from './catalog.ts';
import { proxyOnLoopback, requestChanged } from './watched.ts';
import { aliasUnmapped, contextMismatch, maxOutputTooBig, modelExpiring } from './models.ts';

/** All checks that need no call, in the order in which they are reported: first what hides the rest. */
export const CHECKS: readonly Check[] = [
  settingsInvalid,
  blockDamaged,
  legacyBlock,
  urlWithoutToken,
  modelWithoutUrl,
  apiKeyPresent,
  apiKeyUnguarded,
  credentialAdded,
  keyMissing,
  baseUrlWrong,
  envNotExpanded,
  settingsOverride,
  routingHidden,
  requestChanged,
  proxyOnLoopback,
  setupOutdated,
  settingsFileDiffers,
  foreignExport,
  envNotLoaded,
  envLeftOver,
  tmuxStale,
  folderVariables,
  claudeReplaced,
  editorVariables,
  executionPolicy,
  authConflict,
  aliasUnmapped,
  contextMismatch,
  maxOutputTooBig,
  modelUnknown,
  modelNameHides,
  modelUnsuited,
  modelExpiring,
  presetStale,
  imagesUnguarded,
  fallbackUnfit,
  modeTooOpen,
  sessionLeft,
  settingsNotIgnored,
  gitUnknown,
  keyExposed,
  onboardingGate,
  projectUntrusted,
  localAlone,
  projectMappingAlone,
  claudeMissing,
  claudeTooOld,
  defaultNeverCompacts,
  autoModeBlocked,
  authConflictLogin,
  statuslineDead,
  sessionsRunning,
];

export interface Checked {
  readonly code: string;
  /** What it says when all is well; absent if there is nothing to check here. */
  readonly fine?: string;
  readonly findings: readonly Finding[];
  readonly fixes: readonly FixRequest[];
}

/** Runs every check over the same facts, in their order. Pure. */
export function runChecks(observed: Observed, checks: readonly Check[] = CHECKS): readonly Checked[] {
  return checks.map((check) => {
    const results = check.run(observed);
    return {
      code: check.code,
      ...(check.applies?.(observed) === false ? {} : { fine: check.fine }),
      findings: results.map((result) => withHonestFix(result, observed)),
      fixes: results.flatMap(({ finding, fixes = [] }) => fixes.map((fix): FixRequest => ({ code: finding.code, ...fix }))),
    };
  });
}

/** A row of the table names `doctor --fix` if that helps in general: says something else if there is nothing it could fix here. */
function withHonestFix({ finding, fixes = [], byHand }: Result, { configured }: Observed): Finding {
  if (fixes.length > 0 || !finding.fix.includes('doctor --fix')) return finding;
  if (byHand !== undefined) return { ...finding, fix: byHand };
  return { ...finding, fix: configured === undefined ? 'run `orcc init` again, or fix it by hand' : 'fix it by hand' };
}
