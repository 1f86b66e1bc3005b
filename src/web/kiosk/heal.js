// heal.js: nobody stands here to press reload. What breaks in this page shows a plain sentence and
// loads the page anew, ever later when it breaks again at once, and only when the server answers: a
// browser's own error page would stay for ever. When nobody is here the page is also loaded anew once
// a night, and when it has grown too large.
const KEPT = 'kiosk-broke'
const MEMORY_MS = 10 * 60 * 1000 // a page that worked for so long starts counting anew
const FIRST_MS = 1000
const LAST_MS = 60 * 1000
const ASK_MS = 2000
const LOOK_MS = 60 * 1000
const OLD_MS = 12 * 3600 * 1000 // younger, no night is due
const NIGHT = [3, 4] // hours by the clock of the box
const HEAP_MAX = 250e6 // bytes; a fresh page has some 10
const REST_MS = 5 * 60 * 1000

const SENTENCES = {
  sv: ['Ett ögonblick', 'Skärmen startar om sig själv. Det du har skannat är sparat.',
    'Dröjer det: skanna med telefonen, eller skriv upp det du tar på en lapp och lägg den vid kassan.'],
  en: ['One moment', 'This screen is restarting itself. What you have scanned is kept.',
    'If it takes long: scan with your phone, or write down what you take and leave the note at the till.'],
}

let going = false
let restful = () => 0
const born = performance.now()

addEventListener('error', (e) => broken(e.error ?? e.message))
addEventListener('unhandledrejection', (e) => broken(e.reason))

/** healWatch(() => milliseconds since anybody did anything; 0 while a visit is open). */
export function healWatch(restful_ms) {
  restful = restful_ms
  setInterval(look, LOOK_MS)
}

function look() {
  const old = performance.now() - born > OLD_MS && NIGHT.includes(new Date().getHours())
  const large = (performance.memory?.usedJSHeapSize ?? 0) > HEAP_MAX
  if ((old || large) && restful() > REST_MS)
    reloadSoon(0)
}

/** The same when what the page stands on has gone: it comes back with the server. */
export function reloadSoon(wait_ms) {
  if (going)
    return
  going = true
  setTimeout(reloadWhenAnswered, wait_ms)
}

function broken(why) {
  console.error('the page broke:', why)
  if (going)
    return
  show()
  const past = times()
  past.push(Date.now())
  keep(past)
  reloadSoon(Math.min(FIRST_MS * 2 ** (past.length - 1), LAST_MS))
}

async function reloadWhenAnswered() {
  for (;;) {
    try {
      // any answer will do: a shop whose inner program is away still serves its pages
      await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ASK_MS) })
      break
    } catch {
      await new Promise((r) => setTimeout(r, ASK_MS))
    }
  }
  location.reload()
}

function times() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]')
      .filter((at) => Math.abs(Date.now() - at) < MEMORY_MS)
  } catch {
    return []
  }
}

function keep(past) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(past.slice(-10)))
  } catch {
    // without memory it waits the shortest time
  }
}

/** Made by hand, beside the page: what drew the page may be what broke. */
function show() {
  const language = document.documentElement.lang === 'en' ? 'en' : 'sv'
  const [title, what, then] = SENTENCES[language]
  const box = document.createElement('div')
  box.className = 'moment'
  box.setAttribute('role', 'alert')
  for (const [tag, text] of [['h1', title], ['p', what], ['p', then]]) {
    const e = document.createElement(tag)
    e.textContent = text
    box.append(e)
  }
  document.getElementById('page')?.setAttribute('inert', '')
  // an open dialog lies above all else in the page; it goes with the page that broke
  document.querySelectorAll('dialog[open]').forEach((d) => d.close())
  document.body.append(box)
}
