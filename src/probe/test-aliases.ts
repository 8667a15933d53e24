import { USUAL_OUTPUT } from '../claude/compaction.ts';
import { resolveAliases, type Mapping, isAnthropicModel, mappedModels } from '../claude/aliases.ts';
import { MAX_OUTPUT } from '../claude/variables.ts';
import { ownFiles } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import type { Extras } from '../config/extras.ts';
import { effortByModel } from '../config/extras-table.ts';
import { runTest } from './test.ts';
import type { KeyedEndpoint } from '../openrouter/endpoint.ts';
import { readCachedCatalog } from '../openrouter/catalog.ts';
import type { ExitName } from '../core/errors.ts';
import type { Outcome } from '../core/outcome.ts';

interface TestRequest {
  readonly endpoint: KeyedEndpoint;
  readonly mapping: Mapping;
  /** Limits that go with the mapping: the test asks for as many output tokens as Claude Code will. */
  readonly limits: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  /** The extras that were written; the test's requests carry the routing rules and the efforts. */
  readonly extras: Pick<Extras, 'routing' | 'effort'>;
  /** Aliases to test; empty: all. */
  readonly aliases: readonly string[];
  readonly quick: boolean;
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

/**
 * The exit of a command that has written its files and then tested: whatever failed in the test, even the key, is
 * a problem found (design D14); only being stopped keeps its own exit.
 */
export function exitAfterTest(tested: Pick<Outcome, 'exit'>): ExitName {
  return tested.exit === 'ok' || tested.exit === 'cancelled' || tested.exit === 'terminated' ? tested.exit : 'problems';
}

/** Runs the live test of a mapping with which `init` and `switch --test` end. */
export async function testAliases(ctx: Context, request: TestRequest): Promise<Outcome> {
  const all = resolveAliases(request.mapping.models);
  const aliases = request.aliases.length === 0 ? all : all.filter(({ alias }) => request.aliases.includes(alias));
  const limit = Number(request.limits.find(({ name }) => name === MAX_OUTPUT)?.value ?? USUAL_OUTPUT);
  const { routing, effort } = request.extras;
  const levels = effortByModel(request.extras, request.mapping);
  const catalog = readCachedCatalog(ctx, { folder: ownFiles(ctx).folder, endpoint: { baseUrl: request.endpoint.baseUrl } });
  return runTest(ctx, {
    endpoint: request.endpoint,
    aliases,
    toolSearch: mappedModels(request.mapping).every(({ model }) => isAnthropicModel(model)),
    maxTokens: Number.isSafeInteger(limit) && limit > 0 ? limit : USUAL_OUTPUT,
    catalog,
    extraBody: routing && { provider: routing },
    effortOf: (model) => levels.get(model) ?? effort?.all,
    detail: 'brief',
    quick: request.quick,
    json: request.json,
    timeoutMs: request.timeoutMs,
  });
}
