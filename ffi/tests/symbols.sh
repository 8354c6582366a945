# Sourced by tests/suites/c: what the archive asks of a program, what it shows of itself, what it adds.

# The functions that a shared object offers, without their versions.
functions_of() { nm -D --defined-only "$1" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }'; }

# What is undefined once all functions of the interface are linked is asked of libc: memory, and abort.
asks_for_memory_only() {
    # shellcheck disable=SC2046 # flags are words
    ld -r $(functions_of "$so" | sed 's/^/-u /') "$archive" -o "$work/whole.o"
    local asked
    # Not nm: where there is a plugin of another LLVM, it stumbles over what rustc leaves in objects.
    asked=$(readelf -sW "$work/whole.o" | awk '$7 == "UND" && $8 != "" { print $8 }' | sort | xargs)
    grep -q malloc <<<"$asked"
    echo "    undefined: $asked"
    for symbol in $asked; do
        case $symbol in
            abort | bcmp | calloc | free | malloc | memcmp | memcpy | memmove | memset | realloc | strlen | _GLOBAL_OFFSET_TABLE_) ;;
            *) return 1 ;;
        esac
    done
}

# Of a shared object: every name that others see is the interface's.
shows_only_otd() {
    local shown
    shown=$(nm -D --defined-only "$1" | grep -v ' T otd_\| A OTD_1$' || true)
    [ -z "$shown" ] || { echo "    also shows: $shown"; return 1; }
    [ "$(nm -D --defined-only "$1" | grep -c ' T otd_')" -eq "$(grep -c '^ *\(OTD_MUST_USE \)\?\(const char \*\|size_t \|uint32_t \|void \|otd_status \)otd_[a-z_]*(' <(cat include/*.h))" ]
}

embeds() {
    echo '#include "outgoing_to_device.h"
uint32_t mine(void); uint32_t mine(void) { return otd_abi_version(); }' >"$work/embed.c"
    cc -shared -fPIC -Iinclude "$work/embed.c" -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -o "$work/embed.so"
    nm -D --defined-only "$work/embed.so" | awk '{print $3}' | grep -v '^otd_\|^mine$' && return 1
    # Behind a version script of the host nothing is left of it.
    echo '{ global: mine; local: *; };' >"$work/embed.map"
    cc -shared -fPIC -Iinclude "$work/embed.c" "$archive" -Wl,--version-script="$work/embed.map" -o "$work/embed.so"
    [ "$(nm -D --defined-only "$work/embed.so" | awk '{print $3}')" = mine ]
}

cannot_panic() {
    local left
    nm -C "$work/c-check" | grep ' T otd_check$' >/dev/null
    left=$(for program in "$work/c-check" "$so"; do nm -C "$program" | grep -i 'panic\|unwind\|handle_alloc_error\|capacity_overflow' || true; done)
    # The handler itself, which every no_std library must have, is never called.
    left=$(grep -v 'rust_begin_unwind' <<<"$left" || true)
    [ -z "$left" ] || { echo "    left: $left"; return 1; }
}

# A program that reads reports and asks for no fix does not carry the code that works fixes out.
links_no_fix_unasked() {
    cc -O2 -Iinclude core/benches/sizes/ours.c "$archive" -Wl,--gc-sections -o "$work/ours"
    nm -C "$work/ours" | grep ' T otd_report_of$' >/dev/null
    nm -C "$work/c-check" | grep 'report::fix::' >/dev/null
    [ "$(nm -C "$work/ours" | grep -c 'report::fix::\|otd_fix_of')" -eq 0 ]
}

# A program finds the library that it was linked with by its name, each function by a version, and memory in
# the libc that the library itself asks for.
named_by_its_interface() {
    readelf -d "$so" | grep "SONAME.*\[liboutgoing_to_device.so.$(sed -n 's/^#define OTD_ABI_VERSION //p' include/outgoing_to_device.h)\]" >/dev/null
    readelf -d "$so" | grep 'NEEDED.*libc\.' >/dev/null
    [ "$(nm -D --defined-only "$so" | grep -c ' T otd_[a-z_]*@@OTD_1$')" -eq "$(functions_of "$so" | wc -l)" ]
    cc -Iinclude ffi/examples/check.c "$so" -Wl,-rpath,"$work" -o "$work/shared-check"
    nm -D --undefined-only "$work/shared-check" | grep ' otd_check@OTD_1$' >/dev/null
    says_the_same "$work/shared-check"
}

sizes() {
    echo 'int main(void) { return 0; }' >"$work/empty.c"
    cc -O2 -s "$work/empty.c" -o "$work/empty"
    cc -O2 -s -Iinclude ffi/examples/check.c -Wl,--unresolved-symbols=ignore-all -o "$work/without" 2>/dev/null
    cc -O2 -s -Iinclude ffi/examples/check.c "$archive" -o "$work/with"
    cc -O2 -s -Iinclude -Wl,--gc-sections ffi/examples/check.c "$archive" -o "$work/with-gc"
    cp "$so" "$work/stripped.so"
    strip "$work/stripped.so"
    local without
    without=$(stat -c %s "$work/without")
    echo "  the archive: $(stat -c %s "$archive") bytes"
    echo "  added to a stripped C program: $(($(stat -c %s "$work/with") - without)) bytes" \
        "($(($(stat -c %s "$work/with-gc") - without)) with -Wl,--gc-sections)"
    echo "  the shared library: $(stat -Lc %s "$so") bytes, $(stat -c %s "$work/stripped.so") stripped"
    echo "  added under -Wl,--gc-sections to a program that"
    ffi/tests/sizes "$archive" | sed 's/^/    /'
}

symbols() {
    row "the archive asks for libc's memory functions and abort" asks_for_memory_only
    row "the shared library shows otd_* only" shows_only_otd "$so"
    row "a shared object that embeds the archive shows nothing else" embeds
    row "reports link nothing of fixes" links_no_fix_unasked
    row "the shared library has its SONAME, symbol versions and libc" named_by_its_interface
    row "nothing in a linked program can panic" cannot_panic
    sizes
}
