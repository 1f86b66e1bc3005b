// links.js: programs that are told (webhooks) or that pull, and the people who work here.
import { link } from '../base/route.js'
import { Card, Heading, html } from '../base/ui.js'
import { t } from '../base/words.js'
import { useFleet } from './fleet_store.js'
import { seesEverywhere } from './office.js'
import { Operators } from './operators.js'
import { Tabs } from './parts.js'
import { Webhooks } from './webhooks.js'
import './words_links.js'

export default function Links({ route }) {
  useFleet({ once: true })
  const tabs = [...(seesEverywhere('fleet') ? ['operators'] : []),
    ...(seesEverywhere('money') ? ['webhooks'] : []), 'programs']
  const tab = tabs.includes(route[1]) ? route[1] : tabs[0]
  return html`<${Heading}>${t('place_links')}</${Heading}>
    <${Tabs} label=${t('place_links')} here=${link('links', tab)}
      tabs=${tabs.map((k) => [link('links', k), t(`tab_${k}`)])} />
    ${tab === 'operators' ? html`<${Operators} />` : tab === 'webhooks' ? html`<${Webhooks} />`
    : html`<${Programs} />`}`
}

/** What a program that pulls needs: its secret stands in the office's own file, where nobody reads it
 * over the net. */
function Programs() {
  return html`<${Card} title=${t('tab_programs')}><div class="stack"><p>${t('programs_lead')}</p>
    <ul class="rows">${['invoices', 'sales', 'stock'].map((k) => html`<li key=${k}>
      <code>GET ${location.origin}/v1/${k}</code><span class="sub">${t(`programs_${k}`)}</span></li>`)}</ul>
    <p>${t('programs_how')}</p>
    <pre tabindex="0" role="region" aria-label="officed.conf">${`[client bokforing]
secret = …
shops = *`}</pre></div></${Card}>`
}
