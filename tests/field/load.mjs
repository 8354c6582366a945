// wrk against a gateway with and without the check, and what the gateway pays for it.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATH, RESPONSE, dir, writeConf } from './servers.mjs';

/** A path as long as that of the endpoint, which nobody checks. */
export const PLAIN = PATH.replace('device', 'nobody');

/** The upstream of runs under load. */
export const backConf = (port) =>
  writeConf('back', [`server { listen 127.0.0.1:${port}; location / { return 200 '${RESPONSE}'; } }`]);

/** nginx before it, checking or not by the path: by directives of the module, or others. */
export const frontConf = (port, back, modules, { check = 'outgoing_to_device on;', extra = '' } = {}) => writeConf('front', [`server { listen 127.0.0.1:${port};
  proxy_http_version 1.1; proxy_set_header Connection "";
  location = ${PATH} { ${check} proxy_pass http://back; }
  location = ${PLAIN} { proxy_pass http://back${PATH}; } }`], { modules, extra: `${extra} upstream back { server 127.0.0.1:${back}; keepalive 32; }` });

/** Nanoseconds of processor time that the threads of a process have used. */
const cpuOf = (pid) => readdirSync(`/proc/${pid}/task`)
  .reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0);
/** Resident memory in KiB. */
export const rssOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

function wrkScript(body) {
  const file = join(dir, 'wrk.lua');
  const quoted = [...body].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('');
  writeFileSync(file, `wrk.method = "POST"\nwrk.body = "${quoted}"\n`
    + 'wrk.headers["Authorization"] = "Bearer x"\nwrk.headers["Content-Type"] = "application/json"\n');
  return file;
}

/** One run of wrk: how many requests were answered, and how many of them not with 2xx or 3xx. */
export function wrk(url, body, seconds, connections = 8) {
  return new Promise((done, fail) => {
    const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', wrkScript(body), url]);
    let text = '';
    child.stdout.on('data', (part) => { text += part; });
    child.on('error', fail);
    child.on('exit', () => done({
      requests: Number(/(\d+) requests in/.exec(text)?.[1] ?? 0),
      rejected: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
      errors: /Socket errors: (.*)/.exec(text)?.[1] ?? '',
    }));
  });
}

/** Pairs of runs, alternating: the processor time of a process for a request, in microseconds, without and with. */
export async function compare(pid, plain, checked, body, pairs, seconds) {
  const one = async (url) => {
    const before = cpuOf(pid);
    const run = await wrk(url, body, seconds);
    if (!run.requests || run.rejected || run.errors) throw new Error(`wrk: ${JSON.stringify(run)}`);
    return (cpuOf(pid) - before) / 1000 / run.requests;
  };
  const results = [];
  for (let i = 0; i < pairs; i++) {
    const first = await one(i % 2 ? checked : plain);
    const second = await one(i % 2 ? plain : checked);
    results.push(i % 2 ? { plain: second, checked: first } : { plain: first, checked: second });
  }
  return results;
}

/** The median of a list with a 95 % interval: that of the medians of samples drawn from the list (a bootstrap). */
export function medianWithInterval(list, samples = 10000) {
  const medians = Array.from({ length: samples }, () => median(list.map(() => list[Math.floor(Math.random() * list.length)]))).sort((a, b) => a - b);
  return { middle: median(list), low: medians[Math.floor(samples * 0.025)], high: medians[Math.floor(samples * 0.975)] };
}
