import { basename } from 'node:path';
import { transform } from 'esbuild';

/**
 * esbuild splits ES modules only, into about a hundred small files. Node takes twice as long to load those as CommonJS, and
 * some time for every file. So each chunk becomes CommonJS, and the chunks that are loaded together become one file, in
 * which each still runs only when it is asked for.
 *
 * @param {{path: string, text: string}[]} files What esbuild made, with splitting.
 * @param {object} outputs The part of its metafile that says which chunk imports which.
 * @param {{file: string, roots: string[]}[]} groups Files to make: each holds its roots, named without their hash or
 *   by a source file in them, and all that these import, less what is in an earlier group.
 * @param {{minify: boolean, target: string}} options
 * @returns {Promise<Map<string, string>>} Text by file name. Throws for a root that there is not.
 */
export async function packChunks(files, outputs, groups, options) {
  const importsOf = new Map(Object.entries(outputs).map(([path, { imports }]) => [basename(path), imports]));
  const chunkOf = (source) => basename(Object.keys(outputs).find((path) => source in outputs[path].inputs) ?? '');
  const placeOf = assignPlaces(importsOf, groups, chunkOf);
  const codeOf = new Map();
  for (const { path, text } of files) codeOf.set(basename(path), await toCommonJs(text, options.target));

  const packed = new Map([['helpers.js', HELPERS]]);
  for (const { file } of groups) packed.set(file, `${PART}const parts = [];`);
  for (const [name, { file, number }] of placeOf) {
    packed.set(file, `${packed.get(file)}\nparts[${number}] = (function (module) {\n${link(codeOf.get(name), file, placeOf)}});`);
  }
  for (const [name, code] of codeOf) if (!placeOf.has(name)) packed.set(name, link(code, name, placeOf));
  for (const [name, code] of packed) packed.set(name, await finish(code, name, groups, options));
  // The entries keep their own names, whichever file they ended up in.
  for (const [name, { file, number }] of placeOf) {
    if (!/-[A-Z0-9]{8}\.js$/.test(name)) packed.set(name, `module.exports=require("./${file}")(${number});\n`);
  }
  return packed;
}

const HELPERS = `
  exports.__export = (target, all) => {
    for (const name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true });
  };
  exports.__toCommonJS = (module) => Object.defineProperty(module, '__esModule', { value: true });
  exports.__toESM = (module) => (module.__esModule ? module : { __proto__: module, default: module });
`;

/** How a file of several chunks gives one of them, by number: run at the first time. */
const PART = `
  const loaded = [];
  const part = (module.exports = (number) => {
    if (loaded[number] === undefined) parts[number]((loaded[number] = { exports: {} }));
    return loaded[number].exports;
  });
`;

/** For each chunk of a group the file that it goes to, and its number there. */
function assignPlaces(importsOf, groups, chunkOf) {
  const placeOf = new Map();
  for (const { file, roots } of groups) {
    let number = 0;
    const add = (name) => {
      if (placeOf.has(name)) return;
      placeOf.set(name, { file, number: number++ });
      for (const { kind, path, external } of importsOf.get(name)) if (kind === 'import-statement' && !external) add(basename(path));
    };
    for (const root of roots) {
      const isNamed = (each) => each === `${root}.js` || each.replace(/-[A-Z0-9]{8}\.js$/, '') === root;
      const name = root.includes('/') ? chunkOf(root) : [...importsOf.keys()].find(isNamed);
      if (name === undefined || name === '') throw new Error(`scripts/build.mjs groups \`${root}\`, which esbuild did not make`);
      add(name);
    }
  }
  return placeOf;
}

/** One chunk as CommonJS, without esbuild's own copy of the helpers. */
async function toCommonJs(text, target) {
  const { code, warnings } = await transform(text, { format: 'cjs', target, supported: { 'dynamic-import': false } });
  if (warnings.length > 0) throw new Error(warnings[0].text);
  const start = code.indexOf('var stdin_exports = {};');
  // Nothing that crosses a chunk looks at its `this`: 20 kB less.
  return code.slice(Math.max(start, 0)).replace(/\(0, (import_\w+\.\w+)\)\(/g, '$1(');
}

/** Leads every `require` of a chunk to the file where it now lives. */
function link(code, here, placeOf) {
  return code.replace(/\brequire\("\.\/([^"]+)"\)/g, (whole, name) => {
    const place = placeOf.get(name);
    if (place === undefined) return whole;
    return place.file === here ? `part(${place.number})` : `${partOf(place.file)}(${place.number})`;
  });
}

/** The function that gives the chunks of another file: one short name instead of a thousand calls of `require`. */
const partOf = (file) => `part_of_${file.replace(/\W/g, '_')}`;

async function finish(code, name, groups, { minify, target }) {
  const helpers = name === 'helpers.js' ? '' : 'const { __export, __toCommonJS, __toESM } = require("./helpers.js");\n';
  const parts = groups
    .filter(({ file }) => code.includes(`${partOf(file)}(`))
    .map(({ file }) => `const ${partOf(file)} = (number) => require("./${file}")(number);\n`);
  // ASCII alone, which is esbuild's default: src/system/code-cache.ts counts on it, and V8 keeps such a text in half the space.
  const { code: text } = await transform(`"use strict";\n${helpers}${parts.join('')}${code}`, { format: 'cjs', target, minify });
  return text;
}
