// Two Envoys with the filter side by side under load, one of them killed with -9 and started again:
// node fleet.mjs FILTER.wasm ENVOY. Clients that get no answer from one ask the other. Every request must be
// answered, and the upstream see what is valid, normalized, and nothing else; what it sees twice is counted.
import assert from 'node:assert/strict';
import http from 'node:http';
import { HEADERS, withLength } from './clients.mjs';
import { cleanUp, envoyConf, envoyListenerOn, freePort, startEnvoy, startUpstream } from './servers.mjs';

const [wasm, program] = process.argv.slice(2);
process.on('exit', cleanUp).on('SIGTERM', () => process.exit(1));
const clients = 8;
const before = Number(process.env.FLEET_REQUESTS ?? 3000); // answered before the kill, and by the new one after it

const upstream = await startUpstream();
upstream.ready = () => new Promise((done) => setTimeout(done, 2)); // so that some are on their way when it happens
const ports = [await freePort(), await freePort()];
const start = (n) => startEnvoy(program, envoyConf(`envoy-${n}`, [envoyListenerOn(ports[n], { wasm })], upstream.port), ports[n], 1);
const envoys = [await start(0), await start(1)];

const agents = ports.map(() => new http.Agent({ keepAlive: true, maxSockets: clients }));
const isValid = (id) => id % 10 !== 0;
const body = (id) => Buffer.from(JSON.stringify({
  text: `n${id}`, ...(!isValid(id) && { extra: 1 }),
  clientApplicationDescriptor: { channelType: 'whatsapp', deviceAddress: `+7 (900) ${String(id).padStart(7, '0')}` },
}));
const normalized = (id) => JSON.stringify({
  text: `n${id}`, attachments: [],
  clientApplicationDescriptor: { channelType: 'WHATSAPP', deviceAddress: `7900${String(id).padStart(7, '0')}` },
});

const answered = [0, 0]; // by each Envoy
let sent = 0;
let going = true;
const lost = { refused: 0, 'cut off': 0 };
async function client(n) {
  for (let id; going;) {
    id = ++sent;
    for (let tries = 0; ; tries++) {
      const at = (n + id + tries) % 2;
      try {
        const answer = await withLength(ports[at], body(id), HEADERS, { agent: agents[at] });
        assert.equal(answer.status, isValid(id) ? 200 : 400, `${id}: ${answer.body}`);
        if (!isValid(id)) assert.equal(JSON.parse(answer.body).errors[0].code, 'unknown_field');
        answered[at]++;
        break;
      } catch (error) {
        if (error instanceof assert.AssertionError || tries === 20) throw error;
        lost[error.code === 'ECONNREFUSED' ? 'refused' : 'cut off']++;
      }
    }
  }
}
const all = Promise.all(Array.from({ length: clients }, (_, n) => client(n)));
const until = async (ready) => {
  for (const end = Date.now() + 120_000; !ready(); await Promise.race([all, new Promise((done) => setTimeout(done, 5))]))
    assert(Date.now() < end, `after two minutes ${answered} are answered`);
};
await until(() => answered[0] + answered[1] >= before);
const [sentThen, answeredThen] = [sent, answered[0] + answered[1]];
await envoys[1].kill();
console.log(`killed one of two Envoys after ${answeredThen} answers, with ${sentThen - answeredThen} requests under way`);
envoys[1] = await start(1);
const answeredByOld = answered[1];
await until(() => answered[1] - answeredByOld >= before / 2);
going = false;
await all;

const seen = new Map();
for (const { body: got } of upstream.take()) seen.set(got.toString(), (seen.get(got.toString()) ?? 0) + 1);
const ids = Array.from({ length: sent }, (_, n) => n + 1).filter(isValid);
for (const id of ids) assert(seen.has(normalized(id)), `the upstream has not seen ${id}`);
assert.equal(seen.size, ids.length, 'the upstream has seen something else');
assert.equal(answered[0] + answered[1], sent);
const twice = [...seen.values()].filter((times) => times > 1).length;
assert(lost.refused + lost['cut off'] > 0, 'nobody has noticed the kill');
assert(twice <= lost['cut off']);
console.log(`${sent} requests, ${sent} answered: ${ids.length} accepted and ${sent - ids.length} rejected; ${answered[1] - answeredByOld} by the Envoy that was started anew`);
console.log(`${lost['cut off']} were cut off and ${lost.refused} found nobody: these were sent again; the upstream has seen ${twice} of them twice`);
for (const envoy of envoys) assert.equal(await envoy.stop(), 0);
upstream.stop();
console.log('fleet: 1 passed, 0 failed');
process.exit();
