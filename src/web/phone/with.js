// with.js: two phones in one visit: one shows a code for a minute, the other reads or types it.
import './words_join.js'
import './words_shop.js'
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../base/api.js'
import { reach } from '../base/place.js'
import { Qr } from '../base/qr.js'
import { goInstead } from '../base/route.js'
import { Button, Card, Field, Heading, html, Notice, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { CodeCamera } from './camera.js'
import { Form } from './form.js'
import { current, senderStart, visitChange, visitOpen } from './sender.js'

const codeIn = (text) => {
  const link = /#\/with\/([^/?]+)/.exec(text)
  const plain = (link ? link[1] : text).replace(/[\s-]/g, '').toUpperCase()
  return /^[A-Z2-9]{8}$/.test(plain) ? plain : ''
}

function Shown({ made, onNew }) {
  const [left, setLeft] = useState(made.expires_in_s)
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil(made.expires_in_s -
      (performance.now() - made.at) / 1000))), 500)
    return () => clearInterval(timer)
  }, [made])
  if (left === 0)
    return html`<${Notice} kind="info">${t('with_over')} <${Button} kind="quiet" onPress=${onNew}>
      ${t('with_new')}</${Button}></${Notice}>`
  return html`<p>${t('with_code')}</p>
    <div class="code-card small-code"><${Qr} text=${`${location.origin}/#/with/${made.code}`}
      label=${t('with_qr', { code: made.code })} /></div>
    <p class="big-code">${made.code.slice(0, 4)} ${made.code.slice(4)}</p>
    <p class="soft small centre">${t('with_left', { s: left })}</p>`
}

function Invite() {
  const [made, setMade] = useState(null)
  const [why, setWhy] = useState(null)
  const make = async () => {
    setWhy(null)
    try {
      await senderStart()
      if (!current()?.bearer)
        await visitOpen()
      const v = current()
      const said = await ask(`/v1/visits/${v.visit}/invite`, { method: 'POST', bearer: v.bearer })
      await visitChange(v.visit, { shared: true })
      setMade({ ...said, at: performance.now() })
    } catch (problem) {
      setWhy(problem)
    }
  }
  return html`<${Card} title=${t('with_invite')}>
    ${why && html`<${Notice} kind="warn">${why.message}</${Notice}><p></p>`}
    ${made ? html`<${Shown} key=${made.code} made=${made} onNew=${make} />`
    : html`<${Button} kind="primary" class="wide" onPress=${make}>${t('with_invite')}</${Button}>`}
  </${Card}>`
}

function JoinOne({ first }) {
  const [text, setText] = useState(first)
  const [error, setError] = useState(null)
  const [scanning, setScanning] = useState(false)
  const join = async (s) => {
    const code = codeIn(s)
    setError(code ? null : t('with_join_wrong'))
    if (!code)
      return
    try {
      await visitOpen(code)
      say(t('with_joined'))
      goInstead('shop')
    } catch (why) {
      setError(why.message)
    }
  }
  const read = (s) => {
    setScanning(false)
    setText(codeIn(s) || s.slice(0, 40))
    join(s)
  }
  return html`<${Card} title=${t('with_join')}>
    <${Form} onSend=${() => join(text)} word=${t('with_join_go')} kind=${first ? 'primary' : 'plain'}>
      <${Field} label=${t('with_join_label')} hint=${t('with_join_hint')} value=${text} error=${error}
        autocapitalize="characters" autocomplete="off" spellcheck=${false} maxlength="40"
        onInput=${setText} /></${Form}><p></p>
    <${Button} class="wide" onPress=${() => setScanning(true)}>${t('join_scan')}</${Button}>
    ${scanning && html`<${CodeCamera} title=${t('with_join')} hint=${t('with_code')} onText=${read}
      onClose=${() => setScanning(false)} />`}</${Card}>`
}

export default function With({ parts }) {
  const road = reach.use()
  return html`<${Heading} back="#/shop">${t('with_title')}</${Heading}>
    <p>${t('with_text')}</p>
    ${road !== 'shop' && road !== 'unknown' && html`<${Notice} kind="warn">${t('with_here_only')}
      </${Notice}><p></p>`}
    <div class="stack">${parts[0] ? html`<${JoinOne} first=${parts[0]} /><${Invite} />`
    : html`<${Invite} /><${JoinOne} first="" />`}</div>`
}

