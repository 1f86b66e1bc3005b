// about.js: what this page is on this phone: which shop, which key, what is kept; how it is put on the
// home screen, and how it is wiped.
import { useEffect, useState } from 'preact/hooks'
import { keepStorage } from '../base/db.js'
import { place } from '../base/place.js'
import { Age, Button, Card, html, Sure } from '../base/ui.js'
import { number, t } from '../base/words.js'
import { offer } from './install.js'
import { key, memberForget } from './member.js'
import { prices, pricesLoad } from './prices.js'
import { unsent } from './unsent.js'

function Install() {
  const can = offer.use()
  const installed = matchMedia('(display-mode: standalone)').matches
  const ios = /iPhone|iPad/.test(navigator.userAgent)
  if (installed)
    return null
  if (can)
    return html`<${Button} class="wide" onPress=${() => can.prompt()}>${t('me_install')}</${Button}>`
  return ios && html`<p class="soft">${t('me_install')}: ${t('me_install_ios')}</p>`
}

function Leave() {
  const [sure, setSure] = useState(false)
  const waiting = unsent.use()
  return html`<${Button} class="wide" onPress=${() => setSure(true)}>${t('me_leave')}</${Button}>
    ${sure && html`<${Sure} title=${t('me_leave_sure')} yes=${t('me_leave')} danger
        onYes=${memberForget} onClose=${() => setSure(false)}><p>${t('me_leave_text')}</p>
      ${waiting > 0 && html`<p class="error">${t('me_leave_lines', { n: waiting })}</p>`}</${Sure}>`}`
}

export function About() {
  const p = place.use()
  const list = prices.use()
  const k = key.use()
  const [kept, setKept] = useState(null)
  useEffect(() => {
    keepStorage().then(setKept)
    pricesLoad()
  }, [])
  const row = (name, value) => html`<div class="fact"><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<${Card} title=${t('me_about')}><dl class="facts">
      ${p?.shop && row(t('me_about_shop'), p.shop)}
      ${k && row(t('me_about_kid'), html`<code>${k.kid}</code>`)}
      ${kept !== null && row(t('me_about_kept'), t(kept ? 'me_about_kept_yes' : 'me_about_kept_no'))}
      ${list && row(t('me_about_prices'), html`${t('me_about_articles',
        { n: list.products.length, all: number(list.products.length) })},
        ${' '}<${Age} at=${list.as_of} />`)}</dl>
    <div class="stack"><${Install} /><${Leave} /></div></${Card}>`
}
