// manual.mjs PAGE HEADER…: writes the C manual, one page without anything to load, from outgoing_to_device.h and
// the headers that add to it.
//
// Every name that they declare is a section or a row with an anchor of that name, and links lead there
// wherever the name stands. A part of a header that is not understood is an error.
import { readFileSync, writeFileSync } from "node:fs";

const [page, ...sources] = process.argv.slice(2);
// The one that others add to has the shortest name; the order of a shell's `*.h` depends on its language.
sources.sort((a, b) => a.length - b.length);
const headers = sources.map((source) => readFileSync(source, "utf8"));

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The text of a comment, without its frame. */
const uncomment = (comment) =>
  comment
    .replace(/^\/\*\*?/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();

/** The comment that a header begins with. */
const beginning = (header) => header.slice(0, header.indexOf("*/") + 2);

/** The declarations of a header in their order, each with the comment before it. Arrow's own are left to Arrow. */
function declarations(header, index) {
  const body = header
    .slice(beginning(header).length)
    .replace(/#ifndef ARROW_C_DATA_INTERFACE[^]*#endif  \/\* ARROW_C_DATA_INTERFACE \*\//, "");
  const found = [];
  const item =
    /(\/\*\*(?:[^*]|\*(?!\/))*\*\/)\n(enum (\w+) \{[^}]*\};|typedef struct (\w+) \{[^}]*\} \w+;|typedef [^;{]*\b(\w+);|#define (\w+) (\d+)|[^;#{}]*?\b(\w+)\([^;]*\);)/g;
  const left = body.replaceAll(item, (_, comment, code, codes, struct, type, constant, value, name) => {
    const says = uncomment(comment);
    if (codes) found.push({ kind: "enum", name: codes, says, rows: enumerators(code) });
    else if (struct) found.push({ kind: "struct", name: struct, says, rows: members(code) });
    else if (type) found.push({ kind: "type", name: type, says, code });
    else if (constant) found.push({ kind: "constant", name: constant, says, value });
    else found.push({ kind: "function", name, says, code: code.replace(/^OTD_MUST_USE\s/, "") });
    return "";
  });
  const rest = left.replace(/^#.*$/gm, "").replace(/extern "C" \{|^\}$|\/\* \w+_H \*\//gm, "");
  if (rest.trim() !== "") throw new Error(`not understood in ${sources[index]}:\n${rest.trim()}`);
  return found;
}

const enumerators = (code) =>
  [...code.matchAll(/(\/\*\*[^]*?\*\/)\s*(\w+) = (\d+)/g)].map(([, says, name, value]) => ({
    name,
    value,
    says: uncomment(says),
  }));

const members = (code) =>
  [...code.matchAll(/(\/\*\*[^]*?\*\/)\s*([^;]*?)(\w+);/g)].map(([, says, type, name]) => ({
    name,
    type: type.replace("struct otd_", "otd_").trim(),
    says: uncomment(says),
  }));

const all = headers.flatMap(declarations);
const of = (kind) => all.filter((one) => one.kind === kind);
/** Which names have an anchor. */
const anchors = new Set(
  all.flatMap(({ name, kind, rows }) => [name, ...(kind === "enum" ? rows.map((row) => row.name) : [])]),
);

/** Code with its names linked; `own` is the section that it stands in. */
const code = (text, own) =>
  escape(text).replaceAll(/\b(?:otd|OTD)_\w+/g, (name) =>
    anchors.has(name) && name !== own ? `<a href="#${name}">${name}</a>` : name,
  );

const inline = (text, own) =>
  text
    .split("`")
    .map((part, i) => (i % 2 === 1 ? `<code>${code(part, own)}</code>` : code(part, own)))
    .join("");

function markdownTable(text, own) {
  const cells = (line) => line.trim().slice(1, -1).split("|");
  const [head, , ...rows] = text.trim().split("\n").map(cells);
  const line = (tag) => (row) => `<tr>${row.map((cell) => `<${tag}>${inline(cell.trim(), own)}`).join("")}`;
  return `<table class="wide">${[line("th")(head), ...rows.map(line("td"))].join("\n")}</table>`;
}

/** Paragraphs and blocks of code. Paragraphs that begin with "1. Title." are a list. */
const prose = (text, own) =>
  text
    .split(/^```/m)
    .map((part, i) => {
      if (i % 2 === 1) return `<pre>${code(part.replace(/^c\n/, "").trimEnd(), own)}</pre>`;
      const paragraphs = part.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "");
      const shown = paragraphs.map((paragraph) => {
        if (paragraph.startsWith("|")) return markdownTable(paragraph, own);
        const numbered = paragraph.trim().match(/^\d+\. (\w+\.)\s+([^]*)$/);
        return numbered
          ? `<ol><li><strong>${numbered[1]}</strong> ${inline(numbered[2], own)}</ol>`
          : `<p>${inline(paragraph.trim(), own)}</p>`;
      });
      return shown.join("\n").replaceAll("</ol>\n<ol>", "\n");
    })
    .join("\n");

const section = (one, shown) => `<section id="${one.name}">
<h3><a href="#${one.name}">${one.name}</a></h3>
${shown}
</section>`;

const functions = of("function").map((one) =>
  section(
    one,
    `<pre class="signature">${code(one.code.replaceAll("struct otd_", "otd_"), one.name)}</pre>\n${prose(one.says, one.name)}`,
  ),
);
const types = all
  .filter(({ kind }) => kind === "struct" || kind === "type")
  .map((one) => {
    if (one.kind === "type") return section(one, prose(one.says, one.name));
    const rows = one.rows.map(
      ({ name, type, says }) =>
        `<tr><td><code>${name}</code><td><code>${code(type, one.name)}</code><td>${inline(says, one.name)}`,
    );
    return section(
      one,
      `${prose(one.says, one.name)}\n<table><tr><th>member<th>type<th>meaning\n${rows.join("\n")}</table>`,
    );
  });
const table = (rows) =>
  `<table><tr><th>name<th>number<th>meaning\n${rows
    .map(({ name, value, says }) => `<tr id="${name}"><td><code>${name}</code><td>${value}<td>${inline(says, name)}`)
    .join("\n")}</table>`;
const constants = table(of("constant"));
const codes = of("enum").map((one) => section(one, `${prose(one.says, one.name)}\n${table(one.rows)}`));

const [[title, ...introduction], ...additions] = headers.map((header) =>
  uncomment(beginning(header))
    .split("\n\n")
    .filter((paragraph) => !paragraph.startsWith("Made from")),
);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/** "outgoing-to-device, batches: a column…" as a heading and what stands under it. */
const addition = ([about, ...rest]) => {
  const [, heading, text] = about.match(/^[^,]*, (\w+): ([^]*)$/);
  return `<h2 id="${heading}">${capital(heading)}</h2>\n${prose([capital(text), ...rest].join("\n\n"))}`;
};
const [name, purpose] = title.split(/: (.*)/s);
const value = (constant) => of("constant").find(({ name }) => name === constant).value;
const version = ["MAJOR", "MINOR", "PATCH"].map((part) => value(`OTD_VERSION_${part}`)).join(".");
const list = (kinds) =>
  `<ul>${all
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ name }) => `<li><a href="#${name}">${name}</a>`)
    .join("")}</ul>`;

const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dde3, #3a4149); --soft: light-dark(#f4f6f8, #1d2125);
  --link: light-dark(#0b57a4, #7ab8f5); --back: light-dark(#fff, #15181b); --text: light-dark(#1b1f23, #e3e7eb) }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.55 system-ui, sans-serif; display: grid;
  grid-template-columns: 17rem minmax(0, 54rem); gap: 0 3rem }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem; border-right: 1px solid var(--line);
  font-size: 14px }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0 }
nav li { line-height: 1.7 }
main li { margin-bottom: .8rem }
main { padding: 1.5rem 1.5rem 8rem 0 }
p, li { overflow-wrap: anywhere }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { margin: 3.5rem 0 1rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line) }
h3 { margin: 2.2rem 0 .6rem; font-size: 1.1rem }
section h3 a { color: inherit; font-family: ui-monospace, monospace }
a { color: var(--link); text-decoration: none }
a:hover { text-decoration: underline }
code, pre { font-family: ui-monospace, monospace; font-size: .9em }
td:last-child code { overflow-wrap: anywhere }
table:not(.wide) td:not(:last-child) { white-space: nowrap }
pre { background: var(--soft); padding: .8rem 1rem; overflow: auto; border-radius: 6px; line-height: 1.45; tab-size: 2 }
pre.signature { border-left: 3px solid var(--link); border-radius: 0 6px 6px 0 }
table { border-collapse: collapse; width: 100%; font-size: .93rem }
th { white-space: nowrap }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line) }
:target { scroll-margin-top: 1rem } tr:target { background: var(--soft) }
@media (max-width: 60rem) { body { display: block } nav { position: static; height: auto; border: 0 }
  nav ul { columns: 2 }
  main { padding: 0 1rem 4rem } table { display: block; overflow: auto } }
@media print { nav { display: none } body { display: block } }`;

writeFileSync(
  page,
  `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name} ${version}: the C manual</title>
<style>${style}
</style>
<nav>
<strong>${name} ${version}</strong>
<ul><li><a href="#rules">Three rules</a></ul>
<strong>Functions</strong>${list(["function"])}
<strong>Types</strong>${list(["struct", "type"])}
<strong>Numbers</strong><ul><li><a href="#constants">Constants</a><li><a href="#otd_code">Codes</a></ul>
</nav>
<main>
<h1 id="rules">${name} ${version}: the C manual</h1>
<p>${inline(capital(purpose))}</p>
${prose(introduction.join("\n\n"))}
${additions.map(addition).join("\n")}
<h2 id="functions">Functions</h2>
${functions.join("\n")}
<h2 id="types">Types</h2>
${types.join("\n")}
<h2 id="constants">Constants</h2>
${constants}
<h2 id="codes">Codes</h2>
${codes.join("\n")}
</main>
</html>
`,
);
