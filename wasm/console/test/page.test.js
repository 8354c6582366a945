// The page, driven as a person would.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch, serve } from './browser.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser, server;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.close();
});

/** A fresh page; whatever it complains of fails the test. */
async function open(t, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(server.url);
  page.setDefaultTimeout(5000);
  return page;
}

const EDITOR = '#request-editor .cm-content';
const text = (page) => page.locator(`${EDITOR} .cm-line`).evaluateAll((lines) => lines.map((line) => line.textContent).join('\n'));
const verdict = (page) => page.locator('#verdict-word').textContent();
const codes = (page) => page.locator('#findings .where code:last-child').allTextContents();
const selected = (page) => page.evaluate(() => String(getSelection()));
const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function example(page, name) {
  await page.click('#examples-button');
  await page.locator('#examples').getByRole('button', { name, exact: true }).first().click();
  await frames(page);
}

async function type(page, editor, value) {
  await page.locator(`${editor} .cm-content`).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(value);
  await frames(page);
}

const descriptor = (fields) => JSON.stringify({ text: 'hi', attachments: [], clientApplicationDescriptor: fields });

test('the documented request is accepted with its warning when the page opens', async (t) => {
  const page = await open(t);
  assert.equal(await verdict(page), 'Accepted');
  assert.deepEqual(await codes(page), ['national_number']);
  assert.equal(await page.inputValue('#f-deviceAddress'), '89000000000');
  assert.equal(await page.textContent('#panel-output pre.compact'), '{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}');
});

test('the verdict follows the typing, and the caret stays where one types', async (t) => {
  const page = await open(t);
  await example(page, 'MOBILE');
  assert.equal(await verdict(page), 'Accepted');
  await page.locator(`${EDITOR} .cm-line`, { hasText: 'appMarker' }).click();
  await page.keyboard.press('Home');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight'); // between the two p of "appMarker"
  await page.keyboard.press('Delete');
  await page.keyboard.type('xyz');
  await frames(page);
  assert.match(await text(page), /"apxyzMarker"/);
  assert.equal(await verdict(page), 'Refused');
  assert.deepEqual(await codes(page), ['required_by_channel', 'unknown_field']);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Backspace');
  await page.keyboard.type('p');
  await frames(page);
  assert.equal(await verdict(page), 'Accepted');
});

test('a finding leads to its place and underlines it, by mouse and by Enter', async (t) => {
  const page = await open(t);
  await example(page, 'Misspelled names');
  const underlined = await page.locator(`${EDITOR} .finding.violation`).allTextContents();
  assert.deepEqual(underlined, ['"MOBIL"', '"clientID"', '"appMaker"']);
  const rows = page.locator('#findings .jump');
  for (const [i, place] of underlined.entries()) {
    await rows.nth(i).click();
    assert.equal(await selected(page), place);
    await rows.nth(i).focus();
    await page.keyboard.press('Enter');
    assert.equal(await selected(page), place);
    assert.ok(await page.locator(EDITOR).evaluate((editor) => editor.contains(document.activeElement)));
  }
  await page.keyboard.press('F8'); // round to the first one
  assert.equal(await selected(page), '"MOBIL"');
  await page.keyboard.press('Shift+F8');
  assert.equal(await selected(page), '"appMaker"');
  await page.locator(`${EDITOR} .finding`, { hasText: 'appMaker' }).hover();
  assert.match(await page.locator('.tip').textContent(), /did you mean appMarker\?/);
});

test('a repeated field leads to the first one', async (t) => {
  const page = await open(t);
  await example(page, 'Fields in the wrong place');
  await page.getByRole('button', { name: 'Show the first one' }).click();
  assert.equal(await selected(page), '"text"');
  assert.match(await page.textContent('#caret'), /^Line 4,/);
});

test('one click makes a fix; undo takes it back', async (t) => {
  const page = await open(t);
  await example(page, 'Misspelled names');
  for (const name of ['MOBILE', 'clientId', 'appMarker']) await page.locator('#findings .fix', { hasText: `Use ${name}` }).click();
  assert.equal(await verdict(page), 'Accepted');
  assert.deepEqual(await codes(page), []);
  assert.equal(await page.inputValue('#f-appMarker'), 'myApp');
  await page.keyboard.press('Control+z');
  await frames(page);
  assert.equal(await verdict(page), 'Refused');

  await example(page, 'Numbers without quotes');
  while (await page.locator('#findings .fix').count()) {
    assert.equal(await page.locator('#findings .fix').first().textContent(), 'Put it in quotes');
    await page.locator('#findings .fix').first().click();
  }
  assert.equal(await verdict(page), 'Accepted');
  assert.match(await text(page), /"text": "42",[^]*"deviceAddress": "-1001234567890"/);
});

test('Ctrl+. fixes what the caret stands in', async (t) => {
  const page = await open(t);
  await example(page, 'Misspelled names');
  await page.keyboard.press('F8');
  await page.keyboard.press('Control+.');
  await frames(page);
  assert.equal(await page.inputValue('#f-channelType'), 'MOBILE');
  assert.deepEqual(await page.locator(`${EDITOR} .finding.violation`).allTextContents().then((all) => all.slice(-2)), ['"clientID"', '"appMaker"']);
});

test('the form edits the text and leaves its layout alone', async (t) => {
  const page = await open(t);
  await example(page, 'MOBILE');
  const was = await text(page);
  await page.fill('#f-text', 'Привет, "Анна"\n\\o/');
  assert.equal(await text(page), was.replace('"message"', JSON.stringify('Привет, "Анна"\n\\o/')));
  await page.fill('#f-text', 'message');
  assert.equal(await text(page), was);

  // Typing in the middle of a field: no character goes astray.
  await page.click('#f-appMarker');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('_new_');
  assert.equal(await page.inputValue('#f-appMarker'), 'm_new_yApp');
  assert.equal(await page.locator('#f-appMarker').evaluate((input) => input.selectionStart), 6);
  assert.equal(await text(page), was.replace('myApp', 'm_new_yApp'));

  // A field that is emptied is taken away, stays on the page while one is in it, and comes back at its place.
  await page.fill('#f-clientId', '');
  assert.equal(await text(page), was.replace('myApp', 'm_new_yApp').replace(/\n *"clientId".*/, ''));
  await page.keyboard.type('7');
  assert.match(await text(page), /"channelType" : "MOBILE",\n {4}"clientId" : "7",\n {4}"appMarker"/);
});

test('text and form follow each other; the form rests while the text is not JSON', async (t) => {
  const page = await open(t);
  await type(page, '#request-editor', descriptor({ channelType: ' mobile ', clientId: 'c', deviceAddress: 'd' }));
  assert.equal(await page.inputValue('#f-channelType'), 'MOBILE');
  assert.equal(await page.inputValue('#f-clientId'), 'c');
  assert.equal(await page.getAttribute('#f-appMarker', 'aria-invalid'), 'true');
  assert.equal(await page.textContent('#f-appMarker-problems'), 'MOBILE requires this field.');
  await type(page, '#request-editor', '{"text": "x"');
  assert.ok(await page.locator('#f-text').isDisabled());
  assert.match(await page.textContent('#form-rests'), /not JSON/);
  assert.ok(await page.locator('#format').isDisabled());
  assert.deepEqual(await codes(page), ['invalid_json']);
  await type(page, '#request-editor', '{}');
  assert.ok(await page.locator('#f-text').isEnabled());
  await page.selectOption('#f-channelType', 'EMAIL');
  await page.fill('#f-deviceAddress', 'anna@example.com');
  await page.fill('#f-text', 'x');
  assert.equal(await verdict(page), 'Accepted');
  assert.deepEqual(JSON.parse(await text(page)), { text: 'x', clientApplicationDescriptor: { channelType: 'EMAIL', deviceAddress: 'anna@example.com' } });
});

test('the alias of the descriptor is edited under its own name', async (t) => {
  const page = await open(t);
  await type(page, '#request-editor', descriptor({ channelType: 'WEB', deviceAddress: 'd' }).replace('clientApp', 'app'));
  assert.match(await text(page), /"applicationDescriptor"/);
  await page.fill('#f-deviceAddress', 'e');
  assert.equal(await text(page), descriptor({ channelType: 'WEB', deviceAddress: 'e' }).replace('clientApp', 'app'));
});

test('the fields follow the rules of the channel', async (t) => {
  const page = await open(t);
  const shown = async () => {
    const ids = ['clientId', 'appMarker', 'unauthorizedClientId'];
    const seen = await Promise.all(ids.map((id) => page.locator(`#f-${id}`).isVisible()));
    return ids.filter((_, i) => seen[i]);
  };
  assert.deepEqual(await shown(), []);
  await page.selectOption('#f-channelType', 'MOBILE');
  assert.deepEqual(await shown(), ['clientId', 'appMarker']);
  assert.equal(await page.getAttribute('#f-appMarker', 'aria-required'), 'true');
  assert.match(await page.textContent('#f-deviceAddress-hint'), /token/);
  await page.selectOption('#f-channelType', 'EMAIL');
  assert.deepEqual(await shown(), []);
  assert.match(await page.textContent('#f-deviceAddress-hint'), /e-mail/);
  assert.equal(await page.textContent('#f-deviceAddress-problems'), 'The device address is not an e-mail address, as EMAIL needs.');
  await page.getByRole('button', { name: 'Optional fields' }).click();
  assert.deepEqual(await shown(), ['clientId', 'appMarker', 'unauthorizedClientId']);
  assert.equal(await page.getAttribute('#f-appMarker', 'aria-required'), 'false');
});

test('attachments are added, filled in and removed', async (t) => {
  const page = await open(t);
  const was = await text(page);
  await page.getByRole('button', { name: 'Add an attachment' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-0-url');
  await page.keyboard.type('files.example.com/a.jpg');
  await page.fill('#f-0-size', '256');
  await page.fill('#f-0-name', 'a.jpg');
  await page.getByRole('button', { name: 'Add an attachment' }).click();
  await page.keyboard.type('files.example.com/b.png');
  assert.equal(await verdict(page), 'Accepted');
  assert.deepEqual(JSON.parse(await text(page)).attachments, [
    { url: 'https://files.example.com/a.jpg', name: 'a.jpg', size: 256 },
    { url: 'https://files.example.com/b.png' },
  ]);
  await page.fill('#f-1-size', 'many');
  assert.equal(await page.textContent('#f-1-size-problems'), 'The value must be an integer, not a string.');
  await page.getByRole('button', { name: 'Remove attachment 1' }).click();
  assert.deepEqual(JSON.parse(await text(page)).attachments, [{ url: 'https://files.example.com/b.png', size: 'many' }]);
  await page.getByRole('button', { name: 'Remove attachment 1' }).click();
  assert.equal(await text(page), was.replace('[ ]', '[]'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'attachments-title');
});

test('the normalized request says what changed', async (t) => {
  const page = await open(t);
  await example(page, 'Values to normalize');
  const all = (selector) => page.locator(`#panel-output ${selector}`).allTextContents();
  assert.equal(await page.textContent('#panel-output .note'), '5 values changed, 1 field left out, 1 value spelled otherwise, order changed.');
  assert.deepEqual(await all('del'), ['\\r', 'I', 'JPG', '2.56e4', 'whatsapp', '␣␣', '␣', '"appMarker"', ': ', 'null', '+', '␣(', ')␣', '-']);
  assert.deepEqual(await all('ins'), ['i', 'jpeg', '25600', 'WHATSAPP']);
  await page.getByRole('button', { name: 'Format' }).click();
  await type(page, '#request-editor', await page.textContent('#panel-output pre.compact'));
  assert.equal(await page.textContent('#panel-output .note'), 'Already in normal form, byte for byte.');
  assert.deepEqual([...(await all('ins')), ...(await all('del')), ...(await all('mark'))], []);
});

test('the response is what a gateway would send, as raw HTTP too', async (t) => {
  const page = await open(t);
  await page.getByRole('tab', { name: 'Raw HTTP' }).click();
  const raw = async () => {
    const [head, body] = (await page.textContent('#panel-output pre')).split('\n\n');
    const [status, ...fields] = head.split('\n');
    return { status, fields, body };
  };
  let { status, fields, body } = await raw();
  assert.equal(status, 'HTTP/1.1 200 OK');
  assert.deepEqual(fields, ['Vary: Origin', 'Vary: Access-Control-Request-Method', 'Vary: Access-Control-Request-Headers', 'Content-Type: application/json', `Content-Length: ${body.length}`]);
  assert.equal(body, '{"id":1,"threadId":2,"clientId":1,"clientExternalId":null,"agentId":3}');
  await example(page, 'What MOBILE requires');
  ({ status, fields, body } = await raw());
  assert.equal(status, 'HTTP/1.1 400 Bad Request');
  assert.deepEqual(fields, ['Content-Type: application/problem+json', `Content-Length: ${Buffer.byteLength(body)}`]);
  const problem = JSON.parse(body);
  assert.equal(problem.status, 400);
  assert.deepEqual(problem.errors.map(({ code, pointer }) => `${code} ${pointer}`), [
    'required_by_channel #/clientApplicationDescriptor/appMarker',
    'required_by_channel #/clientApplicationDescriptor/clientId',
    'invalid_address #/clientApplicationDescriptor/deviceAddress',
  ]);
  await page.getByRole('tab', { name: 'Response' }).click();
  assert.equal(await page.textContent('#panel-output .answer strong'), '400 Bad Request');
  assert.deepEqual(JSON.parse(await page.textContent('#panel-output pre')), problem);
});

test('what is copied is what is sent', async (t) => {
  const page = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] });
  const pasted = async (name) => {
    await page.locator('.output').getByRole('button', { name, exact: true }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  await type(page, '#request-editor', descriptor({ channelType: 'web', deviceAddress: "it's" }));
  const normalized = descriptor({ channelType: 'WEB', deviceAddress: "it's" });
  assert.equal(await pasted('Copy'), normalized);
  const curl = await pasted('Copy as curl');
  assert.ok(curl.endsWith(`--data-binary '${normalized.replace("'", "'\\''")}'`), curl);
  await page.getByRole('tab', { name: 'Raw HTTP' }).click();
  assert.match(await pasted('Copy'), /^HTTP\/1\.1 200 OK\r\nVary: [^]*\r\nContent-Length: 70\r\n\r\n\{"id":1,[^]*\}$/);
});

test('a policy takes effect as it is typed; a refused one shows its faults and changes nothing', async (t) => {
  const page = await open(t);
  await page.getByRole('tab', { name: 'Policy' }).click();
  await page.getByRole('button', { name: 'National numbers' }).click();
  await frames(page);
  assert.deepEqual(await codes(page), []);
  assert.match(await page.textContent('#panel-output pre.compact'), /"79000000000"/);
  assert.equal(await page.textContent('#policy-state'), 'This policy is in force. What the policy names changes the default; the rest stays.');

  await type(page, '#policy-editor', '{"limts": {}, "channels": {"WHATSAPP": {"text": 0}}}');
  assert.deepEqual(await page.locator('#policy-editor .finding').allTextContents(), ['"limts"', '0']);
  assert.match(await page.textContent('#policy-state'), /^Refused: 2 faults/);
  assert.match(await page.textContent('#verdict-counts'), /last good policy/);
  assert.match(await page.textContent('#panel-output pre.compact'), /"79000000000"/);
  await page.locator('#policy-faults .jump').last().click();
  assert.equal(await selected(page), '0');
  await page.locator('#policy-faults .fix', { hasText: 'Use limits' }).click();
  assert.deepEqual(await page.locator('#policy-editor .finding').allTextContents(), ['0']);

  await page.getByRole('button', { name: 'Other channels' }).click();
  await frames(page);
  const names = await page.locator('#f-channelType option').allTextContents();
  assert.ok(names.includes('SMS') && !names.includes('FACEBOOK'), String(names));
  await page.getByRole('button', { name: 'All settings' }).click();
  await frames(page);
  assert.equal(await page.textContent('#policy-state').then((state) => state.split('.')[0]), 'The default policy is in force');
});

test('every example is what its group says', async (t) => {
  const page = await open(t);
  const groups = await page.locator('#examples section').evaluateAll((sections) => sections.map((section) => [...section.querySelectorAll('button')].map((button) => button.textContent)));
  const [documented, instructive, broken, channels] = groups;
  const load = async (group, i) => {
    await page.click('#examples-button');
    await page.locator('#examples section').nth(group).locator('button').nth(i).click();
    await frames(page);
    return [await verdict(page), await codes(page)];
  };
  assert.deepEqual(documented, ['WhatsApp', 'MOBILE']);
  assert.deepEqual(await load(0, 1), ['Accepted', []]);
  for (const i of instructive.keys()) assert.equal((await load(1, i))[0], 'Accepted');
  for (const i of broken.keys()) assert.equal((await load(2, i))[0], 'Refused');
  const offered = await page.locator('#f-channelType option').allTextContents();
  assert.deepEqual(channels.filter((name) => !offered.includes(name)), []);
  assert.equal(channels.length, 11);
  for (const i of channels.keys()) {
    assert.deepEqual(await load(3, i), ['Accepted', []], channels[i]);
    assert.equal(await page.inputValue('#f-channelType'), channels[i]);
  }
});

test('Russian throughout, and back', async (t) => {
  const page = await open(t, { locale: 'ru-RU' });
  assert.equal(await page.getAttribute('html', 'lang'), 'ru');
  await example(page, 'Опечатки в именах');
  assert.equal(await verdict(page), 'Отклонён');
  assert.match(await page.textContent('#verdict-counts'), /^3 нарушения$/);
  for (const message of await page.locator('#findings .message').allTextContents()) assert.match(message, /[а-яё]/, message);
  await page.getByRole('tab', { name: 'Политика' }).click();
  await type(page, '#policy-editor', '{"limts": {}}');
  assert.match(await page.textContent('#policy-faults .message'), /[а-яё]/);
  // No English is left but names, codes and abbreviations.
  const rest = await page.locator('header, main, footer').evaluateAll((parts) => parts.flatMap((part) => {
    const texts = [];
    for (const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT); walker.nextNode(); ) {
      const { parentElement, data } = walker.currentNode;
      if (!parentElement.closest('code, pre, .editor, select, [lang=en], button.fix, [hidden]') && /[a-z]{3,}/.test(data) && !/[а-яё]/i.test(data)) texts.push(data);
    }
    return texts;
  }));
  assert.deepEqual(rest.filter((word) => !['WhatsApp', '400 Bad Request'].includes(word)), []);
  await page.locator('#language [value=en]').check();
  assert.equal(await verdict(page), 'Refused');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.match(await page.locator('#findings .message').first().textContent(), /[a-z]/);
});

test('the theme follows the system until one is chosen', async (t) => {
  const page = await open(t, { colorScheme: 'dark' });
  const lightness = () => page.evaluate(() => getComputedStyle(document.body.querySelector('.pane')).backgroundColor.match(/\d+/g).reduce((a, b) => a + Number(b), 0));
  assert.ok((await lightness()) < 200);
  await page.emulateMedia({ colorScheme: 'light' });
  assert.ok((await lightness()) > 600);
  await page.locator('#theme [value=dark]').check();
  assert.ok((await lightness()) < 200);
  await page.locator('#theme [value=system]').check();
  assert.ok((await lightness()) > 600);
});

test('a screen reader hears the verdict once, when the typing rests', async (t) => {
  const page = await open(t);
  // Time goes on when the test says so.
  await page.clock.install();
  await page.reload();
  await page.waitForFunction(() => document.getElementById('announcement').textContent);
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(() => window.said.push(document.getElementById('announcement').textContent)).observe(document.getElementById('announcement'), { childList: true, characterData: true, subtree: true });
  });
  await page.locator(EDITOR).click();
  await page.keyboard.press('Control+End');
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
  for (const letter of ' and more') {
    await page.keyboard.type(letter);
    await page.clock.runFor(300);
  }
  assert.deepEqual(await page.evaluate(() => window.said), []);
  await page.clock.runFor(1000);
  assert.deepEqual(await page.evaluate(() => window.said), ['Refused: 1 violation']);
});

test('everything can be done with the keyboard', async (t) => {
  const page = await open(t);
  // A menu that opens or closes moves the focus in a task of its own.
  const focused = (name) => page.waitForFunction((name) => [document.activeElement.id, document.activeElement.textContent].includes(name), name);
  await page.keyboard.press('Tab');
  await focused('examples-button');
  await page.keyboard.press('Enter');
  await focused('WhatsApp');
  await page.keyboard.press('ArrowDown');
  await focused('MOBILE');
  await page.keyboard.press('Escape');
  await focused('examples-button');
  await page.locator('#tab-request').focus();
  await page.keyboard.press('ArrowRight');
  await focused('tab-policy');
  assert.ok(await page.locator('#policy-editor').isVisible());
  await page.keyboard.press('Home');
  assert.ok(await page.locator('#request-editor').isVisible());
  // Tab walks through the whole page and does not get caught in the text.
  const seen = new Set();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName));
  }
  for (const stop of ['format', 'jump', 'tab-normalized', 'panel-output', 'examples-button', 'f-channelType', 'f-text', 'tab-request']) assert.ok(seen.has(stop), `${stop} of ${[...seen]}`);
  const outlines = await page.locator('#f-text, #format, #tab-request, .jump, #panel-output').evaluateAll((elements) => elements.map((element) => {
    element.focus();
    return getComputedStyle(element).outlineStyle;
  }));
  assert.ok(outlines.every((style) => style === 'solid'), String(outlines));
});

test('it works offline once loaded, from a server and from a file', async (t) => {
  const page = await open(t);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.reload();
  await example(page, 'MOBILE');
  assert.equal(await verdict(page), 'Accepted');
  await page.fill('#f-appMarker', '');
  assert.equal(await verdict(page), 'Refused');
  await page.goto(new URL('../dist/index.html', import.meta.url).href);
  await example(page, 'MOBILE');
  assert.equal(await verdict(page), 'Accepted');
});

test('nothing that is typed leaves the page or stays behind', async (t) => {
  const context = await browser.newContext({ locale: 'en-GB' });
  t.after(() => context.close());
  const page = await context.newPage();
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  server.requests.length = 0;
  await page.goto(server.url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await type(page, '#request-editor', descriptor({ channelType: 'WEB', deviceAddress: 'private-address' }));
  await page.fill('#f-text', 'private-text');
  await page.getByRole('tab', { name: 'Raw HTTP' }).click();
  await page.waitForTimeout(1000);
  assert.deepEqual([...new Set(server.requests)].sort(), ['GET /', 'GET /offline.js']);
  assert.deepEqual([...new Set(asked)].filter((url) => !url.startsWith('data:')).sort(), [server.url, `${server.url}offline.js`]);

  const tried = await page.evaluate(async (url) => {
    const broken = [];
    document.addEventListener('securitypolicyviolation', (event) => broken.push(event.effectiveDirective));
    const failed = await fetch(`${url}?leak`).then(() => 'sent', () => 'stopped');
    navigator.sendBeacon?.(`${url}?leak`, 'x');
    new Image().src = `${url}leak.png`;
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    await new Promise((done) => setTimeout(done, 300));
    return { failed, broken: [...new Set(broken)].sort(), injected: 'injected' in window };
  }, server.url);
  assert.deepEqual(tried, { failed: 'stopped', broken: ['connect-src', 'img-src', 'script-src-elem'], injected: false });
  assert.deepEqual([...new Set(server.requests)].sort(), ['GET /', 'GET /offline.js']);

  assert.deepEqual(await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
    url: location.href,
    cached: await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url))),
  })), { local: 0, session: 0, cookie: '', databases: 0, url: server.url, cached: [[server.url]] });
  await page.reload();
  assert.doesNotMatch(await page.content(), /private/);
});

for (const [locale, broken] of [['en-GB', 'Attachments'], ['ru-RU', 'Вложения']]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing: ${locale}, ${colorScheme}`, async (t) => {
      const page = await open(t, { locale, colorScheme });
      // The page's policy lets no script in, so axe comes through the debugger.
      await page.evaluate(axe);
      const inspect = async (state) => {
        const { violations, passes } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations', 'passes'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
        const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
        assert.deepEqual(told, [], state);
        assert.ok(passes.length > 25, `${passes.length} rules passed`);
      };
      await inspect('accepted');
      await example(page, broken);
      await inspect('refused');
      await type(page, '#request-editor', '{"text": ');
      await inspect('not JSON');
      await page.click('#tab-raw');
      await page.click('#examples-button');
      await inspect('menu');
      await page.keyboard.press('Escape');
      await page.click('#tab-policy');
      await type(page, '#policy-editor', '{"limts": {}, "channels": {"WEB": null, "web": {}}}');
      await inspect('policy');
      await page.click('#tab-request');
      await example(page, locale === 'en-GB' ? 'Values to normalize' : 'Значения для нормализации');
      await page.click('#tab-normalized');
      await page.setViewportSize({ width: 390, height: 800 });
      await inspect('narrow');
    });
  }
}

test('it fits every window, down to 320 pixels', async (t) => {
  for (const locale of ['en-GB', 'ru-RU']) {
    const page = await open(t, { locale });
    await page.click('#examples-button');
    await page.locator('#examples section').nth(2).locator('button').nth(4).click();
    for (const [width, height] of [[320, 600], [390, 844], [759, 900], [760, 900], [1119, 800], [1120, 640], [1440, 900], [2560, 1400]]) {
      await page.setViewportSize({ width, height });
      const { scroll, out } = await page.evaluate(() => {
        const seen = [...document.querySelectorAll('button, input, select, textarea, [role=tab]')].filter((element) => element.checkVisibility() && !element.closest('.editor, [popover], .segments'));
        const clipped = ({ left, right }) => left < -1 || right > innerWidth + 1;
        return { scroll: document.documentElement.scrollWidth - innerWidth, out: seen.filter((element) => clipped(element.getBoundingClientRect())).map((element) => element.outerHTML.slice(0, 80)) };
      });
      assert.ok(scroll <= 0, `${locale} at ${width}: ${scroll} pixels too wide`);
      assert.deepEqual(out, [], `${locale} at ${width}`);
    }
  }
});
