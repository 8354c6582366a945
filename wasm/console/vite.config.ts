import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/**
 * Makes the page one file, with a policy that names its only script and style by their hashes: there is nothing to
 * load, nowhere to send anything to, and it works from a disk as well as from a server.
 */
function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    apply: "build",
    generateBundle(_, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("no page was built");
      let html = String(page.source);
      const hashes = { script: "", style: "" };
      const inline = (file: string, kind: "script" | "style", tag: RegExp, text: string) => {
        hashes[kind] = `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
        const type = kind === "script" ? ' type="module"' : "";
        const [found] = tag.exec(html) ?? [];
        if (!found) throw new Error(`the page does not load ${file}`);
        html = html.replace(found, "");
        const end = kind === "script" ? "</body>" : "</head>";
        html = html.replace(end, () => `<${kind}${type}>${text}</${kind}>\n${end}`);
        delete bundle[file];
      };
      for (const [file, output] of Object.entries(bundle)) {
        if (output.type === "chunk") inline(file, "script", /<script[^>]* src=[^>]*><\/script>\n?/, safe(output.code));
        else if (file.endsWith(".css")) inline(file, "style", /<link rel="stylesheet"[^>]*>\n?/, String(output.source));
      }
      const policy = [
        "default-src 'none'",
        `script-src ${hashes.script} 'wasm-unsafe-eval'`,
        // CodeMirror makes its style sheets by script; it can't be given a hash, so it has the one nonce.
        `style-src ${hashes.style} 'nonce-editor'`,
        "img-src data:",
        "worker-src 'self'",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
      ].join("; ");
      page.source = html.replace(
        '<meta charset="utf-8">',
        `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      );
    },
  };
}

/** Script that may stand in a page: no end of the script, and of the module's bytes in a string none that HTML dislikes. */
function safe(code: string): string {
  const escaped = code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  return escaped.replace(
    /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

const built = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

export default defineConfig({
  base: "./",
  // The package as it is published, not its source; its entry for servers, for the replies that the page shows.
  resolve: {
    alias: [{ find: /^outgoing-to-device\/(.+)$/, replacement: built("$1.js") }],
  },
  build: { target: "es2022", modulePreload: false, cssCodeSplit: false, assetsInlineLimit: 0 },
  plugins: [oneFile()],
});
