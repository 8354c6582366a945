# Sourced by the suites of gateways: what the library itself says of each vector, and of each vector with a
# marker in each private value, in files that REPLIES and MARKED name; and a way to run the tests.

mkdir -p "$target/field"
export REPLIES=$target/field/replies.ndjson MARKED=$target/field/marked.ndjson
say cargo build --profile tools --quiet --locked -p hosts --bin cases --bin replies
"$target/tools/cases" tests/vectors/*.jsonl | "$target/tools/replies" >"$REPLIES"
"$target/tools/cases" --marked tests/vectors/*.jsonl | "$target/tools/replies" >"$MARKED"

# Runs a program of this folder, and shows what it says as it comes; every test counts as a row.
field_tests() { # program, arguments
    local status=0 log=$work/field-tests good bad
    timeout 300 node "$@" 2>&1 | tee "$log" || status=$?
    read -r good bad < <(sed -n 's/.*: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1) || true
    add "$status" "${good:-0}" "${bad:-0}" /dev/null .
}
