#!/bin/sh
# Puts what is known of the rollout where GitLab looks: the log, the tests of the pipeline, variables for later jobs,
# and a link on the job's page.
set -eu

seen=$SLUICE_FOLDER/abort
[ -f "$seen/summary.md" ] || seen=$SLUICE_FOLDER/start
if [ ! -f "$seen/summary.md" ]; then exit 0; fi

cp "$seen/summary.md" "$seen/junit.xml" "$SLUICE_FOLDER/"
# GitLab takes no values with spaces, and would put variables in place of $NAME in a sentence.
grep -v '^SLUICE_SENTENCE=' "$seen/rollout.env" >"$SLUICE_FOLDER/rollout.env"

url=$(sed -n 's/^SLUICE_WORKFLOW_URL=//p' "$seen/rollout.env")
link='{}'
# The command line has encoded it: no quotes in it.
if [ -n "$url" ]; then link='{"sluice":[{"external_link":{"label":"Rollout in Temporal","url":"'$url'"}}]}'; fi
printf '%s\n' "$link" >"$SLUICE_FOLDER/annotations.json"

# Sections of a job's log: https://docs.gitlab.com/ci/jobs/job_logs/
printf '\033[0Ksection_start:%s:sluice_summary[collapsed=false]\r\033[0KSummary\n' "$(date +%s)"
cat "$seen/summary.md"
printf '\033[0Ksection_end:%s:sluice_summary\r\033[0K\n' "$(date +%s)"
