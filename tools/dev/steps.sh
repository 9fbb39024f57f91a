# Saying what is done and how long it took. Sourced by ./dev.

die() { # STATUS TEXT
  printf 'dev: %s\n' "$2" >&2
  exit "$1"
}

seconds_since() { # MICROSECONDS -> 12.3
  local tenths=$(((${EPOCHREALTIME/[.,]/} - $1) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# step TITLE COMMAND...: runs it in view; one line before, one line with the time after.
step() {
  local title=$1 start=${EPOCHREALTIME/[.,]/} status=0
  shift
  printf '== %s\n' "$title"
  "$@" || status=$?
  if ((status)); then
    printf '== %s: FAILED with status %d after %s s\n' "$title" "$status" "$(seconds_since "$start")"
  else
    printf '== %s: %s s\n' "$title" "$(seconds_since "$start")"
  fi
  return "$status"
}

# quiet_step TITLE COMMAND...: one line in all; what the command prints is shown only when it fails.
quiet_step() {
  local title=$1 start=${EPOCHREALTIME/[.,]/} status=0 log
  shift
  mkdir -p build && log=$(mktemp build/step.XXXXXX) || return
  printf '== %s' "$title"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status)); then
    printf ': FAILED with status %d after %s s\n' "$status" "$(seconds_since "$start")"
    cat "$log" >&2
  else
    printf ': %s s\n' "$(seconds_since "$start")"
  fi
  rm -f "$log"
  return "$status"
}
