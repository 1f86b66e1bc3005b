// main.js: the owner's page. It signs in with this browser's key, then shows the view that stands
// behind the # of the address; /a/17, the link in an alarm's text, is that alarm. What is needed at
// three in the night comes with the page; the rest when it is opened.
import '../base/app.css'
import './owner.css'
import './words.js'
import './words_alarm.js'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { place } from '../base/place.js'
import { goInstead, useRoute } from '../base/route.js'
import { html, Button, Notice, Wait } from '../base/ui.js'
import { t, useLanguage } from '../base/words.js'
import { AlarmView } from './alarm.js'
import { SignIn } from './enter.js'
import { live, openAlarms, unanswered, useLive } from './live.js'
import { Now } from './now.js'
import { signIn, who } from './session.js'
import { More, SECTIONS, Shell } from './shell.js'

const READY = { now: Now, alarm: AlarmView, more: More }
const LATER = {
  timeline: () => import('./timeline.js'),
  visit: () => import('./visit.js'),
  sales: () => import('./sales.js'),
  stock: () => import('./stock.js'),
  article: () => import('./article.js'),
  goods: () => import('./goods.js'),
  questions: () => import('./questions.js'),
  members: () => import('./members.js'),
  member: () => import('./member.js'),
  passes: () => import('./passes.js'),
  labels: () => import('./labels.js'),
  invoices: () => import('./invoices.js'),
  invoice: () => import('./invoice.js'),
  settings: () => import('./settings.js'),
  health: () => import('./health.js'),
}
// Views that are part of a section, for the frame to mark.
const SECTION = { alarm: 'now', visit: 'timeline', article: 'stock', goods: 'stock',
  questions: 'stock', member: 'members', invoice: 'invoices' }

function Later({ load, rest }) {
  const [got, set] = useState({})
  useEffect(() => {
    let here = true
    set({})
    load().then((m) => here && set({ View: m.default }), () => here && set({ lost: true }))
    return () => { here = false }
  }, [load])
  useEffect(() => {
    // its heading was not there yet when the address changed
    if (got.View && document.activeElement === document.body)
      document.querySelector('h1')?.focus({ preventScroll: true })
  }, [got.View])
  if (got.lost)
    return html`<${Notice} kind="warn">${t('view_lost')} <${Button} kind="quiet"
      onPress=${() => location.reload()}>${t('reload')}</${Button}></${Notice}>`
  return got.View ? html`<${got.View} rest=${rest} />` : html`<${Wait} />`
}

function View({ name, rest }) {
  const Ready = READY[name]
  if (Ready)
    return html`<${Ready} rest=${rest} key=${rest.join('/')} />`
  const load = LATER[name]
  return load ? html`<${Later} load=${load} rest=${rest} key=${[name, ...rest].join('/')} />`
    : html`<${Notice}>${t('no_such_view')}</${Notice}>`
}

function Inside() {
  useLive()
  const [name, ...rest] = useRoute()
  const at = name || 'now'
  const section = SECTION[at] ?? at
  const waiting = openAlarms(live.use().alarms).filter(unanswered).length
  useEffect(() => {
    document.title = `${waiting ? `(${waiting}) ` : ''}${SECTIONS.includes(section)
      ? `${t(`nav_${section}`)} – ` : ''}${t('owner_title', { shop: place.value?.shop })}`
  })
  return html`<${Shell} at=${section}><${View} name=${at} rest=${rest} /></${Shell}>`
}

function Page() {
  useLanguage()
  const me = who.use()
  const p = place.use()
  useEffect(() => {
    if (me.state !== 'in')
      document.title = p?.shop ? t('owner_title', { shop: p.shop }) : t('owner_page')
  })
  return me.state === 'in' ? html`<${Inside} />` : html`<${SignIn} me=${me} />`
}

// The link in a text is /a/17. The view is the same as any other; only its address is short.
const alarm = /^\/a\/(\d{1,15})$/.exec(location.pathname)
if (alarm && !location.hash)
  goInstead('alarm', alarm[1])
render(html`<${Page} />`, document.getElementById('page'))
signIn()
