// Odd and hostile requests, byte by byte as they are written here, to gateways, one after another:
//
//   node attacks.mjs [nginx MODULE.so] [gateway PROGRAM] [lua LIBRARY.so] [envoy FILTER.wasm=ENVOY]
//
// Whatever they answer, their upstream may only see valid requests, normalized, whole, and none of those that hide
// in the body of another one.
import { Buffer } from 'node:buffer';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { LUA_MODULES, PATH, cleanUp, envoyConf, envoyListenerOn, freePort, location, luaSetup, startEnvoy, startGateway, startNginx, startUpstream, writeConf } from './servers.mjs';

process.on('exit', cleanUp).on('SIGTERM', () => process.exit(1));

const GOOD = '{ "text":"hi","clientApplicationDescriptor":{"channelType":"web","deviceAddress":"d"}}';
const NORMALIZED = '{"text":"hi","attachments":[],"clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}}';
const LIMIT = 1 << 20;

const request = ({ method = 'POST', path = PATH, version = 'HTTP/1.1', token = 'Bearer x', fields = '', body = GOOD, length = true, connection = 'close' } = {}) =>
  Buffer.concat([Buffer.from(`${method} ${path} ${version}\r\nHost: x\r\n${token === null ? '' : `Authorization: ${token}\r\n`}`
    + `Content-Type: application/json\r\n${length ? `Content-Length: ${body.length}\r\n` : ''}${fields}Connection: ${connection}\r\n\r\n`, 'latin1'), Buffer.from(body, 'latin1')]);
const chunks = (body, extension = '', trailer = '') => `${body.length.toString(16)}${extension}\r\n${body}\r\n0\r\n${trailer}\r\n`;
const inChunks = (options) => request({ length: false, fields: 'Transfer-Encoding: chunked\r\n', body: chunks(GOOD), ...options });
// A second request, which only a reader that is wrong about the first one's length would see.
const HIDDEN = request({ token: 'Bearer HIDDEN' }).toString('latin1');
const hiding = (fields, before = '') => request({ length: false, fields, body: before + HIDDEN, connection: 'keep-alive' });

// name, bytes, and whether it must come through (true), must not (false), or may (undefined).
const requests = [
  ['as it should be', request(), true],
  ['in chunks', inChunks(), true],
  ['chunks with extensions and a trailer', inChunks({ body: chunks(GOOD, ';a=b;c="d"', 'Content-Length: 5\r\nAuthorization: Bearer HIDDEN\r\n') })],
  ['fields about the bytes', request({ fields: 'Content-MD5: a\r\nDigest: a\r\nContent-Digest: a\r\nTrailer: X-T\r\nTE: trailers\r\nUpgrade: h2c\r\n' }), true],
  ['gzip as it says', request({ fields: 'Content-Encoding: gzip\r\n', body: gzipSync(GOOD).toString('latin1') }), false],
  ...['Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n'].map((fields) =>
    [`a length beside chunks: ${fields}`, hiding(fields, '0\r\n\r\n'), false]),
  ...[0, 3].flatMap((length) => [`Content-Length: ${length}\r\nContent-Length: ${HIDDEN.length}\r\n`, `Content-Length: ${HIDDEN.length}\r\nContent-Length: ${length}\r\n`]).map((fields) =>
    [`two lengths: ${fields}`, hiding(fields), false]),
  ...['+', '-', '0x', ' 0, '].map((prefix) => [`length ${prefix}N`, hiding(`Content-Length: ${prefix}${HIDDEN.length}\r\n`), false]),
  ['length above 2^64', hiding(`Content-Length: ${2n ** 64n + BigInt(HIDDEN.length)}\r\n`), false],
  ...['xchunked', 'chunked, identity', 'identity', ' chunked\t', 'gzip, chunked', '\x0bchunked'].map((coding) =>
    [`coding ${JSON.stringify(coding)}`, hiding(`Transfer-Encoding:${coding}\r\n`, '0\r\n\r\n')]),
  ['Chunked', inChunks({ fields: 'Transfer-Encoding: Chunked\r\n' }), true],
  ['coding beside a length', hiding('Content-Length: 0\r\nTransfer-Encoding: xchunked\r\n'), false],
  ['two codings', hiding('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', '0\r\n\r\n')],
  ['a space before a colon', hiding('Transfer-Encoding : chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n')],
  ['a space before a colon, the other way', hiding(`Transfer-Encoding: chunked\r\nContent-Length : ${HIDDEN.length + 5}\r\n`, '0\r\n\r\n')],
  ['a folded field', request({ fields: 'X-A: b\r\n Content-Length: 3\r\n' })],
  ['only line feeds', Buffer.from(request().toString('latin1').replaceAll('\r\n', '\n'))],
  ['a CR in a field', request({ fields: 'X-A: b\rContent-Length: 3\r\n' })],
  ['a CR in the token', request({ token: 'Bearer x\rX-Evil: 1' }), false],
  ['a fold in the token', request({ token: 'Bearer x\r\n X-Evil: 1' }), false],
  ['a NUL in a field', request({ fields: 'X-A: b\0c\r\n' })],
  ['a NUL behind the path', request({ path: `${PATH}%00` }), false],
  ['a NUL and more behind the path', request({ path: `${PATH}%00evil` }), false],
  ['a slash behind the path', request({ path: `${PATH}/` }), false],
  ['a parameter behind the path', request({ path: `${PATH};x=1` }), false],
  ['HTTP/1.0 in chunks', inChunks({ version: 'HTTP/1.0' })],
  ['HTTP/0.9', Buffer.from(`POST ${PATH}\r\n\r\n`), false],
  ...['GET', 'HEAD', 'PUT', 'TRACE', 'OPTIONS', 'post'].map((method) => [method, request({ method }), false]),
  ['no token', request({ token: null }), false],
  ['a token of 25,000 bytes', request({ token: `Bearer ${'a'.repeat(25000)}` })],
  ['100-continue', request({ fields: 'Expect: 100-continue\r\n' }), true],
  ['100-continue without a token', request({ fields: 'Expect: 100-continue\r\n', token: null }), false],
  ['another expectation', request({ fields: 'Expect: 200-ok\r\n' })],
  ['200 KB of fields', request({ fields: Array.from({ length: 200 }, (_, i) => `X-${i}: ${'a'.repeat(1000)}\r\n`).join('') })],
  ['1,500 fields', request({ fields: Array.from({ length: 1500 }, (_, i) => `X${i}:\r\n`).join('') })],
  ...['fffffffffffffffff\r\n', '-1\r\n', '0x5\r\n'].map((size) => [`chunk of ${size.trim()}`, inChunks({ body: `${size}${GOOD}\r\n0\r\n\r\n` }), false]),
  ['chunks that end in line feeds', inChunks({ body: chunks(GOOD).replaceAll('\r\n', '\n') })],
  ['neither length nor chunks', request({ length: false }), false],
  ...[-1, 0].map((more) => [`limit ${more}`, request({ body: GOOD.padEnd(LIMIT + more) }), true]),
  ['limit + 1', request({ body: GOOD.padEnd(LIMIT + 1) }), false],
  ['limit + 1 in chunks', inChunks({ body: chunks(GOOD.padEnd(LIMIT + 1)) }), false],
  ['the limit in chunks', inChunks({ body: chunks(GOOD.padEnd(LIMIT)) }), true],
  ['cut short', request().subarray(0, -20), false],
  ['all bytes', Buffer.from(Array.from({ length: 5120 }, (_, i) => i & 255)), false],
  ['TLS', Buffer.from(`\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${'a'.repeat(500)}`, 'latin1'), false],
];

/** What comes back until the peer closes; after two seconds of silence we do. */
const answerTo = (port, bytes) => new Promise((done) => {
  const socket = net.connect(port, '127.0.0.1');
  const parts = [];
  const end = () => done(Buffer.concat(parts).toString('latin1'));
  socket.setTimeout(2000, () => socket.destroy()).on('data', (part) => parts.push(part)).on('error', () => {}).on('close', end);
  socket.write(bytes);
});

const upstream = await startUpstream();
const port = await freePort();
const nginxWith = (lines, more) => startNginx('nginx', writeConf('nginx', [`server { listen 127.0.0.1:${port}; ${location(upstream.port, lines)} }`], more), port);
const start = {
  nginx: (file) => nginxWith('outgoing_to_device on;', { modules: [file] }),
  gateway: (file) => startGateway(file, port, upstream.port),
  lua: (file) => nginxWith('access_by_lua_block { gate:access() }', { modules: LUA_MODULES, extra: luaSetup(file) }),
  envoy: (file) => {
    const [wasm, program] = file.split('=');
    return startEnvoy(program, envoyConf('envoy', [envoyListenerOn(port, { wasm })], upstream.port), port);
  },
};
let failed = 0;
const fail = (who, name, why) => { failed++; console.log(`FAIL  ${who}: ${name}: ${why}`); };
const args = process.argv.slice(2);
for (let at = 0; at < args.length; at += 2) {
  const who = args[at];
  const server = await start[who](args[at + 1]);
  upstream.take();
  let forwarded = 0;
  for (const [name, bytes, mayPass] of requests) {
    const statuses = (await answerTo(port, bytes)).match(/HTTP\/1\.1 \d+/g) ?? [];
    await sleep(20);
    const got = upstream.take();
    forwarded += got.length;
    if (mayPass === true && (got.length !== 1 || statuses.at(-1) !== 'HTTP/1.1 200')) fail(who, name, `${got.length} forwarded, ${statuses}`);
    if (mayPass === false && got.length) fail(who, name, `${got.length} forwarded, ${statuses}`);
    for (const { body, headers, url } of got) {
      if (body.toString() !== NORMALIZED || url !== PATH || headers['content-length'] !== String(NORMALIZED.length)) fail(who, name, 'not the normalized request');
      if (headers.authorization?.includes('HIDDEN')) fail(who, name, 'the hidden request came through');
      for (const field of ['transfer-encoding', 'content-encoding', 'content-md5', 'digest', 'content-digest', 'trailer', 'x-evil'])
        if (headers[field] !== undefined) fail(who, name, `${field} came through`);
    }
  }
  console.log(`${who}: ${requests.length} odd requests, ${forwarded} forwarded`);
  const alert = /.*\[(alert|emerg|crit|critical)\].*/.exec(server.log());
  if (alert) fail(who, 'log', alert[0]);
  const status = await server.stop();
  if (status !== 0) fail(who, 'end', status);
}
upstream.stop();
console.log(`attacks: ${failed} failed`);
process.exit(failed ? 1 : 0);
