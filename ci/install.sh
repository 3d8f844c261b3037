#!/bin/sh
# Makes the command line ready to run: the packages that it needs, once a checkout.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/ci/job.sh"

node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 22 || (major === 22 && minor >= 19) ? 0 : 1);
' || { say "Node.js must be 22.19 or newer: found $(node --version 2>/dev/null || echo none)" && exit 2; }

# The second one is what dev/run.sh leaves in a developer's checkout.
for installed in .sluice-cli-lock .sluice-lock; do
  if cmp -s "$root/package-lock.json" "$root/node_modules/$installed"; then exit 0; fi
done
cd "$root"
npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json node_modules/.sluice-cli-lock
