// price.js: a price from a moment on: for all shops, a group or one; what it replaces is shown before
// it is saved, and the VAT within it.
import { useState } from 'preact/hooks'
import { place } from '../base/place.js'
import { Field, Money, Notice, html, useAsked } from '../base/ui.js'
import { money, moment, percent, t } from '../base/words.js'
import { amountRead, vatRate, vatWithin, zoneText, zoneTime } from './amount.js'
import { fleet } from './fleet_store.js'
import { mayEverywhere, office } from './office.js'
import { Form, ShopPick, useWork } from './parts.js'

/** 'shop:viken' -> "i viken" */
export function scopeIn(scope) {
  if (!scope)
    return t('scope_everywhere')
  const [kind, name] = scope.split(':')
  return kind === 'group' ? t('scope_in_group', { group: name }) : t('scope_in_shop', { shop: name })
}

/** The price that would hold at a moment for a scope without the new one: of its own scope first, then
 * of those around it. */
export function priceAt(p, scope, at, groupOf) {
  const around = [scope]
  if (scope.startsWith('shop:') && groupOf(scope.slice(5)))
    around.push(`group:${groupOf(scope.slice(5))}`)
  if (scope)
    around.push('')
  for (const s of around) {
    const begun = (p.prices ?? []).filter((x) => (x.scope ?? '') === s && Date.parse(x.valid_from ?? 0) <= at)
      .sort((a, b) => Date.parse(a.valid_from ?? 0) - Date.parse(b.valid_from ?? 0))
    if (begun.length)
      return { ...begun.at(-1), scope: s }
  }
  return null
}

export function PriceChange({ p, onSaved, onClose }) {
  const wide = mayEverywhere('goods')
  const zone = place.value?.time_zone
  const [scope, setScope] = useState({ kind: wide ? 'all' : 'shop', group: '', shop: '' })
  const [text, setText] = useState('')
  const [later, setLater] = useState(false)
  const [when, setWhen] = useState(() =>
    `${zoneText(new Date(Date.now() + 86400e3), zone).slice(0, 10)}T00:00`)
  const [run, why] = useWork()
  const minor = amountRead(text)
  const at = later ? zoneTime(when, zone) : new Date()
  const past = later && (!at || at.getTime() <= Date.now())
  const name = scope.kind === 'all' ? '' : `${scope.kind}:${scope[scope.kind]}`
  const chosen = scope.kind === 'all' || scope[scope.kind] !== ''
  const save = async () => {
    const ok = await run(() => office(`/v1/products/${p.gtin}/prices`, { method: 'PUT', json: {
      price_minor: minor, ...(name && { scope: name }), ...(later && { valid_from: at.toISOString() }) } }),
    t('price_saved'))
    if (ok)
      await onSaved()
    return Boolean(ok)
  }
  return html`<${Form} title=${`${t('price_change')}: ${p.name}`} why=${why} onSave=${save} onClose=${onClose}
      ready=${minor !== null && !past && chosen}>
    <${Scope} scope=${scope} onScope=${setScope} wide=${wide} />
    <${Field} label=${t('price_field')} value=${text} inputmode="decimal" autocomplete="off" maxlength="14"
      error=${text && minor === null ? t('price_wrong') : ''} onInput=${setText} />
    <fieldset><legend>${t('price_begins')}</legend>
      ${[false, true].map((l) => html`<label class="tick" key=${l}><input type="radio" name="begins"
        checked=${later === l} onChange=${() => setLater(l)} />
        <span>${t(l ? 'price_at' : 'price_at_once')}</span></label>`)}
      ${later && html`<${Field} label=${t('price_at_field')} type="datetime-local" value=${when}
        error=${past ? t('price_past') : ''} onInput=${setWhen} />`}</fieldset>
    ${minor !== null && chosen && !past && html`<${Becomes} p=${p} minor=${minor} at=${at} scope=${name} />`}
  </${Form}>`
}

/** Scope({scope, onScope, wide}): all, a group or a shop. */
export function Scope({ scope, onScope, wide }) {
  const groups = useAsked(() => office('/v1/groups').catch(() => ({ groups: [] })), [])
  const names = (groups.value?.groups ?? []).map((g) => g.group)
  const kinds = wide ? ['all', ...(names.length ? ['group'] : []), 'shop'] : ['shop']
  return html`${kinds.length > 1 && html`<fieldset><legend>${t('scope_kind')}</legend>
      ${kinds.map((k) => html`<label class="tick" key=${k}><input type="radio" name="scope"
        checked=${scope.kind === k} onChange=${() => onScope({ ...scope, kind: k })} />
        <span>${t(`scope_${k}`)}</span></label>`)}</fieldset>`}
    ${scope.kind === 'group' && html`<${Field} as="select" label=${t('scope_group')} value=${scope.group}
      onInput=${(group) => onScope({ ...scope, group })}><option value="">${t('choose')}</option>
      ${names.map((n) => html`<option key=${n}
        value=${n} selected=${n === scope.group}>${n}</option>`)}</${Field}>`}
    ${scope.kind === 'shop' && html`<${ShopPick} value=${scope.shop}
      onPick=${(shop) => onScope({ ...scope, shop })} />`}`
}

/** What the new price is, with its VAT, and what it takes the place of. */
function Becomes({ p, minor, at, scope }) {
  const bp = vatRate(p, at)
  const groupOf = (shop) => fleet.value.shops.find((s) => s.shop === shop)?.group
  const old = priceAt(p, scope, at.getTime(), groupOf)
  const oldMoney = old && money(old.price_minor, old.currency)
  const words = !old ? t('price_first') : old.scope !== scope
    ? t('price_replaces_wider', { old: oldMoney, scope: scopeIn(old.scope) })
    : old.price_minor === minor ? t('price_same') : t('price_replaces', { old: oldMoney,
      scope: scopeIn(scope), since: old.valid_from ? moment(old.valid_from) : '–' })
  return html`<${Notice}><div class="price-new"><${Money} minor=${minor} currency=${p.currency} />
      ${bp !== null && html`<span class="soft">
        ${`${t('vat_in_it')} ${money(vatWithin(minor, bp), p.currency)} (${percent(bp)})`}</span>`}</div>
    <p>${words}</p>
    ${old && old.price_minor < minor && html`<p class="soft">${t('price_raise_note')}</p>`}</${Notice}>`
}
