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
        echo '#include "outgoing_to_device_batch.h"'
        printf '#include <%s>\n' stdio.h stdlib.h string.h
        echo 'static const char body[] = "{\"text\":\"m\",\"clientApplicationDescriptor\":{\"channelType\":\"WEB\",\"deviceAddress\":\"d\"}}";'
        echo 'int main(void) {'
        echo '  const size_t body_len = sizeof body - 1;'
        echo '  otd_policy *policy; otd_checker *checker;'
        echo '  if (otd_policy_default(&policy) != OTD_OK || otd_checker_new(&checker) != OTD_OK) return 1;'
        examples include/outgoing_to_device.h c
        examples include/outgoing_to_device_batch.h c
        echo '  otd_checker_free(checker); otd_policy_free(policy); return 0;'
        echo '}'
    } >"$work/manual.c"
    # Each function has an example.
    local function
    for function in $(functions_of "$so"); do
        grep -q "$function(" <(for header in include/*.h; do examples "$header" c; done) || { echo "    $function has no example"; return 1; }
    done
    "$1" -std=c99 -Wall -Wextra -pedantic -Werror -Iinclude "$work/manual.c" "$archive" -o "$work/manual"
    valgrind -q --error-exitcode=9 --leak-check=full "$work/manual" >"$work/manual.out"
    [ "$(grep -c '"channelType":"WEB"' "$work/manual.out")" -ge 3 ] && grep -q 'HTTP/1.1 400' "$work/manual.out" &&
        grep -q '^401$' "$work/manual.out" && grep -q '^thread 2$' "$work/manual.out" &&
        grep -q '^2 of 2 rejected$' "$work/manual.out" && grep -q '^normalized$' "$work/manual.out"
}

# The manual as a page: each function is a section, each link leads to one, and nothing is loaded.
manual_page() {
    node ffi/manual.mjs "$work/manual.html" include/*.h
    local name
    for name in $(functions_of "$so"); do grep -q "<section id=\"$name\">" "$work/manual.html"; done
    grep -o 'href="[^"]*"' "$work/manual.html" | sort -u | sed 's/href="\(.*\)"/\1/' >"$work/hrefs"
    [ "$(wc -l <"$work/hrefs")" -gt 60 ]
    while read -r name; do grep -q "id=\"${name#\#}\"" "$work/manual.html"; done <"$work/hrefs"
    if grep -iE '(src|url)[=(]' "$work/manual.html"; then return 1; fi
    # What the page would leave out is an error.
    sed 's/^#define OTD_OK 0/#define OTD_OK "none"/' include/outgoing_to_device.h >"$work/odd.h"
    if node ffi/manual.mjs "$work/odd.html" "$work/odd.h" 2>"$work/odd.log"; then return 1; fi
    grep -q 'not understood' "$work/odd.log"
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

# What ffi/README.md shows of C and C++ compiles and runs, each block on its own.
readme() {
    {
        echo '#include "outgoing_to_device.h"'
        echo '#include <stdio.h>'
        echo 'int main(void) {'
        echo '  static const char body[] = "{\"text\":\"m\",\"clientApplicationDescriptor\":{\"channelType\":\"web\",\"deviceAddress\":\"d\"}}";'
        echo '  const size_t len = sizeof body - 1;'
        echo '  otd_policy *policy; otd_checker *checker;'
        echo '  if (otd_policy_default(&policy) != OTD_OK || otd_checker_new(&checker) != OTD_OK) return 1;'
        examples ffi/README.md c
        echo '  otd_checker_free(checker); otd_policy_free(policy); return 0;'
        echo '}'
    } >"$work/readme.c"
    gcc -std=c99 -Wall -Wextra -pedantic -Werror -Wno-unused-but-set-variable -Iinclude "$work/readme.c" "$archive" -o "$work/readme"
    valgrind -q --error-exitcode=9 --leak-check=full "$work/readme" >"$work/readme.out"
    grep -qx 'WEB gets 0 attachments' "$work/readme.out"
    grep -q '^{"text":"Your order is ready".*"deviceAddress":"79000000000"}}$' "$work/readme.out"
    {
        echo '#include "outgoing_to_device.hpp"'
        echo '#include <iostream>'
        echo 'static void pass_on(std::string_view body) { std::cout << body << "\n"; }'
        echo 'static void send(unsigned status, otd::fields, std::string_view body) { std::cout << status << body << "\n"; }'
        echo 'int main() {'
        echo '  const std::string_view body = R"({"text":1})";'
        examples ffi/README.md cpp
        echo '}'
    } >"$work/readme.cpp"
    g++ -std=c++17 -Wall -Wextra -pedantic -Werror -Iinclude "$work/readme.cpp" "$archive" -o "$work/readme++"
    "$work/readme++" >"$work/readme.out"
    grep -q '^400{"type":' "$work/readme.out"
    grep -q '"url":"https://cdn.example/receipt.pdf","name":"receipt.pdf"' "$work/readme.out"
}

# The router puts each request to its channel's file, and says why it does not.
router() { # compiler
    local to="$work/routed" status=0
    rm -rf "$to" && mkdir "$to"
    "$1" -std=c++17 -Wall -Wextra -pedantic -Werror -Iinclude ffi/examples/router.cpp "$archive" -o "$work/router"
    printf '%s\n' '{"text":"a","clientApplicationDescriptor":{"channelType":"web","deviceAddress":"d"}}' \
        '{"text":"b"}' '{"text":"c","clientApplicationDescriptor":{"channelType":"Viber","deviceAddress":"+7 900 0000000"}}' \
        '{"text":"d","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"e"}}' |
        "$work/router" "$to" 2>"$work/router.log" || status=$?
    [ $status -eq 1 ]
    [ "$(ls "$to" | xargs)" = "VIBER.ndjson WEB.ndjson" ]
    [ "$(wc -l <"$to/WEB.ndjson")" -eq 2 ]
    grep -qx '{"text":"c","attachments":\[\],"clientApplicationDescriptor":{"channelType":"VIBER","deviceAddress":"79000000000"}}' "$to/VIBER.ndjson"
    [ "$(cat "$work/router.log")" = "2:1: missing_field: A required field is absent." ]
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
    beside "the headers are what cbindgen makes" cargo run --locked --quiet -p outgoing-to-device-header -- --verify
    for std in c89 c99 c11 c17 c2x; do
        beside "C headers, gcc and clang, $std" eval "clean c $std outgoing_to_device_batch.h gcc && clean c $std outgoing_to_device_batch.h clang"
    done
    for std in c++11 c++17 c++20 c++2b; do
        beside "C headers, g++ and clang++, $std" eval "clean c++ $std outgoing_to_device_batch.h g++ && clean c++ $std outgoing_to_device_batch.h clang++"
    done
    for std in c++17 c++20 c++2b; do
        beside "C++ header in use, g++, $std" cpp_program g++ $std
        beside "C++ header in use, clang++, $std" cpp_program clang++ $std
    done
    beside "C++ header before C++17: one clear error" eval "needs_cpp17 g++ && needs_cpp17 clang++"
    beside "C++ header in use, without exceptions" cpp_program g++ c++17 -fno-exceptions
    beside "C++ header in use, g++ sanitizers" cpp_program g++ c++20 -fsanitize=address,undefined
    beside "the C manual's examples, gcc" c_manual gcc
    beside "the C manual's examples, clang" c_manual clang
    beside "the C manual as a page" manual_page
    beside "the C++ manual's example" cpp_manual g++
    beside "what README.md shows of C and C++" readme
    beside "the router by channel" eval "router g++ && router clang++"
    beside "mistakes that g++ rejects" rejected_by_the_compiler g++
    beside "mistakes that clang++ rejects" rejected_by_the_compiler clang++
    together
}
