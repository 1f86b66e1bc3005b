// pick_view.js: an article without a code, chosen from the shop's list: by pages, or by some of its
// letters, from a pad on the screen or a keyboard.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Failed, Wait, html, useAsked } from '../base/ui.js'
import { language, money, t } from '../base/words.js'
import { goodsAll, goodsFind } from './goods.js'
import { said, useOutcome } from './outcome.js'
import { Press, View } from './view.js'
import { add, busy } from './visit.js'

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ']
const ROWS_MAX = 12 // more than any screen at this size; the rest is measured

function Letters({ onLetter, onErase, onHide }) {
  return html`<div class="letters" role="group" aria-label=${t('pick_letters')}>
    ${LETTERS.map((c) => html`<${Press} key=${c} onPress=${() => onLetter(c)}>${c}</${Press}>`)}
    <${Press} aria-label=${t('pick_space')} onPress=${() => onLetter(' ')}>␣</${Press}>
    <${Press} icon="erase" aria-label=${t('key_erase')} onPress=${onErase} />
    <${Press} icon="no" aria-label=${t('pick_hide')} onPress=${onHide} />
  </div>`
}

/** How many tiles fit: a page is what can be seen without scrolling. */
function useFit(list, deps) {
  const [fit, setFit] = useState(4)
  useEffect(() => {
    const box = list.current
    const tile = box?.firstElementChild
    if (!tile)
      return
    const gap = parseFloat(getComputedStyle(box).rowGap) || 0
    // by the lowest a tile can be: a page with long names is scrolled, one without has no gap
    const high = parseFloat(getComputedStyle(tile.firstElementChild).minBlockSize) + gap
    const rows = Math.floor((box.clientHeight + gap) / high)
    setFit(Math.min(ROWS_MAX, Math.max(1, rows)))
  }, deps)
  return fit
}

export function PickView({ first = '', onBack }) {
  const { value: goods, why, again } = useAsked(goodsAll, [])
  const [sought, setSought] = useState(first.toUpperCase())
  const [letters, setLetters] = useState(Boolean(first))
  const [from, setFrom] = useState(0)
  const list = useRef()
  const now = useOutcome()
  const working = busy.use() > 0
  const found = goods ? goodsFind(goods, sought, language()) : []
  const fit = useFit(list, [goods, letters, found.length])
  const start = from < found.length ? from : 0
  const seek = (next) => {
    setSought(next)
    setFrom(0)
  }
  const letter = (c) => {
    setLetters(true)
    seek((sought + c.toUpperCase()).trimStart())
  }
  const erase = () => seek(sought.slice(0, -1))
  const buy = async (p) => {
    if (await add(p.gtin))
      onBack()
  }
  return html`<${View} name="pick" title=${t('pick_title')} quiet=${letters}
      keys=${{ Escape: onBack, letter, Backspace: erase }}
      foot=${html`<${Press} icon="back" onPress=${onBack}>${t('back')}</${Press}>`}>
    <div class="seek">
      <p class="sought" role="status" aria-label=${`${t('pick_field')}: ${sought}`}>
        ${sought || html`<span class="soft">${t('pick_field')}</span>`}</p>
      ${!letters && html`<${Press} icon="search" onPress=${() => setLetters(true)}>
        ${t('pick_search')}</${Press}>`}
      ${found.length > fit && html`
        <${Press} icon="back" aria-label=${t('previous')} disabled=${start === 0}
          onPress=${() => setFrom(Math.max(0, start - fit))} />
        <p class="num">${t('pick_page', { from: start + 1, to: Math.min(start + fit, found.length),
    all: found.length })}</p>
        <${Press} icon="next" aria-label=${t('next')} disabled=${start + fit >= found.length}
          onPress=${() => setFrom(start + fit)} />`}
    </div>
    ${now?.kind === 'refused' && html`<p class="bad" role="alert">${said(now).own}</p>`}
    ${why && !goods && html`<${Failed} why=${why} onAgain=${again} />`}
    ${!goods && !why && html`<${Wait} />`}
    ${goods && !found.length && html`<p class="empty" role="status">
      ${t(goods.length ? 'pick_none' : 'pick_empty')}</p>`}
    ${found.length > 0 && html`<ul class="tiles" ref=${list}>
      ${found.slice(start, start + fit).map((p, i) => html`<li key=${p.gtin}>
        <button type="button" class="tile" data-private data-public=${t('row_public',
    { n: start + i + 1 })} disabled=${working} onClick=${() => buy(p)}>
          <span class="name">${p.name}</span>
          <span class="money">${money(p.unit_price_minor, p.currency)}</span></button></li>`)}
    </ul>`}
    ${letters && html`<${Letters} onLetter=${letter} onErase=${erase}
      onHide=${() => setLetters(false)} />`}
  </${View}>`
}
