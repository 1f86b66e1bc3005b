// waiting.js: registered, and not let in yet. The page looks by itself, and says when it last did.
import { useEffect, useState } from 'preact/hooks'
import { Qr } from '../base/qr.js'
import { Age, Button, Card, Heading, html, Languages, Notice, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { key, keyWanted, member, memberForget, memberLook } from './member.js'
import { officeSays } from './said.js'

const LOOK_MS = 15000

/** Looks now and again while the page is seen: {why, look}. */
function useLooking(on) {
  const [why, setWhy] = useState(null)
  const look = async () => {
    try {
      await memberLook()
      setWhy(null)
    } catch (problem) {
      setWhy(problem)
    }
  }
  useEffect(() => {
    if (!on)
      return undefined
    look()
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible')
        look()
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [on])
  return { why, look }
}

function Looked({ why, look }) {
  const mine = member.use()
  return html`${why && html`<${Notice} kind="warn">${why.code === 'unauthorized'
    ? t('wait_gone') : officeSays(why)}</${Notice}><p></p>`}
    <${Button} kind="primary" class="wide" onPress=${look}>${t('wait_look')}</${Button}>
    ${mine && html`<p class="soft small centre">${t('wait_looked')} <${Age} at=${mine.at} />
      </p>`}`
}

export function Waiting() {
  const mine = member.use()
  const asks = mine.state === 'asks'
  const looking = useLooking(true)
  return html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('wait_title')}</${Heading}>
    <${Card}>
      ${asks ? html`<p>${t('wait_text')}</p>`
      : html`<${Notice} kind="alarm">${t(mine.state === 'blocked' ? 'wait_blocked' : 'wait_declined')}
        </${Notice}><p></p>`}
      <${Looked} ...${looking} />
      ${(!asks || looking.why?.code === 'unauthorized') && html`<${Button} kind="quiet" class="wide"
        onPress=${memberForget}>${t('wait_other')}</${Button}>`}
    </${Card}>`
}

/** A shop without an office: the key is shown to the owner. */
export function OwnerLetsIn() {
  const k = key.use()
  const looking = useLooking(Boolean(k))
  const copy = () => navigator.clipboard.writeText(k.hex)
    .then(() => say(t('owner_copied')), () => say(t('owner_copy_no')))
  return html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('owner_title')}</${Heading}>
    <p>${t('owner_text')}</p>
    ${k ? html`<${Card}><div class="code-card small-code">
        <${Qr} text=${k.hex} label=${t('owner_qr')} /></div>
      <h2 id="key-text">${t('owner_key')}</h2>
      <p class="key-text" tabindex="0" role="group" aria-labelledby="key-text">${k.hex}</p>
      <${Button} class="wide" onPress=${copy}>${t('owner_copy')}</${Button}><p></p>
      <${Looked} ...${looking} /></${Card}>`
    : html`<${Button} kind="primary" class="large wide" onPress=${keyWanted}>
      ${t('owner_make')}</${Button}>`}`
}
