// The filter in a real Envoy: node envoy.mjs FILTER.wasm ENVOY. Prints what it found; the exit code tells.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http2 from 'node:http2';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { assertForwarded, big, deadUpstream, descriptor, end, everyWay, fieldsAboutBytes, json, overLimit, ownPolicy, readReplies, rejected, slowUpstream, small, test, upstream, vectors } from './cases.mjs';
import { HEADERS, chunked, overHttp2, raw, requestBytes, withLength } from './clients.mjs';
import { PATH, dir, envoyConf, envoyListenerOn, envoyTest, freePort, startEnvoy } from './servers.mjs';

const [wasm, program] = process.argv.slice(2);
const listener = (port, configuration, more) => envoyListenerOn(port, { wasm, configuration, ...more });
const decompressor = `          - name: decompressor
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.decompressor.v3.Decompressor
              decompressor_library:
                name: gzip
                typed_config: {"@type": type.googleapis.com/envoy.extensions.compression.gzip.decompressor.v3.Gzip}
`;
const everything = '- {match: {prefix: /}, route: {cluster: service}}';

const [plain, reportOnly, withPolicy, elsewhere, spelled, dead, nobody, packed, http2Port, http2Upstream] = await Promise.all(Array.from({ length: 10 }, freePort));
const file = envoyConf('envoy', [
  listener(plain, ''),
  listener(reportOnly, '{"mode": "report-only"}', { routes: everything }),
  listener(withPolicy, '{"policy": {"channels": {"VIBER": null}, "unknownFields": "drop", "limits": {"body": 2048}}}'),
  listener(elsewhere, '{"path": "/elsewhere", "mode": "enforce"}', { change: (text) => text.replace(`path: ${PATH}`, 'path: /elsewhere') }),
  listener(spelled, '{}', { routes: everything }),
  listener(dead, '', { change: (text) => text.replaceAll('cluster: service', 'cluster: nobody') }),
  listener(packed, '', { change: (text) => text.replace('          - name: outgoing-to-device\n', (filter) => `${decompressor}${filter}`) }),
  listener(http2Port, '', { change: (text) => text.replaceAll('cluster: service', 'cluster: http2') }),
], upstream.port);
// The sample's cluster twice more: with nobody behind it, and with HTTP/2.
const cluster = (name, port) => `
  - name: ${name}
    load_assignment: {cluster_name: ${name}, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: ${port}}}}}]}]}`;
writeFileSync(file, `${cluster('nobody', nobody)}${cluster('http2', http2Upstream)}
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {http2_protocol_options: {}}
`, { flag: 'a' });
const envoy = await startEnvoy(program, file, plain);
/** Asserts that a line of the log matches; if none does, the last ones are told. */
const logged = (pattern, log = envoy.log()) => assert(pattern.test(log), `no line is ${pattern}:\n${log.slice(-2000)}`);

console.log(`-- Envoy with the filter, ${vectors.length} vectors of the default policy`);
/** Envoy answers a body that is too long, and closes: who still writes then may never read the answer. */
const again = (send) => async (...args) => {
  for (let tries = 0; ; tries++) {
    try {
      return await send(...args);
    } catch (error) {
      if (tries === 9 || !['ECONNRESET', 'EPIPE'].includes(error.code)) throw error;
    }
  }
};
await everyWay({ plain, http2: plain, chunks: again(chunked) });
await test('two requests in one packet, the first rejected', async () => {
  // Envoy closes a connection that it has answered before the end of the request.
  const text = await raw(plain, Buffer.concat([requestBytes(rejected, 'keep-alive'), requestBytes(small, 'close')]), false);
  assert.match(text, /^HTTP\/1\.1 400 /);
  const hidden = upstream.take();
  assert(hidden.every(({ body }) => body.compare(small) === 0) && hidden.length < 2);
});
await test('trailers go with the body that they may speak of', async () => {
  const arrived = [];
  const behind = http2.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => { arrived.push([Buffer.concat(parts).toString(), request.headers.trailer, request.headers['content-length'], request.trailers.digest]); response.end(); });
  });
  await new Promise((done) => behind.listen(http2Upstream, '127.0.0.1', done));
  const sendTo = async (port, body) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':method': 'POST', ':path': PATH, ...HEADERS, trailer: 'digest' }, { waitForTrailers: true });
    const status = await new Promise((done, fail) => {
      stream.on('wantTrailers', () => stream.sendTrailers({ digest: 'of other bytes' }));
      stream.on('response', (fields) => done(fields[':status'])).on('error', fail).resume();
      stream.end(body);
    });
    session.destroy();
    return status;
  };
  for (const [body, status] of [[Buffer.from(` ${small}`), 200], [rejected, 400], [overLimit, 413], [Buffer.alloc(0), 400]]) assert.equal(await sendTo(http2Port, body), status);
  assert.deepEqual(arrived, [[small.toString(), undefined, String(small.length), undefined]]);
  behind.close();
  assert.equal(await sendTo(plain, Buffer.from(` ${small}`)), 200);
  assert.equal(upstream.take()[0].body.compare(small), 0);
  assert.equal(await sendTo(reportOnly, Buffer.from(` ${small}`)), 200);
  assert.equal(upstream.take()[0].body.toString(), ` ${small}`);
});
await test('GET and HEAD, which have no body', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await withLength(plain, Buffer.alloc(0), HEADERS, { method });
    assert.deepEqual([answer.status, answer.headers.allow, answer.body.length > 0], [405, 'POST', method === 'GET']);
  }
  assert.equal(upstream.take().length, 0);
});
await test('a repeated Authorization is none', async () => {
  const headers = { ...HEADERS, Authorization: ['Bearer a', 'Bearer b'] };
  assert.equal((await withLength(plain, small, headers)).status, 401);
  assert.equal(upstream.take().length, 0);
});
await test('fields about the bytes of the body go with them', async () => { await fieldsAboutBytes(chunked, plain); });
await test('a compressed body, with Envoy\'s decompressor in front', async () => {
  const send = (port, body) => withLength(port, gzipSync(body), { ...HEADERS, 'Content-Encoding': 'gzip' });
  await assertForwarded(send, packed, Buffer.from(` ${small}`), small);
  await assertForwarded(withLength, packed, Buffer.from(` ${small}`), small);
  assert.equal((await send(packed, rejected)).status, 400);
  assert.equal((await send(packed, Buffer.from(randomBytes(overLimit.length).toString('base64')))).status, 413);
  assert.equal((await send(plain, small)).status, 415);
  assert.equal(upstream.take().length, 0);
});
await test('other spellings of the path, with the routes of envoy.yaml', async () => {
  for (const suffix of ['/', '//', ';x=1', '.json', '%20', '/x'])
    assert.equal((await withLength(spelled, rejected, HEADERS, { path: PATH + suffix })).status, 404, suffix);
  for (const path of [PATH.toUpperCase(), PATH.replace('api', 'api;x')])
    assert.equal((await withLength(spelled, rejected, HEADERS, { path })).status, 404, path);
  // Envoy knows that these are the path, or nobody's.
  for (const path of [`/${PATH}`, PATH.replace('v1', '%761'), PATH.replace('v1', 'v1/./x/..'), `${PATH}?x`, PATH.replace('v1/', 'v1%2F')])
    assert.equal((await withLength(spelled, rejected, HEADERS, { path })).status, 400, path);
  assert.equal(upstream.take().length, 0);
  assert.equal((await withLength(spelled, rejected, HEADERS, { path: '/other' })).status, 200);
  assert.equal(upstream.take()[0].body.compare(rejected), 0);
});
await test('another place of the endpoint', async () => {
  const at = { path: '/elsewhere' };
  assert.equal((await withLength(elsewhere, rejected, HEADERS, at)).status, 400);
  assert.equal((await withLength(elsewhere, small, HEADERS, at)).status, 200);
  assert.deepEqual(upstream.take().map(({ url }) => url), ['/elsewhere']);
});
await test('a policy, and its own body limit', async () => {
  await ownPolicy(withPolicy, plain);
  for (const send of [withLength, chunked]) {
    const answer = await send(withPolicy, Buffer.concat([small, Buffer.alloc(2049 - small.length, ' ')]));
    assert.deepEqual([answer.status, JSON.parse(answer.body).errors[0].limit], [413, 2048]);
  }
  assert.equal(upstream.take().length, 0);
});
await test('report only: passed on as it came, and logged', async () => {
  for (const body of [rejected, Buffer.from(` ${small}`), big, overLimit, Buffer.concat([overLimit, overLimit])])
    await assertForwarded(withLength, reportOnly, body, body);
  const answer = await chunked(reportOnly, Buffer.concat([overLimit, overLimit]), { ...HEADERS, Digest: 'a' });
  const [got] = upstream.take();
  assert.deepEqual([answer.status, got.body.length, got.headers.digest], [200, 2 * overLimit.length, 'a']);
  logged(/would be rejected: unknown_field \/no\\x1b\[31m\\x0a\\x22such, unknown_channel \/clientApplicationDescriptor\/channelType\n/);
  logged(/would be rejected: body_too_large\n/);
});
await test('report only: one line for head and body, with the id of the request', async () => {
  const answer = await withLength(reportOnly, rejected, { 'Content-Type': 'text/plain' });
  assert.equal(answer.status, 200);
  const [{ headers }] = upstream.take();
  const lines = envoy.log().split('\n').filter((line) => line.includes(headers['x-request-id']));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], /\[warning\].* would be rejected: unauthorized, unsupported_media_type, unknown_field \//);
});
await test('a dead upstream is a 503 as ever', () => deadUpstream(dead, 503));
await test('a slow upstream holds nobody else up', () => slowUpstream(plain));
await test('an id that a client has sent is not logged if it is none of Envoy\'s', async () => {
  await withLength(plain, rejected, { ...HEADERS, 'X-Request-Id': 'PRIVATE-id' });
  logged(/request {2}rejected: unknown_field /);
});
await test('vectors with a marker in each value: answers and the log do not have it', async () => {
  const marked = readReplies(process.env.MARKED);
  const session = overHttp2(plain);
  try {
    await Promise.all(marked.map(async ({ id, body, status, reply }) => {
      const answer = await session.send(plain, body);
      assert.equal(answer.status, status, id);
      if (status !== 200) assert.equal(answer.body.compare(reply), 0, id);
      assert(!answer.body.includes('PRIVATE'), id);
    }));
  } finally { session.close(); }
  const arrived = upstream.take().length;
  assert.equal(arrived, marked.filter(({ status }) => status === 200).length);
  assert(!envoy.log().includes('PRIVATE'), envoy.log().match(/.*PRIVATE.*/)?.[0]);
  return `${marked.length} bodies, ${arrived} forwarded`;
});
await test('Envoy ends in peace', async () => {
  assert.equal(await envoy.stop(), 0);
  assert(!/\[(critical|error)\]/.test(envoy.log()), envoy.log().match(/.*\[(critical|error)\].*/)?.[0]);
});

const faultsOf = (configuration) => {
  const run = envoyTest(program, envoyConf('faulty', [listener(plain, configuration)], nobody));
  assert.notEqual(run.status, 0, 'Envoy takes it');
  return run.stderr.split('\n').flatMap((line) => / outgoing-to-device: configuration:(.*)/.exec(line)?.[1] ?? []);
};
await test('a faulty configuration stops the start, each fault with its place', () => {
  const faults = faultsOf('{"mode": "watch", "mode": "enforce", "path": "here",\n "a\\u001b/": 1,\n  "policy": {"limits": {"depth": 3},\n "unknownFields": "keeep"}}');
  assert.deepEqual(faults.map((fault) => fault.split(': ').slice(0, 2).join(': ')), [
    '1:10: out_of_range /mode', '1:19: duplicate_field /mode', '1:46: out_of_range /path', '2:2: unknown_field /a\\x1b~1',
    '3:34: out_of_range /policy/limits/depth', '4:19: out_of_range /policy/unknownFields',
  ]);
  assert.match(faultsOf('{"policy": {}')[0], /^1:13: invalid_json: /);
  assert.match(faultsOf('[]')[0], /^1:0: invalid_json: /);
});
await test('a new policy is taken while Envoy runs, and a faulty one leaves the old', async () => {
  const lds = join(dir, 'lds.yaml');
  const write = (policy) => {
    const text = listener(plain, `{"policy": ${policy}}`).replace('- name: on', '- "@type": type.googleapis.com/envoy.config.listener.v3.Listener\n    name: on');
    writeFileSync(`${lds}.new`, `version_info: '1'\nresources:\n${text}\n`);
    renameSync(`${lds}.new`, lds);
  };
  write('{}');
  const conf = envoyConf('dynamic', [], upstream.port);
  writeFileSync(conf, `
node: {id: one, cluster: one}
dynamic_resources: {lds_config: {path_config_source: {path: ${lds}}}}
`, { flag: 'a' });
  const running = await startEnvoy(program, conf, plain);
  const drop = json({ text: 'm', extra: 1, clientApplicationDescriptor: descriptor });
  const status = async () => (await withLength(plain, drop, HEADERS, { agent: false })).status;
  const until = async (ready) => { for (let tries = 0; tries < 200 && !await ready(); tries++) await sleep(50); };
  assert.equal(await status(), 400);
  write('{"unknownFields": "drop"}');
  await until(async () => await status() === 200);
  assert.equal(await status(), 200);
  write('{"unknownFields": "dorp"}');
  await until(() => running.log().includes('out_of_range /policy/unknownFields'));
  logged(/configuration:1:30: out_of_range \/policy\/unknownFields/, running.log());
  assert.equal(await status(), 200);
  assert.equal(await running.stop(), 0);
});
end('envoy');
