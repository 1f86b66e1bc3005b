// signal.js: a value that pages watch. `use()` is a hook: who uses it is drawn again when it changes.
import { useEffect, useState } from 'preact/hooks'

export function signal(first) {
  let value = first
  const watchers = new Set()
  return {
    get value() {
      return value
    },
    set value(next) {
      value = next
      for (const w of [...watchers])
        w(next)
    },
    watch(f) {
      watchers.add(f)
      return () => watchers.delete(f)
    },
    use() {
      const [seen, set] = useState(() => value)
      useEffect(() => {
        set(() => value)
        const f = (next) => set(() => next)
        watchers.add(f)
        return () => watchers.delete(f)
      }, [])
      return seen
    },
  }
}
