// label_text.js: what stands on a shelf label beside name and price: the price a kilogram or litre,
// where the name tells what is in it ("Kaffe 450 g", "Loka 6x33 cl"). Whole numbers throughout: the
// price is divided once, and rounded half up to the smallest coin.

// How many of the base unit's thousandths one unit holds: grams and millilitres.
const UNITS = { kg: [1000, 'kg'], hg: [100, 'kg'], g: [1, 'kg'], l: [1000, 'l'], dl: [100, 'l'],
  cl: [10, 'l'], ml: [1, 'l'] }
const TIMES = /(?:(\d{1,3})\s*[x×*]\s*)?/.source
const NUMBER = /(\d{1,5})(?:[.,](\d{1,3}))?\s*/.source
const UNIT = /(kg|hg|g|ml|cl|dl|l)(?![a-zåäö0-9])/.source
const AMOUNT = new RegExp(TIMES + NUMBER + UNIT, 'gi')

/** {thousandths, unit} of "6x33 cl" -> 1980000, 'l'; null where the name does not say it once. */
export function contentOf(name) {
  const found = [...name.matchAll(AMOUNT)]
  if (found.length !== 1)
    return null
  const [, times, whole, part, word] = found[0]
  const [factor, unit] = UNITS[word.toLowerCase()]
  const thousandths = (Number(whole) * 1000 + Number((part ?? '').padEnd(3, '0'))) * factor
    * Number(times ?? 1)
  return thousandths > 0 ? { thousandths, unit } : null
}

/** {minor, unit}: what a kilogram or litre costs; null where that is not known. */
export function unitPrice(product) {
  const content = contentOf(product.name)
  if (!content || product.unit_price_minor === null)
    return null
  const [n, d] = [BigInt(product.unit_price_minor) * 1000000n, BigInt(content.thousandths)]
  return { minor: Number((2n * n + d) / (2n * d)), unit: content.unit }
}

/** What makes a label old: its words and amounts. */
export const labelMark = (p) => `${p.name}|${p.unit_price_minor}|${p.deposit_minor}`
