# What is installed for which verb, and why. The only list of packages. Sourced by ./dev.

# GROUP  DEBIAN PACKAGE  reason
packages='
build  clang-19           compiler; g++ 12 destroys temporaries in co_await expressions twice
build  libstdc++-12-dev   C++ standard library
build  lld-19             linker
build  cmake              build description
build  ninja-build        build
build  ccache             compiles a file once, whatever the preset, branch or clone
build  libssl-dev         TLS, hashes
build  libsimdjson-dev    finds the structure of JSON
build  libre2-dev         regular expressions of schemas, in linear time
build  libfmt-dev         text formatting; libstdc++ 12 has no std::format
build  libyaml-cpp-dev    configuration files
build  libcli11-dev       command line
build  libsqlite3-dev     the embedded store
build  libgtest-dev       C++ tests; CMake looks for it in every preset
build  libgmock-dev       matchers of the C++ tests
tests  libclang-rt-19-dev sanitizer and fuzzer runtimes
tests  python3            test suite from outside, layer check
tests  python3-venv       keeps the test suite away from the system
tests  ca-certificates    PyPI and npm are reached by https
lint   python3            layer check
lint   clang-format-19    one format for all C++ files
lint   shellcheck         mistakes in shell scripts
tidy   clang-tidy-19      lint --tidy
bench  wrk                load generator
bench  nginx              the plain proxy that the gateway is measured against
'

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo --preserve-env=DEBIAN_FRONTEND,http_proxy,https_proxy "$@"
  else
    die 1 "this needs root and there is no sudo: $*"
  fi
}

# need GROUP...: installs what is missing of these groups. Costs one dpkg-query when nothing is.
need() {
  local wanted=() group package _
  while read -r group package _; do
    [[ -n $group && " $* " == *" $group "* ]] && wanted+=("$package")
  done <<<"$packages"
  [[ " $* " == *" tests "* ]] && ! has_node && wanted+=(nodejs npm)
  if ! command -v dpkg-query >/dev/null; then
    printf '== not a Debian system: assuming that you have the counterparts of: %s\n' "${wanted[*]}"
    return
  fi

  local -A installed=()
  local status
  while read -r package status; do
    [[ $status == installed ]] && installed[$package]=1
  done < <(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null)
  local missing=()
  for package in "${wanted[@]}"; do
    [[ -v installed[$package] ]] || missing+=("$package")
  done
  ((${#missing[@]} == 0)) && return
  export DEBIAN_FRONTEND=noninteractive
  quiet_step "apt-get update" as_root apt-get update -qq &&
    quiet_step "apt-get install ${missing[*]}" \
      as_root apt-get install -qq -y --no-install-recommends "${missing[@]}"
}

# Node 18 is the oldest that the test suite's packages run on; any newer one in PATH is as good as Debian's.
has_node() {
  local version
  command -v npm >/dev/null && version=$(node --version 2>/dev/null) || return
  version=${version#v}
  ((${version%%.*} >= 18))
}

# The Python packages of tests/requirements.txt, in .venv; made anew when the list changes.
need_python_packages() {
  cmp -s tests/requirements.txt .venv/requirements.txt && return
  quiet_step "Python packages of tests/requirements.txt into .venv" install_python_packages
}

install_python_packages() {
  /usr/bin/python3 -m venv --clear .venv &&
    .venv/bin/pip install --disable-pip-version-check -r tests/requirements.txt &&
    cp tests/requirements.txt .venv/requirements.txt
}

# The npm packages of tests/node, exactly as its lock file says.
need_node_packages() {
  cmp -s tests/node/package-lock.json tests/node/node_modules/installed.json && return
  quiet_step "npm packages of tests/node" install_node_packages
}

install_node_packages() {
  (cd tests/node && npm ci --no-audit --no-fund --ignore-scripts) &&
    cp tests/node/package-lock.json tests/node/node_modules/installed.json
}
