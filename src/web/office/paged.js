// paged.js: lists of which the office gives a page at a time: the first when a view opens, the next
// when somebody turns to it, all where somebody wants a file of them.
import { useEffect, useRef, useState } from 'preact/hooks'
import { office, query } from './office.js'

/** Pages that a file is made of: 200 of 200 rows, or of 1000. A bound, not a wish. */
const FILE_PAGES = 200

/** A page of lists whose `next` is never empty: one with fewer rows than asked for was the last. */
export const shorter = (name, limit = 200) => ({ limit, ended: (a) => a[name].length < limit })

/**
 * usePaged(path, values, name, {limit, ended}): {rows, why, busy, onMore, again, all}. `name`: under
 * which the answer holds its rows. `onMore` is there while the office has more; `all()` gives every
 * row. `path` null: nothing is asked. `ended(answer)`: whether this page was the last, for lists whose
 * `next` goes on for ever.
 */
export function usePaged(path, values, name, { limit = 200, ended } = {}) {
  const [state, setState] = useState({ rows: [], busy: true })
  const turn = useRef(0)
  const asked = path && query(path, values)
  const page = (after) => office(query(path, { ...values, limit, after }))
  const last = (a) => !a.next || Boolean(ended?.(a))
  const load = async (mine, before, after) => {
    setState((s) => ({ ...s, busy: true }))
    try {
      const a = await page(after)
      if (mine === turn.current)
        setState({ rows: [...before, ...a[name]], next: last(a) ? null : a.next, busy: false, answer: a,
          of: asked })
    } catch (why) {
      if (mine === turn.current)
        setState((s) => ({ ...s, why, busy: false }))
    }
  }
  const again = () => (path ? load(++turn.current, [], '') : Promise.resolve())
  useEffect(() => {
    again()
    return () => { turn.current++ }
  }, [asked])
  const all = async () => {
    const rows = []
    let after = ''
    for (let n = 0; n < FILE_PAGES; n++) {
      const a = await page(after)
      rows.push(...a[name])
      if (last(a))
        break
      after = a.next
    }
    return rows
  }
  const fits = state.of === asked
  return { rows: fits ? state.rows : [], known: fits, why: state.why, busy: state.busy,
    answer: fits ? state.answer : undefined, again, all,
    onMore: fits && state.next ? () => load(turn.current, state.rows, state.next) : undefined }
}
