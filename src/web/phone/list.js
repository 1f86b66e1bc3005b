// list.js: the shop's articles by name, for what bears no code and for hands that hold a child. Kept on
// the phone: it can be looked through without a net, and says how old its prices are.
import { useState } from 'preact/hooks'
import { Age, Badge, Empty, Field, Heading, html, Money, Rows } from '../base/ui.js'
import { number, t } from '../base/words.js'
import { prices, pricesSearch } from './prices.js'

/** A label of the shop's own scales: its bare number buys nothing. */
const weighed = (p) => p.currency === 'SEK' && /^2[0-5]\d{11}$/.test(p.gtin)

function Article({ p, onTake }) {
  const not = p.state !== 'sold' ? p.state : weighed(p) ? 'label' : null
  const inside = html`<span class="grow">${p.name}${p.deposit_minor > 0 && html` <small class="soft">
      ${t('shop_deposit', { money: '' })}<${Money} minor=${p.deposit_minor}
        currency=${p.currency} /></small>`}
      ${not && html` <${Badge} kind="warn">${t(`list_${not}`)}</${Badge}>`}</span>
    <${Money} minor=${p.unit_price_minor} currency=${p.currency} />`
  return not ? html`<div class="article">${inside}</div>`
    : html`<button type="button" class="article" onClick=${() => onTake(p.gtin)}>${inside}</button>`
}

export function Choose({ onTake }) {
  const list = prices.use()
  const [text, setText] = useState('')
  const found = list ? pricesSearch(text) : []
  return html`<${Heading} back="#/shop">${t('list_title')}</${Heading}>
    ${list ? html`<${Field} label=${t('list_search')} hint=${t('list_search_hint')} type="search"
        value=${text} onInput=${setText} autocomplete="off" enterkeyhint="search" />
      <p class="row between small soft"><span role="status">${t('list_found',
        { n: found.length, all: number(found.length) })}</span>
        <${Age} at=${list.as_of} /></p>
      <${Rows} key=${text} items=${found} id=${(p) => p.gtin} label=${t('list_title')}
        empty=${t('list_empty')} row=${(p) => html`<${Article} p=${p} onTake=${onTake} />`} />`
    : html`<${Empty}>${t('list_none')}</${Empty}>`}`
}
