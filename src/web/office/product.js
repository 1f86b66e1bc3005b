// product.js: one article: what it is, and its prices by place and time.
import { useState } from 'preact/hooks'
import { Ean } from '../base/ean.js'
import { go, link } from '../base/route.js'
import { Badge, Button, Card, Heading, Money, Sure, Table, html, useAsked } from '../base/ui.js'
import { moment, money, t } from '../base/words.js'
import { vatRate, vatWithin } from './amount.js'
import { vatWords } from './goods.js'
import { mayEverywhere, may, office, query } from './office.js'
import { Asked, Facts, useWork, word } from './parts.js'
import { PriceChange, scopeIn } from './price.js'
import { ProductEdit } from './product_edit.js'

export function Product({ gtin }) {
  const asked = useAsked(() => office(`/v1/products/${gtin}`), [gtin])
  const [asking, setAsking] = useState('')
  const [run, why] = useWork()
  const p = asked.value
  const remove = async () => {
    setAsking('')
    if (await run(() => office(`/v1/products/${gtin}`, { method: 'DELETE' }).then(() => true),
      t('product_removed')))
      go('goods')
  }
  return html`<${Heading} back=${link('goods')} aside=${may('goods') && p && html`<${Button} kind="primary"
      onPress=${() => setAsking('price')}>${t('price_change')}</${Button}>`}>${p?.name ?? gtin}</${Heading}>
    ${why}<${Asked} asked=${asked}>${() => html`<div class="grid wide">
      <${Card} title=${t('prices_title')}><${Prices} p=${p} onChanged=${asked.again} /></${Card}>
      <${Card} title=${t('article')} aside=${mayEverywhere('goods') && html`<${Button}
          onPress=${() => setAsking('edit')}>${t('change')}</${Button}>`}>
        <${Facts} rows=${[
          [t('gtin'), html`${p.gtin} <div class="ean-box"><${Ean} gtin=${p.gtin} /></div>`],
          [t('class'), word('class', p.class)],
          [t('state'), p.state === 'sold' ? t('product_state_sold')
            : html`<${Badge} kind="alarm">${t(`product_state_${p.state}`)}</${Badge}>`],
          [t('vat'), vatWords(p)],
          [t('deposit'), p.deposit_minor ? html`<${Money} minor=${p.deposit_minor}
            currency=${p.currency} />` : '–'],
          [t('reorder'), p.reorder || '–'],
        ]} />
        ${p.nutrition && html`<details><summary>${t('nutrition')}</summary><${Facts}
          rows=${Object.entries(p.nutrition).map(([k, v]) =>
            [k.replaceAll('_', ' '), String(v)])} /></details>`}
        ${mayEverywhere('goods') && html`<${Button} class="quiet" kind="quiet"
          onPress=${() => setAsking('remove')}>${t('product_remove')}</${Button}>`}
      </${Card}></div>`}</${Asked}>
    ${asking === 'price' && html`<${PriceChange} p=${p} onSaved=${asked.again}
      onClose=${() => setAsking('')} />`}
    ${asking === 'edit' && html`<${ProductEdit} p=${p} onSaved=${asked.again}
      onClose=${() => setAsking('')} />`}
    ${asking === 'remove' && html`<${Sure} title=${t('product_remove')} yes=${t('product_remove')} danger
      onYes=${remove} onClose=${() => setAsking('')}><p>${t('product_remove_sure',
        { name: p.name })}</p></${Sure}>`}`
}

/** 'is', 'later' or 'before', among the prices of the same scope. */
function timeOf(price, prices, now) {
  const at = Date.parse(price.valid_from ?? 0)
  if (at > now)
    return 'later'
  return prices.some((o) => (o.scope ?? '') === (price.scope ?? '') && Date.parse(o.valid_from ?? 0) > at &&
    Date.parse(o.valid_from ?? 0) <= now) ? 'before' : 'now'
}

function Prices({ p, onChanged }) {
  const [run, why] = useWork()
  const now = Date.now()
  const prices = p.prices ?? []
  const rows = [...prices].map((x) => ({ ...x, scope: x.scope ?? '', time: timeOf(x, prices, now) }))
    .sort((a, b) => a.scope.localeCompare(b.scope) || ((a.valid_from ?? '') < (b.valid_from ?? '') ? 1 : -1))
  const takeBack = async (x) => {
    if (await run(() => office(query(`/v1/products/${p.gtin}/prices`, { scope: x.scope || 'all',
      valid_from: x.valid_from }), { method: 'DELETE' }).then(() => true), t('price_taken_back')))
      await onChanged()
  }
  const mayTake = (x) => (x.scope.startsWith('shop:')
    ? may('goods', x.scope.slice(5)) : mayEverywhere('goods'))
  const vat = (x) => {
    const bp = vatRate(p, new Date(Math.max(now, Date.parse(x.valid_from ?? 0))))
    return bp === null ? '' : vatWithin(x.price_minor, bp)
  }
  return html`${why}<${Table} caption=${t('prices_title')} rows=${rows} empty=${t('prices_none')}
    id=${(x) => `${x.scope} ${x.valid_from}`} columns=${[
      { head: t('price_scope'), main: true, cell: (x) => scopeIn(x.scope) },
      { head: t('price'), num: true, cell: (x) => html`<span>
        <${Money} minor=${x.price_minor} currency=${x.currency} />
        <span class="sub">${t('vat_in_it')} <${Money} minor=${vat(x)}
          currency=${x.currency} /></span></span>` },
      { head: t('price_valid'), num: true, cell: (x) => (x.valid_from ? moment(x.valid_from) : '–') },
      { head: t('state'), cell: (x) => (x.time === 'now' ? html`<${Badge}
        kind="ok">${t('price_now')}</${Badge}>`
        : x.time === 'later' ? html`<${Badge}>${t('price_later')}</${Badge}>`
          : html`<span class="soft">${t('price_before')}</span>`) },
      ...(rows.some((x) => mayTake(x) && x.time === 'later') ? [{ head: t('remove'),
        cell: (x) => mayTake(x) && x.time === 'later' && html`<${Button}
          aria-label=${t('price_take_back', { price: money(x.price_minor, x.currency) })}
          onPress=${() => takeBack(x)}>${t('remove')}</${Button}>` }] : []),
    ]} />`
}
