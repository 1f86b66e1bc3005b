// health.js: every check of the shop: those that fail first, each with what to do about it.
import { html, Age, Badge, Button, Card, Notice, Wait, useAsked } from '../base/ui.js'
import { known, t, useLanguage } from '../base/words.js'
import { Gone, Through } from './fresh.js'
import { live } from './live.js'
import { atShop, health } from './source.js'
import './words_house.js'

const name = (c) => (known(`c_${c.check}`) ? t(`c_${c.check}`) : c.check)

function Checks({ asked }) {
  const v = asked.value
  if (!v)
    return asked.why ? html`<${Gone} asked=${asked} />` : html`<${Wait} />`
  const bad = v.checks.filter((c) => !c.ok)
  return html`<${Gone} asked=${asked} />
    ${bad.length ? html`<${Notice} kind="warn">${t('health_bad', { n: bad.length })}</${Notice}>`
    : html`<${Notice} kind="ok">${t('health_ok')}</${Notice}>`}
    <div class="row"><span class="soft">${t('health_at')} <${Age} at=${v.at} stale_s=${120} /></span>
      <${Button} onPress=${asked.again} busy=${asked.busy}>${t('health_again')}</${Button}></div>
    <${Card}><ul class="rows checks">${v.checks.map((c) => html`<li key=${c.check}
        class=${c.ok ? 'well' : 'bad'}><div class="row tight"><span aria-hidden="true">
          ${c.ok ? '✓' : '✗'}</span><strong>${name(c)}</strong>
        ${!c.ok && html`<${Badge} kind="warn">${t('check_not')}</${Badge}>`}</div>
      <p>${c.text}</p>${c.fix && html`<p class="fix"><strong>${t('check_fix')}:</strong> ${c.fix}</p>`}
      </li>`)}</ul></${Card}>`
}

/** What the office knows of it, from afar. */
function FromAfar() {
  const now = live.use().now
  if (!now)
    return html`<${Wait} />`
  const rows = [['c_ledger', now.ledger.ok], ['c_clock', now.clock.trusted],
    ['c_gateway', now.sms_ok !== false], ['c_office', !now.silent]]
  return html`<${Card} title=${t('health_office')} aside=${html`<${Age} at=${now.heard_at}
      stale_s=${45} />`}><ul class="rows checks">${rows.map(([k, ok]) => html`<li key=${k}
      class=${ok && !now.silent ? 'well' : 'bad'}><div class="row tight"><span aria-hidden="true">
        ${ok ? '✓' : '✗'}</span><strong>${t(k)}</strong><${Badge} kind=${ok ? 'ok' : 'warn'}>
        ${t(ok ? 'check_ok' : 'check_not')}</${Badge}></div></li>`)}</ul></${Card}>`
}

/** The view #/health. */
export default function Health() {
  const language = useLanguage()
  const asked = useAsked(() => (atShop() ? health() : null), [language])
  return html`<h1 tabindex="-1" class="heading">${t('nav_health')}</h1><div class="stack">
    <${Through} />${atShop() ? html`<${Checks} asked=${asked} />` : html`<${FromAfar} />
      <${Notice}>${t('only_at_shop')}</${Notice}>`}</div>`
}
