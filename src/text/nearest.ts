/** Edit distance (insert, delete, replace, swap neighbours); `limit + 1` if it is more than `limit`. */
export function editDistance(a: string, b: string, limit = 64): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    // Both rows must exceed the limit, since a swap looks two rows back.
    if (Math.min(...current, ...previous) > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}

/** Length below which a word with two mistakes counts as a different word. */
const SHORT = 6;

/** The valid words nearest to a mistyped one, best first, at most `most`; words too far from it are left out. */
export function nearestWords(word: string, words: readonly string[], most = 3): string[] {
  const asked = word.toLowerCase();
  return words
    .map((each) => ({ each, far: each.startsWith(asked) && asked !== '' ? 0.5 : editDistance(asked, each.toLowerCase(), 12) }))
    .filter(({ each, far }) => far <= (each.length < SHORT ? 1 : Math.max(2, Math.floor(each.length / 3))))
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ each }) => each);
}
