import type { Check } from '../check.ts';
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

/** Everything doctor knows without a call, in the order in which it is told: first what hides the rest. */
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
