/**
 * The members that one of orcc's schemas reads, as paths: `data.endpoints.provider_name`. Arrays add nothing to a path.
 *
 * @param {import('zod/mini').ZodMiniType} schema
 * @returns {string[]}
 */
export function membersOf(schema, before = '') {
  const { def } = schema._zod;
  if (def.type === 'object') {
    return Object.entries(def.shape).flatMap(([name, inner]) => {
      const path = before === '' ? name : `${before}.${name}`;
      return [path, ...membersOf(inner, path)];
    });
  }
  if (def.type === 'array') return membersOf(def.element, before);
  if (def.type === 'union') return def.options.flatMap((option) => membersOf(option, before));
  return def.innerType === undefined ? [] : membersOf(def.innerType, before);
}

/**
 * Whether a schema of an OpenAPI description knows the member at a path. The schema in `additionalProperties` counts for any name.
 *
 * @param {object} description The whole description, for its references.
 * @param {object} schema JSON Schema.
 * @param {string[]} path
 */
export function knows(description, schema, path) {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  if (schema === undefined || typeof schema !== 'object') return false;
  if (schema.$ref !== undefined) return knows(description, resolve(description, schema.$ref), path);
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (parts.some((part) => knows(description, part, path))) return true;
  if (schema.items !== undefined) return knows(description, schema.items, path);
  const inner = schema.properties?.[name];
  if (inner !== undefined) return knows(description, inner, rest);
  return typeof schema.additionalProperties === 'object' && knows(description, schema.additionalProperties, rest);
}

/** The schema of an endpoint's JSON answer with status 200; undefined if the description has no such endpoint. */
export function answerOf(description, method, path) {
  return description.paths?.[path]?.[method]?.responses?.['200']?.content?.['application/json']?.schema;
}

function resolve(description, reference) {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce((value, name) => value?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], description);
}
