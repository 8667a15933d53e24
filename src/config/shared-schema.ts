import * as z from 'zod/mini';
import { aliasMembers, DEFAULT_ALIASES } from '../claude/aliases.ts';
import { makeExtras } from './extras.ts';
import { isGatewayName, whyMalformed } from '../openrouter/model-id.ts';
import { whyBadName } from './profile-name.ts';

/** The schemas of what files that people share hold, for those of the files. Made when there is such a file, since most runs read none. */
export function makeShared() {
  const modelId = z.string().check(
    z.minLength(3),
    z.maxLength(256),
    // A model id, or a gateway's name for a model; a malformed one is said with the reason.
    z.check((context) => {
      const why = isGatewayName(context.value) ? undefined : whyMalformed(context.value);
      if (why !== undefined) context.issues.push({ code: 'custom', message: `it is not a model id: ${why}`, input: context.value });
    }),
  );
  // Names are checked as `orcc profile save` checks them.
  const name = z.string().check(
    z.check((context) => {
      const why = whyBadName(context.value);
      if (why !== undefined)
        context.issues.push({ code: 'custom', message: `a profile can't have this name: ${why}`, input: context.value });
    }),
  );
  /** alias -> model id. */
  const mapping = z.strictObject(aliasMembers(modelId, z.exactOptional(modelId)));
  /** The alias that Claude Code starts with. */
  const defaultAlias = z.enum(DEFAULT_ALIASES);
  /** Mappings by name. */
  const named = z.record(
    name,
    z.strictObject({ mapping, defaultAlias: z._default(defaultAlias, 'sonnet'), extras: z.exactOptional(makeExtras()) }),
  );
  return { mapping, defaultAlias, named };
}
