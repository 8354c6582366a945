// What every gateway is asked, and the upstream behind all of them. REPLIES names the file of what the library
// itself says of each vector (tests/hosts/rust/src/bin/replies.rs): gateways are compared with it byte by byte.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEADERS, chunked, overHttp2, raw, requestBytes, withLength } from './clients.mjs';
import { PATH, RESPONSE, cleanUp, startUpstream } from './servers.mjs';

process.on('exit', cleanUp).on('SIGTERM', () => process.exit(1));
export const upstream = await startUpstream();

let passed = 0;
let failed = 0;

/** Runs a test; what it returns is printed beside its name. */
export async function test(name, run) {
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

/** Waits for something that must come soon, however busy the machine is. */
export async function until(ready) {
  for (let tries = 0; tries < 1000 && !ready(); tries++) await sleep(10);
}

/** Prints the sums and ends the process. */
export function end(name) {
  upstream.stop();
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

/** What `replies` has printed. */
export const readReplies = (file) => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  .map(({ id, body_base64, status, reply_base64 }) => ({ id, body: Buffer.from(body_base64, 'base64'), status, reply: Buffer.from(reply_base64, 'base64') }));
export const vectors = readReplies(process.env.REPLIES);
assert(vectors.length > 600, `only ${vectors.length} vectors`);

export const descriptor = { channelType: 'WEB', deviceAddress: 'd' };
export const json = (value) => Buffer.from(JSON.stringify(value));
export const small = json({ text: 'm', attachments: [], clientApplicationDescriptor: descriptor });
// Spaces between the members make sure that what arrives was normalized.
export const big = Buffer.from(JSON.stringify({ text: 'b', attachments: Array.from({ length: 100 }, (_, i) => ({ url: `https://a.example/${i}${'x'.repeat(3900)}`, name: 'a.png' })), clientApplicationDescriptor: descriptor }, null, 8));
const bigNormalized = json(JSON.parse(big));
export const overLimit = Buffer.concat([small, Buffer.alloc(1048577 - small.length, ' ')]);
export const rejected = json({ text: 'PRIVATE-text', 'no\u001b[31m\n"such': 'PRIVATE-value', clientApplicationDescriptor: { channelType: 'PRIVATE-channel', clientId: 'PRIVATE-id', deviceAddress: 'PRIVATE-address' } });

function assertProblem(answer, status, problem) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(Number(answer.headers['content-length']), answer.body.length);
  assert.equal(answer.body.compare(problem), 0, `${answer.body}\nthe library says\n${problem}`);
}

/** Sends `body`; upstream must receive exactly `normalized`, and its answer come back. */
export async function assertForwarded(send, port, body, normalized) {
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

/** Each body gets the library's problem document, or reaches the upstream as the library normalizes it. */
async function runVectors(send, port, replies = vectors) {
  let accepted = 0;
  for (const { id, body, status, reply } of replies) {
    try {
      if (status === 200) {
        await assertForwarded(send, port, body, reply);
        accepted++;
      } else {
        assertProblem(await send(port, body), status, reply);
        assert.equal(upstream.take().length, 0, 'upstream received it');
      }
    } catch (error) {
      error.message = `${id}: ${error.message}`;
      throw error;
    }
  }
  return `${accepted} forwarded and ${replies.length - accepted} rejected, byte for byte`;
}

async function headFaults(port) {
  const status = async (expected, code, headers, options) => {
    const answer = await withLength(port, small, headers, options);
    assert.equal(answer.status, expected);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(JSON.parse(answer.body).errors[0].code, code);
    assert.equal(upstream.take().length, 0);
    return answer;
  };
  assert.equal((await status(401, 'unauthorized', { 'Content-Type': 'application/json' })).headers['www-authenticate'], 'Bearer');
  await status(401, 'unauthorized', { ...HEADERS, Authorization: 'Basic eDp5' });
  assert.equal((await status(405, 'method_not_allowed', HEADERS, { method: 'PUT' })).headers.allow, 'POST');
  await status(415, 'unsupported_media_type', { ...HEADERS, 'Content-Type': 'text/plain' });
  await status(415, 'unsupported_media_type', { ...HEADERS, 'Content-Type': 'application/json; charset=latin1' });
  await status(415, 'unsupported_media_type', { ...HEADERS, 'Content-Encoding': 'gzip' });
}

/** A body near the limit, bodies over it, and none. */
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

/**
 * All vectors, bodies of all sizes and faulty heads, in every way that a gateway takes them, on ports of it: with
 * HTTP/2, and where it puts bodies into files, if it has such. `chunks` sends in chunks what may be answered early.
 */
export async function everyWay({ plain, http2, inFile, chunks = chunked }) {
  await test('vectors with Content-Length, kept connection', () => runVectors(withLength, plain));
  await test('vectors chunked', () => runVectors(chunked, plain));
  if (http2) await test('vectors over HTTP/2', async () => {
    const session = overHttp2(http2);
    try {
      const note = await runVectors(session.send, http2);
      await sizes(http2, session.send);
      await sizes(http2, (port, body) => session.send(port, body, HEADERS, false));
      return `${note}; big, over the limit, empty too`;
    } finally { session.close(); }
  });
  if (inFile) {
    await test('vectors in a file', () => runVectors(withLength, inFile));
    await test('big, over the limit, empty: in a file', async () => { await sizes(inFile, withLength); await sizes(inFile, chunked); });
  }
  await test('big, over the limit, empty: with Content-Length', () => sizes(plain, withLength));
  await test('big, over the limit, empty: chunked', () => sizes(plain, chunks));
  await test('byte by byte', () => byteByByte(plain));
  await test('faults of the head', () => headFaults(plain));
}

/** Header fields about the bytes of the body do not outlive them; others do. */
export async function fieldsAboutBytes(send, port) {
  const about = { 'Content-Encoding': 'identity', 'Content-MD5': 'a', 'Content-Range': 'bytes 0-1/2', 'Content-Digest': 'a', 'Repr-Digest': 'a', Digest: 'a', Signature: 'a', 'Signature-Input': 'a', Trailer: 'X-T' };
  const headers = { ...HEADERS, ...about, 'X-Own': 'kept', 'If-Match': '"kept"' };
  const { got } = await assertForwarded((to, body) => send(to, body, headers), port, Buffer.from(` ${small}`), small);
  for (const name of Object.keys(about)) assert.equal(got.headers[name.toLowerCase()], undefined, name);
  assert.deepEqual([got.headers['x-own'], got.headers['if-match'], got.headers.authorization], ['kept', '"kept"', HEADERS.Authorization]);
  return headers;
}

/** A policy of one's own, without VIBER and without unknown fields, on one port; the default one on another. */
export async function ownPolicy(port, plain) {
  const drop = json({ text: 'm', extra: 1, clientApplicationDescriptor: descriptor });
  await assertForwarded(withLength, port, drop, small);
  const viber = await withLength(port, json({ text: 'm', clientApplicationDescriptor: { ...descriptor, channelType: 'VIBER' } }));
  assert.equal(JSON.parse(viber.body).errors[0].code, 'unknown_channel');
  assert.equal((await withLength(plain, drop)).status, 400);
  assert.equal(upstream.take().length, 0);
}

/** Report only: nginx's log has one line for head and body. */
export async function oneLine(port, nginx) {
  const answer = await withLength(port, rejected, { 'Content-Type': 'text/plain' });
  assert.equal(answer.status, 200);
  upstream.take();
  const lines = nginx.log().split('\n').filter((line) => line.includes(answer.headers['x-request-id']));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0], /\[warn\].* would be rejected: unauthorized, unsupported_media_type, unknown_field \//);
}

/** Without an upstream a valid request fails as ever, and a rejected one is answered. */
export async function deadUpstream(port, status) {
  assert.equal((await withLength(port, small)).status, status);
  assert.equal((await withLength(port, rejected)).status, 400);
}

/** Who waits for the upstream holds up neither who is rejected nor who is not. */
export async function slowUpstream(port) {
  const slow = json({ text: 'slow', attachments: [], clientApplicationDescriptor: descriptor });
  let answer;
  upstream.ready = (body) => body.includes('slow') && new Promise((done) => { answer = done; });
  const own = { agent: false };
  const waiting = withLength(port, slow, HEADERS, own);
  try {
    await until(() => answer);
    const others = await Promise.all([small, rejected].map((body) => withLength(port, body, HEADERS, own)));
    assert.deepEqual(others.map(({ status }) => status), [200, 400]);
  } finally {
    answer?.();
    upstream.ready = () => {};
  }
  assert.equal((await waiting).status, 200);
  upstream.take();
}
