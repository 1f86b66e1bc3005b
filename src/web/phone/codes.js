// codes.js: what a camera or a person gives -> what the shop is asked for. The code is sent as it was
// read (the shop knows weights, lots and dates by itself); here it is only told from what is no goods,
// and looked up in the price list, so that the shopper sees a name at once. Pure.
import { gtinRight } from '../base/ean.js'

/** The six digits of a UPC-E between number system and check -> UPC-A (GS1 General Specifications 5.2). */
function upcA(e) {
  const [system, d, check] = [e[0], e.slice(1, 7), e[7]]
  const last = Number(d[5])
  const body = last <= 2 ? d.slice(0, 2) + d[5] + '0000' + d.slice(2, 5)
    : last === 3 ? `${d.slice(0, 3)}00000${d.slice(3, 5)}`
      : last === 4 ? `${d.slice(0, 4)}00000${d[4]}` : `${d.slice(0, 5)}0000${d[5]}`
  return system + body + check
}

const LINK = /^https?:\/\/[^/]+\/(?:[^?#]*\/)?(?:01|gtin)\/(\d{8,14})(?=[/?#]|$)/i
const ELEMENTS = /^(?:\][A-Za-z]\d)?\x1d?(?:01(\d{14})|\d{2,4})/

/**
 * codeRead({text, format}): {goods: text for the shop}, {door} and {join} and {with: code} for codes of
 * ours that were held to the wrong camera, or {} for what is none of these.
 */
export function codeRead({ text, format = '' }) {
  const kind = format.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (/^\d+$/.test(text)) {
    const digits = kind === 'upce' && text.length === 8 ? upcA(text) : text
    if (gtinRight(digits))
      return { goods: digits }
    // GS1-128 whose brackets were dropped: an article's number and perhaps more
    return text.length >= 16 && text.startsWith('01') ? { goods: text } : {}
  }
  const ours = /#\/(join|with)\/([A-Za-z0-9-]+)/.exec(text)
  if (ours)
    return { [ours[1]]: ours[2] }
  if (text.startsWith('SKN1:'))
    return { door: text }
  if (LINK.test(text))
    return { goods: text }
  return kind !== 'qrcode' && text.length <= 160 && ELEMENTS.test(text) ? { goods: text } : {}
}

/** A person's typing: {code}, or {hint: key of a word, digit} that helps to put it right. */
export function codeTyped(text) {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d*$/.test(digits))
    return { hint: 'type_digits' }
  if (gtinRight(digits))
    return { code: digits }
  if (![8, 12, 13, 14].includes(digits.length))
    return { hint: digits.length > 14 ? 'type_long' : 'type_short', n: digits.length }
  const body = digits.slice(0, -1)
  const right = '0123456789'.split('').find((d) => gtinRight(body + d))
  return { hint: 'type_check', digit: right, last: digits.at(-1) }
}

const zeros = (digits) => digits.padStart(14, '0')

/** The number under which the price list may know it, 14 digits; '' where the code says none. */
export function articleOf(code) {
  if (/^(\d{8}|\d{12,14})$/.test(code))
    return zeros(code)
  const m = LINK.exec(code) ?? ELEMENTS.exec(code)
  return m?.[1] ? zeros(m[1]) : ''
}

/** A Swedish label of the shop's own scales (GS1 Sweden): {article, kind: 'price' | 'weight', value}. */
export function labelOf(code, currency) {
  const m = currency === 'SEK' ? /^0*(2[0-5])(\d{6})(\d{4})\d$/.exec(code) : null
  if (!m || Number(m[3]) === 0)
    return null
  const n = Number(m[1])
  const body = `${m[1]}${m[2]}0000`
  const article = '0123456789'.split('').map((d) => body + d).find(gtinRight)
  return n <= 22 ? { article: zeros(article), kind: 'price', value: Number(m[3]) * 10 ** (n - 20) }
    : { article: zeros(article), kind: 'weight', value: Number(m[3]) * 10 ** (n - 23) }
}
