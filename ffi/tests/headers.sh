# Sourced by tests/suites/c: the headers are what they are made from, clean, and their examples run.

# The examples of a header's comments, each as a block of its own.
examples() { # header, word behind the fence
    awk -v fence="\`\`\`$2" '
        { line = $0; sub(/^( \*|\/\/) ?/, "", line) }
        inside && line == "```" { inside = 0; print "  }"; next }
        inside { print "    " line }
        line == fence { inside = 1; print "  {" }' "$1"
}

c_manual() {
    {
        echo '#include "outgoing_to_device.h"'
        printf '#include <%s>\n' stdio.h stdlib.h string.h
        echo 'static const char body[] = "{\"text\":\"m\",\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\"deviceAddress\":\"d\"}}";'
        echo 'int main(void) {'
        echo '  const size_t body_len = sizeof body - 1;'
        echo '  otd_policy *policy; otd_checker *checker;'
        echo '  if (otd_policy_default(&policy) != OTD_OK || otd_checker_new(&checker) != OTD_OK) return 1;'
        examples include/outgoing_to_device.h c
        echo '  otd_checker_free(checker); otd_policy_free(policy); return 0;'
        echo '}'
    } >"$work/manual.c"
    # Each function has an example.
    local function
    for function in $(functions_of "$so"); do
        grep -q "$function(" <(examples include/outgoing_to_device.h c) || { echo "    $function has no example"; return 1; }
    done
    "$1" -std=c99 -Wall -Wextra -pedantic -Werror -Iinclude "$work/manual.c" "$archive" -o "$work/manual"
    valgrind -q --error-exitcode=9 --leak-check=full "$work/manual" >"$work/manual.out"
    [ "$(grep -c '"channelType":"WEB"' "$work/manual.out")" -ge 3 ] && grep -q 'HTTP/1.1 400' "$work/manual.out" &&
        grep -q '^401$' "$work/manual.out" && grep -q '^thread 2$' "$work/manual.out"
}

cpp_manual() {
    {
        echo '#include "outgoing_to_device.hpp"'
        echo '#include <iostream>'
        echo 'int main() {'
        echo '  const std::string_view body = R"({"text":"m","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}})";'
        examples include/outgoing_to_device.hpp cpp
        echo '}'
    } >"$work/manual.cpp"
    "$1" -std=c++17 -Wall -Wextra -pedantic -Werror -Iinclude "$work/manual.cpp" "$archive" -o "$work/manual++"
    "$work/manual++" | grep '"channelType":"WEB"' >/dev/null
}

# What ffi/README.md shows compiles; it is not all of a program.
readme() {
    {
        echo '#include "outgoing_to_device.h"'
        echo 'otd_status host(otd_checker *checker, const otd_policy *policy, const void *body, size_t len);'
        echo 'otd_status host(otd_checker *checker, const otd_policy *policy, const void *body, size_t len) {'
        examples ffi/README.md c
        echo 'return OTD_OK; }'
    } >"$work/readme.c"
    gcc -std=c99 -Wall -Wextra -pedantic -Werror -Wno-unused-but-set-variable -Iinclude -fsyntax-only "$work/readme.c"
    {
        echo '#include "outgoing_to_device.hpp"'
        echo 'void pass_on(std::string_view);'
        echo 'void send(unsigned, otd::fields, std::string_view);'
        echo 'void host(std::string_view body) {'
        examples ffi/README.md cpp
        echo '}'
    } >"$work/readme.cpp"
    g++ -std=c++17 -Wall -Wextra -pedantic -Werror -Iinclude -fsyntax-only "$work/readme.cpp"
    grep -q otd_problem_of "$work/readme.c"
    grep -q answer.problem "$work/readme.cpp"
}

clean() { # language, standard, header, compiler
    printf '#include "%s"\nint main(void) { return 0; }\n' "$3" >"$work/clean.$1"
    "$4" -std="$2" -x "$1" -Wall -Wextra -pedantic -Wshadow -Wconversion -Werror -Iinclude -fsyntax-only "$work/clean.$1"
}

needs_cpp17() { # compiler
    printf '#include "outgoing_to_device.hpp"\nint main() { return 0; }\n' >"$work/old.cpp"
    ! "$1" -std=c++14 -Iinclude -fsyntax-only "$work/old.cpp" 2>"$work/old.log"
    grep -q 'error.*needs C++17' "$work/old.log"
    [ "$(grep -c ' error: ' "$work/old.log")" -eq 1 ]
}

cpp_program() { # compiler, standard, flags: everything that the header has is used
    local compiler=$1 standard=$2
    shift 2
    "$compiler" -std="$standard" -g -O1 -Wall -Wextra -pedantic -Wshadow -Wconversion -Werror "$@" -Iinclude \
        ffi/tests/cpp.cpp "$archive" -o "$work/cpp"
    "$work/cpp"
}

# What must not compile, does not; without the mistake it does.
rejected_by_the_compiler() { # compiler
    local good='otd::checker c; const std::string b; auto a = c.check(p, b); return a.status() == otd::status::ok;' bad
    compiles() { printf '#include "outgoing_to_device.hpp"\n#include <string>\n#include <vector>\nint main() { const otd::policy p; %s }\n' "$2" |
        "$1" -std=c++17 -Wall -Werror -Iinclude -fsyntax-only -x c++ - 2>/dev/null; }
    compiles "$1" "$good" || return 1
    for bad in \
        'auto a = otd::checker().check(p, "{}"); return a.status() == otd::status::ok;' \
        'otd::checker c; auto a = c.check(p, std::string("{}")); return a.status() == otd::status::ok;' \
        'otd::checker c; auto a = c.check(p, std::vector<unsigned char>(2)); return a.status() == otd::status::ok;' \
        'otd::checker c; auto a = c.read_policy(std::string("{}")); return a.status() == otd::status::ok;' \
        'otd::checker c; c.check(p, "{}");' \
        'otd::checker c; otd::checker d(c);' \
        'otd::policy d(p);' \
        'otd::checker c; if (otd::status s = c.check(p, "{}")) return 1;'; do
        if compiles "$1" "$bad"; then echo "    compiles: $bad"; return 1; fi
    done
}

headers() {
    local std
    row "outgoing_to_device.h is what cbindgen makes" cargo run --locked --quiet -p outgoing-to-device-header -- --verify
    for std in c89 c99 c11 c17 c2x; do
        row "C header, gcc and clang, $std" eval "clean c $std outgoing_to_device.h gcc && clean c $std outgoing_to_device.h clang"
    done
    for std in c++11 c++17 c++20 c++2b; do
        row "C header, g++ and clang++, $std" eval "clean c++ $std outgoing_to_device.h g++ && clean c++ $std outgoing_to_device.h clang++"
    done
    for std in c++17 c++20 c++2b; do
        row "C++ header in use, g++, $std" cpp_program g++ $std
        row "C++ header in use, clang++, $std" cpp_program clang++ $std
    done
    row "C++ header before C++17: one clear error" eval "needs_cpp17 g++ && needs_cpp17 clang++"
    row "C++ header in use, without exceptions" cpp_program g++ c++17 -fno-exceptions
    row "C++ header in use, g++ sanitizers" cpp_program g++ c++20 -fsanitize=address,undefined
    row "the C manual's examples, gcc" c_manual gcc
    row "the C manual's examples, clang" c_manual clang
    row "the C++ manual's example" cpp_manual g++
    row "what README.md shows of C and C++" readme
    row "mistakes that g++ rejects" rejected_by_the_compiler g++
    row "mistakes that clang++ rejects" rejected_by_the_compiler clang++
}
