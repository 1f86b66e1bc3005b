// sw.js: what makes the page open without any net. On the day it is installed it keeps all that the
// page is made of (FIRST, all or nothing); the code reader (LATER) follows when the page is at rest.
// What is asked of /v1/ is never kept here. A new version waits until the app is next opened: nobody
// gets half of one and half of the other.
const KEPT = `phone-${VERSION}`

/** From an older version where the name is the same: names hold the hash of what is in them. */
async function keep(cache, url) {
  const had = url.startsWith('/assets/') ? await caches.match(url) : undefined
  const got = had ?? await fetch(url, { cache: 'reload', redirect: 'error' })
  if (!got.ok)
    throw new Error(`${url}: ${got.status}`)
  await cache.put(url, got)
}

addEventListener('install', (e) => e.waitUntil((async () => {
  // what the shop is asked does not wait for this worker to be woken, where the browser can do that
  await e.addRoutes?.({ condition: { urlPattern: '/v1/*' }, source: 'network' }).catch(() => {})
  const cache = await caches.open(KEPT)
  try {
    await Promise.all(['/', ...FIRST].map((url) => keep(cache, url)))
    for (const url of LATER) { // the code reader seldom changes: a new version need not fetch it
      const had = await caches.match(url)
      if (had)
        await cache.put(url, had)
    }
  } catch (why) {
    await caches.delete(KEPT)
    throw why
  }
})()))

addEventListener('activate', (e) => e.waitUntil((async () => {
  for (const name of await caches.keys())
    if (name.startsWith('phone-') && name !== KEPT)
      await caches.delete(name)
  // the first page of all was opened before there was a worker: it is served from now on
  await clients.claim()
})()))

addEventListener('message', (e) => {
  if (e.data !== 'later')
    return
  e.waitUntil(caches.open(KEPT).then(async (cache) => {
    for (const url of LATER)
      if (!await cache.match(url))
        await keep(cache, url).catch(() => {})
  }))
})

const ours = new Set([...FIRST, ...LATER])

async function answer(request, name) {
  const cache = await caches.open(KEPT)
  return await cache.match(name) ?? fetch(request)
}

addEventListener('fetch', (e) => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== location.origin)
    return
  if (url.pathname === '/' && e.request.mode === 'navigate')
    e.respondWith(answer(e.request, '/'))
  else if (ours.has(url.pathname))
    e.respondWith(answer(e.request, url.pathname))
})
