import * as z from 'zod/mini';
import { aliasMembers, DEFAULT_ALIASES } from '../claude/aliases.ts';
import { makeExtras } from './extras.ts';
import { isBareSlug, whyMalformed } from '../openrouter/model-id.ts';
import { whyBadName } from './profile-name.ts';

/** A model id, or a gateway's name for a model; a malformed one is said with the reason. */
const modelId = z.string().check(
  z.minLength(3),
  z.maxLength(256),
  z.check((context) => {
    const why = isBareSlug(context.value) ? undefined : whyMalformed(context.value);
    if (why !== undefined) context.issues.push({ code: 'custom', message: `it is no model id: ${why}`, input: context.value });
  }),
);

/** alias -> model id, as files that people share hold it. */
export const mappingSchema = z.strictObject(aliasMembers(modelId, z.exactOptional(modelId)));

export const defaultAliasSchema = z.enum(DEFAULT_ALIASES);

/** A named mapping; `defaultAlias` is the alias that Claude Code starts with, `extras` what goes with it. */
export const profileSchema = z.strictObject({
  mapping: mappingSchema,
  defaultAlias: z._default(defaultAliasSchema, 'sonnet'),
  extras: z.exactOptional(makeExtras()),
});

/** Names are checked as `orcc profile save` checks them. */
export const namedSchema = z.record(
  z.string().check(
    z.check((context) => {
      const why = whyBadName(context.value);
      if (why !== undefined)
        context.issues.push({ code: 'custom', message: `a profile can't have this name: ${why}`, input: context.value });
    }),
  ),
  profileSchema,
);
