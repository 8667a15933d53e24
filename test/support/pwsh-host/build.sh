#!/usr/bin/env bash
# Builds the host outside the repository, once per version of these files, and prints the path of its `pwsh`.
# Needs the .NET SDK 10; the packages come from NuGet, or from its local cache where there is no network.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/orcc-ci"
sum=$(cat "$here"/*.cs "$here"/*.csproj | cksum | cut -d ' ' -f 1)
folder="$root/pwsh-host-$sum"
if [ ! -x "$folder/out/pwsh" ]; then
  rm -rf "$folder"
  work="$folder.$$"
  mkdir -p "$work"
  trap 'rm -rf "$work"' EXIT
  cp "$here"/*.cs "$here"/*.csproj "$work/"
  # Without ICU, .NET starts in its invariant mode only.
  invariant=true
  if { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q libicuuc; then invariant=false; fi
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
  limit=()
  if command -v timeout >/dev/null; then limit=(timeout 400); fi
  "${limit[@]}" dotnet build "$work/pwsh-host.csproj" -c Release -o "$work/out" -nologo -v quiet -p:InvariantGlobalization=$invariant \
    -p:UseSharedCompilation=false </dev/null >&2
  [ "$("$work/out/pwsh" -NoProfile -Command '1 + 1')" = 2 ]
  mv -T "$work" "$folder" 2>/dev/null || [ -x "$folder/out/pwsh" ]
fi
echo "$folder/out/pwsh"
