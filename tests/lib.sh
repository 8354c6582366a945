# Sourced by every suite in tests/suites: the frame that they share. Afterwards the shell stands in
# the repository's root, `target` is cargo's folder, `work` an empty folder that goes at the end, and
# `library` says to cargo: core, the model and the hosts, with the features that need no build of their own.
#
#   say COMMAND…            shows a command and runs it; the suite ends if it fails
#   need NAME…              installs the Debian packages that are missing: a command, COMMAND=PACKAGE
#                           or a package
#   npm_packages FOLDER FLAG…  installs the npm packages of a folder's lock file, unless they are there
#   row NAME COMMAND…       one row of the report: runs a command, and shows its output if it fails
#   stage NAME COMMAND…     the same for a command that takes long: its output is shown as it comes
#   beside NAME COMMAND…    a row that needs nothing of its neighbours, and runs beside them; its `work` is its own
#   together                ends such rows, and counts them in their order
#   cargo_tests ARGUMENT…   runs `cargo test`; every test counts as a row
#   node_tests ARGUMENT…    runs `node --test`; every test counts as a row
#   summary                 the last command: "SUITE: N passed, N failed"

set -euo pipefail
suite=${0##*/}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d "$target/$suite.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2034 # suites use it
library=(-p outgoing-to-device -p model -p hosts
    --features outgoing-to-device/serde,outgoing-to-device/schema,outgoing-to-device/http)
passed=0
failed=0

say() {
    echo "$ $*"
    "$@"
}

need() {
    local missing=() name
    for name in "$@"; do
        command -v "${name%=*}" >/dev/null ||
            [ "$(dpkg-query -W -f '${db:Status-Status}' "${name#*=}" 2>/dev/null)" = installed ] ||
            missing+=("${name#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || { echo "$suite: install ${missing[*]} first" >&2; exit 2; }
    local options=(-o DPkg::Lock::Timeout=300 -qq)
    say apt-get "${options[@]}" update
    # Services that come in a package must not start: RUNLEVEL tells its scripts.
    say env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

npm_packages() {
    [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] ||
        say npm --prefix "$1" ci --no-audit --no-fund --loglevel=error "${@:2}"
}

# A log as far as one wants to read it: its first lines, where a compiler explains itself, and its last.
excerpt() {
    if [ "$(wc -l <"$1")" -le 100 ]; then cat "$1"; else head -n 40 "$1" && echo "    …" && tail -n 60 "$1"; fi
}

# Counts a row by the exit status of its command.
count() { # status, name
    if [ "$1" -eq 0 ]; then
        echo "  ok    $2"
        passed=$((passed + 1))
    else
        echo "  FAIL  $2"
        failed=$((failed + 1))
    fi
}

# The output stays in $work/row for the suite to read. The command runs in a shell of its own, so
# that its first failing part ends it; not as a condition, where `set -e` would have no effect.
row() {
    local name=$1 status
    shift
    set +e
    (set -e; "$@") >"$work/row" 2>&1
    status=$?
    set -e
    count $status "$name"
    [ $status -eq 0 ] || excerpt "$work/row"
}

stage() {
    local name=$1 status
    shift
    echo "== $suite: $name"
    set +e
    (set -e; "$@")
    status=$?
    set -e
    count $status "$name"
}

# The rows that run beside each other, as many at once as there are processors.
rows=()
beside() { # name, command
    local own=$work/beside/${#rows[@]}
    rows+=("$1")
    shift
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    mkdir -p "$own"
    {
        set +e
        (set -e; work=$own; "$@") >"$own.log" 2>&1
        echo $? >"$own.status"
    } &
}

together() {
    local number status
    wait
    for number in "${!rows[@]}"; do
        status=$(cat "$work/beside/$number.status" || echo 1)
        count "$status" "${rows[number]}"
        [ "$status" -eq 0 ] || excerpt "$work/beside/$number.log"
    done
    rows=()
    rm -rf "$work/beside"
}

# Adds what a test runner counted. One that failed without a failed test (it did not compile, say) is
# a failed row itself, as is one that ran no test.
add() { # status, passed, failed, log, lines to show of a passing run
    local bad=$3
    [ "$bad" -gt 0 ] || { [ "$1" -eq 0 ] && [ "$2" -gt 0 ]; } || bad=1
    passed=$((passed + $2))
    failed=$((failed + bad))
    if [ "$bad" -eq 0 ]; then grep -E "$5" "$4" || true; else cat "$4"; fi
}

cargo_tests() {
    local status=0 log=$work/cargo-test
    echo "$ cargo test --locked --no-fail-fast $*"
    cargo test --locked --no-fail-fast "$@" >"$log" 2>&1 || status=$?
    sum() { awk -v "column=$1" '/^test result:/ { sum += $column } END { print sum + 0 }' "$log"; }
    add "$status" "$(sum 4)" "$(sum 6)" "$log" '^(test result|warning)'
}

# NODE_SHOWS is a pattern for further lines to show of a passing run.
node_tests() {
    local status=0 log=$work/node-test
    echo "$ node --test $*"
    # As many files at once as there are processors; Node leaves one idle.
    node --test --test-concurrency="$(nproc)" --test-reporter=tap "$@" >"$log" 2>&1 || status=$?
    total() { sed -n "s/^# $1 //p" "$log" | tail -n 1 | grep . || echo 0; }
    add "$status" "$(total pass)" "$(total fail)" "$log" "^ok${NODE_SHOWS:+|$NODE_SHOWS}"
}

# A tool must notice the mistake that a program makes, and say so.
caught_by() { # a text of its report, command; the last word is the mistake
    local sign=$1 mistake=${*: -1}
    shift
    if "$@" >"$work/report" 2>&1; then
        echo "nobody noticed: $mistake"
        return 1
    fi
    grep -q "$sign" "$work/report"
}

summary() {
    echo "$suite: $passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
