// gs1.js: what stands in a barcode of goods: digits with a check digit, or a GS1 element string with
// lot and dates (GS1 General Specifications 3), as a DataMatrix or a case's Code 128 bears it.
import { gtinRight } from '../base/ean.js'

const SEPARATOR = '\u001d'
// Application identifiers of a fixed length, by their first two digits; any other ends at FNC1.
const FIXED = { '01': 14, '02': 14, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6 }

/** YYMMDD -> "2026-11-30"; day 00 is the month's last. The century is the one nearest to today. */
function dateOf(six, now = new Date()) {
  if (!/^\d{6}$/.test(six))
    return null
  const [yy, mm, dd] = [six.slice(0, 2), six.slice(2, 4), six.slice(4)].map(Number)
  const century = Math.floor(now.getUTCFullYear() / 100) * 100
  let year = century + yy
  if (year - now.getUTCFullYear() > 50)
    year -= 100
  if (mm < 1 || mm > 12 || dd > 31)
    return null
  const date = new Date(Date.UTC(year, dd ? mm - 1 : mm, dd || 0))
  return date.toISOString().slice(0, 10)
}

function elements(text) {
  const found = {}
  let rest = text
  while (rest) {
    const ai = rest.slice(0, 2)
    if (!/^\d\d$/.test(ai))
      return null
    const fixed = FIXED[ai]
    if (!fixed && ai !== '10' && ai !== '21' && ai !== '37' && ai !== '30')
      return found // one that we do not know has no length that we know
    const end = fixed ? 2 + fixed
      : rest.includes(SEPARATOR) ? rest.indexOf(SEPARATOR) : rest.length
    found[ai] = rest.slice(2, end)
    rest = rest.slice(end).replace(new RegExp(`^${SEPARATOR}`), '')
  }
  return found
}

/** {gtin, lot, use_by, best_before} of what was scanned or typed; null where it is no article. */
export function codeRead(text) {
  const plain = text.trim().replace(/^\][A-Za-z]\d/, '')
  const digits = plain.replace(/[\s-]/g, '')
  if (gtinRight(digits))
    return { gtin: digits.length === 12 ? `0${digits}` : digits }
  // the same in brackets, as printed beneath a code
  const bare = /^\(\d/.test(plain) ? plain.replace(/\((\d\d)\)/g, `${SEPARATOR}$1`) : plain
  const found = elements(bare.replace(new RegExp(`^${SEPARATOR}+`), ''))
  const gtin = found?.['01'] ?? found?.['02']
  if (!gtin || !gtinRight(gtin))
    return null
  return { gtin: gtin.replace(/^000000(?=\d{8}$)|^0/, ''), lot: found['10']?.slice(0, 20),
    use_by: dateOf(found['17'] ?? '') ?? undefined,
    best_before: dateOf(found['15'] ?? '') ?? undefined }
}
