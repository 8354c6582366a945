// The package as it is published: packed, unpacked in fresh directories, and used in every way that it promises.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build as esbuild } from "esbuild";
import { inChromium } from "./browsers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "outgoing-to-device-"));
after(() => rmSync(root, { recursive: true }));

const run = (command, args, cwd) => {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
  }
};
const tool = (name) => join(here, "node_modules/.bin", name);

const [{ filename }] = JSON.parse(
  run("npm", ["pack", "--silent", "--ignore-scripts", "--json", "--pack-destination", root], join(here, "..")),
);
const tarball = join(root, filename);

/** A fresh directory with files, the package, and links to some of the tests' own packages. */
function fresh(files, links = []) {
  const directory = mkdtempSync(join(root, "app-"));
  const installed = join(directory, "node_modules/outgoing-to-device");
  mkdirSync(installed, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  for (const link of links) {
    mkdirSync(dirname(join(directory, "node_modules", link)), { recursive: true });
    symlinkSync(join(here, "node_modules", link), join(directory, "node_modules", link));
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

const BODY = String.raw`'{"text":"hi","clientApplicationDescriptor":{"channelType":"MOBIL","deviceAddress":"d"}}'`;
const USE = `const said = () => check(${BODY}, { messages: ru }).violations.map(({ message }) => message).join();`;
const SAID = "Такого канала нет; возможно, имелся в виду MOBILE.";

test("only what is meant is published", () => {
  const files = run("tar", ["-tzf", tarball])
    .trim()
    .split("\n")
    .map((name) => name.replace("package/", ""))
    .sort();
  const both = (name) => ["cjs", "d.cts", "d.ts", "js"].map((extension) => `dist/${name}.${extension}`);
  assert.deepEqual(
    files,
    [
      "LICENSE-APACHE",
      "LICENSE-MIT",
      "README.md",
      "package.json",
      "dist/outgoing-to-device.wasm",
      "dist/server.wasm",
      ...["workerd", "workerd-server", "edge-light", "edge-light-server"].map((name) => `dist/${name}.js`),
      ...["fast", "fast-server"].flatMap((name) => [`dist/${name}.cjs`, `dist/${name}.js`]),
      ...both("index"),
      ...both("server"),
      ...both("json-schema"),
      ...both("slim"),
      ...both("messages/en"),
      ...both("messages/ru"),
    ].sort(),
  );
});

test("licences and repository are those of the workspace", () => {
  const workspace = (name) => readFileSync(join(here, "../..", name), "utf8");
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"])
    assert.equal(readFileSync(join(here, "..", name), "utf8"), workspace(name));
  const [, repository] = workspace("Cargo.toml").match(/^repository = "(.*?)"/m);
  assert.equal(JSON.parse(workspace("wasm/package.json")).repository.url, `git+${repository}.git`);
});

test("Node: import and require, whole and slim", () => {
  const directory = fresh({
    "esm.mjs": `import { check } from "outgoing-to-device"; import ru from "outgoing-to-device/messages/ru"; ${USE} console.log(said());`,
    "fast.mjs": `import { check } from "outgoing-to-device/fast"; import ru from "outgoing-to-device/messages/ru"; ${USE} console.log(said());`,
    "cjs.cjs": `const { check } = require("outgoing-to-device"); const { ru } = require("outgoing-to-device/messages/ru"); ${USE} console.log(said());`,
    "slim.mjs": `import { readFileSync } from "node:fs"; import { createRequire } from "node:module";
      import { check, init } from "outgoing-to-device/slim"; import ru from "outgoing-to-device/messages/ru"; ${USE}
      await init(readFileSync(createRequire(import.meta.url).resolve("outgoing-to-device/outgoing-to-device.wasm"))); console.log(said());`,
    "slim.cjs": `const { check, initSync } = require("outgoing-to-device/slim"); const { ru } = require("outgoing-to-device/messages/ru"); ${USE}
      initSync(require("node:fs").readFileSync(require.resolve("outgoing-to-device/outgoing-to-device.wasm"))); console.log(said());`,
    "size.mjs": `console.log(import.meta.resolve("outgoing-to-device").endsWith("/fast.js"))`,
  });
  for (const file of ["esm.mjs", "fast.mjs", "cjs.cjs", "slim.mjs", "slim.cjs"])
    assert.equal(run("node", [file], directory), `${SAID}\n`, file);
  assert.equal(run("node", ["size.mjs"], directory), "true\n");
});

for (const [module, moduleResolution] of [
  ["node16", "node16"],
  ["esnext", "bundler"],
]) {
  test(`TypeScript: ${moduleResolution} resolution`, () => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable"],
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: [],
    };
    const source = readFileSync(join(here, "types/consumer.ts"), "utf8");
    const files = { "tsconfig.json": JSON.stringify({ compilerOptions }), "consumer.mts": source };
    if (module === "node16") files["consumer.cts"] = source;
    run(tool("tsc"), [], fresh(files, ["@standard-schema/spec"]));
  });
}

// What the browsers' bundles do: say it on the page, from a worker too.
const PAGE = `import { check } from "outgoing-to-device"; import ru from "outgoing-to-device/messages/ru"; ${USE} globalThis.said = said();`;
const inPage = (files, headers) =>
  inChromium(
    {
      "/app": {
        text: '<!doctype html><meta charset="utf-8"><script type="module" src="/app.js"></script>',
        type: "text/html",
        headers,
      },
      ...files,
    },
    async (page, origin) => {
      const errors = [];
      page.on("pageerror", ({ message }) => errors.push(message));
      await page.goto(`${origin}/app`);
      await page
        .waitForFunction("globalThis.said !== undefined", null, { timeout: 10_000 })
        .catch(() => assert.fail(errors.join()));
      return page.evaluate("globalThis.said");
    },
  );

test("Vite", async () => {
  const directory = fresh(
    {
      "index.html": '<!doctype html><script type="module" src="/main.js"></script>',
      "main.js": PAGE,
      "vite.config.mjs":
        'export default { logLevel: "error", build: { rolldownOptions: { output: { entryFileNames: "app.js" } } } };',
    },
    ["vite"],
  );
  run(tool("vite"), ["build"], directory);
  assert.ok(readFileSync(join(directory, "dist/app.js")).length < 250_000, "it takes the small module");
  assert.equal(await inPage({ "/app.js": join(directory, "dist/app.js") }), SAID);
});

test("webpack 5", async () => {
  const directory = fresh(
    {
      "main.js": PAGE,
      "build.cjs": `require("webpack")({ mode: "production", context: __dirname, entry: "./main.js", output: { filename: "app.js" } },
      (error, stats) => { if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); } });`,
    },
    ["webpack"],
  );
  run("node", ["build.cjs"], directory);
  assert.equal(await inPage({ "/app.js": join(directory, "dist/app.js") }), SAID);
});

test("esbuild, as a module, for a classic script and for a module worker", async () => {
  const directory = fresh({
    "main.js": PAGE,
    "worker.js": `import { check } from "outgoing-to-device"; import ru from "outgoing-to-device/messages/ru"; ${USE} postMessage(said());`,
    "start.js": `new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => (globalThis.said = data);`,
  });
  const bundle = (entry, format) =>
    run(
      tool("esbuild"),
      [entry, "--bundle", "--minify", `--format=${format}`, `--outfile=out-${format}-${entry}`],
      directory,
    );
  bundle("main.js", "esm");
  bundle("main.js", "iife");
  bundle("worker.js", "esm");
  assert.equal(await inPage({ "/app.js": join(directory, "out-esm-main.js") }), SAID);
  assert.equal(
    await inPage({ "/app.js": join(directory, "start.js"), "/worker.js": join(directory, "out-esm-worker.js") }),
    SAID,
  );
  const classic =
    '<!doctype html><meta charset="windows-1252"><script charset="windows-1252" src="/classic.js"></script>';
  assert.equal(
    await inPage({
      "/app": { text: classic, type: "text/html; charset=windows-1252" },
      "/classic.js": join(directory, "out-iife-main.js"),
    }),
    SAID,
  );
});

test("no bundler: a module script, and the slim entry with the module beside it", async () => {
  const dist = join(fresh({}), "node_modules/outgoing-to-device/dist");
  const files = {
    "/index.js": join(dist, "index.js"),
    "/ru.js": join(dist, "messages/ru.js"),
    "/slim.js": join(dist, "slim.js"),
    "/otd.wasm": join(dist, "outgoing-to-device.wasm"),
  };
  assert.equal(
    await inPage({
      ...files,
      "/app.js": {
        text: `import { check } from "/index.js"; import ru from "/ru.js"; ${USE} globalThis.said = said();`,
      },
    }),
    SAID,
  );
  assert.equal(
    await inPage({
      ...files,
      "/app.js": {
        text: `import { check, init } from "/slim.js"; import ru from "/ru.js"; ${USE} await init(fetch("/otd.wasm")); globalThis.said = said();`,
      },
    }),
    SAID,
  );
});

test("a Content-Security-Policy: what suffices, and what is said where it is missing", async () => {
  const index = join(fresh({}), "node_modules/outgoing-to-device/dist/index.js");
  const app = {
    text: 'import { check } from "/index.js"; try { globalThis.said = String(check("{}").ok); } catch ({ message }) { globalThis.said = message; }',
  };
  const under = (policy) => inPage({ "/app.js": app, "/index.js": index }, { "content-security-policy": policy });
  assert.equal(await under("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"), "false");
  assert.match(
    await under("default-src 'none'; script-src 'self'"),
    /Content-Security-Policy must have 'wasm-unsafe-eval' in its script-src/,
  );
});

test("workerd, which compiles no bytes", () => {
  const directory = fresh({
    "main.js": `import { check } from "outgoing-to-device"; import ru from "outgoing-to-device/messages/ru"; ${USE}
      export default { test() { if (said() !== ${JSON.stringify(SAID)}) throw new Error(said()); } };`,
    "config.capnp": `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = (
  modules = [(name = "main", esModule = embed "out/main.js"), (name = "outgoing-to-device.wasm", wasm = embed "out/outgoing-to-device.wasm")],
  compatibilityDate = "2022-01-01"))]);`,
  });
  run(
    tool("esbuild"),
    ["main.js", "--bundle", "--format=esm", "--conditions=workerd", "--external:*.wasm", "--outfile=out/main.js"],
    directory,
  );
  cpSync(
    join(directory, "node_modules/outgoing-to-device/dist/outgoing-to-device.wasm"),
    join(directory, "out/outgoing-to-device.wasm"),
  );
  // The packages of the platforms; the one that would choose between them asks for some that not every registry has.
  const workerd = `@cloudflare/workerd-linux-${process.arch === "x64" ? "64" : process.arch}/bin/workerd`;
  run(join(here, "node_modules", workerd), ["test", "config.capnp"], directory);
});

test("Vercel's edge runtime, which compiles no bytes either, and imports compiled modules by ?module", async () => {
  const directory = fresh({
    "main.js": `import { check } from "outgoing-to-device"; import { checkHead, problem } from "outgoing-to-device/server";
      import ru from "outgoing-to-device/messages/ru"; ${USE}
      globalThis.said = said(); globalThis.status = problem(checkHead({ method: "GET", target: "/", headers: [] })).status;`,
    "generic.js": `import { check } from "outgoing-to-device"; check("{}");`,
  });
  const compiled = {
    name: "compiled",
    setup(build) {
      // As the runtime's bundler does it: the host compiles the module, the program gets it.
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.replace("?module", "")),
        namespace: "compiled",
      }));
      build.onLoad({ filter: /.*/, namespace: "compiled" }, ({ path }) => ({
        contents: `export default compiled(${JSON.stringify(path)});`,
      }));
    },
  };
  const bundle = async (entry, conditions) => {
    const options = {
      entryPoints: [join(directory, entry)],
      bundle: true,
      format: "iife",
      write: false,
      conditions,
      plugins: [compiled],
    };
    return (await esbuild(options)).outputFiles[0].text;
  };
  const inEdgeRuntime = (text) => {
    const context = { compiled: (file) => new WebAssembly.Module(readFileSync(file)), TextEncoder, TextDecoder };
    runInContext(text, createContext(context, { codeGeneration: { strings: false, wasm: false } }));
    return context;
  };
  const { said, status } = inEdgeRuntime(await bundle("main.js", ["edge-light"]));
  assert.deepEqual([said, status], [SAID, 404]);
  // The runtime is what it is taken for: it compiles nothing.
  const generic = await bundle("generic.js", []);
  assert.throws(() => inEdgeRuntime(generic), /could not be started/);
});

test("publint and attw have nothing to say", () => {
  const directory = join(fresh({}), "node_modules/outgoing-to-device");
  assert.match(run(tool("publint"), ["run", "--strict", directory]), /All good/);
  // The WebAssembly module has no types.
  run(tool("attw"), [tarball, "--exclude-entrypoints", "outgoing-to-device.wasm", "server.wasm"]);
});
