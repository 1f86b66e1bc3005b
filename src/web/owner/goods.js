// goods.js: goods that came, were counted, thrown away or taken for own use: scanned one after the
// other into a list that the browser keeps, then saved, each line signed and under its own key, so
// that a lost answer or a closed page neither loses nor doubles one.
import { useEffect, useState } from 'preact/hooks'
import { kvGet, kvPut } from '../base/db.js'
import { link } from '../base/route.js'
import { html, Button, Card, Failed, Field, Heading, Notice, say } from '../base/ui.js'
import { quantity as shown, t } from '../base/words.js'
import { codeRead } from './gs1.js'
import { Scanner } from './scanner.js'
import { atShop, move, newKey, product } from './source.js'
import './words_trade.js'

export const KINDS = ['delivery', 'count', 'waste', 'own_use']
const LIST_MAX = 500
const WHY_MAX = 40
const PIECE = 1000

/** "1,5" -> 1500; null where it is no number that a shelf may hold. */
export function thousandths(text) {
  const m = /^(\d{1,4})(?:[.,](\d{1,3}))?$/.exec(text.trim())
  return m ? Number(m[1]) * 1000 + Number((m[2] ?? '').padEnd(3, '0')) : null
}

/** "12,50" -> 1250; null where it is no amount. */
export function minorOf(text) {
  const m = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(text.trim())
  return m ? Number(m[1]) * 100 + Number((m[2] ?? '').padEnd(2, '0')) : null
}

/** The list of one kind, kept under its name in this browser. */
function useKept(kind) {
  const [list, setList] = useState(null)
  useEffect(() => {
    setList(null)
    kvGet(`goods_${kind}`).then((kept) => setList(kept ?? []), () => setList([]))
  }, [kind])
  const keep = (change) => setList((old) => {
    const next = change(old ?? [])
    kvPut(`goods_${kind}`, next).catch(() => {})
    return next
  })
  return [list, keep]
}

function asked(kind, item) {
  const text = (v) => (v ? v : undefined)
  return { kind, gtin: item.gtin, quantity: thousandths(item.quantity), key: item.key,
    ...(kind === 'delivery' ? { unit_cost_minor: item.cost ? minorOf(item.cost) : undefined,
      lot: text(item.lot), use_by: text(item.use_by), best_before: text(item.best_before) } : {}),
    why: text(item.why?.trim()) }
}

const wrong = (kind, item) => {
  const n = thousandths(item.quantity)
  return n === null || (n === 0 && kind !== 'count') || (kind === 'waste' && !item.why?.trim())
    || Boolean(item.cost && minorOf(item.cost) === null)
}

function Item({ kind, item, onChange, onRemove }) {
  const set = (name) => (value) => onChange({ ...item, [name]: value })
  const n = thousandths(item.quantity)
  const step = (by) => onChange({ ...item, quantity: shown(Math.max(0, (n ?? 0) + by * PIECE)) })
  return html`<div class="goods-item"><div class="row between"><div><h2>${item.name}</h2>
        <span class="soft small">${item.gtin}</span></div>
      <button type="button" class="cross" aria-label=${t('goods_remove', { name: item.name })}
        onClick=${onRemove}>×</button></div>
    <div class="amount"><${Button} aria-label=${t('goods_less', { name: item.name })}
        onPress=${() => step(-1)}>−</${Button}>
      <${Field} label=${t('goods_pieces')} value=${item.quantity} inputmode="decimal"
        onInput=${set('quantity')} error=${n === null ? t('goods_bad_number') : undefined} />
      <${Button} aria-label=${t('goods_more', { name: item.name })} onPress=${() => step(1)}>+
      </${Button}></div>
    ${kind === 'delivery' && html`<details open=${Boolean(item.lot || item.use_by || item.best_before)}>
      <summary>${t('goods_dates')}</summary><div class="two">
        <${Field} label=${t('goods_cost')} value=${item.cost ?? ''} inputmode="decimal"
          onInput=${set('cost')} error=${item.cost && minorOf(item.cost) === null
    ? t('goods_bad_number') : undefined} />
        <${Field} label=${t('lot')} value=${item.lot ?? ''} maxlength="20" onInput=${set('lot')} />
        <${Field} type="date" label=${t('best_before')} value=${item.best_before ?? ''}
          onInput=${set('best_before')} />
        <${Field} type="date" label=${t('use_by')} value=${item.use_by ?? ''}
          onInput=${set('use_by')} /></div></details>`}
    ${(kind === 'waste' || kind === 'own_use') && html`<${Field} label=${t('goods_why')}
      hint=${t('goods_why_hint')} value=${item.why ?? ''} maxlength=${WHY_MAX}
      required=${kind === 'waste'} onInput=${set('why')} />`}
    ${item.refused && html`<${Notice} kind="warn">${item.refused}</${Notice}>`}</div>`
}

/** Sends what is ready, one after the other. @returns {saved, why} */
async function sendAll(kind, list, keep) {
  let saved = 0
  for (const item of list) {
    try {
      await move(asked(kind, item))
      saved++
      keep((old) => old.filter((x) => x.key !== item.key))
    } catch (why) {
      if (why.passing)
        return { saved, why }
      keep((old) => old.map((x) => (x.key === item.key ? { ...x, refused: why.message } : x)))
    }
  }
  return { saved }
}

/** The view #/goods/delivery (count, waste, own_use), with an article: #/goods/count/7310…. */
export default function Goods({ rest }) {
  const kind = KINDS.includes(rest[0]) ? rest[0] : 'delivery'
  const [list, keep] = useKept(kind)
  const [bad, setBad] = useState(null)
  const [why, setWhy] = useState(null)
  const take = async (text) => {
    setBad(null)
    const code = codeRead(text)
    if (!code) {
      setBad(t('scan_bad', { text: text.slice(0, 40) }))
      return false
    }
    try {
      const p = await product(code.gtin)
      add(code, p)
      return true
    } catch (wrongly) {
      setBad(wrongly.status === 404 ? t('unknown_here', { gtin: code.gtin })
        : t('scan_product_lost', { why: wrongly.message }))
      return false
    }
  }
  // The same again is one more; another lot or date is another line.
  const add = (code, p) => keep((old) => {
    const same = (x) => x.gtin === p.gtin && (x.lot ?? '') === (code.lot ?? '')
      && (x.use_by ?? '') === (code.use_by ?? '') && (x.best_before ?? '') === (code.best_before ?? '')
    const found = old.find(same)
    if (!found && old.length >= LIST_MAX)
      return old
    const item = found ? { ...found, quantity: shown((thousandths(found.quantity) ?? 0) + PIECE) }
      : { key: newKey(), gtin: p.gtin, name: p.name, quantity: '1', lot: code.lot ?? '',
        use_by: code.use_by ?? '', best_before: code.best_before ?? '' }
    say(`${item.name}: ${item.quantity}`)
    return [item, ...old.filter((x) => x !== found)]
  })
  useEffect(() => {
    if (list && rest[1] && !list.some((x) => x.gtin === rest[1]))
      take(rest[1])
  }, [list === null, rest[1]])
  const save = async () => {
    setWhy(null)
    const { saved, why: broken } = await sendAll(kind, list, keep)
    if (saved)
      say(t('goods_saved', { n: saved }))
    setWhy(broken ?? null)
  }
  const change = (next) => keep((old) => old.map((x) => (x.key === next.key
    ? { ...next, refused: undefined } : x)))
  return html`<${Heading} back=${link('stock')}>${t(`goods_${kind}`)}</${Heading}>
    <div class="stack">${!atShop() ? html`<${Notice}>${t('only_at_shop')}</${Notice}>` : html`
      <${Card}>${kind === 'count' && html`<p>${t('goods_count_hint')}</p>`}
        <${Scanner} onCode=${take} />
        ${bad && html`<${Notice} kind="warn">${bad}</${Notice}>`}</${Card}>
      ${list && !list.length && html`<p class="empty">${t('goods_empty')}</p>`}
      ${list?.length > 0 && html`<ul class="rows goods">${list.map((item) => html`<li key=${item.key}>
          <${Item} kind=${kind} item=${item} onChange=${change}
            onRemove=${() => keep((old) => old.filter((x) => x.key !== item.key))} /></li>`)}</ul>
        ${why && html`<${Failed} why=${{ message: t('goods_left', { n: list.length,
          why: why.message }) }} />`}
        <div class="answer-bar"><${Button} kind="primary" class="large wide" onPress=${save}
            disabled=${list.some((x) => wrong(kind, x))}>${t('goods_send', { n: list.length })}
          </${Button}></div><p class="soft small">${t('goods_kept')}</p>`}`}</div>`
}
