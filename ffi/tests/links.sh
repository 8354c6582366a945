# Sourced by tests/suites/c: the ways to link the library, each in a fresh directory.

# A project that finds the installed package with CMake; it needs no compiler but C's.
by_find_package() { # prefix, more arguments
    local dir=$work/find_package
    rm -rf "$dir"
    mkdir "$dir"
    cat >"$dir/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(host C)
find_package(outgoing-to-device 0.1 CONFIG REQUIRED)
add_executable(check check.c)
target_link_libraries(check outgoing-to-device::outgoing-to-device)
CMAKE
    cp ffi/examples/check.c "$dir"
    cmake -S "$dir" -B "$dir/build" -DCMAKE_PREFIX_PATH="$1" "${@:2}"
    cmake --build "$dir/build"
}

find_package_natively() { # prefix
    by_find_package "$1"
    says_the_same "$work/find_package/build/check"
}

by_fetch_content() { # c or cpp, more arguments
    local dir=$work/fetch_content language=$1
    shift
    rm -rf "$dir"
    mkdir "$dir"
    cat >"$dir/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(host ${LANGUAGES})
include(FetchContent)
FetchContent_Declare(outgoing-to-device SOURCE_DIR ${SOURCE})
FetchContent_MakeAvailable(outgoing-to-device)
add_executable(check ${EXAMPLE})
target_link_libraries(check outgoing-to-device::outgoing-to-device)
set_target_properties(check PROPERTIES CXX_STANDARD 17)
CMAKE
    cp "ffi/examples/check.$language" "$dir"
    cmake -S "$dir" -B "$dir/build" -DSOURCE="$PWD" -DOTD_CARGO_TARGET_DIR="$(realpath "$target")" \
        -DLANGUAGES="$([ "$language" = c ] && echo C || echo "C;CXX")" -DEXAMPLE="check.$language" "$@"
    cmake --build "$dir/build"
}

fetch_content_natively() {
    by_fetch_content cpp
    says_the_same "$work/fetch_content/build/check"
}

# A host whose own libraries are shared gets the archive all the same, unless it asks for our shared library.
by_add_subdirectory() { # kind, more arguments
    local dir=$work/add_subdirectory_$1 kind=$1
    shift
    mkdir -p "$dir"
    cat >"$dir/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(host C)
set(BUILD_SHARED_LIBS ON)
add_subdirectory(${SOURCE} outgoing-to-device)
add_executable(check check.c)
target_link_libraries(check outgoing-to-device::outgoing-to-device)
install(TARGETS check)
CMAKE
    cp ffi/examples/check.c "$dir"
    cmake -S "$dir" -B "$dir/build" -DSOURCE="$PWD" -DOTD_CARGO_TARGET_DIR="$(realpath "$target")" "$@"
    cmake --build "$dir/build"
    [ "$kind" = "$(kind_of "$dir/build/check")" ]
}

kind_of() { # program
    if readelf -d "$1" | grep 'NEEDED.*liboutgoing_to_device.so.1' >/dev/null; then echo shared; else echo static; fi
}

natively() { # kind, more arguments
    by_add_subdirectory "$@"
    says_the_same "$work/add_subdirectory_$1/build/check"
}

# Only what the host itself installs comes into its prefix.
host_prefix() {
    local dir=$work/add_subdirectory_static/build
    cmake --install "$dir" --prefix "$work/host-prefix"
    [ "$(cd "$work/host-prefix" && find . -type f)" = ./bin/check ]
    cmake "$dir" -DOTD_INSTALL=ON
    cmake --install "$dir" --prefix "$work/host-prefix"
    [ -f "$work/host-prefix/lib/liboutgoing_to_device.a" ]
}

toolchain() { # system, processor, compiler; writes the file that $work/toolchain.cmake is
    printf 'set(%s %s)\n' CMAKE_SYSTEM_NAME "$1" CMAKE_SYSTEM_PROCESSOR "$2" CMAKE_C_COMPILER "$3" \
        CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH >"$work/toolchain.cmake"
}

under_qemu() { # program
    file -b "$1" | grep 'ARM aarch64' >/dev/null
    printf '#!/bin/sh\nexec qemu-aarch64 -L /usr/aarch64-linux-gnu %s "$@"\n' "$1" >"$work/under-qemu"
    chmod +x "$work/under-qemu"
    says_the_same "$work/under-qemu"
}

for_aarch64() { # kind, more arguments
    by_add_subdirectory "$@" -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake"
    under_qemu "$work/add_subdirectory_$1/build/check"
}

find_package_for_aarch64() {
    install_to "$work/aarch64-prefix" -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake"
    by_find_package "$work/aarch64-prefix" -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake"
    under_qemu "$work/find_package/build/check"
}

fetch_content_for_aarch64() {
    by_fetch_content c -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake"
    under_qemu "$work/fetch_content/build/check"
}

# In the prefix that the row before has left.
pkg_config_for_aarch64() {
    local flags
    flags=$(PKG_CONFIG_PATH="$work/aarch64-prefix/lib/pkgconfig" pkg-config --cflags --libs outgoing-to-device)
    # shellcheck disable=SC2086 # flags are words
    aarch64-linux-gnu-gcc ffi/examples/check.c $flags -o "$work/pkg-check-aarch64"
    under_qemu "$work/pkg-check-aarch64"
}

# A host, with the archive that CMake left for aarch64; what makes the cases and answers was built for this machine.
conformance_for_aarch64() { # cases, expected answers, compiler, standard, source
    "aarch64-linux-gnu-$3" -std="$4" -O2 -Iinclude "ffi/examples/$5" \
        "$target/aarch64-unknown-linux-gnu/release/liboutgoing_to_device.a" -o "$work/conformance-aarch64"
    qemu-aarch64 -L /usr/aarch64-linux-gnu "$work/conformance-aarch64" <"$1" >"$work/answers"
    cmp "$work/answers" "$2"
}

# A configuration that must fail, and say why.
no_build_for() { # message, arguments
    local message=$1
    shift
    ! cmake -S . -B "$work/none" "$@" >"$work/none.log" 2>&1
    rm -rf "$work/none"
    tr -s ' \n' ' ' <"$work/none.log" | grep -F "$message"
}

cross() {
    need aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu aarch64-linux-gnu-g++=g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-aarch64=qemu-user file
    say rustup target add aarch64-unknown-linux-gnu 2>/dev/null
    toolchain Linux aarch64 aarch64-linux-gnu-gcc
    rm -rf "$work"/add_subdirectory_*
    row "aarch64: add_subdirectory, static, under qemu" for_aarch64 static
    row "aarch64: add_subdirectory, shared, under qemu" for_aarch64 shared -DOTD_BUILD_SHARED=ON
    row "aarch64: cmake --install and find_package, under qemu" find_package_for_aarch64
    row "aarch64: pkg-config, under qemu" pkg_config_for_aarch64
    row "aarch64: FetchContent, under qemu" fetch_content_for_aarch64
    {
        "$target/tools/cases" tests/vectors/*.jsonl
        "$target/tools/generate" 1000 1
    } >"$work/cases-aarch64"
    "$target/tools/model" <"$work/cases-aarch64" >"$work/expected-aarch64"
    local cases
    cases="$(wc -l <"$work/cases-aarch64") vectors and generated cases"
    local files=("$work/cases-aarch64" "$work/expected-aarch64")
    beside "aarch64: the C host agrees in $cases, under qemu" conformance_for_aarch64 "${files[@]}" gcc c11 conformance.c
    beside "aarch64: the C++ host agrees in $cases, under qemu" conformance_for_aarch64 "${files[@]}" g++ c++17 conformance.cpp
    together
    row "a target that rustc does not know" no_build_for "knows no target toaster" -DOTD_RUST_TARGET=toaster
    # rustup has no standard library for it.
    row "a target that is not installed" no_build_for "rustup target add mips64-openwrt-linux-musl" \
        -DOTD_RUST_TARGET=mips64-openwrt-linux-musl
    toolchain Linux sparc cc
    row "a machine without a known target" no_build_for 'CMAKE_SYSTEM_NAME "Linux" with CMAKE_SYSTEM_PROCESSOR "sparc"' \
        -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake"
}

by_pkg_config() { # prefix; the archive must be taken though the shared library lies beside it
    local flags
    flags=$(PKG_CONFIG_PATH="$1/lib/pkgconfig" pkg-config --cflags --libs outgoing-to-device)
    # shellcheck disable=SC2086 # flags are words
    cc ffi/examples/check.c $flags -o "$work/pkg-check"
    says_the_same "$work/pkg-check"
    ! ldd "$work/pkg-check" | grep liboutgoing_to_device >/dev/null
}

# A Rust library that uses std, as another vendor would ship it.
other_rust_library() {
    cat >"$work/other.rs" <<'RUST'
#[no_mangle]
pub extern "C" fn other(n: u32) -> usize {
    std::thread::spawn(move || vec![String::from("x"); n as usize].concat().len()).join().unwrap_or(0)
}
RUST
    rustc --edition 2021 -O --crate-type staticlib "$work/other.rs" -o "$work/libother.a"
    cat >"$work/both.c" <<'C'
#include "outgoing_to_device.h"
extern size_t other(uint32_t);
int main(void) {
  otd_checker *checker;
  if (otd_checker_new(&checker) != OTD_OK || other(7) != 7) return 1;
  otd_checker_free(checker);
  return 0;
}
C
}

beside_other_rust() { # the two archives in their order
    cc -Iinclude "$work/both.c" "$@" -lpthread -ldl -lm -lgcc_s -o "$work/both"
    "$work/both"
}

static_with_musl() {
    musl-gcc -static -O2 -Iinclude ffi/examples/check.c "$archive" -o "$work/static"
    says_the_same "$work/static"
    ! readelf -d "$work/static" | grep NEEDED >/dev/null
}

static_with_glibc() {
    cc -static -O2 -Iinclude ffi/examples/check.c "$archive" -o "$work/glibc"
    says_the_same "$work/glibc"
}

install_to() { # prefix, more arguments
    local prefix=$1
    shift
    rm -rf "$work/cmake"
    cmake -S . -B "$work/cmake" -DOTD_CARGO_TARGET_DIR="$(realpath "$target")" "$@"
    cmake --build "$work/cmake"
    cmake --install "$work/cmake" --prefix "$prefix"
}

links() {
    row "cmake --install of the archive" install_to "$work/static-prefix" -DOTD_BUILD_SHARED=OFF
    row "cmake --install of the shared library" install_to "$work/shared-prefix" -DOTD_BUILD_SHARED=ON
    row "find_package, static" find_package_natively "$work/static-prefix"
    row "find_package, shared" find_package_natively "$work/shared-prefix"
    # An installed tree can be moved.
    mv "$work/static-prefix" "$work/moved"
    row "find_package after a move" find_package_natively "$work/moved"
    cp -P "$work"/shared-prefix/lib/*.so* "$work/moved/lib/"
    row "pkg-config" by_pkg_config "$work/moved"
    row "add_subdirectory, static though the host's libraries are shared" natively static
    row "add_subdirectory, shared" natively shared -DOTD_BUILD_SHARED=ON
    row "add_subdirectory installs nothing unless it is told to" host_prefix
    row "FetchContent, C++" fetch_content_natively
    other_rust_library
    row "before a Rust library that uses std" beside_other_rust "$archive" "$work/libother.a"
    row "behind a Rust library that uses std" beside_other_rust "$work/libother.a" "$archive"
    row "static program with musl" static_with_musl
    row "static program with glibc" static_with_glibc
    cross
}
