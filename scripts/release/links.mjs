import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The broken links of a Markdown file: to a file that is not in the repository, to a heading that is not in its page, or to an
 * address without https. External addresses are not called.
 *
 * @param {string} root The repository.
 * @param {string} file Path of the page within the repository.
 * @returns {string[]} A line for each, `README.md: docs/x.md is not there`.
 */
export function brokenLinks(root, file) {
  const text = withoutCode(readFileSync(join(root, file), 'utf8'));
  const links = [...text.matchAll(/\]\(<?([^)>\s]+)>?(?: "[^"]*")?\)|(?:src|srcset|href)="([^"]+)"|^\[[^\]]+\]: (\S+)/gm)];
  return links.flatMap((match) => {
    const link = match[1] ?? match[2] ?? match[3];
    const fault = faultOf(root, file, link);
    return fault === undefined ? [] : [`${file}: ${link} ${fault}`];
  });
}

function faultOf(root, file, link) {
  if (/^(https:|mailto:)/.test(link)) return undefined;
  if (/^[a-z][a-z+.-]*:/i.test(link)) return 'is no https address';
  const [path, heading] = link.split('#');
  const target = path === '' ? join(root, file) : join(root, dirname(file), decodeURI(path));
  // Links to GitHub's own pages of a repository (../../security/advisories/new) lead above its root.
  if (relative(root, target).startsWith('..')) return undefined;
  if (!existsSync(target)) return 'is not there';
  if (heading === undefined || !target.endsWith('.md')) return undefined;
  return headingsOf(readFileSync(target, 'utf8')).has(heading.toLowerCase()) ? undefined : 'is no heading there';
}

/** The anchors that GitHub gives to the headings of a page, numbered if a heading is repeated. */
function headingsOf(text) {
  const seen = new Map();
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id));
  for (const [, heading] of withoutFences(text).matchAll(/^#{1,6} +(.+?)(?: +#+)?$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '').replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return anchors;
}

function withoutFences(text) {
  return text.replace(/^(```|~~~)[^]*?^\1/gm, '');
}

function withoutCode(text) {
  return withoutFences(text).replace(/`[^`\n]*`/g, '');
}
