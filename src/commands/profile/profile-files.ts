import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { readConfig } from '../../config/config.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { OrccError, nothingConfigured } from '../../core/errors.ts';
import { flag, parseIntent, text, writingFlags } from '../../core/intent.ts';
import { changeProfiles, readProfiles } from './change-profiles.ts';
import { requireProfile } from '../../config/named-mapping.ts';
import { encodeProfileFile, parseProfileFile, type Profiles } from '../../config/profile-file.ts';
import { readSource } from './read-source.ts';
import type { Outcome } from '../../core/outcome.ts';
import { clip, escapeInvisible } from '../../text/text.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { writeReport } from '../report-file.ts';
import { describe } from './profile.ts';

const exportSchema = z.object({ names: z.array(z.string()), to: text, force: flag, json: flag });
const importSchema = z.object({ source: z.string().check(z.minLength(1, 'it is empty')), ...writingFlags });

/**
 * `orcc profile export`: profiles as a file that others can import. The format has no place for a key. Throws exit 3 if there are
 * none, 6 if the file exists and `--force` was not given.
 */
export async function runProfileExport(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(exportSchema, input, ['names']);
  const config = readConfig(ctx.fs, ownFiles(ctx).config);
  if (config === undefined) throw nothingConfigured();
  const names = intent.names.length > 0 ? intent.names : Object.keys(config.profiles);
  if (names.length === 0) {
    throw new OrccError('nothing', 'There are no profiles to export', { hint: '`orcc profile save NAME` remembers the current mapping' });
  }
  const profiles: Profiles = Object.fromEntries(
    names.map((name) => {
      return [name, requireProfile(config, name)];
    }),
  );
  const file = encodeProfileFile(profiles);
  if (intent.to !== undefined && intent.to !== '-') {
    if (ctx.fs.stat(resolve(ctx.cwd, intent.to)) !== undefined && !intent.force) {
      throw new OrccError('refused', `\`${clip(escapeInvisible(intent.to), 120)}\` already exists`, {
        hint: 'Use `--force` to overwrite it, or choose another name',
      });
    }
    writeReport(ctx, intent.to, file);
  }
  const isPrinted = intent.to === undefined || intent.to === '-';
  return {
    exit: 'ok',
    data: { names, to: isPrinted ? null : (intent.to ?? null), profiles },
    findings: [],
    isVerbatim: true,
    text: () => (isPrinted ? file : ''),
    remarks: () => (isPrinted ? '' : `Wrote ${clip(escapeInvisible(intent.to ?? ''), 120)}: ${names.join(', ')}`),
  };
}

/**
 * `orcc profile import`: adds profiles after showing them. Only names, model ids and extras can come in, and no file of Claude Code
 * changes.
 */
export async function runProfileImport(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(importSchema, input, ['source']);
  const { config } = await readProfiles(ctx);
  const source = intent.source === '-' ? 'standard input' : intent.source;
  const incoming = requireSome(parseProfileFile(await readSource(ctx, intent.source), source), source);
  const rows = Object.entries(incoming).map(([name, { mapping, defaultAlias }]) => {
    const old = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
    const isSame =
      old !== undefined && sameMapping({ models: old.mapping, defaultAlias: old.defaultAlias }, { models: mapping, defaultAlias });
    const change = old === undefined ? 'new' : isSame ? 'same' : 'replaces';
    return { name, change, text: describe({ models: mapping, defaultAlias }) };
  });
  return changeProfiles(ctx, intent, {
    command: 'profile import',
    decision: { action: 'import', profiles: incoming },
    preview: rows.map((row) => `${row.change.padEnd(8)}  ${row.name}: ${row.text}`),
    question: 'Import these profiles?',
    done: `Imported ${rows.map((row) => row.name).join(', ')}; \`orcc switch ${rows[0]?.name ?? ''}\` uses ${rows.length === 1 ? 'it' : 'the first'}`,
    data: { source, profiles: rows.map(({ name, change }) => ({ name, change })) },
  });
}

function requireSome(profiles: Profiles, source: string): Profiles {
  if (Object.keys(profiles).length > 0) return profiles;
  throw new OrccError('usage', `\`${clip(escapeInvisible(source), 120)}\` contains no profile`, {
    hint: '`orcc profile export` writes one',
  });
}
