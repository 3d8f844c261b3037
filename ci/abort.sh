#!/bin/sh
# Aborts the rollout that this job started or joined, and no other one; then watches until it is rolled back.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/ci/job.sh"

# CI systems give a cancelled job 5 minutes.
watch_limit=3m

known=${SLUICE_FOLDER:-/nonexistent}/start/rollout.env
value() { sed -n "s/^$1=//p" "$known"; }

if [ ! -f "$known" ]; then
  say "this job has started no rollout: nothing to abort"
  exit 0
fi
run=$(value SLUICE_RUN_ID)
name=$(value SLUICE_ROLLOUT)
set -- "$name" --namespace "$(value SLUICE_ROLLOUT_NAMESPACE)" --cluster "$(value SLUICE_ROLLOUT_CLUSTER)"
case $(value SLUICE_OUTCOME) in
  running) ;;
  unknown)
    if [ -z "$run" ]; then
      say "whether $name was started is not known, so nothing was aborted. See: sluice status $*"
      exit 1
    fi
    ;;
  *)
    say "the rollout has ended, or was never started: nothing to abort"
    exit 0
    ;;
esac

set -- "$@" --run "$run"
# 3: it has ended meanwhile; what came of it is shown all the same.
sluice abort "$@" --reason "the CI job was cancelled: $(job_url)" || [ $? -eq 3 ]

# Files of their own: the watcher that was cancelled may still be about to write its last ones.
seen=$SLUICE_FOLDER/abort
mkdir -p "$seen"
code=0
sluice watch "$@" --watch-limit "$watch_limit" \
  --summary "$seen/summary.md" --summary "$seen/rollout.env" --summary "$seen/junit.xml" || code=$?
# However it ended, it has ended; 130 is the limit, and 1 needs a person.
case $code in
  0 | 10 | 11 | 12) ;;
  *) exit "$code" ;;
esac
