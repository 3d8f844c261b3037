#!/bin/sh
# Puts what is known of the rollout on the job's page and into the step's outputs.
set -eu

# Empty when the job ended before there was a folder.
seen=${SLUICE_FOLDER:-/nonexistent}/abort
[ -f "$seen/summary.md" ] || seen=${SLUICE_FOLDER:-/nonexistent}/start
if [ ! -f "$seen/summary.md" ]; then exit 0; fi
cat "$seen/summary.md" >>"$GITHUB_STEP_SUMMARY"
cat "$seen/rollout.env" >>"$GITHUB_OUTPUT"
