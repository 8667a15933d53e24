// What the managed block costs at each start of an interactive shell.
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cleanEnv, comparePairs, makeConfiguredHome, makeFolder, pairsOf, timeProgram } from './kit.mjs';

export async function* measure() {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const file = (process.env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, shell))
      .find((path) => existsSync(path));
    if (file === undefined) {
      yield { what: `${shell} start-up with the block`, skipped: `${shell} is not installed` };
      continue;
    }
    // fish writes its own files at its first start; in both homes that happens before anything is measured.
    const [withBlock, without] = [await makeConfiguredHome([shell]), makeFolder('home')];
    // Without these files zsh would start its wizard for new users there.
    for (const rc of ['.bashrc', '.zshrc']) writeFileSync(join(without, rc), '');
    const start = (home) => timeProgram(file, ['-i', '-c', 'exit 0'], { env: { ...cleanEnv(home), TERM: 'dumb' } });
    const { difference, value } = await comparePairs(
      () => start(withBlock),
      () => start(without),
      pairsOf(60),
    );
    yield { what: `${shell} start-up with the block`, value: difference, unit: ' ms more', bar: 3, note: `${value.toFixed(1)} ms in all` };
  }
}
