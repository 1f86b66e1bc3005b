// db.js: what a browser keeps, in IndexedDB. Three drawers: `kv` for single values (the key of this
// phone among them), `lines` for what was scanned and not yet confirmed, `receipts` for what was
// bought. Every function rejects with the browser's own error where storage is forbidden or gone.

const NAME = 'shopkeeper'
const FORM = 1
let opened

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, FORM)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('kv')
      asked.result.createObjectStore('lines', { keyPath: 'key' }).createIndex('visit', 'visit')
      asked.result.createObjectStore('receipts', { keyPath: 'visit' }).createIndex('at', 'at')
    }
    asked.onsuccess = () => {
      const db = asked.result
      // another tab wants a newer form, or the browser takes the storage back: open anew next time
      db.onversionchange = () => db.close()
      db.onclose = () => { opened = undefined }
      resolve(db)
    }
    asked.onerror = () => reject(asked.error)
  })
  opened.catch(() => { opened = undefined })
  return opened
}

function settled(transaction, request) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error)
  })
}

async function work(drawer, mode, make) {
  // "strict": a line that the shopper saw is on the phone's flash, not only in its memory
  const t = (await open()).transaction(drawer, mode, { durability: 'strict' })
  return settled(t, make(t.objectStore(drawer)))
}

/** The value under this name, or undefined. */
export function kvGet(name) {
  return work('kv', 'readonly', (s) => s.get(name))
}

/** Keeps anything that can be cloned, keys of WebCrypto too. */
export function kvPut(name, value) {
  return work('kv', 'readwrite', (s) => s.put(value, name))
}

export function kvDelete(name) {
  return work('kv', 'readwrite', (s) => s.delete(name))
}

/** rowPut('lines' | 'receipts', row): kept under its key, in place of an older one. */
export function rowPut(drawer, row) {
  return work(drawer, 'readwrite', (s) => s.put(row))
}

export function rowDelete(drawer, key) {
  return work(drawer, 'readwrite', (s) => s.delete(key))
}

export function rowGet(drawer, key) {
  return work(drawer, 'readonly', (s) => s.get(key))
}

/** All rows, the smallest key first; `max` bounds them. */
export function rowsAll(drawer, max = 10000) {
  return work(drawer, 'readonly', (s) => s.getAll(null, max))
}

/** Asks the browser not to clear the storage by itself; it may say no. */
export function keepStorage() {
  return navigator.storage?.persist?.().catch(() => false) ?? Promise.resolve(false)
}
