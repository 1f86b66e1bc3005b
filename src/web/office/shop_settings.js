// shop_settings.js: a shop's name, group and language, and the seller that its invoices name.
import { useState } from 'preact/hooks'
import { Button, Card, Field, html, useAsked } from '../base/ui.js'
import { t } from '../base/words.js'
import { fleetPut } from './fleet_store.js'
import { may, office, sees } from './office.js'
import { PartyFields, SELLER, partyOf } from './party.js'
import { Pick, useWork } from './parts.js'

export function ShopSettings({ s }) {
  const [it, setIt] = useState({ title: s.title, group: s.group, language: s.language })
  const [seller, setSeller] = useState(s.seller ?? { country: 'SE' })
  const groups = useAsked(() => (sees('goods') ? office('/v1/groups') : null), [])
  const [run, why] = useWork()
  const [runSeller, whySeller] = useWork()
  const mine = may('fleet', s.shop)
  const set = (name) => (value) => setIt((x) => ({ ...x, [name]: value }))
  const patch = async (work, json) => {
    const now = await work(() => office(`/v1/shops/${s.shop}`, { method: 'PATCH', json }),
      t('settings_saved'))
    if (now)
      fleetPut(now)
  }
  const names = [...new Set([...(groups.value?.groups ?? []).map((g) => g.group), s.group])].filter(Boolean)
  return html`<div class="grid"><${Card} title=${t('about_shop')}><div class="stack">
      <${Field} label=${t('title')} value=${it.title} maxlength="40" disabled=${!mine}
        onInput=${set('title')} />
      <${Pick} label=${t('group')} value=${it.group} onPick=${set('group')}
        options=${[['', t('no_group')], ...names.map((n) => [n, n])]} />
      <${Pick} label=${t('language_of')} value=${it.language} onPick=${set('language')}
        options=${[['sv', t('sv')], ['en', t('en')]]} />
      ${why}${mine && html`<${Button} kind="primary"
        onPress=${() => patch(run, it)}>${t('save')}</${Button}>`}
    </div></${Card}>
    <${Card} title=${t('seller_title')}><div class="stack"><p class="soft">${t('seller_lead')}</p>
      <${PartyFields} party=${seller} words=${SELLER} onChange=${setSeller} />
      ${whySeller}${mine && html`<${Button} kind="primary"
        onPress=${() => patch(runSeller, { seller: partyOf(seller) ?? {} })}>${t('save')}</${Button}>`}
    </div></${Card}></div>`
}
