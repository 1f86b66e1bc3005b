// sales.js: what was sold: over days, by hour and weekday, and which articles most.
import { useEffect, useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { html, Card, Empty, Money, Notice, Table, Wait, useAsked } from '../base/ui.js'
import { money, number, quantity, t } from '../base/words.js'
import { Gone, Through } from './fresh.js'
import { Heat, heatAsk, heatFrom, heatMost, heatTable } from './heat.js'
import { Period, daysOf, lastDays } from './period.js'
import { sales } from './source.js'
import './words_trade.js'

const USUAL_DAYS = 28

/** The curve's own code comes when there is something to draw. */
function LateCurve(props) {
  const [got, set] = useState({})
  useEffect(() => {
    import('./curve.js').then((m) => set({ Curve: m.default }), () => set({ lost: true }))
  }, [])
  if (got.lost)
    return html`<${Notice} kind="warn">${t('view_lost')}</${Notice}>`
  return got.Curve ? html`<${got.Curve} ...${props} />` : html`<${Wait} />`
}

function Days({ asked }) {
  const v = asked.value
  const columns = [{ head: t('day'), main: true, cell: (r) => r.key, by: (r) => r.key },
    { head: t('sales_lines'), num: true, cell: (r) => number(r.lines), by: (r) => r.lines },
    { head: t('sum'), num: true, by: (r) => r.total_minor,
      cell: (r) => html`<${Money} minor=${r.total_minor} currency=${v.currency} />` }]
  return html`<${Card} title=${t('sales_days')}><${Gone} asked=${asked} />
    ${!v ? !asked.why && html`<${Wait} />`
    : !v.total_minor && !v.rows.some((r) => r.lines) ? html`<${Empty}>${t('sales_none')}</${Empty}>`
    : html`${v.rows.length > 1 && html`<${LateCurve} rows=${v.rows} currency=${v.currency}
        label=${t('sales_days_label')} />`}
      <details open=${v.rows.length === 1}><summary>${t('as_table')}</summary>
        <${Table} caption=${t('sales_days')}
        columns=${columns} rows=${[...v.rows].reverse()} id=${(r) => r.key} empty="" /></details>`}
  </${Card}>`
}

function When({ from, to, currency }) {
  const asked = useAsked(() => heatAsk(from, to), [from, to])
  const sums = asked.value
  const most = sums && heatMost(sums)
  return html`<${Card} title=${t('sales_heat')} aside=${html`<span class="soft small">
      ${t('sales_heat_of', { from: heatFrom(from, to), to })}</span>`}><${Gone} asked=${asked} />
    ${!sums ? !asked.why && html`<${Wait} />` : !most ? html`<${Empty}>${t('sales_heat_none',
    { from: heatFrom(from, to), to })}</${Empty}>`
    : html`<p>${t('sales_heat_most', { day: t(most.day), hour: most.hour,
      sum: money(most.sum, currency) })}</p><${Heat} sums=${sums} currency=${currency} />
      <details><summary>${t('as_table')}</summary><${Table} caption=${t('sales_heat')}
        ...${heatTable(sums, currency)} empty="" /></details>`}</${Card}>`
}

function Best({ from, to }) {
  const asked = useAsked(() => sales('article', from, to), [from, to])
  const v = asked.value
  const columns = [
    { head: t('article'), main: true, by: (r) => r.name ?? r.key, cell: (r) => html`
      <a href=${link('article', r.key)}>${r.name ?? t('left_catalogue', { gtin: r.key })}</a>` },
    { head: t('quantity'), num: true, cell: (r) => quantity(r.quantity), by: (r) => r.quantity },
    { head: t('sum'), num: true, by: (r) => r.total_minor,
      cell: (r) => html`<${Money} minor=${r.total_minor} currency=${v.currency} />` }]
  return html`<${Card} title=${t('best')}><${Gone} asked=${asked} />
    ${v ? html`<${Table} caption=${t('best')} columns=${columns} rows=${v.rows} id=${(r) => r.key}
      empty=${t('sales_none')} />` : !asked.why && html`<${Wait} />`}</${Card}>`
}

/** The view #/sales. */
export default function Sales() {
  const [{ from, to }, setPeriod] = useState(() => lastDays(USUAL_DAYS))
  const days = useAsked(() => sales('day', from, to), [from, to])
  const v = days.value
  const lines = v ? v.lines ?? v.rows.reduce((n, r) => n + r.lines, 0) : 0
  return html`<h1 tabindex="-1" class="heading">${t('nav_sales')}</h1><div class="stack">
    <${Through} /><${Period} from=${from} to=${to} onChange=${setPeriod} />
    ${v && html`<dl class="facts big"><div><dt>${t('sales_total')}</dt>
        <dd><${Money} minor=${v.total_minor} currency=${v.currency} /></dd></div>
      <div><dt>${t('sales_lines')}</dt><dd>${number(lines)}</dd></div>
      <div><dt>${t('sales_mean')}</dt><dd><${Money} currency=${v.currency}
        minor=${Math.round(v.total_minor / daysOf(from, to))} /></dd></div></dl>`}
    <${Days} asked=${days} />
    <${When} from=${from} to=${to} currency=${v?.currency} /><${Best} from=${from} to=${to} /></div>`
}
