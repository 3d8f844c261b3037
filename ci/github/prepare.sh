#!/bin/sh
# The command line, and a folder for this use of the action: a job may use it twice.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/ci/job.sh"

sh "$root/ci/install.sh"
printf 'folder=%s\n' "$(mktemp -d "$RUNNER_TEMP/sluice.XXXXXX")" >>"$GITHUB_OUTPUT"
