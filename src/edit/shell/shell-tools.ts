/** Programs whose output many start-up files run, and which set none of Claude Code's variables (according to their documentation). */
const HARMLESS = [
  'aliases|antidote|argcomplete|asdf|atuin|aws_completer|az|batpipe|brew|broot|bun|chezmoi|completions?|conda|deno|dircolors|docker',
  'fnm|fzf|gcloud|gdircolors|gh|goenv|gpgconf|gpg-agent|helm|jenv|just|keychain|kubectl|lesspipe(?:\\.sh)?|luarocks|mamba|mcfly|micromamba',
  'navi|nodenv|npm|nvm|oh-my-posh|opam|perl|phpenv|pip|pip3|pipx|plenv|pnpm|podman|pyenv|rbenv|register-python-argcomplete3?|resize|rustup',
  'sdkman|sheldon|ssh-agent|starship|swiftenv|terraform|thefuck|tput|uv|uvx|vivid|volta|zellij|zoxide|zsh-abbr',
].join('|');
const BEFORE = '(?:^|[\\s(`"\'|;&{=/\\\\$])';
const HARMLESS_STATEMENT = new RegExp(`${BEFORE}(?:${HARMLESS})(?:\\.exe)?(?=[\\s)"'\`;|&]|$)`);
const FOLDER_TOOL = new RegExp(`${BEFORE}(direnv|mise|rtx)(?:\\.exe)?\\s+(?:hook|activate|export|env|hook-env)\\b`);

/** A tool that sets variables from files in the current folder. */
export type FolderTool = 'direnv' | 'mise';

/**
 * What is known of a statement that runs the output of a program: `harmless` sets none of our variables, a folder tool
 * sets those that its files name, and undefined means that nothing is known.
 */
export function knownOutput(statement: string): 'harmless' | FolderTool | undefined {
  const tool = FOLDER_TOOL.exec(statement)?.[1];
  if (tool !== undefined) return tool === 'direnv' ? 'direnv' : 'mise';
  return HARMLESS_STATEMENT.test(statement) ? 'harmless' : undefined;
}
