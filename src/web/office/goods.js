// goods.js: articles: a list to search, with the prices of one shop where one is chosen; the way to
// each, to a new one, and to the import of lists.
import { useState } from 'preact/hooks'
import { go, link } from '../base/route.js'
import { Badge, Button, Heading, Money, Table, html, say } from '../base/ui.js'
import { moment, percent, t } from '../base/words.js'
import { vatRate } from './amount.js'
import { csvSave, plainMoney } from './file.js'
import { useFleet } from './fleet_store.js'
import { Import } from './goods_import.js'
import { may, mayEverywhere } from './office.js'
import { usePaged } from './paged.js'
import { Bar, Paged, Pick, Search, ShopPick, Tabs, word } from './parts.js'
import { Product } from './product.js'
import { ProductEdit } from './product_edit.js'
import './words_goods.js'

const STATES = ['sold', 'recalled', 'expired']

export default function Goods({ route }) {
  useFleet({ once: true })
  if (route[0] === 'product')
    return html`<${Product} key=${route[1]} gtin=${route[1]} />`
  const importing = route[0] === 'import'
  const tabs = [[link('goods'), t('goods_list')],
    ...(may('goods') ? [[link('import'), t('import_title')]] : [])]
  return html`<${Heading}>${t('goods_title')}</${Heading}>
    <${Tabs} label=${t('goods_title')} here=${link(importing ? 'import' : 'goods')} tabs=${tabs} />
    ${importing ? html`<${Import} />` : html`<${List} shop=${route[1] ?? ''} />`}`
}

let kept = { q: '', state: '' }

/** The price that holds at `now` and the one that follows, of a list of one shop. */
function pricesAt(prices, now) {
  const by = [...prices].sort((a, b) => ((a.valid_from ?? '') < (b.valid_from ?? '') ? -1 : 1))
  const begun = by.filter((p) => !p.valid_from || Date.parse(p.valid_from) <= now)
  const is = begun.at(-1)
  return { is, next: by.slice(begun.length).find((p) => p.price_minor !== is?.price_minor) }
}

function List({ shop }) {
  const [view, setView] = useState(kept)
  const [making, setMaking] = useState(false)
  const set = (more) => setView(kept = { ...view, ...more })
  const list = usePaged('/v1/products', { ...view, shop }, 'products')
  const now = Date.now()
  const csv = async () => {
    const rows = await list.all()
    csvSave('varor', ['gtin', 'name', 'price', 'vat', 'vat_bp', 'class', 'state', 'deposit', 'reorder'],
      rows.map((p) => {
        const { is } = shop ? pricesAt(p.prices ?? [], now) : {}
        return [p.gtin, p.name, is ? plainMoney(is.price_minor) : '', p.vat === 'fixed' ? '' : p.vat,
          p.vat_bp ?? '', p.class, p.state, plainMoney(p.deposit_minor), p.reorder]
      }))
    say(t('csv_saved', { n: rows.length }))
  }
  return html`<${Bar}>
      <${Search} label=${t('goods_search')} value=${view.q} onSearch=${(q) => set({ q })} />
      <${ShopPick} value=${shop} any=${t('all_shops')} onPick=${(s) => (s ? go('goods', s) : go('goods'))} />
      <${Pick} label=${t('state')} value=${view.state} onPick=${(state) => set({ state })}
        options=${[['', t('every')], ...STATES.map((s) => [s, t(`product_state_${s}`)])]} />
      <${Button} kind="quiet" onPress=${csv}>${t('save_csv')}</${Button}>
      ${mayEverywhere('goods') && html`<${Button} kind="primary" onPress=${() => setMaking(true)}>
        ${t('product_new')}</${Button}>`}</${Bar}>
    ${!shop && html`<p class="soft small">${t('goods_pick_shop')}</p>`}
    <section class="sheet"><${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('goods_caption')}
      rows=${rows} id=${(p) => p.gtin} onMore=${list.onMore} empty=${t('goods_none')}
      columns=${columns(shop, now)} />`}</${Paged}></section>
    ${making && html`<${ProductEdit} onClose=${() => setMaking(false)}
      onSaved=${(p) => go('product', p.gtin)} />`}`
}

const columns = (shop, now) => [
  { head: t('article'), main: true, by: (p) => p.name, cell: (p) => html`<span>
    <a href=${link('product', p.gtin)}>${p.name}</a><span class="sub">${p.gtin}</span></span>` },
  ...(shop ? [
    { head: t('price_here', { shop }), num: true, by: (p) => pricesAt(p.prices ?? [], now).is?.price_minor,
      cell: (p) => {
        const { is } = pricesAt(p.prices ?? [], now)
        return is ? html`<${Money} minor=${is.price_minor} currency=${is.currency} />`
          : html`<span class="wrong-word">${t('price_none')}</span>`
      } },
    { head: t('price_next'), num: true, cell: (p) => {
      const { next } = pricesAt(p.prices ?? [], now)
      return next ? html`<span><${Money} minor=${next.price_minor} currency=${next.currency} />
        <span class="sub">${t('price_from', { at: moment(next.valid_from) })}</span></span>` : '–'
    } }] : []),
  { head: t('vat'), by: (p) => vatRate(p), cell: (p) => vatWords(p) },
  { head: t('deposit'), num: true, by: (p) => p.deposit_minor,
    cell: (p) => (p.deposit_minor ? html`<${Money} minor=${p.deposit_minor}
      currency=${p.currency} />` : '–') },
  { head: t('class'), by: (p) => p.class, cell: (p) => word('class', p.class) },
  { head: t('state'), by: (p) => p.state, cell: (p) => (p.state === 'sold' ? t('product_state_sold')
    : html`<${Badge} kind="alarm">${t(`product_state_${p.state}`)}</${Badge}>`) },
]

/** "livsmedel, 6 %": the word of the office and today's rate. */
export function vatWords(p) {
  const bp = vatRate(p)
  return [word('vat', p.vat), bp === null ? '' : percent(bp)].filter(Boolean).join(', ')
}
