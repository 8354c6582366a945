// What the tests talk to: an upstream that keeps what it receives, nginx with the module, the gateway.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    const socket = net.connect(port, '127.0.0.1');
    const ok = await new Promise((done) => socket.on('connect', () => done(true)).on('error', () => done(false)));
    socket.destroy();
    if (ok) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

export const RESPONSE = '{"id":1,"threadId":2,"clientId":3,"clientExternalId":null,"agentId":4}';

/** An upstream that answers 200 after `delay(body)` milliseconds; `take()` gives what came since the last take. */
export async function startUpstream() {
  let received = [];
  const upstream = { delay: () => 0, count: 0, take: () => received.splice(0) };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts);
      upstream.count++;
      received.push({ body, headers: request.headers, url: request.url });
      await sleep(upstream.delay(body));
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
export function writeConf(name, servers, { module, workers = 1, extra = '' } = {}) {
  const file = join(dir, `${name}.conf`);
  writeFileSync(file, `${process.getuid() === 0 ? 'user root;' : ''}
load_module ${module};
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

export async function startNginx(name, file, port) {
  const child = spawn('nginx', ['-p', dir, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  await listening(port, child);
  return {
    pid: child.pid,
    log: () => readFileSync(join(dir, `${name}.log`), 'utf8'),
    workers: () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number),
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

async function stop(child, signal) {
  const exit = child.exitCode === null ? new Promise((done) => child.on('exit', done)) : child.exitCode;
  if (signal) child.kill(signal);
  return Promise.race([exit, sleep(8000, 'did not stop', { ref: false })]);
}

export function cleanUp() {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  rmSync(dir, { recursive: true, force: true });
}
