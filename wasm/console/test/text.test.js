// What comes in and what goes out as text: commands of three shells, HTTP messages, lists of lines, reports.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { modules } from "./modules.js";

let load, recognize, inner, lines, file, curl, http, mend, json;
before(async () => {
  load = await modules();
  ({ recognize, inner } = await load("incoming/recognize"));
  lines = await load("incoming/lines");
  file = await load("incoming/file");
  curl = await load("outgoing/curl");
  http = await load("outgoing/http");
  mend = await load("mend");
  json = await load("json");
});
after(() => load.close());

const BODY =
  '{"text":"it\'s \\"5 > 4\\" & 100%","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"a\\\\b"}}';
const PATH = "/api/v1/messages/outgoing-to-device";

test("commands of three shells are read as the shells read them", () => {
  const bashed = BODY.replaceAll("'", `'\\''`);
  const commands = {
    "bash, single quotes": `curl -X POST 'https://h${PATH}?key=1' \\\n  -H 'Authorization: Bearer t' -H 'Content-Type: application/json' \\\n  -d '${bashed}'`,
    "bash, double quotes": `$ curl --location "https://h${PATH}" -H "Authorization: Bearer $TOKEN" --json "${BODY.replace(/["\\$`]/g, "\\$&")}"`,
    "bash, $'…'": `curl 'https://h${PATH}' --compressed -H 'authorization: Bearer t' -H 'content-type: application/json' --data-raw $'${BODY.replace(/['\\]/g, "\\$&")}'`,
    "bash, here-document": `curl https://h${PATH} --oauth2-bearer t -sS -H "Content-Type: application/json" --data-binary @- <<'EOF' | jq .\n${BODY}\nEOF\n`,
    "bash, here-string": `curl h${PATH} -u a:b -Hcontent-type:application/json -d@- <<< '${bashed}'`,
    "cmd, as browsers copy it": `curl ^"https://h${PATH}^" ^\n  -H ^"Authorization: Bearer t^" ^\n  -H ^"Content-Type: application/json^" ^\n  --data-raw ^"${BODY.replace(/(\\*)"/g, '$1$1\\"').replace(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/g, "^$&")}^"`,
    "PowerShell, curl.exe": `curl.exe -X POST "https://h${PATH}" \`\n  -H "Authorization: Bearer $env:TOKEN" \`\n  -H 'Content-Type: application/json' \`\n  -d '${BODY.replaceAll("'", "''").replaceAll('"', '\\"').replaceAll('\\\\"', '\\\\\\"')}'`,
    "PowerShell, piped": `'${BODY.replaceAll("'", "''")}' | curl.exe "https://h${PATH}" -H "Authorization: Bearer t" -H 'Content-Type: application/json' --data-binary '@-'`,
    "PowerShell, as browsers copy it": `$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "x"\nInvoke-WebRequest -UseBasicParsing -Uri "https://h${PATH}" \`\n-Method "POST" \`\n-WebSession $session \`\n-Headers @{\n"authority"="h"\n  "authorization"="Bearer t"\n} \`\n-ContentType "application/json" \`\n-Body ([System.Text.Encoding]::UTF8.GetBytes("${BODY.replace(/["`$]/g, "`$&").replace("%", "$([char]37)")}"))`,
    "PowerShell, here-string": `$body = @'\n${BODY}\n'@\n$headers = @{ Authorization = "Bearer t"; "Content-Type" = 'application/json' }\nInvoke-RestMethod "https://h${PATH}" -Method Post -Headers $headers -Body $body`,
  };
  for (const [name, text] of Object.entries(commands)) {
    const found = recognize(text);
    assert.equal(found.kind, "curl", name);
    assert.equal(found.body.trim(), BODY, name);
    assert.equal(found.head.target, PATH, name);
    assert.equal(found.head.method, "POST", name);
    const fields = Object.fromEntries(found.head.headers.map(([field, value]) => [field.toLowerCase(), value]));
    assert.match(fields.authorization, /^(Bearer|Basic) \*+$/, name);
    assert.equal(fields["content-type"], "application/json", name);
    assert.doesNotMatch(JSON.stringify(found.head), /key=1|Bearer t/, name);
  }
});

test("a command for cmd is read as cmd does: what its quotes leave out ends it", () => {
  const written = (body) =>
    `C:\\Users\\me> curl.exe -X POST "https://h${PATH}" ^\r\n -H "Content-Type: application/json" ^\r\n -d "${body.replace(/(\\*)"/g, '$1$1\\"')}"`;
  const body = '{"text":"it\'s \\\\ 100%","a":"b\\"c"}';
  assert.equal(recognize(written(body)).body, body);
  assert.equal(recognize(written('{"a b":"c & d"}')).body, '{"a b":"c ');
  assert.equal(recognize(written('{"a":"\\"b & c"}')).body, '{"a":"\\"b & c"}');
});

test("what a command leaves out is said", () => {
  const found = (text) => recognize(text);
  const type = (head) => head.headers.find(([name]) => name === "Content-Type")?.[1];
  assert.equal(type(found(`curl https://h/ -d '{}'`).head), "application/x-www-form-urlencoded");
  assert.equal(found("curl https://h/ -d @body.json").missing, "file");
  assert.equal(found("curl https://h/ -F a=b").missing, "form");
  assert.equal(found("curl https://h/x").missing, "none");
  assert.equal(found("curl https://h/x").head.method, "GET");
  assert.equal(found(`curl https://h/ -G -d '{}'`).head.method, "GET");
  assert.equal(found(`curl -XPUT https://h/ --data '{"a":1}' -d '{}'`).body, '{"a":1}&{}');
  assert.equal(found('{"text": "curl x"}').kind, "body");
  assert.equal(found("curling").kind, "body");
});

test("a token keeps its shape and nothing else", () => {
  const credentials = (value) => recognize(`POST / HTTP/1.1\nAuthorization: ${value}\n\n{}`).head.headers[0][1];
  assert.equal(credentials("Bearer abc.def"), "Bearer *******");
  assert.equal(credentials("Bearer two words"), "Bearer *** *****");
  assert.equal(credentials("Bearer ключ"), "Bearer ····");
  assert.equal(credentials("secret"), "******");
  assert.equal(credentials("Bearer"), "Bearer");
});

test("an HTTP message is a head and a body", () => {
  const head = `POST ${PATH}?a=b HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\nContent-Type: application/json; charset=utf-8\r\nCookie: secret\r\nContent-Length: 9\r\n`;
  const found = recognize(`${head}\r\n${BODY}`);
  assert.deepEqual([found.kind, found.body], ["http", BODY]);
  assert.deepEqual(found.head, {
    method: "POST",
    target: PATH,
    host: "h",
    headers: [
      ["Authorization", "Bearer *"],
      ["Content-Type", "application/json; charset=utf-8"],
      ["Content-Length", "9"],
    ],
  });
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n{"a":\r\n3\r\n 1}\r\n0\r\n\r\n`;
  assert.equal(recognize(chunked).body, '{"a": 1}');
  const file = `# a comment\n@token = x\n\n### send\nPOST https://h${PATH}\nContent-Type: application/json\n\n{"b": 2}\n\n### another\nGET https://h/`;
  assert.equal(recognize(file).body.trim(), '{"b": 2}');
  assert.equal(recognize(file).head.host, "h");
  for (const no of ["POST", "POST me a letter", "GET /x HTTP/1.1\nno field\n\n{}", "Hello /x"])
    assert.equal(recognize(no).kind, "body", no);
});

test("bodies by the line are told from a body", () => {
  assert.equal(recognize('{"a":1}\n{"b":2}\n').kind, "lines");
  assert.equal(recognize('\ufeff\n{"a":1}\r\nbroken').kind, "lines");
  assert.equal(recognize('{"a":1}\n').kind, "body");
  assert.equal(recognize('{\n"a":1}\n').kind, "body");
  assert.equal(recognize('{"a":1}\n', false).kind, "lines", "the beginning of a longer file");
});

test("JSON inside a JSON string is found, as logs have it too", () => {
  for (const text of [JSON.stringify(BODY), ` ${JSON.stringify(BODY)}\n`, JSON.stringify(BODY).slice(1, -1)])
    assert.equal(inner(text), BODY);
  for (const text of [BODY, '"text"', '"', "{\\x"]) assert.equal(inner(text), undefined, text);
});

test("each line has its number and its verdict", () => {
  const good = '{"text":"x","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}}';
  const warned = good.replace("clientApp", "app");
  const bytes = new TextEncoder().encode(`\n${good}\r\n \t\n{}\n${warned}\nbroken\n${good}`);
  const list = new lines.Lines(bytes);
  assert.equal(list.done, false);
  list.checkUntil(Infinity, undefined);
  assert.ok(list.done);
  assert.deepEqual(
    Array.from({ length: list.length }, (_, i) => list.at(i)),
    [
      { number: 2, verdict: "ok", count: 0 },
      { number: 4, verdict: "violation", count: 2 },
      { number: 5, verdict: "warning", count: 1 },
      { number: 6, verdict: "violation", count: 1 },
      { number: 7, verdict: "ok", count: 0 },
    ],
  );
  assert.deepEqual(list.totals, { unchecked: 0, ok: 2, warning: 1, violation: 2 });
  assert.deepEqual(list.where("violation"), [1, 3]);
  assert.equal(new TextDecoder().decode(list.bytesOf(0)), good);
  list.restart();
  list.checkUntil(-1, undefined);
  assert.equal(list.totals.unchecked, 5);
});

test("packed files are unpacked, damaged ones are said, and bombs are stopped", async () => {
  const read = (bytes) => file.read(new Blob([bytes]));
  assert.equal(new TextDecoder().decode(await read(gzipSync(BODY))), BODY);
  const two = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}\n')]);
  assert.equal(file.packing(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)), "zstd");
  assert.equal(file.packing(two), "gzip");
  await assert.rejects(read(gzipSync(BODY).subarray(0, 40)), { reason: "damaged" });
  const bomb = gzipSync(Buffer.alloc(file.MOST_BYTES + 1));
  assert.ok(bomb.length < 1_000_000);
  await assert.rejects(read(bomb), { reason: "tooLarge" });
  assert.equal(file.decode(Buffer.from(`\ufeff${BODY}`, "utf16le")), BODY);
});

/** Bodies with all that shells and terminals act on. */
const bodies = [
  BODY,
  '{"text":"$(touch x) `id` ${HOME} !! %PATH% ^ | < > ; \\u007f"}',
  '{"text":"\u007f\u001b\u009b2J\u202e\u2028😀\u200d"}',
  '{\n\t"text": "two\\nlines",\r\n  "a": [1, -2.5e3, null, true]\n}',
  '{"text":"‘quoted’ “twice” \'once\' \\\\\\" \\\\"}',
  "@file",
  "not JSON ' \\ \" \u0001 & del",
  '{"text":"bad escape \\% \\\' \\é"}',
  "",
];

test("a copied command sends the body as it is, by bash", () => {
  for (const body of bodies) {
    const { text } = curl.command(body, "bash");
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2028\u200d]/, body);
    const out = execFileSync("bash", ["-c", `curl() { printf '%s\\0' "$@"; }\n${text}`], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { BASE_URL: "https://h", TOKEN: "t" },
      encoding: "utf8",
    }).split("\0");
    assert.deepEqual(out.slice(0, -1), [
      "--request",
      "POST",
      `https://h${PATH}`,
      "--header",
      "Authorization: Bearer t",
      "--header",
      "Content-Type: application/json",
      "--data-raw",
      body,
    ]);
    // And the page reads it back.
    assert.equal(recognize(text).body, body, text);
  }
});

test("a copied command sends the same JSON, by cmd and PowerShell", () => {
  const value = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return "not JSON";
    }
  };
  for (const body of bodies) {
    const cmd = curl.command(body, "cmd").text;
    assert.match(cmd, /^[ -~\n]*$/);
    // Whatever cmd takes for a quote, nothing behind --data-raw means anything to it.
    assert.doesNotMatch(cmd.slice(cmd.indexOf("--data-raw")), /[%!^&|<>\n]/);
    // A raw control character is no JSON; these shells can't be given one, and its escape is.
    const same = !/[\u0001\u001b]/.test(body);
    if (same) assert.deepEqual(value(recognize(cmd).body), value(body), cmd);
    const shell = curl.command(body, "powershell").text;
    assert.match(shell, /^'[ -&(-~]*' \| curl\.exe [ -~\n]*$/);
    if (same) assert.deepEqual(value(recognize(shell).body), value(body), shell);
  }
});

test("a body that is too long for a shell is read from a file", () => {
  const long = JSON.stringify({ text: "x".repeat(200_000) });
  for (const shell of ["bash", "cmd"]) assert.match(curl.command(long, shell).text, /--data-binary @request\.json$/);
  assert.ok(curl.command(long, "bash").file);
  assert.ok(!curl.command(long, "powershell").file);
});

test("a request over the wire has its length in bytes and no token", () => {
  const head = recognize(
    `POST ${PATH} HTTP/1.1\nHost: h\nAuthorization: Bearer secret\nContent-Type: text/plain\nContent-Length: 1\n\nx`,
  ).head;
  const text = http.request("é", head);
  assert.equal(
    text,
    `POST ${PATH} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ******\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\né`,
  );
  assert.match(http.request("", undefined), /Authorization: Bearer \$TOKEN\r\n/);
});

test("all fixes are made one at a time, and it ends", () => {
  const fix = (offset, length, text) => ({ code: "unknown_field", pointer: "/x", fix: [{ offset, length, text }] });
  // Each check gives the first `a`, until there is none.
  const made = mend.fixAll("aaa", (text) => (text.includes("a") ? [fix(text.indexOf("a"), 1, "bb")] : []));
  assert.equal(made.made.length, 3);
  assert.equal(made.steps.reduce(mend.applied, "aaa"), "bbbbbb");
  // Two fixes that undo each other.
  const round = mend.fixAll("a", (text) => [fix(0, 1, text === "a" ? "b" : "a")]);
  assert.ok(round.steps.length <= 2);
  const grows = mend.fixAll("", (text) => [fix(text.length, 0, "x")]);
  assert.equal(grows.steps.length, 500);
});

test("a missing field is added where it belongs, a needless one goes", () => {
  const add = (text, ...path) => {
    const added = mend.addMissing(text, { code: "missing_field", path });
    const after = mend.applied(text, added.step);
    return [after, after.slice(added.from, added.to)];
  };
  assert.deepEqual(add('{"attachments": []}', "text"), ['{"text": "", "attachments": []}', ""]);
  assert.deepEqual(add('{"text": "x"}', "clientApplicationDescriptor"), [
    '{"text": "x", "clientApplicationDescriptor": {"channelType": ""}}',
    "",
  ]);
  assert.deepEqual(add('{"clientApplicationDescriptor": null}', "clientApplicationDescriptor"), [
    '{"clientApplicationDescriptor": {"channelType": ""}}',
    "",
  ]);
  assert.deepEqual(add('{"attachments": [{"name": "a"}]}', "attachments", 0, "url"), [
    '{"attachments": [{"url": "https://", "name": "a"}]}',
    "https://",
  ]);
  assert.equal(mend.addMissing("{}", { code: "blank", path: ["text"] }), null);
  const text = '{"a": 1, "deep": {"b": [{"c": 2}, 3]}}';
  const remove = (offset) => mend.applied(text, mend.removeField(text, { code: "unknown_field", offset }));
  assert.equal(remove(1), '{"deep": {"b": [{"c": 2}, 3]}}');
  assert.equal(remove(text.indexOf('"c"')), '{"a": 1, "deep": {"b": [{}, 3]}}');
});

test("a policy gets a national rule, and warnings that reject", () => {
  const rule = (policy, address) => {
    const { steps, from, to, complete } = mend.nationalRule(policy, "WHATSAPP", address);
    const after = steps.reduce(mend.applied, policy);
    return { after: JSON.parse(after), at: after.slice(from, to), complete };
  };
  const russian = { prefix: "8", country: "7", length: 11 };
  assert.deepEqual(rule("{}\n", "8 (900) 000-00-00"), {
    after: { channels: { WHATSAPP: { national: russian } } },
    at: '{"prefix": "8", "country": "7", "length": 11}',
    complete: true,
  });
  const deep = rule(
    '{"limits": {"depth": 9}, "channels": {"WEB": null, "WHATSAPP": {"text": 9, "national": null}}}',
    "89000000000",
  );
  assert.deepEqual(deep.after, {
    limits: { depth: 9 },
    channels: { WEB: null, WHATSAPP: { text: 9, national: russian } },
  });
  assert.deepEqual(rule("not JSON", "0170 1234567").after.channels.WHATSAPP.national, {
    prefix: "0",
    country: "",
    length: 11,
  });
  assert.equal(rule("{}", "0170 1234567").at, '""');
  const own = '{"channels": {"WHATSAPP": {"national": {"prefix": "0"}}}}';
  assert.deepEqual(mend.nationalRule(own, "WHATSAPP", "8").steps, []);
  const refuse = (policy, codes) => JSON.parse(mend.refuseOnly(policy, codes).reduce(mend.applied, policy));
  assert.deepEqual(refuse("{}", ["long_text"]), { refuse: ["long_text"] });
  assert.deepEqual(refuse('{"limits": {}, "refuse": ["a"]}', ["long_text", "alias_field"]), {
    limits: {},
    refuse: ["long_text", "alias_field"],
  });
  assert.deepEqual(refuse('{"limits": {}, "refuse": ["a"]}', []), { limits: {} });
  assert.equal(json.parse('{"refuse": []}').kind, "object");
});
