// The service worker: keeps the shell of the portal on the device, so that it opens without a network. It never keeps an answer of
// the server: what is recorded or read lives in IndexedDB, under the person whom it belongs to.
/// <reference lib="webworker" />
const worker = self as unknown as ServiceWorkerGlobalScope;

// Both are filled in when the portal is built.
const VERSION = '__VERSION__';
const FILES: string[] = JSON.parse('__FILES__');

const PREFIX = 'fivestrand-shell-';
const CACHE = PREFIX + VERSION;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES.map((url) => new Request(url, { cache: 'reload' })));
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      // A page that is still open may ask for a part of the version that it was loaded from, so the one before is kept too.
      const old = (await caches.keys()).filter((key) => key.startsWith(PREFIX) && key !== CACHE);
      await Promise.all(old.slice(0, -1).map((key) => caches.delete(key)));
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(url.pathname)) event.respondWith(shell(request));
  } else if (FILES.includes(url.pathname) || url.pathname.startsWith('/assets/')) {
    event.respondWith(file(request));
  }
});

// Paths of the server itself are not pages of the portal.
function isPage(path: string): boolean {
  return !/^\/(v1|auth|metrics|livez|readyz|fivestrand\.|\.well-known)/.test(path);
}

async function shell(request: Request): Promise<Response> {
  const cached = await (await caches.open(CACHE)).match('/');
  return cached ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}
