// route.js: which view is shown stands behind the # of the address, so that back and forward, a
// reload and a link all do what people expect: "#/stock/7300156480903" -> ['stock', '7300156480903'].
import { signal } from './signal.js'

const path = signal(read())
addEventListener('hashchange', () => {
  path.value = read()
  // a new view begins at its top, and a screen reader at its heading
  scrollTo(0, 0)
  requestAnimationFrame(() => document.querySelector('h1')?.focus({ preventScroll: true }))
})

function read() {
  const parts = location.hash.replace(/^#\/?/, '').split('/')
  return parts.map((p) => {
    try {
      return decodeURIComponent(p)
    } catch {
      return ''
    }
  })
}

export const useRoute = () => path.use()
export const link = (...parts) => `#/${parts.map(encodeURIComponent).join('/')}`
export const go = (...parts) => { location.hash = link(...parts) }
/** The same, without a step in the browser's history. */
export const goInstead = (...parts) => location.replace(link(...parts))
