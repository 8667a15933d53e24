import type { CompletionShell } from './shells.ts';

/** What `orcc __complete` prints in place of words where a file belongs. */
export const FILES_MARK = ':files';

const HEAD = (shell: string): string =>
  `# Completion of orcc for ${shell}, made by \`orcc completion ${shell}\`. It asks orcc at each TAB, so it never gets old.`;

// bash splits words at = and :, and replaces only what stands behind the last of them.
const BASH = `${HEAD('bash')}
_orcc() {
  local word last='' breaks='' cut='' line files=''
  local -a words=()
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    case "$word" in
      '='|':'|'::') [ "\${#words[@]}" -gt 0 ] && words[\${#words[@]}-1]+="$word" || words+=("$word") ;;
      *) case "$last" in
           '='|':'|'::') words[\${#words[@]}-1]+="$word" ;;
           *) words+=("$word") ;;
         esac ;;
    esac
    last="$word"
  done
  case "\${COMP_LINE:0:COMP_POINT}" in
    *[[:space:]]) case "$last" in '') ;; *) words+=('') ;; esac ;;
  esac
  word="\${words[\${#words[@]}-1]}"
  case "$COMP_WORDBREAKS" in *=*) breaks='=' ;; esac
  case "$COMP_WORDBREAKS" in *:*) breaks="$breaks:" ;; esac
  [ -n "$breaks" ] && cut="\${word%"\${word##*[$breaks]}"}"
  while IFS= read -r line; do
    line="\${line%%$'\\t'*}"
    case "$line" in
      '') ;;
      ${FILES_MARK}) files=1 ;;
      *) COMPREPLY+=("\${line#"$cut"}") ;;
    esac
  done < <(command orcc __complete --shell bash -- "\${words[@]}" 2>/dev/null)
  if [ -n "$files" ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
  fi
  case "\${COMPREPLY[0]-}" in
    *=|*:) [ "\${#COMPREPLY[@]}" -eq 1 ] && compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
complete -F _orcc orcc
`;

const ZSH = `#compdef orcc
${HEAD('zsh')}
_orcc() {
  emulate -L zsh
  local line value
  local -a given values shown open openshown
  given=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  for line in "\${(@f)$(command orcc __complete --shell zsh -- "\${given[@]}" 2>/dev/null)}"; do
    value=\${line%%$'\\t'*}
    case $value in
      '') ;;
      ${FILES_MARK}) _files ;;
      *[=:]) open+=("$value"); openshown+=("\${line/$'\\t'/  -- }") ;;
      *) values+=("$value"); shown+=("\${line/$'\\t'/  -- }") ;;
    esac
  done
  (( $#values )) && compadd -l -d shown -a -- values
  (( $#open )) && compadd -l -S '' -d openshown -a -- open
  return 0
}
if [[ \${funcstack[1]-} == _orcc ]]; then
  _orcc "$@"
elif (( $+functions[compdef] )); then
  compdef _orcc orcc
fi
`;

const FISH = `${HEAD('fish')}
function __orcc_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    for line in (command orcc __complete --shell fish -- $words "$current" 2>/dev/null)
        if test "$line" = '${FILES_MARK}'
            __fish_complete_path "$current"
        else
            printf '%s\\n' $line
        end
    end
end
complete -c orcc -f -a '(__orcc_complete)'
`;

// An empty last word would be dropped from the arguments by Windows PowerShell: a flag says it instead. A word
// whose quote is still open comes in with both quotes.
const POWERSHELL = `${HEAD('powershell')}
Register-ArgumentCompleter -Native -CommandName @('orcc', 'orcc.cmd', 'orcc.ps1') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text.Trim('"', "'") })
    $flags = @('--shell', 'powershell')
    $word = $wordToComplete.Trim('"', "'")
    if ($word -eq '') { $flags += '--next' } else { $words += $word }
    $program = Get-Command orcc -CommandType Application, ExternalScript -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $program) { return }
    & $program __complete @flags '--' @words 2>$null | ForEach-Object {
        $value, $note = $_ -split "\`t", 2
        if ($value -and $value -ne '${FILES_MARK}') {
            if (-not $note) { $note = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $note)
        }
    }
}
`;

const SCRIPTS: Readonly<Record<CompletionShell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };

/** The script that makes a shell complete orcc's commands, flags, aliases, profiles, presets and models. */
export function completionScript(shell: CompletionShell): string {
  return SCRIPTS[shell];
}
