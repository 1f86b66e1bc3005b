// shop_new.js: a new shop, and the code with which its box takes it up.
import { useState } from 'preact/hooks'
import { Field, html, say } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { fleetPut } from './fleet_store.js'
import { office } from './office.js'
import { Form, Once, Pick, useWork } from './parts.js'

const NAME = /^[a-z0-9-]{1,16}$/

export function NewShop({ onClose }) {
  const [shop, setShop] = useState({ shop: '', title: '', group: '', language: 'sv', currency: 'SEK' })
  const [claim, setClaim] = useState(null)
  const [run, why] = useWork()
  const set = (name) => (value) => setShop((s) => ({ ...s, [name]: value }))
  const bad = shop.shop !== '' && !NAME.test(shop.shop)
  const badMoney = !/^[A-Z]{3}$/.test(shop.currency)
  const save = async () => {
    const made = await run(() => office('/v1/shops', { json: { ...shop, group: shop.group || undefined,
      title: shop.title || undefined } }))
    if (!made)
      return false
    fleetPut(made)
    say(t('shop_made', { shop: made.shop }))
    const code = await run(() => office(`/v1/shops/${made.shop}/claims`, { json: {} }))
    setClaim(code ?? null)
    return !code
  }
  if (claim)
    return html`<${Claim} claim=${claim} onClose=${onClose} />`
  return html`<${Form} title=${t('new_shop')} why=${why} onSave=${save} onClose=${onClose}
      ready=${NAME.test(shop.shop) && !badMoney}>
    <${Field} label=${t('shop_name')} hint=${t('shop_name_hint')} value=${shop.shop} maxlength="16"
      error=${bad ? t('shop_name_wrong') : ''} autocapitalize="none" spellcheck=${false}
      onInput=${(v) => set('shop')(v.trim().toLowerCase())} />
    <${Field} label=${t('title')} value=${shop.title} maxlength="40" onInput=${set('title')} />
    <div class="pair">
      <${Field} label=${t('group')} hint=${t('group_new_hint')} value=${shop.group} maxlength="16"
        autocapitalize="none" onInput=${(v) => set('group')(v.trim().toLowerCase())} />
      <${Pick} label=${t('language_of')} value=${shop.language} onPick=${set('language')}
        options=${[['sv', t('sv')], ['en', t('en')]]} />
      <${Field} label=${t('currency')} value=${shop.currency} maxlength="3"
        error=${badMoney ? t('currency_wrong') : ''}
        onInput=${(v) => set('currency')(v.trim().toUpperCase())} /></div></${Form}>`
}

/** What to type at the box. */
export function Claim({ claim, onClose }) {
  return html`<${Once} title=${t('claim')} code=${`shopctl enrol ${claim.url} ${claim.code}`}
    lead=${t('claim_lead', { at: moment(claim.expires_at) })} onClose=${onClose} />`
}
