# What the scripts of a CI job have in common; read by them, not run. They set root, the top of Sluice's checkout.
# SLUICE_FOLDER is a folder of the job alone, for what it learns of its rollout.

say() { printf 'sluice: %s\n' "$*" >&2; }

sluice() { node "$root/src/cli/main.ts" "$@"; }

# Where people see this job.
job_url() {
  if [ -n "${CI_JOB_URL:-}" ]; then
    printf '%s' "$CI_JOB_URL"
  elif [ -n "${GITHUB_RUN_ID:-}" ]; then
    printf '%s/%s/actions/runs/%s' "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID"
  else
    printf 'a CI job'
  fi
}

# must_be_boolean NAME VALUE: a word that is neither must not count as one of them.
must_be_boolean() {
  case $2 in
    true | false) ;;
    *) say "$1 must be true or false: found '$2'" && exit 2 ;;
  esac
}
