// source.js: where values come from, so that the views need not care. On the shop's Wi-Fi the box
// answers; away from it the office does, with what the shop has told it, and what is asked of a door
// goes there as a command that the shop fetches. What only the box has is an Away: a sentence.
import { base64url } from '../base/cbor.js'
import { place } from '../base/place.js'
import { t } from '../base/words.js'
import { askOffice, read, write, writeToken } from './session.js'

/** Seconds after which what was heard is old. The shop tells the office something every 15 s. */
export const STALE_S = 45
const COMMAND_LIFE_S = 60
const COMMAND_LOOK_MS = 1000

/** Only the box has it, and it is out of reach: says so, and what one can do. */
export class Away extends Error {
  constructor(words = 'only_at_shop') {
    super(t(words))
    this.away = true
  }
}

export const atShop = () => place.value?.here === 'shop'
const shop = () => place.value.shop
const ofShop = (path) => `/v1/shops/${shop()}${path}`
const only = (f, words) => (...args) => (atShop() ? f(...args) : Promise.reject(new Away(words)))
export const query = (o) => {
  const q = new URLSearchParams(Object.entries(o).filter(([, v]) => v !== undefined && v !== null
    && v !== ''))
  return q.size ? `?${q}` : ''
}

/** A name for one write, the same on each retry of it. */
export const newKey = () => base64url(crypto.getRandomValues(new Uint8Array(12)))

// --- now

export async function now() {
  if (atShop()) {
    const n = await read('/v1/now')
    return { ...n, from: 'shop', heard_at: n.at, silent: false, visits_open: n.inside.length }
  }
  const s = await askOffice(ofShop(''))
  const said = s.seen.said
  return {
    from: 'office', heard_at: s.seen.at, silent: s.seen.stale || !said, currency: s.currency,
    doors: (said?.doors ?? []).map((d) => ({ ...d, strike: null, since: null })),
    inside: null, visits_open: said?.visits_open ?? null, alarms_open: said?.alarms_open ?? 0,
    office: { road: 'well', since: s.head.taken_at, unsent: said
      ? Math.max(0, said.head_seq - said.acked_seq) : 0 },
    clock: { trusted: said?.clock_trusted ?? false }, ledger: { ok: said?.ledger_ok ?? false },
    sms_ok: said?.sms_ok, state: s.state, entries: s.head.seq,
  }
}

/** {heard_at, alarms}: what is not over first, then the newest. */
export async function alarms() {
  if (atShop())
    return { heard_at: new Date().toISOString(), alarms: (await read('/v1/alarms')).alarms }
  const a = await askOffice(ofShop('/alarms?limit=100'))
  return { heard_at: a.heard_at, alarms: a.alarms.map((x) => ({ ...fromOffice(x), cleared_at: null,
    told: null })) }
}

/** An alarm as the box has it. */
const fromOffice = (x) => ({ ...x, place: x.place || null,
  door: ['held_open', 'forced'].includes(x.condition) ? x.place : null })

/** @returns the alarm as it stands then. */
export async function acknowledge(alarm) {
  if (atShop())
    return writeToken(`/v1/alarms/${alarm}/acknowledge`)
  await command({ verb: 'acknowledge', alarm })
  return (await alarms()).alarms.find((a) => a.alarm === alarm)
}

// One opening is the box's `unlock` and the office's `release`; `lock` ends a lockdown there.
const OFFICE_VERB = { unlock: 'release', normal: 'lock' }

/** verb: lock, unlock, lockdown, prop (seconds), normal. */
export function doorCommand(door, verb, seconds) {
  if (atShop())
    return write(`/v1/door/${door}/commands`, { json: { verb, ...(seconds ? { seconds } : {}) } })
  return command({ verb: OFFICE_VERB[verb] ?? verb, door,
    ...(seconds ? { hold_minutes: Math.ceil(seconds / 60) } : {}) })
}

/** Leaves a command with the office and waits until the shop has answered or it is too late. */
export async function command(body) {
  const path = ofShop('/commands')
  const json = { ...body, expires_s: COMMAND_LIFE_S, key: newKey() }
  let c = await twice(() => askOffice(path, { json }))
  while (c.state === 'waiting') {
    await new Promise((r) => setTimeout(r, COMMAND_LOOK_MS))
    c = await twice(() => askOffice(`${path}/${c.command}`))
  }
  if (c.state !== 'done')
    throw new Error(t(c.state === 'expired' ? 'command_expired' : 'command_refused'))
  return c
}

/** Once more where the answer was lost: what is asked bears a key, or only looks. */
async function twice(f) {
  try {
    return await f()
  } catch (why) {
    if (!why.passing)
      throw why
    await new Promise((r) => setTimeout(r, COMMAND_LOOK_MS))
    return f()
  }
}

export const sensors = only(async () => (await read('/v1/sensors')).sensors, 'sensors_stay')
export const notices = async () => (await askOffice(ofShop('/notices?limit=50'))).notices
export const noticeSeen = (n) => askOffice(ofShop(`/notices/${n}/acknowledge`), { method: 'POST' })

// --- what happened

const TIMELINE_PAGE = 50

/** A page of visits and alarms, the newest first. Pictures are the box's alone. */
export async function timeline(before) {
  if (atShop())
    return read(`/v1/timeline${query({ before, max: TIMELINE_PAGE })}`)
  const page = await askOffice(ofShop(`/timeline${query({ before, limit: TIMELINE_PAGE })}`))
  return { ...page, rows: page.rows.map((row) => (row.kind === 'visit'
    ? { ...row, pictures: [], alarms: [] } : { ...fromOffice(row), pictures: [] })) }
}

export const visit = (id) => (atShop() ? read(`/v1/timeline/${id}`)
  : askOffice(ofShop(`/timeline/${id}`)))

/** What a camera saw never leaves the shop: not to the office, and not to who asks from there. */
export const pictures = only(async (of) =>
  (await read(`/v1/pictures${query({ ...of, max: 24 })}`)).pictures, 'pictures_stay')

// --- sales

// The box works out few sums at a time, and says so to whoever asks for more: ours wait in line.
let line = Promise.resolve()
const TRIES = 4
const BUSY_S = 1

function inLine(f) {
  const mine = line.then(() => untilFree(f))
  line = mine.catch(() => {})
  return mine
}

async function untilFree(f) {
  for (let n = 1; ; n++)
    try {
      return await f()
    } catch (why) {
      if (why.status !== 429 || n === TRIES)
        throw why
      await new Promise((r) => setTimeout(r, 1000 * (why.retry_s ?? BUSY_S)))
    }
}

/** by: hour, weekday, day, article -> {currency, rows: [{key, name, lines, quantity, total_minor}]} */
export async function sales(by, from, to) {
  if (atShop())
    return inLine(() => read(`/v1/sales${query({ by, from, to })}`))
  if (by !== 'day')
    throw new Away()
  const all = await askOffice(`/v1/sales${query({ shop: shop(), by, from, to })}`)
  const days = new Map()
  for (const d of all.days) {
    const row = days.get(d.day) ?? { key: d.day, name: null, lines: 0, quantity: 0,
      total_minor: 0 }
    row.lines += d.line_count
    row.total_minor += d.total_minor
    days.set(d.day, row)
  }
  return { by, currency: all.days[0]?.currency ?? place.value.currency, rows: [...days.values()],
    total_minor: [...days.values()].reduce((sum, d) => sum + d.total_minor, 0) }
}

// --- stock and goods

/** At its end a list of the office's says where one goes on later: here that is its end. */
const ended = (page) => ({ ...page, next: page.up_to_date ? null : page.next })

export async function stock(after) {
  if (atShop())
    return read(`/v1/stock${query({ after, max: 100 })}`)
  return ended(await askOffice(`/v1/stock${query({ shop: shop(), after, limit: 500 })}`))
}

export const stockOf = only((gtin) => read(`/v1/stock/${gtin}`))
export const order = only((max = 100) => inLine(() => read(`/v1/stock/order${query({ max })}`)))
export const lots = only((until) => read(`/v1/stock/lots${query({ until, max: 100 })}`))
export const movements = only((gtin, after = 0) =>
  read(`/v1/stock/movements${query({ gtin, after, max: 100 })}`))
export const shrink = only((after = 0) => read(`/v1/stock/shrink${query({ after, max: 100 })}`))
export const move = only((json) => write('/v1/stock/movements', { json }))
export const checks = only((after) => read(`/v1/checks${query({ open: true, after, max: 100 })}`))
export const checkAnswer = only((id, json) => write(`/v1/checks/${id}`, { json }))
export const reports = only((after) => read(`/v1/reports${query({ open: true, after, max: 100 })}`))
export const creditLine = only((id, key, json) =>
  write(`/v1/visits/${id}/lines/${key}/credit`, { json }))

/** One article as it is sold now. */
export async function product(gtin) {
  if (atShop())
    return read(`/v1/products/${gtin}`)
  const page = await askOffice(`/v1/products${query({ shop: shop(), q: gtin, limit: 5 })}`)
  return page.products.find((p) => p.gtin === gtin)
}

/** A page of what is sold: {products: [{gtin, name, unit_price_minor, …}], next}. */
export async function products(after) {
  if (atShop())
    return read(`/v1/products${query({ after, max: 100 })}`)
  const page = await askOffice(`/v1/products${query({ shop: shop(), after, limit: 200 })}`)
  return { next: page.next, products: page.products.map((p) => ({ ...p,
    unit_price_minor: p.prices?.[0]?.price_minor ?? null, valid_from: p.prices?.[0]?.valid_from })) }
}

// --- invoices

export async function invoices(period, after) {
  if (atShop())
    return read(`/v1/invoices${query({ period, after, max: 100 })}`)
  return ended(await askOffice(`/v1/invoices${query({ shop: shop(), period, after, limit: 500 })}`))
}

export const invoice = only((number) => read(`/v1/invoices/${number}`))
export const creditInvoice = only((number, json) =>
  write(`/v1/invoices/${number}/credit`, { json }))

// --- the house

export const settings = only(() => read('/v1/settings'))
export const health = only(() => read('/v1/health'))
