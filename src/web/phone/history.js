// history.js: what was bought, as the office has it where it can be asked, and as this phone has it
// where not. Both know a visit by its id, so that nothing stands there twice. The last months asked
// for are kept: they are shown with their age when nobody answers.
import { kvGet, kvPut, rowsAll } from '../base/db.js'
import { place } from '../base/place.js'
import { office } from './member.js'

const KEPT = 'month'
const MONTHS_KEPT = 6

/** "2026-11" of a moment, in the shop's own time. */
export function monthOf(at) {
  const parts = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit',
    timeZone: place.value?.time_zone }).formatToParts(new Date(at))
  const get = (type) => parts.find((p) => p.type === type).value
  return `${get('year')}-${get('month')}`
}

/** The last `n` months, this one first. */
export function months(n, now = Date.now()) {
  const [year, month] = monthOf(now).split('-').map(Number)
  return Array.from({ length: n }, (_, i) => {
    const m = year * 12 + month - 1 - i
    return `${Math.floor(m / 12)}-${String(m % 12 + 1).padStart(2, '0')}`
  })
}

/** A receipt of this phone in the form of the office's visits. */
function visitOf(row) {
  const r = row.receipt
  return { visit: row.visit, shop: r.shop, opened_at: r.opened_at, closed_at: r.closed_at, mine: true,
    here: true, total_minor: r.total_minor, currency: r.currency,
    lines: r.lines.map((l) => ({ ...l, taken_back: l.voided })) }
}

/** The receipts that this phone holds, of one month, the newest first. */
export async function monthHere(month) {
  const rows = await rowsAll('receipts').catch(() => [])
  return rows.filter((r) => monthOf(r.receipt.opened_at) === month).map(visitOf)
    .sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1))
}

/** The office's view of a month, kept; throws Problem. */
export async function monthAsk(month) {
  const said = await office(`/v1/me/view?month=${month}`)
  const kept = await kvGet(KEPT).catch(() => null) ?? {}
  kept[month] = { said, at: new Date().toISOString() }
  for (const old of Object.keys(kept).sort().slice(0, -MONTHS_KEPT))
    delete kept[old]
  await kvPut(KEPT, kept).catch(() => {})
  return said
}

/** What the office said the last time: {said, at} or null. */
export async function monthKept(month) {
  return (await kvGet(KEPT).catch(() => null))?.[month] ?? null
}
