// labels.js: shelf labels: chosen from the range, laid out on sheets of 3 by 8, printed. The browser
// remembers what it printed last, so that after a price change only those that are old come out.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { kvGet, kvPut } from '../base/db.js'
import { Ean } from '../base/ean.js'
import { html, Button, Card, Field, Notice, Rows, Tick, Wait, say } from '../base/ui.js'
import { money, number, t } from '../base/words.js'
import { fits, useAll } from './all.js'
import { Gone } from './fresh.js'
import { labelMark, unitPrice } from './label_text.js'
import { usePaper } from './paper.js'
import { hasOffice } from './people.js'
import { dayPlus, today } from './period.js'
import { products } from './source.js'
import { askOffice } from './session.js'
import { place } from '../base/place.js'
import './words_trade.js'

const PER_SHEET = 24
const PRICE_WIDE = 8 // letters that stand beside the bars in full size: "99,90 kr"
const LABELS_MAX = 50 * PER_SHEET
const PRINTED = 'labels_printed'

/** GTINs whose price began to hold on that day or later: only the office knows when. */
async function changedSince(day) {
  const found = new Set()
  let after
  do {
    const page = await askOffice(`/v1/products?${new URLSearchParams({ shop: place.value.shop,
      limit: 200, ...(after ? { after } : {}) })}`)
    for (const p of page.products)
      if ((p.prices ?? []).some((x) => x.valid_from && x.valid_from.slice(0, 10) >= day))
        found.add(p.gtin)
    after = page.next
  } while (after !== null)
  return found
}

function Label({ p }) {
  const per = unitPrice(p)
  const price = money(p.unit_price_minor, p.currency)
  const wide = price.length > PRICE_WIDE ? 'long' : ''
  return html`<div class="label"><p class="label-name">${p.name}</p>
    <div class="label-row"><div><p class=${`label-price ${wide}`}>${price}</p>
        ${p.deposit_minor > 0 && html`<p class="label-small">${t('label_deposit',
    { price: money(p.deposit_minor, p.currency) })}</p>`}
        ${per && html`<p class="label-small">${t('label_per', { unit: per.unit,
    price: money(per.minor, p.currency) })}</p>`}</div>
      <${Ean} gtin=${p.gtin} /></div></div>`
}

/** Sheets({labels, skip}): pages of A4; on a screen the same, smaller. */
function Sheets({ labels, skip }) {
  usePaper('A4 portrait')
  const places = [...Array(skip).fill(null), ...labels]
  const sheets = []
  for (let at = 0; at < places.length; at += PER_SHEET)
    sheets.push(places.slice(at, at + PER_SHEET))
  return html`<div class="sheets" role="region" tabindex="0"
      aria-label=${t('labels_preview')}>${sheets.map((sheet, i) => html`<div key=${i} class="paper a4">
    ${sheet.map((p, n) => (p ? html`<${Label} key=${n} p=${p} />`
    : html`<div key=${n} class="label none"></div>`))}</div>`)}</div>`
}

function Choose({ list, chosen, onChange }) {
  const row = (p) => html`<${Tick} checked=${chosen.has(p.gtin)} onChange=${(on) => {
      const next = new Set(chosen)
      if (on)
        next.add(p.gtin)
      else
        next.delete(p.gtin)
      onChange(next)
    }} label=${html`${p.name} <span class="soft">${money(p.unit_price_minor, p.currency)}
      </span>`} />`
  return html`<div class="row"><${Button} disabled=${!list.length} onPress=${() =>
      onChange(new Set([...chosen, ...list.map((p) => p.gtin)].slice(0, LABELS_MAX)))}>
      ${t('labels_all', { n: number(list.length) })}</${Button}>
    ${chosen.size > 0 && html`<${Button} kind="quiet" onPress=${() => onChange(new Set())}>
      ${t('labels_none')}</${Button}>`}</div>
    <${Rows} class="dense" items=${list} id=${(p) => p.gtin} row=${row} empty=${t('labels_no_hit')}
      label=${t('labels_shown')} />`
}

/** Hook: what of the range is shown, by the filter that is set. */
function useFilter(rows) {
  const [which, setWhich] = useState('every')
  const [day, setDay] = useState(() => dayPlus(today(), -7))
  const [since, setSince] = useState({})
  const [printed, setPrinted] = useState({})
  useEffect(() => {
    kvGet(PRINTED).then((kept) => setPrinted(kept ?? {}), () => {})
  }, [])
  useEffect(() => {
    let here = true
    setSince({})
    if (which === 'since' && day)
      changedSince(day).then((found) => here && setSince({ found }),
        (why) => here && setSince({ why }))
    return () => { here = false }
  }, [which, day])
  const list = useMemo(() => rows.filter((p) => p.unit_price_minor !== null &&
    (which === 'every' || (which === 'changed' ? printed[p.gtin] !== labelMark(p)
      : since.found?.has(p.gtin)))), [rows, which, since, printed])
  const remember = async (labels) => {
    const next = { ...printed, ...Object.fromEntries(labels.map((p) => [p.gtin, labelMark(p)])) }
    setPrinted(next)
    await kvPut(PRINTED, next)
  }
  return { list, which, setWhich, day, setDay, since, remember }
}

/** The view #/labels. */
export default function Labels() {
  const got = useAll(products, 'products')
  const f = useFilter(got.rows)
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState(() => new Set())
  const [copies, setCopies] = useState('1')
  const [skip, setSkip] = useState('0')
  const list = search ? f.list.filter((p) => fits(search, p.name, p.gtin)) : f.list
  const n = /^[1-9]\d?$/.test(copies) ? Number(copies) : 1
  const empty = /^\d{1,2}$/.test(skip) ? Math.min(Number(skip), PER_SHEET - 1) : 0
  const picked = got.rows.filter((p) => chosen.has(p.gtin))
  const labels = picked.flatMap((p) => Array(n).fill(p)).slice(0, LABELS_MAX)
  const printed = async () => {
    await f.remember(picked)
    say(t('label_printed_done'))
  }
  return html`<h1 tabindex="-1" class="heading">${t('nav_labels')}</h1><div class="grid labels">
    <${Card} class="no-print"><${Gone} asked=${got} />
      <div class="stack"><${Field} type="search" label=${t('labels_search')} value=${search}
        onInput=${setSearch} />
      <${Field} as="select" label=${t('labels_which')} value=${f.which} onInput=${f.setWhich}>
        <option value="every">${t('labels_every')}</option>
        <option value="changed">${t('labels_changed')}</option>
        ${hasOffice() && html`<option value="since">${t('labels_since')}</option>`}</${Field}>
      ${f.which === 'since' && html`<${Field} type="date" label=${t('labels_since_day')}
        value=${f.day} max=${today()} onInput=${f.setDay} />`}
      ${f.since.why && html`<${Notice} kind="warn">${f.since.why.message}</${Notice}>`}
      ${got.busy ? html`<${Wait}>${t('labels_fetching', { n: got.rows.length })}</${Wait}>`
    : f.which === 'since' && !f.since.found && !f.since.why ? html`<${Wait} />`
    : html`<div><${Choose} list=${list} chosen=${chosen} onChange=${setChosen} /></div>`}</div>
    </${Card}>
    <${Card} class="no-print" title=${t('labels_preview')}><div class="stack">
      <div class="two"><${Field} label=${t('labels_copies')} value=${copies} inputmode="numeric"
          onInput=${setCopies} />
        <${Field} label=${t('labels_skip')} hint=${t('labels_skip_hint')} value=${skip}
          inputmode="numeric" onInput=${setSkip} /></div>
      ${labels.length ? html`<p role="status">${t('labels_sheet', { n: labels.length,
    sheets: Math.ceil((labels.length + empty) / PER_SHEET) })}</p>
        <p class="soft small">${t('labels_how')}</p>
        <div class="row"><${Button} kind="primary" onPress=${() => print()}>${t('print')}</${Button}>
          <${Button} onPress=${printed}>${t('label_printed')}</${Button}></div>`
    : html`<p class="empty">${t('labels_empty')}</p>`}</div></${Card}>
    ${labels.length > 0 && html`<${Sheets} labels=${labels} skip=${empty} />`}</div>`
}
