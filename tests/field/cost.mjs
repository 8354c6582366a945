// What a checked request costs a gateway, beside one that it passes on as it is:
//
//   node cost.mjs nginx MODULE.so
//   node cost.mjs lua LIBRARY.so
//   node cost.mjs envoy FILTER.wasm ENVOY
//
// Pairs of runs of wrk, alternating, so that what slows the machine down for a while slows both; the gateway has
// one worker, the upstream is another nginx. FIELD_PAIRS is how many pairs, FIELD_SECONDS how long a run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PLAIN, backConf, compare, frontConf, median, medianWithInterval, rssOf, wrk } from './load.mjs';
import { LUA_MODULES, PATH, cleanUp, envoyConf, envoyListenerOn, freePort, luaSetup, startEnvoy, startNginx } from './servers.mjs';

const [kind, file, program] = process.argv.slice(2);
process.on('exit', cleanUp).on('SIGTERM', () => process.exit(1));
const pairs = Number(process.env.FIELD_PAIRS ?? 40);
const seconds = Number(process.env.FIELD_SECONDS ?? 1);
const body = readFileSync(new URL('../../examples/documented/mobile.json', import.meta.url));

const [port, plainPort, backPort] = [await freePort(), await freePort(), await freePort()];
const url = (path, on = port) => `http://127.0.0.1:${on}${path}`;

const kinds = {
  async nginx() {
    const nginx = await startNginx('front', frontConf(port, backPort, [file]), port);
    return { pid: nginx.workers()[0], plain: url(PLAIN), stop: nginx.stop };
  },
  async lua() {
    const conf = frontConf(port, backPort, LUA_MODULES, { check: 'access_by_lua_block { gate:access() }', extra: luaSetup(file) });
    const nginx = await startNginx('front', conf, port);
    return { pid: nginx.workers()[0], plain: url(PLAIN), stop: nginx.stop };
  },
  async envoy() {
    const conf = envoyConf('front', [envoyListenerOn(port, { wasm: file }), envoyListenerOn(plainPort, {})], backPort);
    const envoy = await startEnvoy(program, conf, port, 1);
    return { pid: envoy.pid, plain: url(PATH, plainPort), stop: envoy.stop };
  },
};

const back = await startNginx('back', backConf(backPort), backPort);
const { pid, plain, stop } = await kinds[kind]();
const checked = url(PATH);
for (const way of [checked, plain]) await wrk(way, body, 1);
const before = rssOf(pid);
const results = await compare(pid, plain, checked, body, pairs, seconds);
const more = results.map((pair) => (pair.checked / pair.plain - 1) * 100);
const { middle, low, high } = medianWithInterval(more);
const us = (list) => `${median(list).toFixed(1)} us (least ${Math.min(...list).toFixed(1)})`;
console.log(`${kind}: a body of ${body.length} bytes, ${pairs} pairs of ${seconds} s: plain ${us(results.map((r) => r.plain))}, `
  + `checked ${us(results.map((r) => r.checked))}; median of the pairs ${middle.toFixed(1)} % more, 95 % interval ${low.toFixed(1)} to ${high.toFixed(1)} %`);
const after = rssOf(pid);
console.log(`${kind}: resident memory ${before} KiB before, ${after} KiB after`);
assert(after - before < 4096, 'memory grows');
await stop();
await back.stop();
