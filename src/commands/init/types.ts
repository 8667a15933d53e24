import type { Layers } from '../../claude/layers.ts';
import type { Machine } from '../../change/machine.ts';
import type { Config } from '../../config/config.ts';
import type { KeyStorage } from '../../config/storage.ts';
import type { PresentKey } from '../../keys/present-key.ts';
import type { DetectedShell } from '../../targets/detect-shell.ts';
import type { StartupAssignment } from '../../targets/startup-outcome.ts';
import type { Offers } from './mapping-step.ts';
import type { Mapping } from '../../claude/aliases.ts';
import type { ModelRemark } from '../../change/check-models.ts';
import type { Kept } from '../../change/settle-extras.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import type { ModelFacts } from '../../openrouter/model-facts.ts';
import type { TargetId } from '../../targets/types.ts';
import type { ChosenKey } from './key-step.ts';
import type { Say } from '../../core/say.ts';
import type { InitIntent } from './intent.ts';

/** Says what it is about, and asks. A question with the same text is asked once: it comes up again each time another answer is changed. */
export type Agree = (about: readonly string[], question: string, initial: boolean) => Promise<boolean>;

/** What every decision of one run is based on. */
export interface Deciding {
  readonly intent: InitIntent;
  readonly ground: Ground;
  readonly agree: Agree;
  readonly say: Say;
}

/** A further settings file that gets the setup. */
export interface SettingsFile {
  readonly path: string;
  /** The user chose it in this run, so it may be created. */
  readonly isNamed: boolean;
  /** It is on a file system without modes, and the user agreed to have the key there. */
  readonly modeless: boolean;
}

/**
 * What the setup is to be, as far as the user or a default says. Each member can be changed on its own from the recap; what
 * follows from them (limits, conflicts, files) is worked out again each time (`decideAnswers`).
 */
export interface Answers {
  readonly chosen: ChosenKey;
  readonly storage: KeyStorage;
  readonly models: Models;
  readonly targets: readonly TargetId[];
  /** The files of the target `settings-file`. */
  readonly settingsFiles: readonly string[];
  readonly limits: Config['limits']['how'];
  readonly autoMode: Config['autoMode'];
}

/** A mapping with what was looked up about it. */
export interface Models {
  readonly mapping: Mapping;
  /** The extras: routing, fallbacks, pins, effort. */
  readonly beside: Kept;
  readonly catalog: Catalog;
  readonly facts: readonly ModelFacts[];
  /** Warnings about single models. */
  readonly remarks: readonly ModelRemark[];
  /** Says which figures are guesses; undefined if none are. */
  readonly guesses: string | undefined;
  /** Warnings about the extras. */
  readonly besideRemarks: readonly string[];
}

/** What was found on this machine before anything is asked. */
export interface Ground {
  readonly machine: Machine;
  /** Further settings files that flags name. */
  readonly named: readonly string[];
  readonly shell: DetectedShell;
  /** The configuration, whose values are the defaults; undefined at a first setup. */
  readonly config: Config | undefined;
  /** The present key. */
  readonly present: PresentKey;
  /** The mappings to choose from, and to which flags are applied. */
  readonly offers: Offers;
  readonly layers: Layers;
  readonly startup: readonly StartupAssignment[];
  readonly baseUrl: string;
  /** The same base URL if the user named it in this run. */
  readonly typedUrl: string | undefined;
  /** The key storage that flags or the configuration name, else `file`. */
  readonly storage: KeyStorage;
}
