// product_edit.js: what an article is: name, VAT, class, deposit, whether it may be sold.
import { useState } from 'preact/hooks'
import { gtinRight } from '../base/ean.js'
import { Field, html } from '../base/ui.js'
import { t } from '../base/words.js'
import { amountRead, amountText } from './amount.js'
import { office } from './office.js'
import { Form, Pick, useWork, word } from './parts.js'

const VAT = ['food', 'standard', 'restaurant', 'culture', 'none']
const CLASSES = ['grocery', 'household', 'alcohol', 'tobacco', 'medicine']
const STATES = ['sold', 'recalled', 'expired']

export function ProductEdit({ p, onSaved, onClose }) {
  const [it, setIt] = useState({ gtin: p?.gtin ?? '', name: p?.name ?? '', vat: p?.vat ?? 'food',
    class: p?.class ?? 'grocery', state: p?.state ?? 'sold', deposit: amountText(p?.deposit_minor ?? 0),
    reorder: String(p?.reorder ?? 0), price: '' })
  const [run, why] = useWork()
  const set = (name) => (value) => setIt((x) => ({ ...x, [name]: value }))
  const [deposit, price] = [amountRead(it.deposit), it.price ? amountRead(it.price) : undefined]
  const gtin = it.gtin.replace(/\s/g, '')
  const right = gtinRight(gtin) && it.name.trim() && deposit !== null && /^\d{1,6}$/.test(it.reorder) &&
    price !== null
  const save = async () => {
    const saved = await run(() => office(`/v1/products/${gtin}`, { method: 'PUT', json: {
      name: it.name.trim(), class: it.class, state: it.state, deposit_minor: deposit,
      reorder: Number(it.reorder), ...(it.vat !== 'fixed' && { vat: it.vat }),
      ...(price !== undefined && { price_minor: price }) } }), t('product_saved'))
    if (saved)
      await onSaved(saved)
    return Boolean(saved)
  }
  return html`<${Form} title=${t(p ? 'product_edit' : 'product_new')} why=${why} onSave=${save}
      onClose=${onClose} ready=${Boolean(right)}>
    ${!p && html`<${Field} label=${t('gtin')} value=${it.gtin} inputmode="numeric" maxlength="20"
      error=${it.gtin && !gtinRight(gtin) ? t('gtin_wrong') : ''} onInput=${set('gtin')} />`}
    <${Field} label=${t('name_of')} value=${it.name} maxlength="100" onInput=${set('name')} />
    <div class="pair">
      <${Pick} label=${t('vat')} value=${it.vat} onPick=${set('vat')}
        options=${[...VAT, ...(p?.vat === 'fixed' ? ['fixed'] : [])].map((v) => [v, word('vat', v)])} />
      <${Pick} label=${t('class')} value=${it.class} onPick=${set('class')}
        options=${CLASSES.map((c) => [c, word('class', c)])} />
      <${Pick} label=${t('state')} value=${it.state} onPick=${set('state')}
        options=${STATES.map((s) => [s, t(`product_state_${s}`)])} />
      <${Field} label=${t('deposit_field')} value=${it.deposit} inputmode="decimal" maxlength="12"
        error=${deposit === null ? t('price_wrong') : ''} onInput=${set('deposit')} />
      <${Field} label=${t('reorder')} value=${it.reorder} inputmode="numeric" maxlength="6"
        onInput=${set('reorder')} />
      ${!p && html`<${Field} label=${t('price_field')} value=${it.price} inputmode="decimal" maxlength="14"
        error=${price === null ? t('price_wrong') : ''} onInput=${set('price')} />`}</div></${Form}>`
}
