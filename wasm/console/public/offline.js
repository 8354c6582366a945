// Keeps the one file that the page is, so that it comes back without a network. A newer one is taken when there is one.
const page = './';

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open('console').then((cache) => cache.add(page)));
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function answer(request) {
  const cache = await caches.open('console');
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(page, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(page);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  if (event.request.mode === 'navigate') event.respondWith(answer(event.request));
});
