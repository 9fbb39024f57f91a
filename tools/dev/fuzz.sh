# Each libFuzzer target in turn; a finding is left as a file in build/fuzz/findings. Sourced by ./dev.

dev_fuzz() {
  local seconds=${1:-60} target failed=0
  [[ $seconds =~ ^[0-9]+$ ]] || die 2 "fuzz takes a number of seconds for each target, not '$seconds'"
  [[ -f fuzz/CMakeLists.txt ]] || die 2 "fuzz/ is not in this checkout, so there is nothing to run"
  need build tests && build_preset fuzz || return
  mkdir -p build/fuzz/findings
  for target in build/fuzz/fuzz/*_fuzz; do
    step "fuzz ${target##*/} for $seconds s" fuzz_target "$target" "$seconds" || failed=1
  done
  return "$failed"
}

fuzz_target() { # PROGRAM SECONDS
  local name=${1##*/}
  local corpus=build/fuzz/corpus/$name seeds=fuzz/seeds/${name%_fuzz}
  mkdir -p "$corpus"
  [[ -d $seeds ]] || seeds=
  "$1" -max_total_time="$2" -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name-" "$corpus" ${seeds:+"$seeds"}
}
