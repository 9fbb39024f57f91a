# Building a preset. Sourced by ./dev.

# configure PRESET: only when it was never done or the presets changed; ninja sees every other change itself.
configure() {
  [[ build/$1/build.ninja -nt CMakePresets.json ]] ||
    quiet_step "cmake --preset $1" cmake --preset "$1"
}

# build_preset PRESET: what its build preset names, else everything.
build_preset() {
  local quiet=()
  [[ -t 1 ]] || quiet=(-- --quiet)
  configure "$1" && step "build $1" cmake --build --preset "$1" "${quiet[@]}"
}

build_release() {
  need build && build_preset release
}

dev_build() {
  build_release && printf '   build/release/sluice\n'
}
