// all.js: a whole list that a server gives page by page, drawn as it comes, so that it can be searched
// here. Bounded: a list that is longer says so.
import { useEffect, useState } from 'preact/hooks'

const ROWS_MAX = 20000

/**
 * useAll(page, of): page(after) -> {[of]: rows, next}.
 * @returns {rows, busy, why, more, again}; `more`: there are more than we keep.
 */
export function useAll(page, of, deps = []) {
  const [state, set] = useState({ rows: [], busy: true })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let here = true
    const fetch = async () => {
      let rows = [], after
      set({ rows, busy: true })
      try {
        do {
          const got = await page(after)
          if (!here)
            return
          rows = [...rows, ...got[of]]
          after = got.next === after ? null : got.next // a server that stands still does not hold us
          set({ rows, busy: after !== null, more: after !== null && rows.length >= ROWS_MAX })
        } while (after !== null && rows.length < ROWS_MAX)
        set((s) => ({ ...s, busy: false }))
      } catch (why) {
        if (here)
          set({ rows, busy: false, why })
      }
    }
    fetch()
    return () => { here = false }
  }, [turn, ...deps])
  return { ...state, again: () => setTurn(turn + 1) }
}

/** Whether every word of the search stands in one of the texts. */
export function fits(search, ...texts) {
  const all = texts.filter(Boolean).join(' ').toLowerCase()
  return search.toLowerCase().split(/\s+/).every((word) => all.includes(word))
}
