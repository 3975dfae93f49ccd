#!/bin/sh
# Builds the quick start outside of the tree, in one of the ways that a user has, and checks what it prints.
#
# usage: consume.sh KIND WORK     with the environment that tests/install/CMakeLists.txt sets
set -eu
kind=$1 work=$2
here=$(dirname "$0")
quickstart=$SOURCE/examples/quickstart
rm -rf "$work"
mkdir -p "$work"

configure() { # source, options...
  source=$1
  shift
  cmake -S "$source" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DQUICKSTART=$quickstart" "$@" >"$work/log" 2>&1 &&
    cmake --build "$work" --parallel 2 >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}
compile() { # arguments of the C compiler
  ${CC:-cc} -std=c99 -pedantic -Wall -Werror -o "$work/score" "$@"
}
export PKG_CONFIG_PATH="$SHARED/lib/pkgconfig"

checks=0
expect() { # the beginning of what is printed, program and arguments
  want=$1
  shift
  got=$("$@") || { echo "$kind: exit status $?"; exit 1; }
  case $got in
    "$want"*) checks=$((checks + 1)) ;;
    *) echo "$kind: printed '$got' instead of '$want'"; exit 1 ;;
  esac
}
words="Month of an agent: 85.89 points, grade good"
policy=$quickstart/policy.json
case $kind in
  find_package_shared)
    configure "$here/c" "-DCMAKE_PREFIX_PATH=$SHARED"
    expect "$words" "$work/score" "$policy"
    ;;
  find_package_static)
    configure "$here/cxx" "-DCMAKE_PREFIX_PATH=$STATIC;$DEPS"
    expect "$words" "$work/score" "$policy"
    ;;
  without_dependencies)
    # Disabled, so that a package of the system does not stand in for the one that is missing.
    if cmake -S "$here/cxx" -B "$work" -G Ninja "-DQUICKSTART=$quickstart" "-DCMAKE_PREFIX_PATH=$STATIC;$DEPS" \
      -DCMAKE_DISABLE_FIND_PACKAGE_protobuf=ON >"$work/log" 2>&1; then
      echo "$kind: configured"
      exit 1
    fi
    for word in protobuf script/bootstrap CMAKE_PREFIX_PATH; do
      grep -q "$word" "$work/log" || { cat "$work/log"; exit 1; }
      checks=$((checks + 1))
    done
    ;;
  find_package_both)
    configure "$quickstart" "-DCMAKE_PREFIX_PATH=$SHARED;$DEPS"
    expect "$words" "$work/score_c" "$policy"
    expect "$words" "$work/score_cxx" "$policy"
    ;;
  add_subdirectory)
    configure "$here/embed" "-DLIBCSAT_SOURCE_DIR=$SOURCE" "-DCSAT_DEPS=$DEPS" -DCSAT_WERROR=ON
    expect "$words" "$work/score_c" "$policy"
    expect "$words" "$work/score" "$policy"
    ;;
  pkg_config)
    # shellcheck disable=SC2046
    compile "$quickstart/score.c" $(pkg-config --cflags --libs libcsat) "-Wl,-rpath,$SHARED/lib"
    expect "$words" "$work/score" "$policy"
    expect "" test -e "$(pkg-config --variable=policiesdir libcsat)/retail-after-sales.json"
    ;;
  pkg_config_static)
    # shellcheck disable=SC2046
    compile -static "$quickstart/score.c" $(pkg-config --static --cflags --libs libcsat)
    expect "$words" "$work/score" "$policy"
    ;;
  dlopen)
    compile "-I$SHARED/include" "$here/dlopen/score.c" -ldl
    record='{"reply_minutes": 21, "solved": 171, "tickets": 190, "rating": 4.2'
    library=$SHARED/lib/libcsat.so.0
    expect "85.894736 good []" "$work/score" "$library" "$policy" month "$record, \"leaks\": 0}"
    expect "0.000000" "$work/score" "$library" "$policy" month "$record, \"leaks\": 1}"
    ;;
  *) echo "unknown kind of consumer: $kind"; exit 2 ;;
esac
echo "$checks checks passed"
