// The page's modules, without a page.

import { createServer } from "vite";

/** A function that loads a module of src by its name; `close` ends it. */
export async function modules() {
  const vite = await createServer({
    root: new URL("..", import.meta.url).pathname,
    server: { middlewareMode: true, ws: false, watch: null },
    appType: "custom",
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
  });
  const load = (name) => vite.ssrLoadModule(`/src/${name}.ts`);
  load.close = () => vite.close();
  return load;
}
