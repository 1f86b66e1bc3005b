// shop.js: scanning: camera above, basket below, sum and what to do next under the thumb.
import './words_join.js'
import './words_shop.js'
import { useEffect, useState } from 'preact/hooks'
import { feelNo, feelReady, feelYes, screenOn } from '../base/feel.js'
import { reach } from '../base/place.js'
import { go } from '../base/route.js'
import { Button, Card, Heading, html, Money, Notice, Rows, say, Sure } from '../base/ui.js'
import { money, quantity, t } from '../base/words.js'
import { Basket, basketSum, notSold } from './basket.js'
import { Choose } from './list.js'
import { codeRead } from './codes.js'
import { Road } from './door.js'
import { priceOf, pricesLoad } from './prices.js'
import { Scanner } from './scanner.js'
import { settled } from './queue.js'
import { current, lines, scanned, senderStart, stuck, undo, visits } from './sender.js'
import { Typed } from './typed.js'
import { creditLeft, currency, others, visitClose, visitLook } from './visit.js'

const LOOK_MS = 6000

const SHORT = 32 // characters of a name in a word that is soon gone
const short = (name) => (name.length > SHORT ? `${name.slice(0, SHORT - 1).trimEnd()}…` : name)
const nameOf = (l) => l.answer?.name ?? priceOf(l.code, l.quantity)?.name ??
  t('shop_thing', { code: l.code.slice(0, 24) })

/** Takes a code into the basket, and says so at once. */
export async function take(code, pieces = 1000) {
  const line = await scanned(code, pieces)
  const name = short(nameOf(line))
  const not = notSold(code)
  if (not) { // the shop will say no; without a net nobody but we can
    feelNo()
    say(t(not))
    return
  }
  feelYes()
  say(t('shop_added', { name }), { word: t('shop_undo'), onPress: () => undo([line.key]) })
}

/** What was read that is no goods. */
function elsewhere(read) {
  feelNo()
  if (read.with)
    go('with', read.with)
  else
    say(t(read.door ? 'shop_door_code' : 'shop_no_goods'))
}

/** What the till has read off this screen, until the shop itself has said so. */
function AtTill({ all }) {
  return all.length > 0 && html`<${Card} title=${t('shop_at_till_title')}>
    <p class="soft small">${t('shop_at_till_text')}</p>
    <${Rows} items=${all} id=${(l) => l.key} label=${t('shop_at_till_title')} row=${(l) =>
  html`${quantity(l.quantity)} × ${nameOf(l)}`} /></${Card}>`
}

function Others() {
  const all = others.use()
  return all.length > 0 && html`<${Card} title=${t('shop_others')}>
    <${Rows} items=${all} id=${(l) => l.key} label=${t('shop_others')} row=${(l) => html`
      <div class="article"><span class="grow">${quantity(l.quantity)} × ${l.name}</span>
        <${Money} minor=${l.total_minor} currency=${l.currency} /></div>`} /></${Card}>`
}

/** A refusal comes after the beep: it is heard and felt too, and what was said of it is taken back. */
function useRefusals(all) {
  const refused = all.filter((l) => l.state === 'refused').length
  const [had, setHad] = useState(refused)
  useEffect(() => {
    if (refused > had) {
      feelNo()
      say(t('shop_not_bought'))
    }
    setHad(refused)
  }, [refused])
}

function Trouble({ waiting }) {
  const why = stuck.use()
  const road = reach.use()
  if (why)
    return html`<${Notice} kind="alarm" title=${t('shop_stuck')}>
      ${why.code === 'storage' ? t('shop_storage') : why.message}</${Notice}>`
  return waiting > 0 && road !== 'shop' && road !== 'unknown' && html`<${Notice} kind="warn"
    title=${t('shop_waiting_title', { n: waiting })}>${t('shop_waiting')}</${Notice}>`
}

/** Sum, credit, and the way out. */
function Foot({ all, onType, onList, onDone }) {
  const sum = basketSum(all)
  const rest = others.use().reduce((n, l) => n + l.total_minor, 0)
  const credit = creditLeft(current())
  const road = reach.use()
  const far = road !== 'shop' && all.some((l) => !settled(l))
  return html`<div class="foot">
    <div class="foot-sum" role="status"><span>${t('shop_total')}
      <small>${t('shop_things', { n: sum.things })}</small></span>
      <strong><${Money} minor=${sum.total + rest} currency=${currency()} /></strong></div>
    ${(credit !== null || !sum.whole) && html`<p class="soft small foot-credit">
      ${credit !== null && t('shop_credit', { money: money(credit, currency()) })}
      ${!sum.whole && html` <span>${credit !== null && '· '}${t('shop_about')}</span>`}</p>`}
    <div class="foot-do"><${Button} onPress=${onType}>${t('shop_type')}</${Button}>
      <${Button} onPress=${onList}>${t('shop_list')}</${Button}>
      ${far ? html`<${Button} kind="primary" onPress=${() => go('till')}>${t('shop_till')}</${Button}>`
    : html`<${Button} kind="primary" disabled=${!all.length && !current()}
        onPress=${onDone}>${t('shop_done')}</${Button}>`}</div></div>`
}

function Done({ onClose }) {
  const [why, setWhy] = useState(null)
  const yes = async () => {
    try {
      go('receipts', await visitClose())
      say(t('shop_closed')) // and no undo any more
    } catch (problem) {
      setWhy(problem)
    }
  }
  return html`<${Sure} title=${t('shop_close_sure')} yes=${t('shop_close_yes')} onYes=${yes}
    onClose=${onClose}><p>${t('shop_close_text')}</p>
    ${why && html`<${Notice} kind="warn">${why.message}</${Notice}>`}</${Sure}>`
}

function useVisit() {
  useEffect(() => {
    senderStart().then(visitLook)
    pricesLoad()
    screenOn(true)
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && current()?.shared)
        visitLook()
    }, LOOK_MS)
    const unwatch = reach.watch((road) => {
      if (road === 'shop') {
        visitLook()
        pricesLoad()
      }
    })
    return () => {
      clearInterval(timer)
      unwatch()
      screenOn(false)
    }
  }, [])
}

export default function Shop({ parts }) {
  const every = lines.use()
  const atTill = (l) => l.beeped && l.state === 'kept'
  const all = every.filter((l) => !atTill(l))
  visits.use()
  const [flash, setFlash] = useState(0)
  const [typing, setTyping] = useState(false)
  const [closing, setClosing] = useState(false)
  useVisit()
  useRefusals(all)
  if (parts[0] === 'list')
    return html`<${Choose} onTake=${take} />`
  const onCode = (code) => {
    const read = codeRead(code)
    if (!read.goods) {
      elsewhere(read)
      return
    }
    setFlash((n) => n + 1)
    take(read.goods)
  }
  const removed = (name) => say(t('shop_removed', { name: short(name) }))
  return html`<${Heading} aside=${html`<${Road} />`}>${t('shop_title')}</${Heading}>
    <${Scanner} onCode=${onCode} flash=${flash} />
    <${Trouble} waiting=${all.filter((l) => !settled(l)).length} />
    <${Basket} lines=${all} onRemove=${removed} />
    <${AtTill} all=${every.filter(atTill)} />
    <${Others} />
    <p class="centre"><a href="#/with">${t('shop_together')}</a></p>
    <${Foot} all=${all} onType=${() => {
      feelReady()
      setTyping(true)
    }} onList=${() => go('shop', 'list')} onDone=${() => setClosing(true)} />
    ${typing && html`<${Typed} onTake=${take} onClose=${() => setTyping(false)} />`}
    ${closing && html`<${Done} onClose=${() => setClosing(false)} />`}`
}
