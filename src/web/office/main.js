// main.js: head office. Which view is shown stands in the address; a view's script is fetched when it
// is first come to, so that the fleet is there at once.
import '../base/app.css'
import './office.css'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { keyForget } from '../base/key.js'
import { placeLook } from '../base/place.js'
import { link, useRoute } from '../base/route.js'
import { Button, Failed, Heading, Languages, Notice, Said, Sure, Wait, html } from '../base/ui.js'
import { t, useLanguage } from '../base/words.js'
import { Fleet } from './fleet.js'
import { sees, who } from './office.js'
import { Gate } from './signin.js'
import './words.js'

// [first part of the address, right to read it, its script]: in the order in which they are offered
const PLACES = [
  ['fleet', 'fleet', null, ['', 'shop']],
  ['alarms', 'fleet', () => import('./alarms.js'), ['alarms']],
  ['members', 'members', () => import('./members.js'), ['members', 'member', 'invitations']],
  ['goods', 'goods', () => import('./goods.js'), ['goods', 'product', 'import']],
  ['money', 'money', () => import('./money.js'), ['money', 'bundle']],
  ['payments', 'money', () => import('./payments.js'), ['payments']],
  ['rules', 'goods', () => import('./rules.js'), ['rules', 'groups']],
  ['links', null, () => import('./links.js'), ['links']],
]
const href = (parts) => link(...(parts[0] ? [parts[0]] : ['']))

function places() {
  return PLACES.filter(([, right]) => !right || sees(right))
}

function Page() {
  useLanguage()
  who.use()
  const route = useRoute()
  const here = PLACES.find(([, , , parts]) => parts.includes(route[0] ?? ''))
  useEffect(() => {
    document.title = here ? `${t(`place_${here[0]}`)} – ${t('office')}` : t('office')
  })
  return html`<${Gate}>${() => html`<div class="desk">
    <a class="skip" href="#page" onClick=${(e) => {
      e.preventDefault()
      document.querySelector('h1')?.focus()
    }}>${t('skip')}</a>
    <${Side} here=${here} />
    <main><${View} here=${here} route=${route} /></main></div>`}</${Gate}><${Said} />`
}

/** The places, who we are, the language: at the side; on a narrow screen behind a button. */
function Side({ here }) {
  const [open, setOpen] = useState(false)
  const route = useRoute()
  useEffect(() => setOpen(false), [route])
  return html`<header><div class=${`side ${open ? 'open' : ''}`}>
    <div class="name"><strong>${t('office')}</strong>
      <${Button} class="menu" aria-expanded=${open ? 'true' : 'false'} aria-controls="menu"
        onPress=${() => setOpen(!open)}>${t('menu')}</${Button}></div>
    <div id="menu"><nav class="places" aria-label=${t('places')}>${places().map(([name, , , parts]) => html`
        <a key=${name} href=${href(parts)} aria-current=${here?.[0] === name ? 'page' : undefined}>
          ${t(`place_${name}`)}</a>`)}</nav>
      <div class="foot"><${Me} /><${Languages} /></div></div></div></header>`
}

function View({ here, route }) {
  const allowed = here && places().includes(here)
  if (!here || !allowed) {
    const first = places()[0]
    if (!route[0] && first && first !== here)
      return html`<${Lazy} load=${first[2]} route=${[first[3][0]]} key=${first[0]} />`
    return html`<${Heading}>${here ? t(`place_${here[0]}`) : t('office')}</${Heading}>
      <${Notice}>${t(here ? 'nothing_for_you' : 'no_such_view')}</${Notice}>`
  }
  if (route[0] === 'shop')
    return html`<${Lazy} key="shop" load=${() => import('./shop.js')} route=${route} />`
  if (!here[2])
    return html`<${Fleet} />`
  return html`<${Lazy} key=${here[0]} load=${here[2]} route=${route} />`
}

let moved = false
addEventListener('hashchange', () => { moved = true })

/** A view whose script may still be on its way. */
function Lazy({ load, route }) {
  const [view, setView] = useState(null)
  const [why, setWhy] = useState(null)
  const fetchIt = () => {
    setWhy(null)
    load().then((m) => setView(() => m.default), () => setWhy(new Error(t('problem_unreachable'))))
  }
  useEffect(fetchIt, [])
  useEffect(() => { // there was no heading yet when the address changed
    if (view && moved)
      document.querySelector('h1')?.focus({ preventScroll: true })
  }, [view])
  if (why)
    return html`<${Heading}>${t('office')}</${Heading}><${Failed} why=${why} onAgain=${fetchIt} />`
  return view ? html`<${view} route=${route} />` : html`<${Wait} />`
}

function Me() {
  const [leaving, setLeaving] = useState(false)
  const me = who.use()
  return html`<p class="me">${me?.name}<span class="sub">${t(`kind_${me?.kind}`)}</span></p>
    <${Button} kind="quiet" onPress=${() => setLeaving(true)}>${t('sign_out')}</${Button}>
    ${leaving && html`<${Sure} title=${t('sign_out')} yes=${t('sign_out')} danger
      onClose=${() => setLeaving(false)} onYes=${async () => {
        await keyForget()
        location.reload()
      }}><p>${t('sign_out_sure')}</p></${Sure}>`}`
}

placeLook()
render(html`<${Page} />`, document.getElementById('page'))
