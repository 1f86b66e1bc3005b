// till.js: nothing is in reach, or a person would rather: the basket held to the till's reader. First
// the code that says who it is, then the lines, a dozen a code. What was shown is still sent with the
// same keys when there is a net: the shop knows a line by its key and counts it once.
import './words_shop.js'
import { useEffect, useState } from 'preact/hooks'
import { screenOn } from '../base/feel.js'
import { place } from '../base/place.js'
import { go } from '../base/route.js'
import { Button, Heading, html, Notice, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { basketCodes } from './basket_code.js'
import { Code } from './door.js'
import { key } from './member.js'
import { showable } from './queue.js'
import { lines, senderStart, shownAtTill } from './sender.js'
import { useToken } from './token.js'

function Who() {
  const token = useToken(key.value, `${place.value?.shop}/till`)
  return html`<p class="hold">${t('till_token')}</p>
    <${Code} token=${token} label=${t('till_token_label')} />`
}

function Lines({ code, n, all }) {
  useEffect(() => {
    shownAtTill(code.keys, false)
  }, [code])
  return html`<p class="hold">${t('till_basket')}</p>
    <${Code} token=${code} label=${t('till_basket_label', { n, all })} />
    <p class="soft small centre">${t('till_wrong')}</p>`
}

export default function Till() {
  const [codes, setCodes] = useState(null)
  const [left, setLeft] = useState(0)
  const [step, setStep] = useState(0)
  useEffect(() => {
    screenOn(true)
    senderStart().then(() => {
      // the basket as it is now: what is shown does not change under the reader
      const kept = lines.value.filter((l) => l.state === 'kept' && !l.undo && !l.beeped)
      setLeft(kept.filter((l) => !showable(l)).length)
      setCodes(basketCodes(kept.filter(showable)))
    })
    return () => { screenOn(false) }
  }, [])
  if (!codes)
    return null
  const all = codes.length + 1
  const last = step === all - 1
  const next = async () => {
    if (step > 0)
      await shownAtTill(codes[step - 1].keys, true)
    if (!last) {
      setStep(step + 1)
      document.querySelector('h1')?.focus()
      return
    }
    if (codes.length)
      say(t('till_finished'))
    go('shop')
  }
  return html`<${Heading} back="#/shop">${t('till_title')}</${Heading}>
    ${all > 1 && html`<p class="centre soft" role="status">${t('till_step', { n: step + 1, all })}</p>`}
    ${step === 0 ? html`<${Who} />`
    : html`<${Lines} key=${step} code=${codes[step - 1]} n=${step} all=${codes.length} />`}
    ${left > 0 && html`<${Notice} kind="warn">${t('till_not', { n: left })}</${Notice}>`}
    ${codes.length === 0 && html`<p class="soft centre">${t('till_nothing')}</p>`}
    <div class="press">
      ${step > 0 && html`<${Button} kind="quiet" class="wide" onPress=${() => setStep(step - 1)}>
        ${t('till_back')}</${Button}>`}
      <${Button} kind="primary" class="wide" onPress=${next}>
        ${t(last ? 'till_done' : 'till_next')}</${Button}></div>`
}
