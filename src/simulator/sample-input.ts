import { isObject } from '../text/json.ts';
import type { Json } from './json.ts';

/** An input that a tool's `input_schema` allows: its required members, each with the smallest value of its type. */
export function sampleInput(schema: unknown): Json {
  const required = isObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(required.filter((name) => typeof name === 'string').map((name) => [name, sampleValue(properties[name])]));
}

function sampleValue(schema: unknown): unknown {
  if (!isObject(schema)) return 'x';
  const choices = schema['enum'];
  if (Array.isArray(choices)) return choices[0];
  switch (schema['type']) {
    case 'object':
      return sampleInput(schema);
    case 'array':
      return [];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'null':
      return null;
    default:
      return 'x';
  }
}
