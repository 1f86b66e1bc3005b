// article.js: one article on the shelf: how much, what it cost, and everything that moved it.
import { link } from '../base/route.js'
import { html, Card, Heading, Money, Notice, Table, Wait, useAsked } from '../base/ui.js'
import { moment, money, quantity, t } from '../base/words.js'
import { useAll } from './all.js'
import { Gone, Through } from './fresh.js'
import { byName } from './names.js'
import { atShop, movements, product, stockOf } from './source.js'
import './words_trade.js'

const none = (f) => f.catch((why) => {
  if (why.status === 404)
    return null
  throw why
})

function Moves({ gtin }) {
  // a page says `more`, and `next` also at the end: there it is where one goes on later
  const got = useAll(async (after) => {
    const page = await movements(gtin, after ?? 0)
    return { movements: page.movements, next: page.more ? page.next : null }
  }, 'movements', [gtin])
  const what = (m) => [t(`move_${m.kind}`), m.lot && `${t('lot')} ${m.lot}`,
    m.use_by && t('use_by_short', { day: m.use_by }),
    m.best_before && t('best_before_short', { day: m.best_before }), m.why].filter(Boolean).join(', ')
  const columns = [{ head: t('when'), main: true, cell: (m) => moment(m.at), by: (m) => m.at },
    { head: t('what'), cell: (m) => (m.visit ? html`<a href=${link('visit', m.visit)}>${what(m)}</a>`
      : what(m)) },
    { head: t('quantity'), num: true, by: (m) => m.quantity,
      cell: (m) => (m.quantity > 0 ? `+${quantity(m.quantity)}` : quantity(m.quantity)) },
    { head: t('stock_value'), num: true, cell: (m) => html`<${Money} minor=${m.value_minor}
      currency=${m.currency} />` },
    { head: t('who'), cell: (m) => byName(m.by) }]
  return html`<${Card} title=${t('movements')}><${Gone} asked=${got} />
    ${got.busy && !got.rows.length ? html`<${Wait} />` : !got.why && html`<${Table}
      caption=${t('movements')} columns=${columns} rows=${[...got.rows].reverse()}
      id=${(m) => m.seq} empty=${t('movements_none')} />`}</${Card}>`
}

/** The view #/article/{gtin}. */
export default function Article({ rest: [gtin] }) {
  const asked = useAsked(async () => ({ row: atShop() ? await none(stockOf(gtin)) : null,
    sold: await none(product(gtin)) }), [gtin])
  const { row, sold } = asked.value ?? {}
  return html`<${Heading} back=${link('stock')}>${row?.name ?? sold?.name ?? gtin}</${Heading}>
    <div class="stack"><${Through} /><${Gone} asked=${asked} />
    ${asked.value ? html`<${Card}><dl class="facts">
        <div><dt>${t('on_hand')}</dt><dd>${row ? quantity(row.on_hand) : '–'}</dd></div>
        <div><dt>${t('price')}</dt><dd>${sold?.unit_price_minor ? money(sold.unit_price_minor,
    sold.currency) : '–'}</dd></div>
        <div><dt>${t('unit_cost')}</dt><dd>${row?.unit_cost_minor ? money(row.unit_cost_minor,
    row.currency) : '–'}</dd></div>
        <div><dt>${t('stock_value')}</dt><dd>${row ? money(row.value_minor, row.currency)
    : '–'}</dd></div>
        <div><dt>${t('reorder_at')}</dt><dd>${row?.reorder_at ? quantity(row.reorder_at) : '–'}</dd></div>
        <div><dt>${t('counted_at')}</dt><dd>${row?.counted_at ? moment(row.counted_at)
    : t('never_counted')}</dd></div></dl>
      <p class="soft small">${gtin}</p>
      ${atShop() && html`<div class="row"><a class="button" href=${link('goods', 'count', gtin)}>
        ${t('goods_count')}</a><a class="button" href=${link('goods', 'delivery', gtin)}>
        ${t('goods_delivery')}</a><a class="button" href=${link('goods', 'waste', gtin)}>
        ${t('goods_waste')}</a></div>`}</${Card}>` : !asked.why && html`<${Wait} />`}
    ${atShop() ? html`<${Moves} gtin=${gtin} />` : html`<${Notice}>${t('only_at_shop')}</${Notice}>`}
    </div>`
}
