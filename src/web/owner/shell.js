// shell.js: the frame around every view: where one may go, whether an alarm waits, and a way out.
// On a wide screen the sections stand at the side; on a phone the four most used and "more" are at
// the foot, under the thumb.
import { Icon } from './icons.js'
import { live, openAlarms, unanswered } from './live.js'
import { place } from '../base/place.js'
import { link } from '../base/route.js'
import { html, Button, Languages, Said } from '../base/ui.js'
import { t, useLanguage } from '../base/words.js'
import { signOut } from './session.js'

export const SECTIONS = ['now', 'timeline', 'stock', 'sales', 'members', 'passes', 'labels',
  'invoices', 'settings', 'health']
const AT_FOOT = ['now', 'timeline', 'stock', 'sales']

function Way({ name, at, badge }) {
  const here = at === name
  return html`<a href=${link(name)} class="way" aria-current=${here ? 'page' : undefined}>
    <${Icon} name=${name} /><span>${t(`nav_${name}`)}</span>
    ${badge > 0 && html`<span class="count">${badge}
      <span class="unseen"> ${t('alarms_open_n', { n: badge })}</span></span>`}</a>`
}

/** Shell({at, children}): `at` the section that is shown. */
export function Shell({ at, children }) {
  useLanguage()
  const l = live.use()
  const waiting = openAlarms(l.alarms).filter(unanswered).length
  const badge = (name) => (name === 'now' ? waiting : 0)
  const foot = AT_FOOT.includes(at) ? at : 'more'
  return html`<div class="shell">
    <a class="skip" href="#content" onClick=${(e) => {
      e.preventDefault()
      document.querySelector('h1')?.focus()
    }}>${t('skip')}</a>
    <nav class="side no-print" aria-label=${t('menu')}>
      <p class="name">${place.value?.shop}</p>
      ${SECTIONS.map((name) => html`<${Way} key=${name} name=${name} at=${at} badge=${badge(name)} />`)}
      <div class="end"><${Languages} />
        <${Button} kind="quiet" onPress=${signOut}><${Icon} name="out" />${t('sign_out')}</${Button}>
      </div></nav>
    <main id="content">${children}</main>
    <nav class="foot no-print" aria-label=${t('menu')}>
      ${[...AT_FOOT, 'more'].map((name) => html`<${Way} key=${name} name=${name} at=${foot}
        badge=${badge(name)} />`)}</nav>
    <${Said} /></div>`
}

/** Where a phone finds the rest. */
export function More() {
  useLanguage()
  return html`<h1 tabindex="-1" class="heading">${t('nav_more')}</h1>
    <ul class="ways">${SECTIONS.filter((s) => !AT_FOOT.includes(s)).map((name) => html`<li key=${name}>
      <a href=${link(name)} class="button wide"><${Icon} name=${name} />${t(`nav_${name}`)}</a></li>`)}
    </ul>
    <div class="row between end"><${Languages} />
      <${Button} onPress=${signOut}><${Icon} name="out" />${t('sign_out')}</${Button}></div>`
}
