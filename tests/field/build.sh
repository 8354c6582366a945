# Sourced by tests/suites/field and field-deep: installs Debian's nginx, nginx-dev, its Lua module, libmicrohttpd-dev
# and wrk if they are missing, and builds the nginx module, the shared library and gateway.c into $target/field.

need nginx nginx-dev libnginx-mod-http-lua libmicrohttpd-dev wrk

mkdir -p "$target/field"
export OTD_ARCHIVE="$target/release/liboutgoing_to_device.a"
module=$target/field/nginx/ngx_http_outgoing_to_device_module.so
library=$target/field/liboutgoing_to_device.so.1
gateway=$target/field/gateway
say cargo build --quiet --release --locked -p outgoing-to-device-c
say cc -O2 -Wall -Wextra -Werror -Iinclude ffi/examples/gateway.c "$OTD_ARCHIVE" -lmicrohttpd -o "$gateway"
say ffi/examples/nginx/build "$target/field/nginx"
say ffi/archive/link-shared "$OTD_ARCHIVE" "$target/field"
. tests/field/common.sh
