// What the tests talk to: an upstream that keeps what it receives, nginx, Envoy, the gateway.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const PATH = '/api/v1/messages/outgoing-to-device';
export const dir = mkdtempSync(join(tmpdir(), 'field-'));
const children = [];

export async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function listening(port, child) {
  for (let tries = 0; tries < 1200 && child.exitCode === null; tries++) {
    const socket = net.connect(port, '127.0.0.1');
    const ok = await new Promise((done) => socket.on('connect', () => done(true)).on('error', () => done(false)));
    socket.destroy();
    if (ok) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

export const RESPONSE = '{"id":1,"threadId":2,"clientId":3,"clientExternalId":null,"agentId":4}';

/** An upstream that answers 200 when `ready(body)` lets it; `take()` gives what came since the last take. */
export async function startUpstream() {
  let received = [];
  const upstream = { ready: () => {}, count: 0, take: () => received.splice(0) };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts);
      upstream.count++;
      received.push({ body, headers: request.headers, url: request.url });
      await upstream.ready(body);
      response.writeHead(200, { 'Content-Type': 'application/json', Vary: 'Origin' });
      response.end(RESPONSE);
    });
  });
  server.keepAliveTimeout = 60000;
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  upstream.port = server.address().port;
  upstream.stop = () => { server.close(); server.closeAllConnections(); };
  return upstream;
}

/** An upstream that answers each connection with the bytes of `answer`, and closes it. */
export async function startRawUpstream() {
  const upstream = { answer: '' };
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(upstream.answer));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  upstream.port = server.address().port;
  upstream.stop = () => server.close();
  return upstream;
}

export const location = (upstream, lines = '') => `
    location = ${PATH} {
      ${lines}
      proxy_pass http://127.0.0.1:${upstream};
      proxy_set_header X-Request-ID $request_id;
      add_header X-Request-ID $request_id always;
    }`;

/** A configuration of nginx: `servers` are its server blocks. */
export function writeConf(name, servers, { modules = [], workers = 1, extra = '' } = {}) {
  const file = join(dir, `${name}.conf`);
  writeFileSync(file, `${process.getuid() === 0 ? 'user root;' : ''}
${modules.map((module) => `load_module ${module};`).join('\n')}
worker_processes ${workers};
worker_shutdown_timeout 10s;
daemon off;
pid ${name}.pid;
error_log ${name}.log info;
events {}
http {
  access_log off;
  keepalive_requests 1000000;
  client_max_body_size 4m;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((p) => `${p}_temp_path ${dir}/${p};`).join(' ')}
  ${extra}
  ${servers.join('\n')}
}
`);
  return file;
}

export const nginxTest = (file) => spawnSync('nginx', ['-p', dir, '-e', 'stderr', '-t', '-c', file], { encoding: 'utf8' });

export async function startNginx(name, file, port, prefix = dir) {
  const child = spawn('nginx', ['-p', prefix, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  await listening(port, child);
  const workers = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  while (workers().length === 0) await sleep(10); // the master listens before it has any
  return {
    pid: child.pid,
    log: () => readFileSync(join(dir, `${name}.log`), 'utf8'),
    workers,
    reload: () => child.kill('SIGHUP'),
    stop: () => stop(child, 'SIGQUIT'),
  };
}

export async function startGateway(program, port, upstreamPort) {
  const child = spawn(program, [String(port), String(upstreamPort)], { stdio: ['pipe', 'ignore', 'pipe'] });
  children.push(child);
  let log = '';
  child.stderr.on('data', (part) => { log += part; });
  await listening(port, child);
  return { pid: child.pid, log: () => log, stop: () => { child.stdin.end(); return stop(child); } };
}

/** What Debian's nginx needs for Lua, and our module loaded into it as `gate`, from this shared library. */
export const LUA_MODULES = ['ndk_http', 'ngx_http_lua'].map((name) => `/usr/lib/nginx/modules/${name}_module.so`);
const luaFolder = fileURLToPath(new URL('../../examples/lua', import.meta.url));
export const luaSetup = (library, gates = { gate: '' }) => `lua_package_path "${luaFolder}/?.lua;/usr/share/lua/5.1/?.lua;;";
  init_by_lua_block {
    local otd = require "outgoing_to_device"
    ${Object.entries(gates).map(([name, options]) => `${name} = otd.new { library = "${library}", ${options} }`).join('\n    ')}
  }`;

/** The sample of examples/envoy: its one listener, and what comes behind it. */
const [, envoyListener, envoyClusters] = /\n( {2}- name: public\n[\s\S]*?)\n( {2}clusters:\n[\s\S]*)$/
  .exec(readFileSync(new URL('../../examples/envoy/envoy.yaml', import.meta.url), 'utf8'));

const swap = (text, what, by) => {
  if (!text.includes(what)) throw new Error(`envoy.yaml has no ${what}`);
  return text.replace(what, by);
};
const part = (text, what) => what.exec(text)?.[0] ?? String(what);

/**
 * The sample's listener on `port`. `configuration` takes the place of the sample's, `routes` are more of them,
 * `change` is what else differs; without `wasm` there is no filter.
 */
export function envoyListenerOn(port, { wasm, configuration = '{}', routes = '', change = (text) => text }) {
  let text = swap(swap(envoyListener, 'name: public', `name: on-${port}`), 'port_value: 8000', `port_value: ${port}`);
  if (routes) text += `\n              ${routes}`;
  if (wasm) {
    text = swap(text, part(text, /filename: .*/), `filename: ${wasm}`);
    text = swap(text, part(text, /value: \|[\s\S]*?(?=\n {10}- name: envoy)/), `value: ${JSON.stringify(configuration)}`);
  } else {
    text = swap(text, part(text, / {10}- name: outgoing-to-device\n[\s\S]*?(?= {10}- name: envoy)/), '');
    text = swap(text, part(text, / {16}typed_per_filter_config:[\s\S]*?(?= {14}#)/), '');
  }
  return change(text);
}

/** A configuration of Envoy: listeners as above, before the upstream on this port. */
export function envoyConf(name, listeners, upstreamPort) {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, `static_resources:\n  listeners:\n${listeners.join('\n')}\n${swap(envoyClusters, 'port_value: 8080', `port_value: ${upstreamPort}`)}`);
  return file;
}

export const envoyTest = (program, file) => spawnSync(program, ['--mode', 'validate', '-c', file], { encoding: 'utf8' });

/** Envoy with as many workers; `port` is one that it listens on. Its log is told without what it lists of itself. */
export async function startEnvoy(program, file, port, workers = 2) {
  const log = `${file}.log`;
  const to = openSync(log, 'w');
  const child = spawn(program, ['-c', file, '--concurrency', String(workers), '--disable-hot-restart'], { stdio: ['ignore', 'ignore', to] });
  closeSync(to);
  children.push(child);
  await listening(port, child).catch((error) => { throw new Error(`${error.message}\n${readFileSync(log, 'utf8').slice(-2000)}`); });
  return { pid: child.pid, log: () => readFileSync(log, 'utf8').replace(/^.*server\.cc.*\n/gm, ''), kill: () => stop(child, 'SIGKILL'), stop: () => stop(child, 'SIGTERM') };
}

async function stop(child, signal) {
  const exit = child.exitCode === null ? new Promise((done) => child.on('exit', done)) : child.exitCode;
  if (signal) child.kill(signal);
  return Promise.race([exit, sleep(20000, 'did not stop', { ref: false })]);
}

export function cleanUp() {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  rmSync(dir, { recursive: true, force: true });
}
