// The gateways in the field: node run.mjs MODULE.so GATEWAY. Prints what it found; the exit code tells.
// FIELD_SECONDS sets how long each run under load is. What a request costs is measured by cost.mjs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertForwarded, big, deadUpstream, end, everyWay, fieldsAboutBytes, json, oneLine, ownPolicy, rejected, slowUpstream, small, test, until, upstream, vectors } from './cases.mjs';
import { HEADERS, chunked, raw, requestBytes, unfinished, withLength } from './clients.mjs';
import { backConf, frontConf, rssOf, wrk } from './load.mjs';
import { PATH, RESPONSE, dir, freePort, location, nginxTest, startGateway, startNginx, startRawUpstream, writeConf } from './servers.mjs';

const [module, program] = process.argv.slice(2);
const seconds = Number(process.env.FIELD_SECONDS ?? 1);

// --- The servers.
const [plain, inFile, reportOnly, withPolicy, mirroring, spelled, dead, gatewayPort, deadGatewayPort, chunkedGatewayPort, nobody] = await Promise.all(Array.from({ length: 11 }, freePort));
writeFileSync(join(dir, 'policy.json'), '{"channels": {"VIBER": null}, "unknownFields": "drop"}');
const server = (port, lines, to = upstream.port) => `server { listen 127.0.0.1:${port}; ${location(to, lines)} }`;
// The first and the second location of the sample, before our upstream, and a third one beside them.
const sample = readFileSync(new URL('../../ffi/examples/nginx/nginx.conf', import.meta.url), 'utf8');
const [, locations] = /\n( +location = [\s\S]*)\n    \}\n\}\n$/.exec(sample);
const http2Port = await freePort();
const file = writeConf('nginx', [
  server(plain, 'outgoing_to_device on;'),
  server(`${http2Port} http2`, 'outgoing_to_device on;'),
  server(inFile, 'outgoing_to_device on; client_body_in_file_only clean;'),
  server(reportOnly, 'outgoing_to_device on; outgoing_to_device_report_only on;'),
  server(withPolicy, 'outgoing_to_device on; outgoing_to_device_policy policy.json;'),
  `server { listen 127.0.0.1:${mirroring};
    location = ${PATH} { mirror /mirror; proxy_pass http://127.0.0.1:${upstream.port}/main; }
    location = /mirror { internal; outgoing_to_device on; proxy_pass http://127.0.0.1:${upstream.port}/mirror; } }`,
  `server { listen 127.0.0.1:${spelled};
    ${locations.replace('http://service', `http://127.0.0.1:${upstream.port}`)}
    location / { proxy_pass http://127.0.0.1:${upstream.port}; } }`,
  server(dead, 'outgoing_to_device on;', nobody),
], { modules: [module], workers: 2 });
const nginx = await startNginx('nginx', file, plain);
const gateway = await startGateway(program, gatewayPort, upstream.port);
upstream.take();

console.log(`-- nginx module, ${vectors.length} vectors of the default policy`);
await test('nothing but what nginx looks up is exported', () => {
  const names = execFileSync('nm', ['-D', '--defined-only', module], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(' ').pop());
  assert.deepEqual(names.sort(), ['ngx_module_names', 'ngx_module_order', 'ngx_modules']);
});
await everyWay({ plain, http2: http2Port, inFile });
await test('two requests in one packet, the first rejected', async () => {
  const text = await raw(plain, Buffer.concat([requestBytes(rejected, 'keep-alive'), requestBytes(small, 'close')]), false);
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400', 'HTTP/1.1 200']);
  assert.equal(upstream.take().length, 1);
});
await test('a rejected head, its body passed over, the connection kept', async () => {
  const bad = Buffer.from(requestBytes(small, 'keep-alive').toString().replace('Bearer', 'Basic'));
  const text = await raw(plain, Buffer.concat([bad, requestBytes(small, 'close')]), false);
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 401', 'HTTP/1.1 200']);
  assert.equal(upstream.take().length, 1);
});
await test('fields about the bytes of the body go with them', async () => {
  const headers = await fieldsAboutBytes(chunked, plain);
  const send = (port, body) => chunked(port, body, headers);
  const { got: reported } = await assertForwarded(send, reportOnly, small, small);
  assert.equal(reported.headers['content-md5'], 'a');
});
await test('a subrequest is checked like a request, and has a body of its own', async () => {
  const mirrored = async (body, headers, expected) => {
    const before = upstream.count;
    const answer = await withLength(mirroring, body, headers);
    await until(() => upstream.count >= before + expected); // nobody waits for a mirror's end
    await sleep(100); // what must not come has time to come
    return [answer.status, Object.fromEntries(upstream.take().map((got) => [got.url, got]))];
  };
  const spaced = Buffer.from(` ${small}`);
  const [status, both] = await mirrored(spaced, HEADERS, 2);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(both).sort(), ['/main', '/mirror']);
  assert.equal(both['/mirror'].body.compare(small), 0);
  assert.equal(both['/main'].body.compare(spaced), 0);
  assert.deepEqual(['/main', '/mirror'].map((path) => both[path].headers['content-length']), [spaced, small].map((body) => String(body.length)));
  for (const [body, headers] of [[rejected, HEADERS], [small, { 'Content-Type': 'application/json' }]])
    assert.deepEqual(Object.keys((await mirrored(body, headers, 1))[1]), ['/main']);
});
await test('other spellings of the path, with the locations of nginx.conf', async () => {
  for (const suffix of ['/', '//', ';x=1', '.json', '%20', '%2F', '/x'])
    assert.equal((await withLength(spelled, rejected, HEADERS, { path: PATH + suffix })).status, 404, suffix);
  for (const path of [PATH.toUpperCase(), PATH.replace('api', 'api;x'), PATH.replace('v1', '%561')])
    assert.equal((await withLength(spelled, rejected, HEADERS, { path })).status, 404, path);
  // nginx knows that these are the path.
  for (const path of [`/${PATH}`, PATH.replace('v1', '%761'), PATH.replace('v1', 'v1/./x/..'), `${PATH}?x`])
    assert.equal((await withLength(spelled, rejected, HEADERS, { path })).status, 400, path);
  assert.equal(upstream.take().length, 0);
  assert.equal((await withLength(spelled, rejected, HEADERS, { path: '/other' })).status, 200);
  assert.equal(upstream.take().length, 1);
});
await test('policy of a location', () => ownPolicy(withPolicy, plain));
await test('report only: passed on as it came, and logged', async () => {
  for (const body of [rejected, Buffer.from(` ${small}`), big]) await assertForwarded(withLength, reportOnly, body, body);
  assert.match(nginx.log(), /would be rejected: unknown_field \/no\\x1b\[31m\\x0a\\x22such, unknown_channel \/clientApplicationDescriptor\/channelType,/);
});
await test('report only: one line for head and body', () => oneLine(reportOnly, nginx));
await test('the log: request id, codes and places, nothing private', async () => {
  const answer = await withLength(plain, rejected);
  assert.equal(answer.status, 400);
  const line = nginx.log().split('\n').find((one) => one.includes(answer.headers['x-request-id']));
  assert.match(line, /\[warn\].* rejected: unknown_field /);
  assert(!nginx.log().includes('PRIVATE') && !answer.body.includes('PRIVATE'));
});
await test('a dead upstream is a 502 as ever', () => deadUpstream(dead, 502));
await test('a slow upstream holds nobody else up', () => slowUpstream(plain));
await test('reload under load, a connection for each request', async () => {
  let sent = 0;
  let going = true;
  const before = upstream.count;
  const first = nginx.workers().join();
  const client = async (n) => {
    for (let i = n; going; i++) {
      const good = i % 4 !== 0;
      const answer = await withLength(plain, good ? small : rejected, HEADERS, { agent: false });
      assert.equal(answer.status, good ? 200 : 400);
      if (good) sent++;
    }
  };
  const clients = Promise.all([0, 1, 2, 3].map(client));
  try {
    for (let i = 0; i < 5; i++) {
      await Promise.race([sleep(600), clients]);
      nginx.reload();
    }
    await Promise.race([sleep(800), clients]);
  } finally { going = false; }
  await clients;
  assert.notEqual(nginx.workers().join(), first);
  assert.equal(upstream.count - before, sent);
  upstream.take();
  return `5 reloads, ${sent} requests forwarded, none lost`;
});
await test('a faulty policy stops nginx -t with its place', async () => {
  writeFileSync(join(dir, 'faulty.json'), '{\n  "limits": {"depth": 3},\n  "unknownFields": "keeep"\n}\n');
  const run = nginxTest(writeConf('faulty', [server(plain, 'outgoing_to_device on; outgoing_to_device_policy faulty.json;')], { modules: [module] }));
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /faulty\.json:2:23: out_of_range \/limits\/depth: \S.*\n.*faulty\.json:3:20: out_of_range \/unknownFields: \S/);
  writeFileSync(join(dir, 'ugly.json'), '{"a\\u001b[31m\\nb": 1}');
  const ugly = nginxTest(writeConf('ugly', [server(plain, 'outgoing_to_device_policy ugly.json;')], { modules: [module] }));
  assert.match(ugly.stderr, /ugly\.json:1:2: unknown_field \/a\\x1b\[31m\\x0ab: /);
  const missing = nginxTest(writeConf('missing', [server(plain, 'outgoing_to_device_policy absent.json;')], { modules: [module] }));
  assert.notEqual(missing.status, 0);
  assert.match(missing.stderr, /absent\.json/);
  assert.equal(nginxTest(file).status, 0);
});
await test('nginx ends in peace', async () => {
  await nginx.stop();
  assert(!/\[(alert|emerg|crit)\]/.test(nginx.log()), nginx.log().match(/.*\[(alert|emerg|crit)\].*/)?.[0]);
});

console.log(`-- gateway.c, ${vectors.length} vectors of the default policy`);
await everyWay({ plain: gatewayPort });
await test('another path', async () => {
  for (const path of ['/api/v1/messages/outgoing', `${PATH}%00`, `${PATH}%00x`, `${PATH}/`])
    assert.equal((await withLength(gatewayPort, small, HEADERS, { path })).status, 404, path);
  assert.equal(upstream.take().length, 0);
});
await test('a head that does not say where its body ends is answered and closed: nothing hides behind it', async () => {
  const hidden = requestBytes(small, 'close');
  const head = (fields) => Buffer.from(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n${fields}\r\n`);
  const heads = [
    [`Content-Length: ${hidden.length + 5}\r\nTransfer-Encoding: chunked\r\n`, '0\r\n\r\n'],
    [`Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n`, ''],
    [`Content-Length: ${hidden.length}\r\nContent-Length: 0\r\n`, ''],
    ['Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', '0\r\n\r\n'],
    [`Transfer-Encoding: chunked\r\nContent-Length : ${hidden.length + 5}\r\n`, '0\r\n\r\n'],
  ];
  for (const [fields, before] of heads) {
    const text = await raw(gatewayPort, Buffer.concat([head(fields), Buffer.from(before), hidden]), false);
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400'], fields);
    assert.match(text, /\r\nConnection: close\r\n/i);
  }
  assert.equal(upstream.take().length, 0);
});
await test('no more is kept of a body than the policy allows', async () => {
  const before = rssOf(gateway.pid);
  const sockets = await Promise.all(Array.from({ length: 24 }, () => unfinished(gatewayPort, 6 << 20)));
  const after = rssOf(gateway.pid);
  for (const socket of sockets) socket.destroy();
  assert(after - before < 24 * 1536, `${before} KiB, then ${after} KiB`);
  return `24 bodies of 6 MiB without an end: ${after - before} KiB more`;
});
await test('an upstream that answers in chunks', async () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  const half = RESPONSE.length >> 1;
  const chunk = (text, extension = '') => `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
  const whole = `${head}${chunk(RESPONSE.slice(0, half))}${chunk(RESPONSE.slice(half), ';a=b')}0\r\nX-Trailer: t\r\n\r\n`;
  const answers = [
    [whole, 200], [whole.slice(0, -40), 502], [`${head}5\r\nab\r\n0\r\n\r\n`, 502], [`${head}fffffffffffffffff\r\nab\r\n0\r\n\r\n`, 502],
    [`${head}-2\r\n{}\r\n0\r\n\r\n`, 502], [`${head}2\r\n{}`, 502], [head, 502], [whole.replace('chunked', 'gzip'), 502],
  ];
  const odd = await startRawUpstream();
  const before = await startGateway(program, chunkedGatewayPort, odd.port);
  for (const [text, status] of answers) {
    odd.answer = text;
    const answer = await withLength(chunkedGatewayPort, small);
    assert.equal(answer.status, status, text);
    if (status === 200) assert.equal(answer.body.toString(), RESPONSE);
  }
  odd.stop();
  assert.equal(await before.stop(), 0);
});
await test('a slow upstream holds nobody else up', () => slowUpstream(gatewayPort));
await test('a dead upstream is a 502', async () => {
  const alone = await startGateway(program, deadGatewayPort, nobody);
  assert.equal((await withLength(deadGatewayPort, small)).status, 502);
  assert.equal((await withLength(deadGatewayPort, rejected)).status, 400);
  assert.equal(await alone.stop(), 0);
});
await test('the log has nothing private', async () => {
  await withLength(gatewayPort, rejected);
  assert.match(gateway.log(), /rejected 400: unknown_field unknown_channel\n/);
  assert(!gateway.log().includes('PRIVATE'));
});

console.log(`-- load: wrk, 8 connections, runs of ${seconds} and ${2 * seconds} s; the upstream is another nginx`);
const [loadPort, backPort] = [await freePort(), await freePort()];
const back = await startNginx('back', backConf(backPort), backPort);
const front = await startNginx('front', frontConf(loadPort, backPort, [module]), loadPort);
const mobile = vectors.find(({ id }) => id === 'documented/mobile').body;
const url = (path) => `http://127.0.0.1:${loadPort}${path}`;
await test('nginx: memory is flat', async () => {
  const [worker] = front.workers();
  await wrk(url(PATH), rejected, 1);
  const before = rssOf(worker);
  const good = await wrk(url(PATH), mobile, 2 * seconds);
  const bad = await wrk(url(PATH), rejected, 2 * seconds);
  const after = rssOf(worker);
  assert.equal(bad.rejected, bad.requests);
  assert.equal(good.rejected, 0);
  assert(after - before < 512, `${before} KiB, then ${after} KiB`);
  return `the worker's resident memory ${before} KiB, after ${good.requests} accepted and ${bad.requests} rejected requests ${after} KiB`;
});
await front.stop();
await gateway.stop();
await test('gateway.c: under load, and its memory is flat', async () => {
  const port = await freePort();
  const loaded = await startGateway(program, port, backPort);
  const to = `http://127.0.0.1:${port}${PATH}`;
  await wrk(to, mobile, seconds, 4);
  const before = rssOf(loaded.pid);
  const run = await wrk(to, mobile, 2 * seconds, 4);
  const after = rssOf(loaded.pid);
  assert(run.requests > 0 && run.rejected === 0 && run.errors === '', JSON.stringify(run));
  assert(after - before < 1024, `${before} KiB, then ${after} KiB`);
  assert.equal(await loaded.stop(), 0);
  return `${run.requests} requests in ${2 * seconds} s, resident memory ${before} KiB, then ${after} KiB`;
});
await back.stop();
end('field');
