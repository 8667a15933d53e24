import { MessagesRequest$outboundSchema } from '@openrouter/sdk/models';
import { isObject } from '../../src/text/json.ts';

/** Members of the API's JSON under the names that the client has for them. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      name === 'input_schema' ? withRest(member) : name === 'input' ? member : camelCased(member),
    ]),
  );
}

/** The client takes what it has no name for as `additionalProperties`, which a JSON Schema has a member of its own for. */
function withRest(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const { type, properties, required, ...rest } = schema;
  return { type, properties, required, additionalProperties: rest };
}

/** Where the client's types do not take a request; undefined where they do. */
export function breaks(body: unknown): string | undefined {
  const parsed = MessagesRequest$outboundSchema.safeParse(camelCased(body));
  return parsed.success ? undefined : parsed.error.message.slice(0, 400);
}
