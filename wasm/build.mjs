// Builds the package into dist/: the module with cargo and wasm-opt, the entries with esbuild.
//
// Needs Rust with the target wasm32-unknown-unknown, and `npm ci` here.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { encode } from "./js/inline.js";

const here = fileURLToPath(new URL(".", import.meta.url));
process.chdir(here);
const run = (command, args, env = {}) => execFileSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });

const TARGET = "wasm32-unknown-unknown";
const FEATURES = ["bulk-memory", "bulk-memory-opt", "nontrapping-float-to-int", "sign-ext", "mutable-globals",
  "reference-types", "multivalue", "simd"].map((feature) => `--enable-${feature}`);
const target = process.env.CARGO_TARGET_DIR ?? "../target";

rmSync("build/dist", { recursive: true, force: true });
mkdirSync("build/dist/messages", { recursive: true });

/** The module of a cargo profile: to the package, and with its names to build/, for those who look for what is in it. */
function module(profile, name, features = ["default"]) {
  run("cargo", ["build", "--quiet", "--locked", "--profile", profile, "--target", TARGET, "-p", "outgoing-to-device-wasm",
    "--no-default-features", "--features", features.join()], {
    // The reader is iterative, so a small stack is enough.
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-C target-feature=+simd128 -C link-arg=-zstack-size=65536",
  });
  const built = `${target}/${TARGET}/${profile}/outgoing_to_device_wasm.wasm`;
  copyFileSync(built, `build/${name}`);
  run("node_modules/.bin/wasm-opt", ["-Oz", "--strip-producers", "--strip-debug", "--strip-target-features", ...FEATURES,
    built, "-o", `build/dist/${name}`]);
}

// Browsers load what is small; Node has it on disk, and checks much.
const SMALL = "outgoing-to-device.wasm";
const FAST = "outgoing-to-device.fast.wasm";
const SCHEMAS = "json-schema.wasm";
module("wasm", SCHEMAS, ["policies", "schemas"]);
module("wasm", SMALL);
module("wasm-fast", FAST);

/** A module as a string. */
const moduleAsString = (name) => ({
  name: "module-as-string",
  setup(build) {
    build.onResolve({ filter: /^module-as-string$/ }, ({ path }) => ({ path, namespace: path }));
    build.onLoad({ filter: /.*/, namespace: "module-as-string" }, () => ({
      contents: `export default ${JSON.stringify(encode(readFileSync(`build/dist/${name}`)))}`,
    }));
  },
});

const FORMATS = { js: "esm", cjs: "cjs" };

/** Bundles an entry, in the formats that the extensions stand for. */
async function bundle(entry, outfile, { extensions = ["js", "cjs"], module = SMALL, charset = "ascii" } = {}) {
  for (const extension of extensions) {
    await build({
      entryPoints: [`js/${entry}.js`],
      outfile: `build/dist/${outfile}.${extension}`,
      format: FORMATS[extension],
      bundle: true,
      minify: true,
      target: "es2022",
      platform: "neutral",
      charset,
      external: [`./${SMALL}`],
      plugins: [moduleAsString(module)],
      logLevel: "warning",
    });
  }
}

await bundle("index", "index");
await bundle("index", "fast", { module: FAST });
await bundle("json-schema", "json-schema", { module: SCHEMAS });
await bundle("slim", "slim");
await bundle("workerd", "workerd", { extensions: ["js"] });
for (const language of ["en", "ru"]) await bundle(`messages/${language}`, `messages/${language}`, { charset: "utf8" });
// These are in their entries; who wants a module by itself takes the small one.
for (const module of [FAST, SCHEMAS]) rmSync(`build/dist/${module}`);

// The types are written by hand; those for `require` differ only in what they import.
for (const types of ["index", "json-schema", "slim", "messages/en", "messages/ru"]) {
  const text = readFileSync(`types/${types}.d.ts`, "utf8");
  writeFileSync(`build/dist/${types}.d.ts`, text);
  writeFileSync(`build/dist/${types}.d.cts`, text.replaceAll(/(from ".*)\.js"/g, '$1.cjs"'));
}

// Whoever uses the package meanwhile sees the one or the other.
rmSync("dist", { recursive: true, force: true });
renameSync("build/dist", "dist");
