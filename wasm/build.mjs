// Builds the package into dist/: the module with cargo and wasm-opt, the entries with esbuild.
//
// Needs Rust with the target wasm32-unknown-unknown, and `npm ci` here.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
process.chdir(here);
const run = (command, args, env = {}) => execFileSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });

const TARGET = "wasm32-unknown-unknown";
const WASM = "outgoing-to-device.wasm";
const FEATURES = ["bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals",
  "reference-types", "multivalue", "simd"].map((feature) => `--enable-${feature}`);

run("cargo", ["build", "--quiet", "--locked", "--profile", "wasm", "--target", TARGET, "-p", "outgoing-to-device-wasm"], {
  // The reader is iterative, so a small stack is enough.
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-C target-feature=+simd128 -C link-arg=-zstack-size=65536",
});
const target = process.env.CARGO_TARGET_DIR ?? "../target";
const built = `${target}/${TARGET}/wasm/outgoing_to_device_wasm.wasm`;

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/messages", { recursive: true });
// With names, for those who look for panics or measure what takes the space; not published.
mkdirSync("build", { recursive: true });
copyFileSync(built, "build/named.wasm");
run("node_modules/.bin/wasm-opt", ["-Oz", "--strip-producers", "--strip-debug", "--strip-target-features", ...FEATURES, built,
  "-o", `dist/${WASM}`]);

/** The module as a string with a character for each byte: it compresses nearly as well as the module; base64 does not. */
const moduleAsString = {
  name: "module-as-string",
  setup(build) {
    build.onResolve({ filter: /^module-as-string$/ }, ({ path }) => ({ path, namespace: path }));
    build.onLoad({ filter: /.*/, namespace: "module-as-string" }, () => ({
      contents: `export default ${JSON.stringify(readFileSync(`dist/${WASM}`, "latin1"))}`,
    }));
  },
};

const bundle = (entry, outfile, format) =>
  build({
    entryPoints: [`js/${entry}`],
    outfile: `dist/${outfile}`,
    format,
    bundle: true,
    minify: true,
    target: "es2022",
    platform: "neutral",
    charset: "ascii",
    external: [`./${WASM}`],
    plugins: [moduleAsString],
    logLevel: "warning",
  });

for (const entry of ["index", "slim", "messages/en", "messages/ru"]) {
  await bundle(`${entry}.js`, `${entry}.js`, "esm");
  await bundle(`${entry}.js`, `${entry}.cjs`, "cjs");
}
await bundle("workerd.js", "workerd.js", "esm");

// The types are written by hand; those for `require` differ only in what they import.
for (const types of ["index", "slim", "messages/en", "messages/ru"]) {
  const text = readFileSync(`types/${types}.d.ts`, "utf8");
  writeFileSync(`dist/${types}.d.ts`, text);
  writeFileSync(`dist/${types}.d.cts`, text.replaceAll(/(from ".*)\.js"/g, '$1.cjs"'));
}
