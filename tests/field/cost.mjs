// What a checked request costs a worker of nginx, beside plain proxy_pass of the same body: node cost.mjs MODULE.so.
// Pairs of runs of wrk, alternating, so that what slows the machine down for a while slows both; the upstream
// is another nginx. FIELD_PAIRS is how many pairs, FIELD_SECONDS how long a run.
import { readFileSync } from 'node:fs';
import { PLAIN, backConf, compare, frontConf, median, medianWithInterval, wrk } from './load.mjs';
import { PATH, cleanUp, freePort, startNginx } from './servers.mjs';

const [module] = process.argv.slice(2);
process.on('exit', cleanUp).on('SIGTERM', () => process.exit(1));
const pairs = Number(process.env.FIELD_PAIRS ?? 40);
const seconds = Number(process.env.FIELD_SECONDS ?? 1);
const body = readFileSync(new URL('../../examples/documented/mobile.json', import.meta.url));

const [frontPort, backPort] = [await freePort(), await freePort()];
const back = await startNginx('back', backConf(backPort, module), backPort);
const front = await startNginx('front', frontConf(frontPort, backPort, module), frontPort);
const url = (path) => `http://127.0.0.1:${frontPort}${path}`;
for (const path of [PATH, PLAIN]) await wrk(url(path), body, 1);
const [worker] = front.workers();
const results = await compare(worker, url(PLAIN), url(PATH), body, pairs, seconds);
const more = results.map(({ plain, checked }) => (checked / plain - 1) * 100);
const { middle, low, high } = medianWithInterval(more);
const us = (list) => `${median(list).toFixed(1)} us (least ${Math.min(...list).toFixed(1)})`;
console.log(`a body of ${body.length} bytes, ${pairs} pairs of ${seconds} s: plain ${us(results.map((r) => r.plain))}, `
  + `checked ${us(results.map((r) => r.checked))}; median of the pairs ${middle.toFixed(1)} % more, 95 % interval ${low.toFixed(1)} to ${high.toFixed(1)} %`);
await front.stop();
await back.stop();
