#!/bin/sh
# Runs a command with the project's Node.js first on PATH and its npm
# dependencies installed: `dev/run.sh node dev/platform/main.ts up`.
# Needs only a Node.js with npm (>= 20) on the machine; asks nothing, and a
# second call with nothing to do costs a few milliseconds.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cache=${SLUICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice}
oldest=22.19

say() { printf '%s\n' "$*" >&2; }

# version_at_least HAVE WANT: compares major.minor.
version_at_least() {
  [ "${1%%.*}" -gt "${2%%.*}" ] && return 0
  [ "${1%%.*}" -eq "${2%%.*}" ] || return 1
  have=${1#*.}
  [ "${have%%.*}" -ge "${2#*.}" ]
}

if ! command -v npm >/dev/null 2>&1; then
  say "sluice: npm is missing. Install Node.js 20 or newer (it brings npm), then run this again."
  exit 2
fi

machine_node=$(node --version 2>/dev/null | sed 's/^v//')
if [ -z "$machine_node" ] || ! version_at_least "$machine_node" "$oldest"; then
  pinned=$root/dev/tools/node
  key=$(cat "$pinned/package.json" "$pinned/package-lock.json" | cksum | cut -d' ' -f1)
  home=$cache/node/$key
  if [ ! -x "$home/bin/node" ]; then
    say "sluice: this machine has Node.js ${machine_node:-none}; fetching the pinned one into $home (once)"
    mkdir -p "$cache/node"
    part=$(mktemp -d "$cache/node/part.XXXXXX")
    trap 'rm -rf "$part"' EXIT INT TERM
    cp "$pinned/package.json" "$pinned/package-lock.json" "$part/"
    (cd "$part" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    mkdir "$part/bin"
    (cd "$part/bin" && ln -s ../node_modules/node-*/bin/node node)
    "$part/bin/node" --version >/dev/null
    # Two bootstraps may race: the first rename wins, the other one's copy goes.
    [ -d "$home" ] || mv "$part" "$home" 2>/dev/null || true
    rm -rf "$part"
    trap - EXIT INT TERM
  fi
  PATH=$home/bin:$PATH
  export PATH
fi

installed=$root/node_modules/.sluice-lock
if ! cmp -s "$root/package-lock.json" "$installed"; then
  say "sluice: installing npm dependencies"
  (cd "$root" && npm ci --no-audit --no-fund --loglevel=error >&2)
  cp "$root/package-lock.json" "$installed"
fi

[ $# -eq 0 ] || exec "$@"
