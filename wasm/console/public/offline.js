// Keeps the one file that the page is, so that it comes back without a network. A newer one is taken when there is one.
// Nothing else is kept: no other address below this one, nothing that says no-store, and no other page at this address
// (a login page, say) as if it were the console.

const NAME = "outgoing-to-device-console";
const page = new URL("./", self.location.href);
const addresses = [page.pathname, new URL("index.html", page).pathname];
const MARK = '<meta name="application-name" content="outgoing-to-device console">';

async function keep(response) {
  const storable =
    response.ok && !response.redirected && !/\bno-store\b/i.test(response.headers.get("Cache-Control") ?? "");
  if (!storable || !(await response.clone().text()).includes(MARK)) return;
  const cache = await caches.open(NAME);
  await cache.put(page.href, response);
}

async function answer(event) {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(response.clone()));
    return response;
  } catch (error) {
    const kept = await (await caches.open(NAME)).match(page.href);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // Without a network it just isn't kept yet.
  event.waitUntil(fetch(page.href).then(keep, () => undefined));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { mode, method, url } = event.request;
  if (mode === "navigate" && method === "GET" && addresses.includes(new URL(url).pathname))
    event.respondWith(answer(event));
});
