// prices.js: the shop's price list, kept on the phone: to show a name and a price before the shop has
// answered, and to choose from where nothing can be scanned. What a thing costs is the shop's word.
import { ask } from '../base/api.js'
import { kvGet, kvPut } from '../base/db.js'
import { reach } from '../base/place.js'
import { signal } from '../base/signal.js'
import { articleOf, labelOf } from './codes.js'

const PAGE = 100
const PAGES_MAX = 200
const FRESH_MS = 10 * 60 * 1000

/** {as_of, fetched_at, products: [{gtin, name, unit_price_minor, deposit_minor, …}]} or null. */
export const prices = signal(null)
let index = new Map()
let loading

function use(list) {
  index = new Map(list.products.map((p) => [p.gtin.padStart(14, '0'), p]))
  prices.value = list
}

/** What is kept at once; what is new when the shop is in reach and the list is old. */
export async function pricesLoad() {
  loading ??= kvGet('prices').then((kept) => {
    if (kept)
      use(kept)
  }, () => {})
  await loading
  const age = Date.now() - (prices.value?.fetched_at ?? 0)
  if (reach.value === 'shop' && (age > FRESH_MS || age < 0))
    await fetchAll().catch(() => {}) // what is kept stays; the next look tries again
}

async function fetchAll() {
  const products = []
  let after
  let asOf
  for (let i = 0; i < PAGES_MAX; i++) {
    const page = await ask(`/v1/products?max=${PAGE}${after ? `&after=${after}` : ''}`)
    asOf ??= page.prices_as_of
    if (i === 0 && prices.value && asOf === prices.value.as_of) {
      await keep({ ...prices.value, fetched_at: Date.now() })
      return
    }
    products.push(...page.products)
    after = page.next
    if (!after)
      break
  }
  await keep({ as_of: asOf, fetched_at: Date.now(), products })
}

async function keep(list) {
  use(list)
  await kvPut('prices', list).catch(() => {})
}

/** What a code would cost by the list: {name, unit_price_minor, deposit_minor, quantity, total_minor,
 * currency, product}; null where it is not on the list. */
export function priceOf(code, quantity) {
  const currency = prices.value?.products[0]?.currency
  const plain = index.get(articleOf(code))
  if (plain)
    return sum(plain, plain.unit_price_minor, quantity)
  const label = labelOf(code, currency)
  const product = label && index.get(label.article)
  if (!product)
    return null
  return label.kind === 'price' ? { ...sum(product, label.value, 1000), total_minor: label.value }
    : sum(product, product.unit_price_minor, label.value, product.deposit_minor)
}

function sum(product, unit, quantity, deposit = product.deposit_minor * quantity / 1000) {
  return { product, name: product.name, unit_price_minor: unit, quantity,
    deposit_minor: Math.round(deposit), currency: product.currency,
    total_minor: Math.round(unit * quantity / 1000) + Math.round(deposit) }
}

/** Articles whose name or number holds all that was typed; all of them for ''. */
export function pricesSearch(text) {
  const words = text.toLocaleLowerCase('sv').split(/\s+/).filter(Boolean)
  const all = prices.value?.products ?? []
  return all.filter((p) => {
    const name = p.name.toLocaleLowerCase('sv')
    return words.every((w) => name.includes(w) || (/^\d{4,}$/.test(w) && p.gtin.includes(w)))
  })
}
