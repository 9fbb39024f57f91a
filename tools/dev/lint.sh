# What a machine can judge without building. Sourced by ./dev.

dev_lint() {
  local tidy=false failed=0
  case ${1:-} in
    --tidy) tidy=true ;;
    '') ;;
    *) die 2 "lint takes --tidy, not '$1'" ;;
  esac
  need lint || return
  step "layers" python3 tools/check_layers.py src || failed=1
  step "clang-format" format_is_right || failed=1
  step "no unfinished work" finished || failed=1
  step "shellcheck" shell_is_right || failed=1
  if $tidy; then
    need build tidy && configure dev && step "clang-tidy on changed files" tidy_changed || failed=1
  fi
  return "$failed"
}

# Names the files only: ./dev format shows the rest.
format_is_right() {
  local files
  files=$(git ls-files -z '*.cpp' '*.hpp' | xargs -0r clang-format-19 --dry-run 2>&1 |
    sed -n 's/^\([^:]*\):[0-9].*clang-format-violations.*/\1/p' | sort -u)
  [[ -z $files ]] || { printf '%s\n' "$files" "not as .clang-format has it: ./dev format" && false; }
}

# Words that only unfinished work carries. This file and the tools that look for the words are left out.
finished() {
  local words='\b(TODO|FIXME|XXX|HACK)\b|\b[Nn]ot (yet )?implemented\b|\b[Uu]nimplemented\b|\b[Ss]tubs?\b'
  ! git grep -nIE "$words" -- ':!tools/dev/lint.sh' ':!**/testdata/**' ':!data/**' ':!*-lock.json'
}

shell_is_right() {
  local scripts=() sourced=()
  mapfile -t scripts < <(git grep -lIE '^#!.*\bbash\b' -- ':!*.md' ':!*.sh')
  mapfile -t sourced < <(git ls-files 'tools/dev/*.sh')
  shellcheck --external-sources "${scripts[@]}" && shellcheck --shell=bash "${sourced[@]}"
}

# Changed against the branch that is published, and not yet committed.
tidy_changed() {
  local base
  base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)
  git diff --name-only --diff-filter=d -z "$base" -- 'src/*.cpp' | xargs -0r -n 1 clang-tidy-19 -p build/dev --quiet
}

dev_format() {
  need lint || return
  step "clang-format" bash -c "git ls-files -z '*.cpp' '*.hpp' | xargs -0r clang-format-19 -i"
  git diff --stat
}
