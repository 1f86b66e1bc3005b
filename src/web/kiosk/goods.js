// goods.js: the shop's price list, for choosing by name. It is nobody's secret and is kept for a while;
// what a line costs is the box's own word when it is bought.
import { ask } from '../base/api.js'

const KEPT_MS = 10 * 60 * 1000
const PAGE = 100
const PAGES_MAX = 100

let kept = null

/** Every article that is sold now, by name. Throws Problem where the box does not answer. */
export async function goodsAll() {
  if (kept && performance.now() - kept.at < KEPT_MS)
    return kept.goods
  const goods = []
  let after = null
  for (let i = 0; i < PAGES_MAX; i++) {
    const page = await ask(`/v1/products?max=${PAGE}${after ? `&after=${after}` : ''}`)
    goods.push(...page.products.filter((p) => p.state === 'sold'))
    after = page.next
    if (!after)
      break
  }
  kept = { at: performance.now(), goods }
  return goods
}

const sorted = new Map() // language -> Intl.Collator
function collator(language) {
  if (!sorted.has(language))
    sorted.set(language, new Intl.Collator(language, { sensitivity: 'base', numeric: true }))
  return sorted.get(language)
}

/** What is called so: names that begin with it first, then those with a word that does, the rest. */
export function goodsFind(goods, sought, language) {
  const order = collator(language)
  const s = sought.trim().toLocaleLowerCase(language)
  const rank = (p) => {
    const name = p.name.toLocaleLowerCase(language)
    return name.startsWith(s) ? 0 : name.includes(` ${s}`) ? 1 : name.includes(s) ? 2 : 3
  }
  return goods.map((p) => [s ? rank(p) : 0, p]).filter(([r]) => r < 3)
    .sort(([a, p], [b, q]) => a - b || order.compare(p.name, q.name)).map(([, p]) => p)
}
