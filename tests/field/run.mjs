// The gateways in the field: node run.mjs MODULE.so GATEWAY. Prints what it found; the exit code tells.
// FIELD_PAIRS and FIELD_SECONDS set how many pairs of load runs there are, and how long each run is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEADERS, chunked, overHttp2, raw, requestBytes, withLength } from './clients.mjs';
import { compare, median, rssOf, wrk } from './load.mjs';
import { PATH, RESPONSE, cleanUp, dir, freePort, location, nginxTest, startGateway, startNginx, startUpstream, writeConf } from './servers.mjs';

const [module, program] = process.argv.slice(2);
process.on('exit', cleanUp).on('SIGTERM', () => process.exit(1));
const pairs = Number(process.env.FIELD_PAIRS ?? 8);
const seconds = Number(process.env.FIELD_SECONDS ?? 1);
let passed = 0;
let failed = 0;

async function test(name, run) {
  const start = Date.now();
  try {
    const note = await run();
    passed++;
    console.log(`ok    ${name}${note ? `: ${note}` : ''} (${Date.now() - start} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}: ${error.stack}`);
  }
}

// --- The vectors of the default policy, and bodies of our own.
const root = new URL('../vectors/', import.meta.url);
const vectors = readdirSync(root).filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(new URL(name, root), 'utf8').trim().split('\n').map((line) => JSON.parse(line)))
  .filter((vector) => vector.outcome && !vector.policy && (vector.body ?? vector.body_base64) !== undefined)
  .map(({ id, body, body_base64, outcome }) => ({ id, body: body_base64 === undefined ? Buffer.from(body) : Buffer.from(body_base64, 'base64'), outcome }));
assert(vectors.length > 600, `only ${vectors.length} vectors`);

const descriptor = { channelType: 'WEB', deviceAddress: 'd' };
const json = (value) => Buffer.from(JSON.stringify(value));
const small = json({ text: 'm', attachments: [], clientApplicationDescriptor: descriptor });
// Spaces between the members make sure that what arrives was normalized.
const big = Buffer.from(JSON.stringify({ text: 'b', attachments: Array.from({ length: 100 }, (_, i) => ({ url: `https://a.example/${i}${'x'.repeat(3900)}`, name: 'a.png' })), clientApplicationDescriptor: descriptor }, null, 8));
const bigNormalized = json(JSON.parse(big));
const overLimit = Buffer.concat([small, Buffer.alloc(1048577 - small.length, ' ')]);
const refused = json({ text: 'PRIVATE-text', 'no\u001b[31m\n"such': 'PRIVATE-value', clientApplicationDescriptor: { channelType: 'PRIVATE-channel', clientId: 'PRIVATE-id', deviceAddress: 'PRIVATE-address' } });

/** The problem document says of a refused body what the vector says. */
function assertProblem(answer, status, outcome) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(Number(answer.headers['content-length']), answer.body.length);
  const problem = JSON.parse(answer.body);
  assert.equal(problem.status, status);
  const places = (list) => (list ?? []).map(({ code, pointer, line, column }) => ({ code, pointer: decodeURIComponent(pointer.replace(/^#/, '')), line, column }));
  const expected = (list) => list.map(({ code, pointer, line, column }) => ({ code, pointer, line, column }));
  assert.deepEqual(places(problem.errors), expected(outcome.violations));
  assert.deepEqual(places(problem.warnings), expected(outcome.warnings));
  assert.equal(problem.truncated ?? false, outcome.truncated);
  return problem;
}

/** Sends `body`; upstream must receive exactly `normalized`, and its answer come back. */
async function assertForwarded(send, port, body, normalized) {
  const answer = await send(port, body);
  const got = upstream.take();
  assert.equal(answer.status, 200, `${answer.body}`);
  assert.equal(answer.body.toString(), RESPONSE);
  assert.equal(answer.headers['vary'], 'Origin');
  assert.equal(got.length, 1);
  assert.equal(got[0].url, PATH);
  assert.equal(got[0].body.compare(normalized), 0, `upstream received ${got[0].body.toString().slice(0, 300)}`);
  assert.equal(got[0].headers['content-length'], String(normalized.length));
  assert.equal(got[0].headers['transfer-encoding'], undefined);
  return { answer, got: got[0] };
}

async function runVectors(send, port) {
  let accepted = 0;
  for (const { id, body, outcome } of vectors) {
    try {
      if (outcome.ok) {
        await assertForwarded(send, port, body, Buffer.from(outcome.request));
        accepted++;
      } else {
        const tooLarge = outcome.violations[0].code === 'body_too_large';
        // The head alone tells that a body of known length is too large, and then has no place in it.
        const answer = await send(port, body);
        if (tooLarge) assert.equal(answer.status, 413); else assertProblem(answer, 400, outcome);
        assert.equal(upstream.take().length, 0, 'upstream received it');
      }
    } catch (error) {
      error.message = `${id}: ${error.message}`;
      throw error;
    }
  }
  return `${accepted} forwarded byte for byte, ${vectors.length - accepted} refused`;
}

async function headFaults(port) {
  const status = async (expected, code, headers, options) => {
    const answer = await withLength(port, small, headers, options);
    assert.equal(answer.status, expected);
    assert.equal(JSON.parse(answer.body).errors[0].code, code);
    assert.equal(upstream.take().length, 0);
    return answer;
  };
  assert.equal((await status(401, 'unauthorized', { 'Content-Type': 'application/json' })).headers['www-authenticate'], 'Bearer');
  await status(401, 'unauthorized', { ...HEADERS, Authorization: 'Basic eDp5' });
  assert.equal((await status(405, 'method_not_allowed', HEADERS, { method: 'PUT' })).headers.allow, 'POST');
  await status(415, 'unsupported_media_type', { ...HEADERS, 'Content-Type': 'text/plain' });
  await status(415, 'unsupported_media_type', { ...HEADERS, 'Content-Type': 'application/json; charset=latin1' });
}

async function sizes(port, send) {
  await assertForwarded(send, port, big, bigNormalized);
  for (const body of [overLimit, Buffer.concat([overLimit, overLimit])]) {
    const answer = await send(port, body);
    assert.equal(answer.status, 413);
    assert.equal(JSON.parse(answer.body).errors[0].code, 'body_too_large');
  }
  const empty = await send(port, Buffer.alloc(0));
  assert.equal(empty.status, 400);
  assert.equal(JSON.parse(empty.body).errors[0].code, 'empty_body');
  assert.equal(upstream.take().length, 0);
}

async function byteByByte(port) {
  const text = await raw(port, requestBytes(Buffer.from(' ' + small), 'close'), true);
  assert.match(text, /^HTTP\/1\.1 200 /);
  assert.equal(upstream.take()[0].body.compare(small), 0);
}

// --- The servers.
const upstream = await startUpstream();
const [plain, inFile, reportOnly, withPolicy, dead, gatewayPort, deadGatewayPort, nobody] = await Promise.all(Array.from({ length: 8 }, freePort));
writeFileSync(join(dir, 'policy.json'), '{"channels": {"VIBER": null}, "unknownFields": "drop"}');
const server = (port, lines, to = upstream.port) => `server { listen 127.0.0.1:${port}; ${location(to, lines)} }`;
const http2Port = await freePort();
const file = writeConf('nginx', [
  server(plain, 'outgoing_to_device on;'),
  server(`${http2Port} http2`, 'outgoing_to_device on;'),
  server(inFile, 'outgoing_to_device on; client_body_in_file_only clean;'),
  server(reportOnly, 'outgoing_to_device on; outgoing_to_device_report_only on;'),
  server(withPolicy, 'outgoing_to_device on; outgoing_to_device_policy policy.json;'),
  server(dead, 'outgoing_to_device on;', nobody),
], { module, workers: 2 });
const nginx = await startNginx('nginx', file, plain);
const gateway = await startGateway(program, gatewayPort, upstream.port);
upstream.take();

console.log(`-- nginx module, ${vectors.length} vectors of the default policy`);
await test('nothing but what nginx looks up is exported', () => {
  const names = execFileSync('nm', ['-D', '--defined-only', module], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(' ').pop());
  assert.deepEqual(names.sort(), ['ngx_module_names', 'ngx_module_order', 'ngx_modules']);
});
await test('vectors with Content-Length, kept connection', () => runVectors(withLength, plain));
await test('vectors chunked', () => runVectors(chunked, plain));
await test('vectors in a file', () => runVectors(withLength, inFile));
await test('vectors over HTTP/2', async () => {
  const session = overHttp2(http2Port);
  try {
    const note = await runVectors(session.send, http2Port);
    await sizes(http2Port, session.send);
    await sizes(http2Port, (port, body) => session.send(port, body, HEADERS, false));
    return `${note}; big, over the limit, empty too`;
  } finally { session.close(); }
});
await test('big, over the limit, empty: with Content-Length', () => sizes(plain, withLength));
await test('big, over the limit, empty: chunked', () => sizes(plain, chunked));
await test('big, over the limit, empty: in a file', async () => { await sizes(inFile, withLength); await sizes(inFile, chunked); });
await test('byte by byte', () => byteByByte(plain));
await test('two requests in one packet, the first refused', async () => {
  const text = await raw(plain, Buffer.concat([requestBytes(refused, 'keep-alive'), requestBytes(small, 'close')]), false);
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400', 'HTTP/1.1 200']);
  assert.equal(upstream.take().length, 1);
});
await test('a refused head, its body passed over, the connection kept', async () => {
  const bad = Buffer.from(requestBytes(small, 'keep-alive').toString().replace('Bearer', 'Basic'));
  const text = await raw(plain, Buffer.concat([bad, requestBytes(small, 'close')]), false);
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 401', 'HTTP/1.1 200']);
  assert.equal(upstream.take().length, 1);
});
await test('faults of the head', () => headFaults(plain));
await test('policy of a location', async () => {
  const drop = json({ text: 'm', extra: 1, clientApplicationDescriptor: descriptor });
  await assertForwarded(withLength, withPolicy, drop, small);
  const viber = await withLength(withPolicy, json({ text: 'm', clientApplicationDescriptor: { ...descriptor, channelType: 'VIBER' } }));
  assert.equal(JSON.parse(viber.body).errors[0].code, 'unknown_channel');
  assert.equal((await withLength(plain, drop)).status, 400);
  assert.equal(upstream.take().length, 0);
});
await test('report only: passed on as it came, and logged', async () => {
  for (const body of [refused, Buffer.from(` ${small}`), big]) await assertForwarded(withLength, reportOnly, body, body);
  assert.match(nginx.log(), /would be refused: unknown_field \/no\\x1b\[31m\\x0a\\x22such, unknown_channel \/clientApplicationDescriptor\/channelType,/);
});
await test('the log: request id, codes and places, nothing private', async () => {
  const answer = await withLength(plain, refused);
  assert.equal(answer.status, 400);
  const line = nginx.log().split('\n').find((one) => one.includes(answer.headers['x-request-id']));
  assert.match(line, /\[warn\].* refused: unknown_field /);
  assert(!nginx.log().includes('PRIVATE') && !answer.body.includes('PRIVATE'));
});
await test('a dead upstream is a 502 as ever', async () => {
  assert.equal((await withLength(dead, small)).status, 502);
  assert.equal((await withLength(dead, refused)).status, 400);
});
const slowUpstream = async (port) => {
  const slow = json({ text: 'slow', attachments: [], clientApplicationDescriptor: descriptor });
  upstream.delay = (body) => (body.includes('slow') ? 800 : 0);
  const order = [];
  const own = { agent: false };
  await Promise.all([
    withLength(port, slow, HEADERS, own).then((answer) => order.push(`slow ${answer.status}`)),
    sleep(100).then(() => withLength(port, small, HEADERS, own)).then((answer) => order.push(`small ${answer.status}`)),
    sleep(100).then(() => withLength(port, refused, HEADERS, own)).then((answer) => order.push(`refused ${answer.status}`)),
  ]);
  upstream.delay = () => 0;
  upstream.take();
  assert.equal(order[2], 'slow 200');
  assert.deepEqual(order.slice(0, 2).sort(), ['refused 400', 'small 200']);
};
await test('a slow upstream holds nobody else up', () => slowUpstream(plain));
await test('reload under load, a connection for each request', async () => {
  let sent = 0;
  let going = true;
  const before = upstream.count;
  const first = nginx.workers().join();
  const client = async (n) => {
    for (let i = n; going; i++) {
      const good = i % 4 !== 0;
      const answer = await withLength(plain, good ? small : refused, HEADERS, { agent: false });
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
  const run = nginxTest(writeConf('faulty', [server(plain, 'outgoing_to_device on; outgoing_to_device_policy faulty.json;')], { module }));
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /faulty\.json:2:23: out_of_range \/limits\/depth: \S.*\n.*faulty\.json:3:20: out_of_range \/unknownFields: \S/);
  const missing = nginxTest(writeConf('missing', [server(plain, 'outgoing_to_device_policy absent.json;')], { module }));
  assert.notEqual(missing.status, 0);
  assert.match(missing.stderr, /absent\.json/);
  assert.equal(nginxTest(file).status, 0);
});
await test('nginx ends in peace', async () => {
  await nginx.stop();
  assert(!/\[(alert|emerg|crit)\]/.test(nginx.log()), nginx.log().match(/.*\[(alert|emerg|crit)\].*/)?.[0]);
});

console.log(`-- gateway.c, ${vectors.length} vectors of the default policy`);
await test('vectors with Content-Length, kept connection', () => runVectors(withLength, gatewayPort));
await test('vectors chunked', () => runVectors(chunked, gatewayPort));
await test('big, over the limit, empty', async () => { await sizes(gatewayPort, withLength); await sizes(gatewayPort, chunked); });
await test('byte by byte', () => byteByByte(gatewayPort));
await test('faults of the head', () => headFaults(gatewayPort));
await test('another path', async () => {
  assert.equal((await withLength(gatewayPort, small, HEADERS, { path: '/api/v1/messages/outgoing' })).status, 404);
});
await test('a slow upstream holds nobody else up', () => slowUpstream(gatewayPort));
await test('a dead upstream is a 502', async () => {
  const alone = await startGateway(program, deadGatewayPort, nobody);
  assert.equal((await withLength(deadGatewayPort, small)).status, 502);
  assert.equal((await withLength(deadGatewayPort, refused)).status, 400);
  assert.equal(await alone.stop(), 0);
});
await test('the log has nothing private', async () => {
  await withLength(gatewayPort, refused);
  assert.match(gateway.log(), /refused 400: unknown_field unknown_channel\n/);
  assert(!gateway.log().includes('PRIVATE'));
});

console.log(`-- load: wrk, 8 connections, ${pairs} pairs of ${seconds} s runs, alternating; the upstream is another nginx`);
const [loadPort, backPort] = [await freePort(), await freePort()];
const back = await startNginx('back', writeConf('back', [`server { listen 127.0.0.1:${backPort}; location / { return 200 '${RESPONSE}'; } }`], { module }), backPort);
const PLAIN = PATH.replace('device', 'nobody'); // as long
const kept = 'proxy_http_version 1.1; proxy_set_header Connection "";';
const front = await startNginx('front', writeConf('front', [`server { listen 127.0.0.1:${loadPort}; ${kept}
  location = ${PATH} { outgoing_to_device on; proxy_pass http://back; }
  location = ${PLAIN} { proxy_pass http://back${PATH}; } }`], { module, extra: `upstream back { server 127.0.0.1:${backPort}; keepalive 32; }` }), loadPort);
const mobile = vectors.find(({ id }) => id.startsWith('documented/') && id.includes('mobile'))?.body ?? small;
const url = (path) => `http://127.0.0.1:${loadPort}${path}`;
await test('nginx: processor time of the worker for a request', async () => {
  const [worker] = front.workers();
  await wrk(url(PATH), mobile, 1);
  await wrk(url(PLAIN), mobile, 1);
  const results = await compare(worker, url(PLAIN), url(PATH), mobile, pairs, seconds);
  for (const { plain: without, checked } of results) {
    console.log(`      plain ${without.toFixed(2)} us, checked ${checked.toFixed(2)} us: ${((checked / without - 1) * 100).toFixed(1)} %`);
  }
  const more = results.map(({ plain: without, checked }) => (checked / without - 1) * 100).sort((a, b) => a - b);
  const middle = median(more);
  return `median of ${pairs} pairs ${middle.toFixed(1)} % more than plain proxy_pass of a body of ${mobile.length} bytes (${more[0].toFixed(1)} to ${more.at(-1).toFixed(1)}; aim 3); least of all runs `
    + `${Math.min(...results.map((r) => r.plain)).toFixed(2)} us and ${Math.min(...results.map((r) => r.checked)).toFixed(2)} us`;
});
await test('nginx: memory is flat', async () => {
  const [worker] = front.workers();
  await wrk(url(PATH), refused, 1);
  const before = rssOf(worker);
  const good = await wrk(url(PATH), mobile, 2 * seconds);
  const bad = await wrk(url(PATH), refused, 2 * seconds);
  const after = rssOf(worker);
  assert.equal(bad.refused, bad.requests);
  assert.equal(good.refused, 0);
  assert(after - before < 512, `${before} KiB, then ${after} KiB`);
  return `the worker's resident memory ${before} KiB, after ${good.requests} accepted and ${bad.requests} refused requests ${after} KiB`;
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
  assert(run.requests > 0 && run.refused === 0 && run.errors === '', JSON.stringify(run));
  assert(after - before < 1024, `${before} KiB, then ${after} KiB`);
  assert.equal(await loaded.stop(), 0);
  return `${run.requests} requests in ${2 * seconds} s, resident memory ${before} KiB, then ${after} KiB`;
});
await back.stop();
upstream.stop();
console.log(`field: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
