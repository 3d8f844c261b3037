#!/bin/sh
# Starts the rollout of SLUICE_FILE and, unless SLUICE_WAIT is false, watches it to its end; ends with its exit code.
# SLUICE_WAIT_LIMIT, SLUICE_START_REASON and SLUICE_ABORT_ON_CANCEL may be empty.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/ci/job.sh"

if [ -z "${SLUICE_FILE:-}" ]; then say "the rollout file must be named: found nothing" && exit 2; fi
must_be_boolean 'wait' "${SLUICE_WAIT:=true}"
must_be_boolean 'abort-on-cancel' "${SLUICE_ABORT_ON_CANCEL:=false}"

seen=${SLUICE_FOLDER:?must be a folder of this job}/start
rm -rf "$seen" "$SLUICE_FOLDER/abort"
mkdir -p "$seen"

set -- --summary "$seen/summary.md" --summary "$seen/rollout.env" --summary "$seen/junit.xml"
set -- "$@" --reason "${SLUICE_START_REASON:-$(job_url)}"
if [ "$SLUICE_WAIT" = true ]; then set -- "$@" --watch; fi
if [ -n "${SLUICE_WAIT_LIMIT:-}" ]; then set -- "$@" --watch-limit "$SLUICE_WAIT_LIMIT"; fi

# exec: a job that is cancelled sends its signal to this process alone, and the command line must be the one to hear it.
exec node "$root/src/cli/main.ts" start "$@" -- "$SLUICE_FILE"
