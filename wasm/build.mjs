// Builds the package into dist/: the modules with cargo, bindgen/ and wasm-opt, the entries with esbuild.
//
// Needs Rust with the target wasm32-unknown-unknown, and `npm ci` here.

import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { encode } from "./js/inline.js";
import { stripped } from "./module.mjs";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
const run = (command, args, env = {}) =>
  execFileSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });

const TARGET = "wasm32-unknown-unknown";
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
  "simd",
].map((feature) => `--enable-${feature}`);
const target = process.env.CARGO_TARGET_DIR ?? "../target";

// `node build.mjs --keep-modules` takes the modules as they were built last, for who works on js/.
const keep = process.argv.includes("--keep-modules");

/**
 * Builds a module of some parts under a cargo profile: `build/NAME/module.wasm`, the same with its names, for those who
 * look for what is in it, `build/NAME/named.wasm`, and `build/NAME/glue.js`.
 */
async function buildModule(name, profile, parts) {
  if (!keep) await optimize(compile(name, profile, parts), profile);
  writeFileSync(`build/${name}/glue.js`, await glue(`build/${name}`));
}

/** The module's folder. Nothing else happens meanwhile but what other programs do. */
function compile(name, profile, parts) {
  const cargo = ["build", "--quiet", "--locked", "--profile", profile, "--target", TARGET];
  run("cargo", [...cargo, "-p", "outgoing-to-device-wasm", "--no-default-features", "--features", parts.join()], {
    // The reader is iterative, so a small stack is enough.
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-C target-feature=+simd128 -C link-arg=-zstack-size=65536",
  });
  const directory = `build/${name}`;
  const built = `${target}/${TARGET}/${profile}/outgoing_to_device_wasm.wasm`;
  run("cargo", ["run", "--quiet", "--locked", "--manifest-path", "bindgen/Cargo.toml", "--", built, directory]);
  return directory;
}

async function optimize(directory, profile) {
  const optimized = ["-g", `${directory}/module_bg.wasm`, "-o", `${directory}/named.wasm`];
  // Flat code is rewritten a little smaller, and a little slower.
  const flat = profile === "wasm" ? ["-Oz", "--flatten", "--rereloop"] : [];
  await promisify(execFile)("node_modules/.bin/wasm-opt", [...flat, "-Oz", "-Oz", ...FEATURES, ...optimized]);
  writeFileSync(`${directory}/module.wasm`, stripped(readFileSync(`${directory}/named.wasm`)));
}

/**
 * The generated glue as a function, because it is of one instance: what it returns is what a module imports, and
 * `__wbg_set_wasm`, which takes the exports of the instance.
 */
async function glue(directory) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(`${directory}/module_bg.wasm`)));
  const names = ["__wbg_set_wasm", ...imports.map(({ name }) => name)];
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from "./module_bg.js"`, resolveDir: directory },
    format: "esm",
    bundle: true,
    minify: true,
    target: "es2022",
    write: false,
    logLevel: "warning",
  });
  const [body, exports] = outputFiles[0].text.split("export{");
  const members = exports.slice(0, exports.indexOf("}")).replaceAll(/([\w$]+) as (\w+)/g, "$2: $1");
  return `export default function createGlue() {\n${body}return { ${members} };\n}\n`;
}

const FORMATS = { js: "esm", cjs: "cjs" };

/**
 * Bundles an entry around a module, in the formats that the extensions stand for. `compiled` is the file from which a
 * runtime gets the module compiled; without it the module is in the bundle. Returns how much of it is of which file.
 */
async function bundle(entry, outfile, module, { extensions = ["js", "cjs"], compiled, charset = "ascii" } = {}) {
  const parts = {
    name: "parts",
    setup(build) {
      build.onResolve({ filter: /\/build\/glue\.js$/ }, () => ({ path: `${process.cwd()}/build/${module}/glue.js` }));
      build.onResolve({ filter: /^compiled-module$/ }, () => ({ path: `./${compiled}`, external: true }));
      build.onResolve({ filter: /^module-as-string$/ }, ({ path }) => ({ path, namespace: path }));
      build.onLoad({ filter: /.*/, namespace: "module-as-string" }, () => ({
        contents: `export default ${JSON.stringify(encode(readFileSync(`build/${module}/module.wasm`)))}`,
      }));
    },
  };
  let metafile;
  for (const extension of extensions) {
    ({ metafile } = await build({
      entryPoints: [`js/${entry}.js`],
      outfile: `build/dist/${outfile}.${extension}`,
      format: FORMATS[extension],
      bundle: true,
      minify: true,
      target: "es2022",
      platform: "neutral",
      charset,
      plugins: [parts],
      logLevel: "warning",
      metafile: true,
    }));
  }
  const [{ inputs }] = Object.values(metafile.outputs);
  return inputs;
}

async function buildPackage() {
  rmSync("build/dist", { recursive: true, force: true });
  mkdirSync("build/dist/messages", { recursive: true });

  // Browsers load what is small; Node has it on disk, and checks much. A module is optimized while the next is compiled.
  await Promise.all([
    buildModule("small", "wasm", ["checks", "policies"]),
    buildModule("server", "wasm", ["checks", "policies", "replies"]),
    buildModule("json-schema", "wasm", ["policies", "schemas"]),
    buildModule("fast", "wasm-fast", ["checks", "policies"]),
    buildModule("fast-server", "wasm-fast", ["checks", "policies", "replies"]),
  ]);

  const inputs = await bundle("index", "index", "small");
  writeFileSync("build/index.json", JSON.stringify(inputs)); // for parts.mjs
  await bundle("index", "fast", "fast");
  await bundle("server", "server", "server");
  await bundle("server", "fast-server", "fast-server");
  await bundle("json-schema", "json-schema", "json-schema");
  await bundle("slim", "slim", "small");
  for (const [module, file] of [
    ["small", "outgoing-to-device.wasm"],
    ["server", "server.wasm"],
  ]) {
    writeFileSync(`build/dist/${file}`, readFileSync(`build/${module}/module.wasm`));
    // workerd imports a module compiled; Vercel's edge runtime does where it is asked to.
    for (const [runtime, compiled] of [
      ["workerd", file],
      ["edge-light", `${file}?module`],
    ]) {
      const [entry, outfile] = module === "small" ? ["compiled", runtime] : ["compiled-server", `${runtime}-server`];
      await bundle(entry, outfile, module, { extensions: ["js"], compiled });
    }
  }
  for (const language of ["en", "ru"]) {
    await bundle(`messages/${language}`, `messages/${language}`, undefined, { charset: "utf8" });
  }

  // The types are written by hand; those for `require` differ only in what they import.
  for (const types of ["index", "server", "json-schema", "slim", "messages/en", "messages/ru"]) {
    const text = readFileSync(`types/${types}.d.ts`, "utf8");
    writeFileSync(`build/dist/${types}.d.ts`, text);
    writeFileSync(`build/dist/${types}.d.cts`, text.replaceAll(/(from ".*)\.js"/g, '$1.cjs"'));
  }
  // For tests that run js/ itself.
  writeFileSync("build/glue.js", 'export { default } from "./small/glue.js";\n');

  // Whoever uses the package meanwhile sees the one or the other.
  rmSync("dist", { recursive: true, force: true });
  renameSync("build/dist", "dist");
}

await buildPackage();
