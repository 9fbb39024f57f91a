# Every test, part by part; a part that fails does not hide the others. Sourced by ./dev.

parts=(lint unit asan python node)

dev_test() {
  local chosen=() pytest_arguments=() part failed=0
  while (($#)); do
    if [[ $1 == -- ]]; then
      shift
      pytest_arguments=("$@")
      break
    fi
    [[ " ${parts[*]} " == *" $1 "* ]] || die 2 "'$1' is not a part of the tests; the parts are ${parts[*]}"
    chosen+=("$1")
    shift
  done
  ((${#chosen[@]})) || chosen=("${parts[@]}")

  need build tests || return
  local report=() start whole=${EPOCHREALTIME/[.,]/}
  for part in "${chosen[@]}"; do
    start=${EPOCHREALTIME/[.,]/}
    if "test_$part"; then
      report+=("ok      $part, $(seconds_since "$start") s")
    else
      report+=("FAILED  $part, $(seconds_since "$start") s")
      failed=1
    fi
  done
  printf '\n== tests, %s s in all\n' "$(seconds_since "$whole")"
  printf '   %s\n' "${report[@]}"
  return "$failed"
}

test_lint() {
  dev_lint
}

test_unit() {
  build_preset dev && step "C++ tests" ctest --preset dev
}

# The C++ tests, and the recorded conversations through the whole gateway, under AddressSanitizer and UBSan.
test_asan() {
  build_preset asan && step "C++ tests under ASan and UBSan" ctest --preset asan && need_python_packages &&
    SLUICE_BINARY=build/asan/sluice step "recordings under ASan and UBSan" outside_tests tests/test_replay.py tests/test_errors.py
}

test_python() {
  build_release && need_python_packages && step "tests from outside" outside_tests tests "${pytest_arguments[@]}"
}

outside_tests() {
  .venv/bin/python -m pytest "$@"
}

test_node() {
  build_release && need_node_packages &&
    step "tests with the npm package openai" node --test --test-reporter=spec tests/node/*.test.mjs
}
