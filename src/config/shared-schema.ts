import * as z from 'zod/mini';
import { aliasMembers, DEFAULT_ALIASES, USUAL_DEFAULT } from '../claude/aliases.ts';
import { makeExtras } from './extras.ts';
import { isGatewayName, whyMalformed } from '../openrouter/model-id.ts';
import { whyBadName } from './profile-name.ts';

/** Builds the schemas that the kinds of shared files have in common. A function, since most runs read no such file. */
export function makeShared() {
  const modelId = z.string().check(
    z.minLength(3),
    z.maxLength(256),
    // A model id, or a gateway's name for a model; the error says why it is malformed.
    z.check((context) => {
      const why = isGatewayName(context.value) ? undefined : whyMalformed(context.value);
      if (why !== undefined) context.issues.push({ code: 'custom', message: `it is not a model id: ${why}`, input: context.value });
    }),
  );
  // The same check of names as in `orcc profile save`.
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
    z.strictObject({ mapping, defaultAlias: z._default(defaultAlias, USUAL_DEFAULT), extras: z.exactOptional(makeExtras()) }),
  );
  return { mapping, defaultAlias, named };
}
