// sender.js: carries the lines of queue.js out: storage, net, and when to try again. A line is on the
// phone's flash before it is sent; what the shop answers is written down as well. Nothing is dropped
// because of an error: it waits, and says so.
import { ask, Problem } from '../base/api.js'
import { base64url } from '../base/cbor.js'
import { kvGet, kvPut, rowDelete, rowPut, rowsAll } from '../base/db.js'
import { place, placeLook, reach } from '../base/place.js'
import { signal } from '../base/signal.js'
import { ahead, clockLook } from './ahead.js'
import { key as phoneKey } from './member.js'
import { lineAgain, lineAnswered, lineAwoken, lineBought, lineLost, lineMade, lineSent, lineShown,
  lineUndone, lineVoided, linesJoined, LATE_DAYS, nextStep, settled, SILENCE_MS, visitCurrent }
  from './queue.js'
import { unsent } from './unsent.js'

/** All lines on this phone, whatever became of them. */
export const lines = signal([])
/** [{visit, bearer, state: 'open' | 'closed', currency, credit_left_minor, spent_minor, …}] */
export const visits = signal([])
/** Why nothing goes on: a Problem of the shop's, or of this phone's storage; null: all is well. */
export const stuck = signal(null)

const KEY_BYTES = 8 // of random: known within one visit; short, so that twelve fit a QR code
const FIRST_WAIT_MS = 1000
const MOST_WAIT_MS = 15000
const LOOK_AGAIN_MS = 30000
const CLOCK = new Set(['expired', 'not_yet_valid'])

const channel = globalThis.BroadcastChannel ? new BroadcastChannel('lines') : null
let loaded
let timer
let waitMs = FIRST_WAIT_MS
let running = null

async function load() {
  const [kept, had] = [await rowsAll('lines'), await kvGet('visits')]
  lines.value = kept.map(lineAwoken)
  visits.value = (had ?? []).map(silent)
  count()
}

/** Nobody has scanned for two hours: the shop has ended it by then. */
function silent(v) {
  return v.state === 'open' && Date.now() - v.used_at > SILENCE_MS ? { ...v, state: 'closed' } : v
}

/** Starts what waits. Every other function here may be called at once: they wait for it. */
export function senderStart() {
  loaded ??= load().then(() => {
    reach.watch(() => { poke() })
    document.addEventListener('visibilitychange', () => { poke() })
    channel?.addEventListener('message', () => { load() })
    poke()
  }, (why) => {
    stuck.value = storageProblem(why)
  })
  return loaded
}

const storageProblem = (why) => new Problem(-1, { code: 'storage', detail: String(why?.name ?? why) })

function count() {
  unsent.value = lines.value.filter((l) => !settled(l)).length
}

/** In memory at once (the page shows it), then on flash. */
async function write(line) {
  lines.value = lines.value.some((l) => l.key === line.key)
    ? lines.value.map((l) => (l.key === line.key ? line : l)) : [...lines.value, line]
  count()
  try {
    await rowPut('lines', line)
    if (stuck.value?.code === 'storage')
      stuck.value = null
  } catch (why) {
    stuck.value = storageProblem(why) // it is sent all the same, as long as the page stays open
  }
  channel?.postMessage('lines')
}

async function forget(gone) {
  lines.value = lines.value.filter((l) => !gone.has(l.key))
  count()
  for (const key of gone)
    await rowDelete('lines', key).catch(() => {})
}

export async function visitsWrite(next) {
  visits.value = next
  await kvPut('visits', next.slice(-20)).catch((why) => { stuck.value = storageProblem(why) })
}

export const visitWrite = (v) => visitsWrite([...visits.value.filter((x) => x.visit !== v.visit), v])
export const visitChange = (id, change) =>
  visitsWrite(visits.value.map((v) => (v.visit === id ? { ...v, ...change } : v)))

/** scanned('7300…', 1000): a line, written down; it is on its way when this is answered. */
export async function scanned(code, quantity = 1000) {
  await senderStart()
  stale()
  const made = lineMade({ code, quantity, at: Date.now(),
    key: base64url(crypto.getRandomValues(new Uint8Array(KEY_BYTES))) })
  // where nothing stands before it, it is written down once: as what is on its way to this visit
  const visit = atOnce()
  const line = visit ? lineSent(made, visit.visit) : made
  const kept = write(line)
  if (reach.value !== 'shop')
    placeLook()
  poke(visit && (() => kept.then(() => deliver('put', line, visit))))
  await kept
  return line
}

/** The visit that a line of now can be sent to without another word before it; else null. */
function atOnce() {
  const visit = current()
  return !running && reach.value === 'shop' && phoneKey.value && visit?.bearer && fresh(visit) &&
    lines.value.every(settled) ? visit : null
}

const fresh = (v) => Date.now() - Math.max(v.used_at, v.looked_at ?? 0) <= LOOK_AGAIN_MS

function stale() {
  const now = visits.value.map(silent)
  if (now.some((v, i) => v !== visits.value[i]))
    visitsWrite(now)
}

export async function undo(keys) {
  for (const l of lines.value.filter((x) => keys.includes(x.key))) {
    const next = lineUndone(l)
    if (next)
      await write(next)
    else
      await forget(new Set([l.key]))
  }
  poke()
}

export async function again(key) {
  await write(lineAgain(lines.value.find((l) => l.key === key)))
  poke()
}

/** A person says of a doubtful line that it was bought, or that it does not matter. */
export const letBe = (key) => forget(new Set([key]))

/** These stand in a code that is shown to the till; `beeped`: the shopper says it was read. */
export async function shownAtTill(keys, beeped) {
  for (const l of lines.value.filter((x) => keys.includes(x.key)))
    await write(lineShown(l, Date.now(), beeped))
}

/** Lines of a visit that are on its receipt, or came to nothing. */
export function linesDone(visit) {
  return forget(new Set(lines.value.filter((l) => settled(l) && l.state !== 'doubt' &&
    (l.visit === visit || (!l.visit && l.state !== 'kept'))).map((l) => l.key)))
}

/** Goes on now, if there is anything to do; with `first` before all. Resolves when nothing more can be
 * done for now. */
export function poke(first) {
  clearTimeout(timer)
  running ??= work(first).finally(() => { running = null })
  return running
}

async function work(first) {
  await loaded
  const locked = navigator.locks // two tabs of one phone send in turn
    ? (f) => navigator.locks.request('sender', f) : (f) => f()
  await locked(async () => {
    if (first && !await first())
      return
    for (;;) {
      const step = phoneKey.value && nextStep(lines.value, visits.value)
      if (!step || reach.value !== 'shop' || !await one(step))
        break
      waitMs = FIRST_WAIT_MS
    }
  })
  if (unsent.value && reach.value === 'shop')
    later()
}

function later() {
  clearTimeout(timer)
  timer = setTimeout(poke, waitMs)
  waitMs = Math.min(MOST_WAIT_MS, waitMs * 2)
}

/** One request; whether it went well enough to go on at once. */
async function one(step) {
  if (step.do === 'open')
    return visitOpen().then(() => true, () => false)
  const { line, visit } = step
  if (!line.visit && !fresh(visit))
    return stillOpen(visit)
  const flying = lineSent(line, visit.visit)
  await write(flying)
  return deliver(step.do, flying, visit)
}

/** Somebody else, or the door, may have ended the visit: what is scanned now belongs to a new one, not
 * late to that. Asked before the first line after a while. */
async function stillOpen(visit) {
  try {
    const said = await ask(`/v1/visits/${visit.visit}`, { bearer: visit.bearer })
    await visitChange(visit.visit, { state: said.state, looked_at: Date.now() })
  } catch (why) {
    if (why.status !== 401 && why.code !== 'unknown_visit')
      return why.status === 0 ? placeLook().then(() => false) : false
    await visitChange(visit.visit, { bearer: null })
  }
  return true
}

/** `flying` is written down as what is on its way. */
async function deliver(what, flying, visit) {
  const path = `/v1/visits/${visit.visit}/lines/${flying.key}`
  let answer
  try {
    answer = await ask(path, what === 'void' ? { method: 'DELETE', bearer: visit.bearer }
      : { method: 'PUT', bearer: visit.bearer, json: { gtin: flying.code, quantity: flying.quantity,
        scanned_at: new Date(flying.at - ahead.value).toISOString() } })
  } catch (why) {
    return refused(flying, visit, why)
  }
  const now = lines.value.find((l) => l.key === flying.key) ?? flying // it may have been taken back
  const done = what === 'void' ? lineVoided(flying, answer)
    : lineBought({ ...flying, undo: now.undo }, answer)
  const spent = what === 'void' ? -answer.total_minor : answer.total_minor
  stuck.value = stuck.value?.code === 'storage' ? stuck.value : null
  write(done)
  visitChange(visit.visit, { total_minor: answer.visit_total_minor, used_at: Date.now(),
    spent_minor: (visit.spent_minor ?? 0) + spent })
  return true
}

async function refused(flying, visit, why) {
  const now = lines.value.find((l) => l.key === flying.key) ?? flying // it may have been taken back
  const asked = { ...flying, undo: now.undo }
  const { line, then } = why.status === 0 ? { line: lineLost(asked), then: 'wait' }
    : lineAnswered(asked, why)
  await write(line)
  if (then === 'bearer')
    await visitChange(visit.visit, { bearer: null })
  if (then === 'over')
    await visitChange(visit.visit, { state: 'closed', bearer: null })
  if (then !== 'wait')
    return true
  if (why.status === 0 || why.code === 'not_here')
    await placeLook()
  else
    stuck.value = why
  return false
}

/** Opens the member's visit, or joins the open one; `code`: another's, by her invitation. */
export async function visitOpen(code) {
  await senderStart()
  const path = `/v1/visits${code ? `?join=${encodeURIComponent(code)}` : ''}`
  const token = () => phoneKey.value.sign(`${place.value.shop}/till`, undefined, ahead.value)
  let said
  try {
    said = await ask(path, { token: await token() }).catch(async (why) => {
      if (!CLOCK.has(why.code) || !await clockLook())
        throw why
      return ask(path, { token: await token() })
    })
  } catch (why) {
    if (why.status === 0)
      placeLook()
    else if (!code)
      stuck.value = why
    throw why
  }
  stuck.value = null
  await takeVisit(said, Boolean(code))
  return said
}

async function takeVisit(said, joined) {
  const now = Date.now()
  const old = visits.value.find((v) => v.visit === said.visit)
  const others = visits.value.filter((v) => v.visit !== said.visit && now - v.opened_at <
    (LATE_DAYS + 1) * 86400000).map((v) => ({ ...v, state: 'closed' }))
  const visit = { opened_at: now, ...old, ...said, state: 'open', spent_minor: 0, used_at: now,
    shared: joined || Boolean(old?.shared) }
  await visitsWrite([...others, visit])
  const shown = lines.value.some((l) => l.shown_at && !l.visit && !settled(l))
  const opened = shown ? await openedAt(visit) : now
  for (const [i, l] of linesJoined(lines.value, visits.value, said.visit, opened).entries())
    if (l !== lines.value[i])
      await write(l)
  // the till has them, in a visit that is over: they are on the month's bill
  await forget(new Set(lines.value.filter((l) => l.state === 'till').map((l) => l.key)))
}

/** When the shop opened it, by this phone's clock. */
async function openedAt(visit) {
  const receipt = await ask(`/v1/visits/${visit.visit}/receipt`, { bearer: visit.bearer })
  return Date.parse(receipt.opened_at) + ahead.value
}

export const current = () => visitCurrent(visits.value)
