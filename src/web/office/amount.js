// amount.js: money as people type it, to whole minor units, by digits alone: no fraction is ever
// reckoned in binary. VAT within a price, rounded half up as the shop does.

/** "16,90" -> 1690; "1 249" -> 124900; null where it is no amount. */
export function amountRead(text) {
  const s = text.replace(/[\s\u00a0\u202f]/g, '').replace(/(kr|sek|:-)$/i, '')
  const m = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(s)
  return m ? Number(m[1]) * 100 + Number((m[2] ?? '').padEnd(2, '0')) : null
}

/** 1690 -> "16,90", for a field. */
export const amountText = (minor) => `${Math.trunc(minor / 100)},${String(minor % 100).padStart(2, '0')}`

/** The VAT within a price that includes it. */
export function vatWithin(minor, bp) {
  const [g, whole] = [BigInt(minor), BigInt(10000 + bp)]
  return Number((g * BigInt(bp) * 2n + whole) / (2n * whole))
}

const DAY_6 = '2026-04-01'
const DAY_12_AGAIN = '2028-01-01'

/** Basis points of a word of the office at a moment; null: fixed in the article, or unknown. Swedish
 * food: 12 %, 6 % from 2026-04-01 to 2027-12-31. */
export function vatRate(product, at = new Date()) {
  if (product.vat_bp !== undefined)
    return product.vat_bp
  const day = at.toISOString().slice(0, 10)
  const food = day >= DAY_6 && day < DAY_12_AGAIN ? 600 : 1200
  return { food, standard: 2500, restaurant: 1200, culture: 600, none: 0 }[product.vat] ?? null
}

/** "2026-12-01T08:00" on the clocks of `zone` -> Date; null where it is none. */
export function zoneTime(text, zone) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text))
    return null
  const wanted = Date.parse(`${text}Z`)
  if (!zone)
    return new Date(text)
  let at = wanted
  // twice: the first guess may lie on the other side of a change of the clock
  for (let i = 0; i < 2; i++)
    at += wanted - Date.parse(`${zoneText(new Date(at), zone)}Z`)
  return new Date(at)
}

/** The other way: what a field of that kind shows. */
export function zoneText(at, zone) {
  const f = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit',
    day: '2-digit', hour: '2-digit', minute: '2-digit' })
  return f.format(at).replace(' ', 'T')
}
