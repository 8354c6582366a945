// Ways to send a body: each gives { status, headers, body }.
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { PATH } from './servers.mjs';

export const HEADERS = { Authorization: 'Bearer PRIVATE-token', 'Content-Type': 'application/json' };
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function exchange(options, write) {
  return new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', path: PATH, method: 'POST', agent, timeout: 15000, ...options }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', fail);
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', fail);
    write(request);
  });
}

/** With a Content-Length, over a connection that is kept. */
export const withLength = (port, body, headers = HEADERS, options = {}) =>
  exchange({ port, headers: { ...headers, 'Content-Length': body.length }, ...options }, (request) => request.end(body));

/** Chunked, in two chunks, over a connection that is kept. */
export const chunked = (port, body, headers = HEADERS) =>
  exchange({ port, headers: { ...headers, 'Transfer-Encoding': 'chunked' } }, (request) => {
    const half = body.length >> 1;
    if (half) request.write(body.subarray(0, half));
    request.end(body.subarray(half));
  });

/** HTTP/2 with prior knowledge, one connection for all; `length` says whether Content-Length is sent. */
export function overHttp2(port) {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const send = (_, body, headers = HEADERS, length = true) => new Promise((done, fail) => {
    const stream = session.request({ ':method': 'POST', ':path': PATH, ...headers, ...(length && { 'content-length': body.length }) });
    const parts = [];
    let head;
    stream.setTimeout(15000, () => stream.destroy(new Error('timeout')));
    stream.on('response', (fields) => { head = fields; });
    stream.on('data', (part) => parts.push(part));
    stream.on('error', fail);
    stream.on('end', () => done({ status: head[':status'], headers: head, body: Buffer.concat(parts) }));
    stream.end(body);
  });
  return { send, close: () => session.close() };
}

/** Raw bytes, all at once or one by one, until the peer closes: the text of all responses. */
export function raw(port, bytes, oneByOne) {
  return new Promise((done, fail) => {
    const socket = net.connect(port, '127.0.0.1');
    const parts = [];
    socket.setNoDelay(true).setTimeout(15000, () => socket.destroy(new Error('timeout')));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', fail);
    socket.on('close', () => done(Buffer.concat(parts).toString()));
    if (!oneByOne) return socket.write(bytes);
    let at = 0;
    const next = () => { if (at < bytes.length) socket.write(bytes.subarray(at, ++at), () => setImmediate(next)); };
    next();
  });
}

/** A request as bytes. */
export const requestBytes = (body, connection) => Buffer.concat([
  Buffer.from(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n`
    + `Content-Length: ${body.length}\r\nConnection: ${connection}\r\n\r\n`), body]);

/** Sends the head and `length` bytes of a chunked body that does not end; gives the socket once they are sent. */
export function unfinished(port, length) {
  return new Promise((done, fail) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', fail);
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n`
      + `Transfer-Encoding: chunked\r\n\r\n${(length + 1).toString(16)}\r\n`);
    socket.write(Buffer.alloc(length, ' '), () => setTimeout(done, 100, socket));
  });
}
