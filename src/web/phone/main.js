// main.js: the phone's page from its start. The first view is the door's code and needs nothing but
// this phone's key: no net, no other view's files. The rest is loaded when it is first gone to.
import '../base/app.css'
import './phone.css'
import './words.js'
import { render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { place, placeLook, reach } from '../base/place.js'
import { goInstead, useRoute } from '../base/route.js'
import { Button, Heading, html, Languages, Notice, Said, say, Wait } from '../base/ui.js'
import { setTimeZone, t, useLanguage } from '../base/words.js'
import { Door, doorKept } from './door.js'
import './install.js'
import { key, lastWord, member, memberLoad, storage } from './member.js'
import { HOME, Nav } from './nav.js'
import { tokenPrime } from './token.js'
import { unsent } from './unsent.js'

/** Views that are drawn by later.js: the first part of the route. */
const LATER = new Set(['shop', 'till', 'with', 'receipts', 'me', 'join', 'first'])
let views = null
const later = () => import('./later.js').then((m) => {
  views = m.views
  return m
})

function View({ name, parts }) {
  const [, drawn] = useState(0)
  const [why, setWhy] = useState(null)
  useEffect(() => {
    if (views)
      return
    setWhy(null)
    later().then(() => {
      drawn((n) => n + 1)
      // a screen reader that came here before the view was there is led to its heading
      requestAnimationFrame(() => document.activeElement === document.body &&
        document.querySelector('h1')?.focus({ preventScroll: true }))
    }, setWhy)
  }, [name])
  if (views)
    return html`<${views[name]} parts=${parts} />`
  return why ? html`<h1 tabindex="-1">${t('app_title')}</h1>
    <${Notice} kind="warn">${t('view_late')}</${Notice}>` : html`<${Wait} />`
}

function Storage() {
  return html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('storage_title')}</${Heading}>
    <${Notice} kind="warn"><p>${t('storage_why')}</p><p>${t('storage_do')}</p></${Notice}><p></p>
    <${Button} kind="primary" class="wide" onPress=${() => location.reload()}>${t('again')}</${Button}>`
}

function Page() {
  const [name, ...parts] = useRoute()
  useLanguage()
  place.use()
  const mine = member.use()
  const k = key.use()
  const forbidden = storage.use()
  const inside = k && mine && mine.state === 'live'
  const was = useRef(inside)
  let view
  if (forbidden)
    view = html`<${Storage} />`
  else if (name === 'first')
    view = html`<${View} key="first" name="first" parts=${parts} />`
  else if (!inside)
    view = html`<${View} name="join" parts=${name === 'join' ? parts : []} />`
  else if (LATER.has(name))
    view = html`<${View} key=${name} name=${name} parts=${parts} />`
  else
    view = html`<${Door} />`
  useEffect(() => {
    if (inside && !was.current && name !== 'first')
      say(t('join_done'))
    if (inside && name === 'join') {
      if (was.current)
        say(t('join_already'))
      goInstead('door')
    }
    was.current = inside
  }, [inside, name])
  useEffect(() => {
    const view = name === 'first' ? t('title_first')
      : inside ? t(`nav_${HOME[name] ?? (LATER.has(name) ? name : 'door')}`) : t('title_join')
    document.title = place.value?.shop ? t('title_in', { view, shop: place.value.shop }) : view
  })
  return html`<a class="skip" href="#content" onClick=${(e) => {
      e.preventDefault()
      document.querySelector('h1')?.focus()
    }}>${t('skip_to')}</a>
    <main id="content" tabindex="-1" class=${inside ? `view-${LATER.has(name) ? name : 'door'}` : 'alone'}>
      ${view}</main>
    <${Said} />
    ${inside && html`<${Nav} name=${LATER.has(name) ? name : 'door'} />`}`
}

/** Looks again for the shop when something may have changed: another net, the app brought to front. */
function watchRoad() {
  const AGAIN_MS = 5000
  const SELDOM = 3 // where nothing waits for the shop, every third time
  const RARELY = 6 // and to see whether it is still there
  let turn = 0
  let looking = false
  const look = async () => {
    if (looking || document.visibilityState === 'hidden')
      return
    looking = true
    await placeLook()
    looking = false
  }
  addEventListener('online', look)
  addEventListener('offline', () => { reach.value = 'none' })
  document.addEventListener('visibilitychange', look)
  setInterval(() => {
    turn++
    if (turn % RARELY === 0 || (reach.value !== 'shop' && (unsent.value > 0 || turn % SELDOM === 0)))
      look()
  }, AGAIN_MS)
  look()
}

async function keepPage() {
  if (!navigator.serviceWorker)
    return
  await navigator.serviceWorker.register('/sw.js').catch(() => {})
  const ready = await navigator.serviceWorker.ready
  const LATER_MS = 3000 // what the code reader needs, when the first view has long been drawn
  setTimeout(() => ready.active?.postMessage('later'), LATER_MS)
}

place.watch((p) => {
  if (p)
    setTimeZone(p.time_zone)
})
await memberLoad()
if (key.value && place.value?.shop && place.value.doors.length)
  await tokenPrime(key.value, `${place.value.shop}/${doorKept(place.value.doors)}`)
render(html`<${Page} />`, document.getElementById('page'))
const word = lastWord()
if (word)
  say(word)
watchRoad()
keepPage()

/** What goes on whichever view is looked at: lines that were not sent yet, and the price list, for the
 * day when there is no net in the shop. */
let behind = false
function startBehind() {
  const [BEHIND_MS, PRICES_MS] = [300, 3000]
  if (behind || !key.value || member.value?.state !== 'live')
    return
  behind = true
  // the door comes first: what else there is to load waits until its code has been drawn
  setTimeout(() => later().then((m) => m.senderStart()), BEHIND_MS)
  const look = () => setTimeout(() => later().then((m) => m.pricesLoad()), PRICES_MS)
  reach.watch((road) => road === 'shop' && look())
  look()
}
member.watch(startBehind)
startBehind()
