// The Lua module in Debian's nginx: node lua.mjs LIBRARY.so. Prints what it found; the exit code tells.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertForwarded, big, deadUpstream, descriptor, end, everyWay, fieldsAboutBytes, json, oneLine, overLimit, ownPolicy, readReplies, rejected, slowUpstream, small, test, upstream, vectors } from './cases.mjs';
import { HEADERS, chunked, overHttp2, raw, requestBytes, withLength } from './clients.mjs';
import { backConf, frontConf, rssOf, wrk } from './load.mjs';
import { LUA_MODULES, PATH, dir, freePort, location, luaSetup, startNginx, writeConf } from './servers.mjs';

const [library] = process.argv.slice(2);
const seconds = Number(process.env.FIELD_SECONDS ?? 1);
const conf = (name, servers, gates, workers = 2) => writeConf(name, servers, { modules: LUA_MODULES, workers, extra: luaSetup(library, gates) });
const access = (gate) => `access_by_lua_block { ${gate}:access() }`;

const [plain, http2Port, inFile, reportOnly, withPolicy, spelled, dead, nobody] = await Promise.all(Array.from({ length: 8 }, freePort));
writeFileSync(join(dir, 'policy.json'), '{"channels": {"VIBER": null}, "unknownFields": "drop"}');
const server = (port, lines, to = upstream.port) => `server { listen 127.0.0.1:${port}; client_body_buffer_size 2m; ${location(to, lines)} }`;
// The locations of the sample, before our upstream, and another one beside them.
const [, locations] = /\n( +location = [\s\S]*)\n    \}\n\}\n$/.exec(readFileSync(new URL('../../examples/lua/nginx.conf', import.meta.url), 'utf8'));
const file = conf('nginx', [
  server(plain, access('gate')),
  server(`${http2Port} http2`, access('gate')),
  server(inFile, `${access('gate')} client_body_in_file_only clean;`),
  server(reportOnly, access('watch')),
  server(withPolicy, access('strict')),
  `server { listen 127.0.0.1:${spelled};
    ${locations.replace('http://service', `http://127.0.0.1:${upstream.port}`)}
    location / { proxy_pass http://127.0.0.1:${upstream.port}; } }`,
  server(dead, access('gate'), nobody),
], { gate: '', watch: 'report_only = true', strict: `policy_file = "${dir}/policy.json"` });
const nginx = await startNginx('nginx', file, plain);

console.log(`-- the Lua module in nginx, ${vectors.length} vectors of the default policy`);
await test('what it says of the C interface is what the header says', () => {
  const plainC = (text) => text.replace(/\/\*[\s\S]*?\*\/|OTD_MUST_USE/g, ' ').replace(/\s+/g, ' ').replace(/ ?([(){};,*]) ?/g, '$1');
  const header = plainC(readFileSync(new URL('../../include/outgoing_to_device.h', import.meta.url), 'utf8'));
  const lua = readFileSync(new URL('../../examples/lua/outgoing_to_device.lua', import.meta.url), 'utf8');
  const said = plainC(/ffi\.cdef \[\[\n([\s\S]*?)\]\]/.exec(lua)[1]).split(/(?<=;)(?=typedef|otd_status|void|uint32_t otd|const char\*otd)/).map((part) => part.trim());
  for (const one of said) assert(header.includes(one), one);
  assert.equal(/ABI_VERSION = (\d+)/.exec(lua)[1], /OTD_ABI_VERSION (\d+)/.exec(header)[1]);
  return `${said.length} declarations`;
});
await everyWay({ plain, http2: http2Port, inFile });
await test('two requests in one packet, the first rejected', async () => {
  const text = await raw(plain, Buffer.concat([requestBytes(rejected, 'keep-alive'), requestBytes(small, 'close')]), false);
  assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400', 'HTTP/1.1 200']);
  assert.equal(upstream.take().length, 1);
});
await test('fields about the bytes of the body go with them', async () => {
  const headers = await fieldsAboutBytes(chunked, plain);
  const { got } = await assertForwarded((port, body) => chunked(port, body, headers), reportOnly, small, small);
  assert.equal(got.headers['content-md5'], 'a');
});
await test('other spellings of the path, with the locations of nginx.conf', async () => {
  for (const path of [`${PATH}/`, `${PATH};x=1`, `${PATH}.json`, PATH.toUpperCase()]) assert.equal((await withLength(spelled, rejected, HEADERS, { path })).status, 404, path);
  for (const path of [`/${PATH}`, `${PATH}?x`]) assert.equal((await withLength(spelled, rejected, HEADERS, { path })).status, 400, path);
  assert.equal(upstream.take().length, 0);
  await assertForwarded(withLength, spelled, Buffer.from(` ${small}`), small);
});
await test('a policy from a file', () => ownPolicy(withPolicy, plain));
await test('report only: passed on as it came, and logged', async () => {
  for (const body of [rejected, Buffer.from(` ${small}`), big, overLimit]) await assertForwarded(withLength, reportOnly, body, body);
  assert.match(nginx.log(), /would be rejected: unknown_field \/no\\x1b\[31m\\x0a\\x22such, unknown_channel \/clientApplicationDescriptor\/channelType/);
});
await test('report only: one line for head and body', () => oneLine(reportOnly, nginx));
await test('a dead upstream is a 502 as ever', () => deadUpstream(dead, 502));
await test('a slow upstream holds nobody else up', () => slowUpstream(plain));
await test('vectors with a marker in each value: answers and the log do not have it', async () => {
  const marked = readReplies(process.env.MARKED);
  const session = overHttp2(http2Port);
  let arrived = 0;
  try {
    // nginx has so many streams of a connection at a time.
    for (let at = 0; at < marked.length; at += 100) {
      await Promise.all(marked.slice(at, at + 100).map(async ({ id, body, status, reply }) => {
        const answer = await session.send(http2Port, body);
        assert.equal(answer.status, status, id);
        if (status !== 200) assert.equal(answer.body.compare(reply), 0, id);
        assert(!answer.body.includes('PRIVATE'), id);
      }));
      arrived += upstream.take().length;
    }
  } finally { session.close(); }
  assert.equal(arrived, marked.filter(({ status }) => status === 200).length);
  assert(!nginx.log().includes('PRIVATE'), nginx.log().match(/.*PRIVATE.*/)?.[0]);
  return `${marked.length} bodies, ${arrived} forwarded`;
});
await test('reload under load', async () => {
  let going = true;
  const first = nginx.workers().join();
  const clients = Promise.all([0, 1, 2].map(async (n) => {
    for (let i = n; going; i++) {
      const good = i % 4 !== 0;
      assert.equal((await withLength(plain, good ? small : rejected, HEADERS, { agent: false })).status, good ? 200 : 400);
    }
  }));
  try {
    for (let i = 0; i < 3; i++) {
      await Promise.race([sleep(500), clients]);
      nginx.reload();
    }
    await Promise.race([sleep(500), clients]);
  } finally { going = false; }
  await clients;
  assert.notEqual(nginx.workers().join(), first);
  return `3 reloads, ${upstream.take().length} requests forwarded`;
});
await test('nginx ends in peace', async () => {
  await nginx.stop();
  assert(!/\[(alert|emerg|crit|error)\](?!.*connect\(\) failed)/.test(nginx.log()), nginx.log().match(/.*\[(alert|emerg|crit|error)\](?!.*connect\(\) failed).*/)?.[0]);
});
/** What nginx says of a configuration that must stop its start: `nginx -t` runs no Lua. */
const refusal = (conf) => {
  const run = spawnSync('nginx', ['-p', dir, '-e', 'stderr', '-c', conf], { encoding: 'utf8', timeout: 10000 });
  assert(run.status > 0, 'nginx has started');
  return run.stderr;
};
await test('a faulty policy stops the start, each fault with its place', () => {
  writeFileSync(join(dir, 'faulty.json'), '{\n  "limits": {"depth": 3},\n  "unknownFields": "keeep",\n "a\\u001b\\n": 1}\n');
  const policy = (name, gate) => refusal(conf(name, [server(plain, access('gate'))], { gate }));
  assert.match(policy('faulty', `policy_file = "${dir}/faulty.json"`),
    /faulty\.json:2:23: out_of_range \/limits\/depth: \S.*\n.*faulty\.json:3:20: out_of_range \/unknownFields: \S.*\n.*faulty\.json:4:2: unknown_field \/a\\x1b\\x0a: \S/);
  assert.match(policy('text', 'policy = "[]"'), /policy:1:1: type_mismatch /);
  assert.match(policy('missing', 'policy_file = "absent.json"'), /absent\.json/);
});
await test('a library of another interface stops the start', () => {
  const other = join(dir, 'other.so');
  execFileSync('cc', ['-shared', '-o', other, '-x', 'c', '-'], { input: 'unsigned otd_abi_version(void) { return 99; }' });
  const said = refusal(writeConf('other', [server(plain, access('gate'))], { modules: LUA_MODULES, extra: luaSetup(other) }));
  assert.match(said, /other\.so has interface 99, this module is for 1/);
});
await test('policies that nobody uses are freed', () => {
  const rss = "tonumber(io.open('/proc/self/status'):read('*a'):match('VmRSS:%s+(%d+)'))";
  const many = (count) => `for i = 1, ${count} do otd.new { library = "${library}", policy = '{}' } end collectgarbage() collectgarbage()`;
  const setup = luaSetup(library, {}).replace('"outgoing_to_device"', `"outgoing_to_device" ${many(2000)} local before = ${rss} ${many(30000)} error("grew by " .. ${rss} - before .. " KiB")`);
  const [, grew] = /grew by (-?\d+) KiB/.exec(refusal(writeConf('many', [server(plain, '')], { modules: LUA_MODULES, extra: setup })));
  assert(grew < 16384, `30,000 policies: ${grew} KiB more`);
  return `30,000 policies: ${grew} KiB more`;
});
await test('a reload with a faulty policy leaves the old one', async () => {
  const policy = join(dir, 'changing.json');
  writeFileSync(policy, '{}');
  const running = await startNginx('changing', conf('changing', [server(plain, access('gate'))], { gate: `policy_file = "${policy}"` }), plain);
  writeFileSync(policy, '{"unknownFields": "dorp"}');
  running.reload();
  for (let tries = 0; tries < 100 && !running.log().includes('out_of_range'); tries++) await sleep(50);
  assert.match(running.log(), /changing\.json:1:19: out_of_range \/unknownFields: /);
  assert.equal((await withLength(plain, rejected, HEADERS, { agent: false })).status, 400);
  await assertForwarded((port, body) => withLength(port, body, HEADERS, { agent: false }), plain, small, small);
  await running.stop();
});
const example = (name) => new URL(`../../examples/lua/${name}`, import.meta.url);
await test('the sample, from a directory with the three files', async () => {
  const folder = join(dir, 'sample');
  mkdirSync(folder);
  copyFileSync(library, join(folder, 'liboutgoing_to_device.so.1'));
  copyFileSync(example('outgoing_to_device.lua'), join(folder, 'outgoing_to_device.lua'));
  const text = readFileSync(example('nginx.conf'), 'utf8').replace(':8000', `:${plain}`).replace(':8080', `:${upstream.port}`);
  assert(text.includes(`:${plain}`) && text.includes(`:${upstream.port}`));
  writeFileSync(join(folder, 'nginx.conf'), `daemon off;\n${text}`);
  const running = await startNginx('sample', 'nginx.conf', plain, folder);
  await assertForwarded(withLength, plain, Buffer.from(` ${small}`), small);
  assert.equal((await withLength(plain, rejected)).status, 400);
  assert.equal(await running.stop(), 0);
});
await test('the handler for Kong, as the README has it, in nginx', async () => {
  const [, handler] = /```lua\n([\s\S]*?)```/.exec(readFileSync(example('README.md'), 'utf8'));
  writeFileSync(join(dir, 'handler.lua'), handler);
  process.env.LD_LIBRARY_PATH = dirname(library);
  const running = await startNginx('kong', writeConf('kong', [server(plain, 'access_by_lua_block { handler:access(config) }')], {
    modules: LUA_MODULES,
    extra: luaSetup(library, {}).replace('local otd = require "outgoing_to_device"', `handler, config = dofile "${dir}/handler.lua", { policy = '{"unknownFields": "drop"}' }`),
  }), plain);
  await assertForwarded((port, body) => withLength(port, body, HEADERS, { agent: false }), plain, json({ text: 'm', extra: 1, clientApplicationDescriptor: descriptor }), small);
  assert.equal((await withLength(plain, rejected, HEADERS, { agent: false })).status, 400);
  assert.equal(await running.stop(), 0);
});
await test('memory is flat', async () => {
  const [port, backPort] = [await freePort(), await freePort()];
  const back = await startNginx('back', backConf(backPort), backPort);
  const front = await startNginx('front', frontConf(port, backPort, LUA_MODULES, { check: access('gate'), extra: luaSetup(library) }), port);
  const [worker] = front.workers();
  const url = `http://127.0.0.1:${port}${PATH}`;
  await wrk(url, small, seconds);
  await wrk(url, rejected, seconds);
  const before = rssOf(worker);
  const good = await wrk(url, small, 2 * seconds);
  const bad = await wrk(url, rejected, 2 * seconds);
  const after = rssOf(worker);
  await front.stop();
  await back.stop();
  assert.equal(bad.rejected, bad.requests);
  assert.equal(good.rejected, 0);
  // LuaJIT's own heap breathes.
  assert(after - before < 4096, `${before} KiB, then ${after} KiB`);
  return `the worker's resident memory ${before} KiB, after ${good.requests} accepted and ${bad.requests} rejected requests ${after} KiB`;
});
end('lua');
