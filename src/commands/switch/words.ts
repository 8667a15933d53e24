import { aliasOf, type AliasId } from '../../claude/aliases.ts';
import { findPreset } from '../../claude/presets.ts';
import { parseAlias, parseAssignment } from '../../config/mapping-input.ts';
import { parseModelId } from '../../openrouter/model-id.ts';
import { OrccError } from '../../core/errors.ts';
import { stripControls } from '../../text/text.ts';

/** What the words of `orcc switch` mean. */
interface SwitchWords {
  /** Aliases with their model; undefined removes it. */
  readonly models: Partial<Record<AliasId, string | undefined>>;
  /** An alias given without a model, which has to be asked for. */
  readonly open: AliasId | undefined;
  /** Profiles and presets; the last one counts. */
  readonly names: readonly string[];
}

/**
 * Reads the words: `alias=model` or a name; on a terminal, where the change is shown and confirmed, also `alias model` and `alias`.
 * Throws exit 2 for words with no meaning, and for those two if nobody can be asked.
 */
export function readWords(words: readonly string[], isAsked: boolean): SwitchWords {
  const models: Partial<Record<AliasId, string | undefined>> = {};
  const names: string[] = [];
  let open: AliasId | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const given = words[index] ?? '';
    const required = parseAlias(given.replace(/=$/, ''));
    // `haiku=` asks for a model as `haiku` does; `=` without a model removes only an alias that is not required.
    const word = isAsked && required !== undefined && aliasOf(required).required ? required : given;
    const assignment = parseAssignment(word);
    const alias = parseAlias(word);
    const next = words[index + 1];
    const named = assignment?.alias ?? alias;
    if (named !== undefined && (Object.hasOwn(models, named) || open === named)) throw sayTwice(named);
    if (assignment !== undefined) models[assignment.alias] = assignment.model;
    else if (alias === undefined && word.includes('/')) throw sayAlias(parseModelId(word).id);
    else if (alias === undefined) names.push(word);
    else if (!isAsked) throw sayAssignment(alias, next);
    else if (next === undefined || next.includes('=')) {
      if (open !== undefined) throw sayAssignment(open, undefined);
      open = alias;
    } else {
      models[alias] = parseAssignment(`${alias}=${next}`)?.model;
      index += 1;
    }
  }
  return { models, open, names };
}

function sayTwice(alias: AliasId): OrccError {
  return new OrccError('usage', `\`${alias}\` is given twice`, { hint: 'Each alias has one model' });
}

function sayAlias(model: string): OrccError {
  return new OrccError('usage', `\`${model}\` is a model, but no alias was given`, {
    hint: `Say which one, for example \`orcc switch haiku=${model}\``,
  });
}

function sayAssignment(alias: AliasId, next: string | undefined): OrccError {
  const isModel = next !== undefined && !next.includes('=') && parseAlias(next) === undefined && findPreset(next) === undefined;
  const model = !isModel ? 'MODEL' : stripControls(next).slice(0, 80);
  return new OrccError('usage', `\`${alias}\` needs \`=\` and a model`, { hint: `Write it as \`orcc switch ${alias}=${model}\`` });
}
