// page.mjs OPENAPI REDOC PAGE: writes a page that holds the document and its renderer.
import { readFileSync, writeFileSync } from "node:fs";

const [openapi, redoc, page] = process.argv.slice(2);
const source = readFileSync(openapi);
const document = JSON.parse(source);
const { schemas } = document.components;

// Redoc would show conditions as alternatives without a name; the table of channels says them better.
for (const schema of Object.values(schemas)) {
  if (schema.allOf?.every((condition) => "if" in condition)) delete schema.allOf;
}

// The table and the lists are too wide for the columns of the fields that they describe: each becomes
// a section behind the endpoint, which the menu names and the field refers to.
const section = (name, description) => document.tags.push({ name, description, "x-traitTag": true });
function apart(name, described) {
  section(name, described.description);
  const [first] = described.description.split(/[.;]/);
  described.description = `${first}. See [${name}](#tag/${name.replaceAll(" ", "-")}).`;
}
apart("Channels", schemas.ClientApplicationDescriptor);
apart("Codes", schemas.Violation.properties.code);
apart("Codes of warnings", schemas.Warning.properties.code);
const [introduction, title, ...unsaid] = document.info.description.split("\n\n");
document.info.description = introduction;
section(title.replace("## ", ""), unsaid.join("\n\n"));

// Inside a script only this sequence would end it. In JSON it can stand in strings only, and the
// renderer has it in strings and regular expressions.
const inline = (text) => text.replaceAll("</script", "<\\/script");
const system = "system-ui, sans-serif";
const options = {
  expandResponses: "200,400",
  schemasExpansionLevel: 2,
  hideSchemaPattern: true,
  hideLoading: true,
  // The document as it was given, not as it is shown here.
  downloadUrls: [{ title: "openapi.json", url: `data:application/json;base64,${source.toString("base64")}` }],
  downloadFileName: "openapi.json",
  theme: { typography: { fontFamily: system, headings: { fontFamily: system }, code: { color: "#8c2a1c" } } },
};
// The page holds all that it needs: whatever the renderer would fetch (its maker's logo) is blocked.
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; worker-src blob:; img-src data:";

writeFileSync(
  page,
  `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${document.info.title} ${document.info.version}</title>
<style>body { margin: 0 } th, td { padding: 6px !important } td code { white-space: nowrap !important }</style>
<div id="reference"></div>
<script>${inline(readFileSync(redoc, "utf8"))}</script>
<script>
Redoc.init(${inline(JSON.stringify(document))}, ${JSON.stringify(options)}, document.getElementById("reference"));
</script>
</html>
`,
);
