// visit.js: the visit that stands at this till, as the screen sees it. Scan = bought, by whatever
// hand: a line from the scanner is on disk before we hear of it, a line from this screen is sent under
// a key of its own until it is confirmed. Nothing is kept in the browser: after a reload the box gives
// the same visit back, and when it is over nothing of it is left here.
import { ask } from '../base/api.js'
import { base64url } from '../base/cbor.js'
import { feelNo, feelYes } from '../base/feel.js'
import { signal } from '../base/signal.js'
import { language } from '../base/words.js'
import { line as heard, road } from './shop.js'

/** null; or {visit, bearer, currency, credit_left_minor, lines, total_minor, ready}. */
export const visit = signal(null)
/** The receipt of a visit that was closed here, while it is looked at. */
export const receipt = signal(null)
/** What came of the last thing done: {kind:'taken'|'refused'|'basket', …}; null when it is old. */
export const outcome = signal(null)
/** The group that stands open in the list, by its id. */
export const chosen = signal(null)
/** What can be undone, the last thing last: {what, name, added:[key], removed:[{gtin, quantity}]}. */
export const undoable = signal([])
/** Work that is on its way to the box. */
export const busy = signal(0)

const UNDO_MAX = 50
const BURST_MS = 350 // lines of one basket code come together
const FIRST_MS = 100
const AGAIN_MS = 1000
const AGAIN_LAST_MS = 8000
const KEEP_MS = 20 * 1000

let till = null
let closing = false
let keptAt = 0

const mine = (id) => visit.value?.visit === id

function keyMake() {
  return base64url(crypto.getRandomValues(new Uint8Array(16)))
}

/** visitSeen(till, id): the box says whose visit the till serves now; null: nobody's. */
export function visitSeen(name, id) {
  till = name
  if (id && mine(id)) {
    refresh()
    return 'same'
  }
  if (id) {
    visitForget()
    visit.value = { visit: id, bearer: null, currency: 'SEK', credit_left_minor: null, lines: [],
      total_minor: 0, ready: false }
    refresh()
    return 'new'
  }
  if (!visit.value)
    return 'none'
  if (closing)
    return 'same' // its receipt is on its way
  visitForget(receipt.value)
  return 'gone'
}

/** Nothing of the person is left; a receipt stays while it is looked at. */
export function visitForget(keep = null) {
  visit.value = null
  receipt.value = keep
  outcome.value = null
  chosen.value = null
  undoable.value = []
}

/** Tries until it is answered, as long as this visit stands here. */
async function sure(id, f) {
  for (let wait = AGAIN_MS; ; wait = Math.min(wait * 2, AGAIN_LAST_MS)) {
    try {
      return await f()
    } catch (why) {
      if (!why.passing || !mine(id))
        throw why
      await new Promise((r) => setTimeout(r, wait))
    }
  }
}

let queue = Promise.resolve()
/** One thing after the other: what a person does twice is done twice, in its order. */
function inTurn(f) {
  const id = visit.value?.visit
  if (!id)
    return Promise.resolve()
  busy.value++
  const work = queue.then(() => (mine(id) ? f(id) : undefined))
  queue = work.catch(() => {}).then(() => { busy.value-- })
  return work
}

/** Asks for the bearer (the box gives the same again) and the visit as it stands. */
async function look(id) {
  const opened = await sure(id, () => ask(`/v1/till/${till}/visit`, { json: {} }))
  if (!mine(id) || opened.visit !== id)
    return
  keptAt = performance.now()
  const bearer = opened.bearer
  const now = await sure(id, () => ask(`/v1/visits/${id}`, { bearer }))
  if (!mine(id))
    return
  visit.value = { ...visit.value, ...opened, lines: now.lines, total_minor: now.total_minor,
    ready: true }
}

let again = false, looking = null
/** Settled when the visit is shown as it stands now, or there is none any more. */
export function refresh() {
  again = true
  looking ??= lookOver().finally(() => { looking = null })
  return looking
}

async function lookOver() {
  while (again) {
    again = false
    const id = visit.value?.visit
    try {
      if (id)
        await look(id)
    } catch (why) {
      // no_visit, or the bearer ended: the box says by an event who stands here
      if (mine(id) && (why.code === 'no_visit' || why.code === 'unauthorized'))
        visitForget(receipt.value)
    }
  }
}

/** A finger at the screen is somebody at the till: the box should know, but not at every touch. */
export function visitKeep(now = false) {
  if (visit.value?.ready && road.value === 'well' && (now || performance.now() - keptAt > KEEP_MS)) {
    keptAt = performance.now()
    ask(`/v1/till/${till}/visit`, { json: {} }).catch(() => {})
  }
}

/** The rows of the list: pieces of the same article at the same price are one row; the newest first. */
export function groupsOf(lines) {
  const rows = new Map()
  for (const l of lines) {
    if (l.voided)
      continue
    const pieces = l.quantity % 1000 === 0
    const id = pieces ? `${l.gtin}/${l.unit_price_minor}/${l.deposit_minor * 1000 / l.quantity}` : l.key
    const row = rows.get(id) ?? { id, pieces, gtin: l.gtin, name: l.name, lines: [], quantity: 0,
      total_minor: 0, unit_price_minor: l.unit_price_minor, list_price_minor: l.list_price_minor,
      deposit_minor: 0, currency: l.currency, best_before: l.best_before, late: l.late }
    row.lines.push(l)
    row.quantity += l.quantity
    row.total_minor += l.total_minor
    row.deposit_minor += l.deposit_minor
    rows.set(id, row)
  }
  return [...rows.values()].reverse()
}

const groupOfKey = (key) => groupsOf(visit.value?.lines ?? [])
  .find((g) => g.lines.some((l) => l.key === key))

function remember(step) {
  undoable.value = [...undoable.value, step].slice(-UNDO_MAX)
}

function put(id, gtin, quantity, key = keyMake()) {
  return sure(id, () => ask(`/v1/visits/${id}/lines/${key}`, { method: 'PUT',
    bearer: visit.value.bearer, json: { gtin, quantity, scanned_at: new Date().toISOString() } }))
}

function drop(id, key) {
  return sure(id, () => ask(`/v1/visits/${id}/lines/${key}`, { method: 'DELETE',
    bearer: visit.value.bearer }))
}

function refused(why) {
  feelNo()
  outcome.value = { kind: 'refused', text: why.message }
}

function taken(l, rest = {}) {
  feelYes()
  outcome.value = { kind: 'taken', name: l.name, total_minor: l.total_minor, currency: l.currency,
    visit_total_minor: l.visit_total_minor, best_before: l.best_before, ...rest }
}

/** Buys what was typed or chosen. @returns whether it was taken. */
export function add(gtin, quantity = 1000) {
  return inTurn(async (id) => {
    try {
      const l = await put(id, gtin, quantity)
      remember({ name: l.name, added: [l.key], removed: [] })
      await look(id)
      chosen.value = groupOfKey(l.key)?.id ?? null
      taken(l)
      return true
    } catch (why) {
      refused(why)
      return false
    }
  })
}

/** Whether a line could be bought again by its article alone: not with a weight or lot of its label. */
export const plain = (l) => l.quantity % 1000 === 0 && l.unit_price_minor === l.list_price_minor

/** One piece less. What stays of a line of several is bought first, so that nothing is lost between. */
export function less(group) {
  const last = group.lines.at(-1)
  if (last.quantity <= 1000)
    return remove([last], group.name)
  return inTurn(async (id) => {
    try {
      const rest = await put(id, last.gtin, last.quantity - 1000)
      await drop(id, last.key)
      remember({ name: group.name, added: [rest.key], removed: [last] })
      await look(id)
      outcome.value = { kind: 'less', name: group.name, visit_total_minor: visit.value?.total_minor,
        currency: group.currency }
    } catch (why) {
      refused(why)
      await look(id).catch(() => {})
    }
  })
}

/** Puts these lines back on the shelf. */
export function remove(lines, name) {
  return inTurn(async (id) => {
    const gone = []
    try {
      for (const l of lines) {
        await drop(id, l.key)
        gone.push(l)
      }
    } catch (why) {
      refused(why)
    }
    if (gone.length)
      remember({ name, added: [], removed: gone })
    await look(id).catch(() => {})
    if (gone.length)
      outcome.value = { kind: 'removed', name, visit_total_minor: visit.value?.total_minor,
        currency: lines[0].currency }
  })
}

/** Takes the last thing back. A label's weight, lot or discount is not known any more: scan it again. */
export function undo() {
  const step = undoable.value.at(-1)
  if (!step)
    return Promise.resolve()
  undoable.value = undoable.value.slice(0, -1)
  return inTurn(async (id) => {
    const lost = step.removed.filter((l) => !plain(l))
    const name = step.name || visit.value.lines.find((l) => l.key === step.added[0])?.name
    try {
      for (const l of step.removed.filter(plain))
        await put(id, l.gtin, l.quantity)
      for (const key of step.added)
        await drop(id, key)
      outcome.value = lost.length ? { kind: 'rescan', name: lost[0].name }
        : { kind: 'undone', name }
    } catch (why) {
      refused(why)
    }
    await look(id).catch(() => {})
  })
}

/** Ends the visit: its receipt. */
export function finish() {
  return inTurn(async (id) => {
    closing = true
    try {
      const { bearer } = visit.value
      visitForget(await sure(id, () => ask(`/v1/visits/${id}/close`, { json: {}, bearer })))
    } catch (why) {
      if (mine(id))
        refused(why)
    } finally {
      closing = false
    }
  })
}

/** The till lets go. It is tried a few times; when it does not work, the box does so by itself. */
export async function leave() {
  const name = till
  visitForget()
  for (let i = 0; i < 3; i++) {
    try {
      await ask(`/v1/till/${name}/visit`, { method: 'DELETE' })
      return
    } catch {
      await new Promise((r) => setTimeout(r, AGAIN_MS))
      if (visit.value)
        return // somebody else stands here now
    }
  }
}

// --- What the scanner brings ---------------------------------------------------------------------

let burst = [], burstTimer

/** A line of the scanner at this till: one article at a time, or a whole basket off a phone. */
export function lineHeard(l) {
  burst.push(l)
  if (l.code === null && visit.value) {
    if (!visit.value.lines.some((known) => known.key === l.key))
      remember({ name: '', added: [l.key], removed: [] })
    // shown, and open, as soon as may be; what is said of it can wait for the rest of a basket
    refresh().then(() => { chosen.value = groupOfKey(l.key)?.id ?? chosen.value })
  }
  clearTimeout(burstTimer)
  burstTimer = setTimeout(() => burstOver().catch((why) => console.error(why)),
    burst.length > 1 || l.key === null ? BURST_MS : FIRST_MS)
}

async function burstOver() {
  const lines = burst
  burst = []
  if (!visit.value) {
    feelNo()
    outcome.value = { kind: 'refused', code: lines[0].code, text: lines[0].text?.[language()] }
    return
  }
  const good = lines.filter((l) => l.code === null)
  if (good.length)
    await refresh()
  const bad = lines.find((l) => l.code !== null)
  if (lines.length > 1)
    basketRead(good, lines.length - good.length, bad)
  else if (bad)
    refused({ message: bad.text?.[language()] })
  else
    oneRead(good[0])
}

function oneRead(l) {
  const own = visit.value?.lines.find((x) => x.key === l.key)
  if (!own || own.voided) // a quick finger has put it back already
    return
  undoable.value = undoable.value.map((s) => (s.added[0] === l.key ? { ...s, name: own.name } : s))
  taken({ ...own, visit_total_minor: visit.value.total_minor })
}

function basketRead(good, refusedCount, bad) {
  (good.length ? feelYes : feelNo)()
  outcome.value = { kind: 'basket', taken: good.length, refused: refusedCount,
    text: bad?.text?.[language()], visit_total_minor: visit.value?.total_minor,
    currency: visit.value?.currency }
}

heard.watch((l) => {
  if (l && l.till === till)
    lineHeard(l)
})
