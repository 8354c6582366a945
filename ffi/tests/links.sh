# Sourced by tests/suites/c: the ways to link the library, each in a fresh directory.

# A project that finds the installed package with CMake; it needs no compiler but C's.
by_find_package() { # prefix
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
    cmake -S "$dir" -B "$dir/build" -DCMAKE_PREFIX_PATH="$1"
    cmake --build "$dir/build"
    says_the_same "$dir/build/check"
}

by_fetch_content() {
    local dir=$work/fetch_content
    mkdir -p "$dir"
    cat >"$dir/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(host C CXX)
include(FetchContent)
FetchContent_Declare(outgoing-to-device SOURCE_DIR ${SOURCE})
FetchContent_MakeAvailable(outgoing-to-device)
add_executable(check check.cpp)
target_compile_features(check PRIVATE cxx_std_17)
target_link_libraries(check outgoing-to-device::outgoing-to-device)
CMAKE
    cp ffi/examples/check.cpp "$dir"
    cmake -S "$dir" -B "$dir/build" -DSOURCE="$PWD" -DOTD_CARGO_TARGET_DIR="$(realpath "$target")"
    cmake --build "$dir/build"
    says_the_same "$dir/build/check"
}

by_add_subdirectory() {
    local dir=$work/add_subdirectory
    mkdir -p "$dir"
    cat >"$dir/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(host C)
set(BUILD_SHARED_LIBS ON)
add_subdirectory(${SOURCE} outgoing-to-device)
add_executable(check check.c)
target_link_libraries(check outgoing-to-device::outgoing-to-device)
CMAKE
    cp ffi/examples/check.c "$dir"
    cmake -S "$dir" -B "$dir/build" -DSOURCE="$PWD" -DOTD_CARGO_TARGET_DIR="$(realpath "$target")"
    cmake --build "$dir/build"
    says_the_same "$dir/build/check"
    ldd "$dir/build/check" | grep 'liboutgoing_to_device.so.1 => /' >/dev/null
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
    cmake -S . -B "$work/cmake" -DOTD_CARGO_TARGET_DIR="$(realpath "$target")" "$@"
    cmake --build "$work/cmake"
    cmake --install "$work/cmake" --prefix "$prefix"
}

links() {
    row "cmake --install of the archive" install_to "$work/static-prefix" -DBUILD_SHARED_LIBS=OFF
    row "cmake --install of the shared library" install_to "$work/shared-prefix" -DBUILD_SHARED_LIBS=ON
    row "find_package, static" by_find_package "$work/static-prefix"
    row "find_package, shared" by_find_package "$work/shared-prefix"
    # An installed tree can be moved.
    mv "$work/static-prefix" "$work/moved"
    row "find_package after a move" by_find_package "$work/moved"
    cp -P "$work"/shared-prefix/lib/*.so* "$work/moved/lib/"
    row "pkg-config" by_pkg_config "$work/moved"
    row "add_subdirectory, shared" by_add_subdirectory
    row "FetchContent, C++" by_fetch_content
    other_rust_library
    row "before a Rust library that uses std" beside_other_rust "$archive" "$work/libother.a"
    row "behind a Rust library that uses std" beside_other_rust "$work/libother.a" "$archive"
    row "static program with musl" static_with_musl
    row "static program with glibc" static_with_glibc
}
