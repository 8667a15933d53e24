import { AUTH_TOKEN, BASE_URL, OUR_VARIABLES } from '../../claude/variables.ts';
import { findingOf } from '../../diagnose/build.ts';
import { isFolderLayer, placements } from '../../claude/layers.ts';
import { isModelId } from '../../openrouter/model-id.ts';
import { type Check, type Result, describePlace, hasBaseUrl, isForeign, once, placeArgs } from '../check.ts';
import { modelsOf } from './models.ts';

/** A project's mapping that would send teammates' requests with these ids to Anthropic. */
export const projectMappingAlone: Check = {
  code: 'PROJECT_MAPPING_ALONE',
  fine: 'no project settings map models without a base URL and token on this machine',
  run: ({ layers }) => {
    const project = layers.settings.find(({ layer }) => layer === 'project');
    if (project === undefined) return [];
    const models = OUR_VARIABLES.filter((name) => /_MODEL$/.test(name) && (project.env.get(name)?.value ?? '').includes('/'));
    const url = project.env.get(BASE_URL)?.value ?? '';
    const token = project.env.get(AUTH_TOKEN)?.value ?? '';
    const elsewhere = [...placements(layers, BASE_URL, 'startup'), ...placements(layers, BASE_URL, 'process')].some(
      ({ layer, value }) => layer !== 'project' && value !== '',
    );
    const alone = models.length > 0 && url === '' && !elsewhere;
    const leaking = url !== '' && token === '' && (project.members.apiKeyHelper?.value ?? '') === '';
    if (!alone && !leaking) return [];
    const evidence = [
      ...(models.length > 0 ? [`${project.path} sets ${models.join(', ')}`] : []),
      ...(leaking ? [`it sets ${BASE_URL}, and neither ${AUTH_TOKEN} nor apiKeyHelper`] : [`no layer of this machine sets ${BASE_URL}`]),
    ];
    const args = { file: project.path, ...(leaking ? { baseUrl: url } : {}) };
    return [{ finding: findingOf('PROJECT_MAPPING_ALONE', args, evidence, project.path) }];
  },
};

/** Models that only OpenRouter has but that Anthropic is asked for: saved by `/model ID`, or left by a setup that is gone. */
export const modelWithoutUrl: Check = {
  code: 'MODEL_WITHOUT_URL',
  fine: 'no model that only OpenRouter has is requested from Anthropic',
  // If orcc is in use, other checks say what became of the base URL.
  applies: ({ configured }) => configured === undefined,
  run: ({ views, native, wayBack }) =>
    once(
      views.flatMap((view) => {
        const { baseUrl, otherProvider, default: start } = view.mapping;
        if (otherProvider !== undefined || (baseUrl !== undefined && isForeign(baseUrl.value))) return [];
        const asked = [...(start.source === undefined ? [] : [{ model: start.model, source: start.source }]), ...modelsOf(view)];
        return asked.flatMap(({ model, source }): Result[] => {
          if (!isModelId(model) || source.layer === 'project') return [];
          const args = { model, command: native === true ? wayBack : 'orcc init', ...placeArgs(source) };
          const evidence = [`${describePlace(source)} sets it (${view.name})`];
          const severity = model === start.model ? 'error' : 'warning';
          return [{ finding: { ...findingOf('MODEL_WITHOUT_URL', args, evidence, model), severity } }];
        });
      }),
    ),
};

/** A base URL that only this folder's local settings set. */
export const localAlone: Check = {
  code: 'LOCAL_ALONE',
  fine: 'the base URL does not depend only on this folder',
  applies: hasBaseUrl,
  run: ({ views }) => {
    if (views.some(({ mapping }) => mapping.baseUrl?.layer !== 'local' || mapping.baseUrl.beats.some(({ value }) => value !== '')))
      return [];
    const source = views[0]?.mapping.baseUrl;
    if (source?.file === undefined) return [];
    const evidence = [`${describePlace(source)} alone sets ${BASE_URL}`];
    return [{ finding: findingOf('LOCAL_ALONE', { file: source.file }, evidence, source.file) }];
  },
};

/** Settings of a folder that Claude Code does not trust yet. */
export const projectUntrusted: Check = {
  code: 'PROJECT_UNTRUSTED',
  fine: 'this folder is trusted, or has no settings',
  run: ({ views, state, layers, claude }) => {
    const here = layers.settings.filter(({ layer, env }) => isFolderLayer(layer) && OUR_VARIABLES.some((name) => env.has(name)));
    const first = here[0];
    const counts = views.some(({ mapping }) =>
      [mapping.baseUrl, ...mapping.aliases.map(({ source }) => source)].some(
        (source) => source !== undefined && isFolderLayer(source.layer),
      ),
    );
    if (first === undefined || state.trusted || !counts || !claude.installed) return [];
    const evidence = `${state.path} does not list this folder as trusted; \`claude -p\` reads its settings anyway`;
    return [{ finding: findingOf('PROJECT_UNTRUSTED', { file: first.path }, [evidence], first.path) }];
  },
};

/** A first start that would look for Anthropic before it reads this folder's settings. */
export const onboardingGate: Check = {
  code: 'ONBOARDING_GATE',
  fine: "Claude Code's first start is done, or will find the base URL",
  applies: hasBaseUrl,
  run: ({ views, state, claude }) => {
    const found = views.flatMap(({ mapping }) => mapping.baseUrl ?? []);
    // A value that the folder's overrides is found too.
    const folderOnly =
      found.length > 0 &&
      found.every((each) => isFolderLayer(each.layer) && each.beats.every((beaten) => isFolderLayer(beaten.layer) || beaten.value === ''));
    if (state.onboarded || !folderOnly || !claude.installed) return [];
    const evidence = state.state === 'missing' ? `${state.path} does not exist yet` : `${state.path} has no hasCompletedOnboarding`;
    return [{ finding: findingOf('ONBOARDING_GATE', {}, [evidence]) }];
  },
};
