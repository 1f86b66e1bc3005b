// visits.js: a month's purchases as a list: out of two sources, by what is in them.

/** Purchases of both: the office's, and what this phone has that did not reach the office yet. A visit
 * in which nothing was bought is no purchase. */
export function visitsMerged(theirs, here) {
  const of = new Map(here.map((v) => [v.visit, v]))
  const all = theirs.map((v) => {
    const mine = of.get(v.visit)
    of.delete(v.visit)
    return { ...v, here: Boolean(mine) }
  })
  return [...all, ...of.values()].filter((v) => v.lines.length > 0).sort((a, b) =>
    ((a.opened_at ?? '') < (b.opened_at ?? '') ? 1 : -1))
}

/** Visits that have all that was typed, in a name, a number or a day. */
export function visitsSearch(visits, text) {
  const words = text.toLocaleLowerCase('sv').split(/\s+/).filter(Boolean)
  return words.length === 0 ? visits : visits.filter((v) => {
    const all = [v.opened_at ?? '', v.shop, ...v.lines.map((l) => `${l.name} ${l.gtin}`)]
      .join(' ').toLocaleLowerCase('sv')
    return words.every((w) => all.includes(w))
  })
}
