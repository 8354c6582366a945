# Sourced by tests/suites/c and c-deep, which have set `work`: rows of a report, counted.

passed=0
failed=0
# Runs a command as one row of the report; what it prints is shown if it fails.
row() { # name, command
    local name=$1
    shift
    local status
    # Not as a condition: there, `set -e` would be without effect.
    set +e
    (set -e; "$@") >"$work/row" 2>&1
    status=$?
    set -e
    if [ $status -eq 0 ]; then
        echo "  ok    $name"
        passed=$((passed + 1))
    else
        echo "  FAIL  $name"
        head -n 40 "$work/row"
        failed=$((failed + 1))
    fi
}

# A tool must notice what a program does wrong, and say so.
caught_by() { # a text of its report, command; the last word is the misuse
    local sign=$1 misuse=${*: -1}
    shift
    if "$@" >"$work/report" 2>&1; then
        echo "nobody noticed: $misuse"
        return 1
    fi
    grep -q "$sign" "$work/report"
}
