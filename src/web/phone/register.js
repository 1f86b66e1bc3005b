// register.js: becoming a member: with an invitation, or again after a lost phone; and waiting until
// the shop has said yes. A shop without an office lets its owner read the key off this screen.
import './words_join.js'
import { useEffect, useState } from 'preact/hooks'
import { kvDelete, kvGet, kvPut } from '../base/db.js'
import { place, placeLook, reach } from '../base/place.js'
import { goInstead } from '../base/route.js'
import { Button, Card, Heading, html, Languages, Notice, Wait } from '../base/ui.js'
import { t } from '../base/words.js'
import { member } from './member.js'
import { OwnerLetsIn, Waiting } from './waiting.js'
import { CodeCard, DetailsCard, RecoverCard } from './register_form.js'
import { registerSend } from './register_send.js'
import { officeSays } from './said.js'

const KEPT = 'registering'
const AGAIN_MS = 10000 // between tries, while what was written waits for a net

/** The twelve characters in what somebody typed, followed or read off a code; '' where there is none. */
export function codeIn(text) {
  const link = /#\/join\/([^/?]+)/.exec(text)
  const plain = (link ? link[1] : text).replace(/[\s-]/g, '').toUpperCase()
  return /^[0-9A-Z]{12}$/.test(plain) ? plain.replace(/(.{4})(?!$)/g, '$1-') : ''
}

function Kept({ onDrop }) {
  return html`<${Notice} kind="info">${t('join_kept')}
    <p><${Button} kind="quiet" onPress=${onDrop}>${t('join_kept_drop')}</${Button}></p></${Notice}>`
}

/** Everything that was written down so far: {code, party, language, mail}; sent when it can be. */
function useRegistering(first) {
  const [form, setForm] = useState({ code: first })
  const [step, setStep] = useState('code') // 'details' when the office wants to know who it is
  const [why, setWhy] = useState(null)
  const [kept, setKept] = useState(false)
  const road = reach.use()

  const send = async (f) => {
    setForm(f)
    setWhy(null)
    try {
      await registerSend(f)
      await kvDelete(KEPT).catch(() => {})
      goInstead('door')
    } catch (problem) {
      if (problem.code === 'bad_party' && !f.party) {
        setStep('details')
        return
      }
      const later = problem.status === 0
      setKept(later)
      if (later)
        await kvPut(KEPT, f).catch(() => {})
      else
        setWhy({ code: problem.code, message: officeSays(problem) })
    }
  }
  useEffect(() => {
    kvGet(KEPT).then((f) => {
      if (f) {
        setForm(f)
        setStep(f.party ? 'details' : 'code')
        setKept(true)
      }
    }, () => {})
  }, [])
  useEffect(() => {
    if (!kept)
      return undefined
    const again = () => document.visibilityState === 'visible' && send(form)
    if (road !== 'none' && road !== 'unknown')
      again()
    const timer = setInterval(again, AGAIN_MS)
    return () => clearInterval(timer)
  }, [kept, road])
  const drop = () => {
    setKept(false)
    kvDelete(KEPT).catch(() => {})
  }
  return { form, step, why, kept, send, drop, back: () => setStep('code') }
}

function Register({ code }) {
  const r = useRegistering(code)
  if (r.step === 'details')
    return html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('join_details')}</${Heading}>
      ${r.kept && html`<${Kept} onDrop=${r.drop} />`}
      <${DetailsCard} form=${r.form} why=${r.why} onBack=${r.back}
        onSend=${(more) => r.send({ ...r.form, ...more })} />`
  return html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('join_title')}</${Heading}>
    <p>${t('join_intro')}</p>
    ${r.kept && html`<${Kept} onDrop=${r.drop} />`}
    <div class="stack">
      <${CodeCard} code=${r.form.code ?? ''} why=${r.why} codeIn=${codeIn}
        onSend=${(c) => r.send({ ...r.form, code: c })} />
      <${RecoverCard} codeIn=${codeIn} onSend=${(c) => r.send({ code: c })} />
      <p class="soft small">${t('join_privacy')}</p></div>`
}

function NoNet() {
  return html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('join_title')}</${Heading}>
    <${Card}><${Notice} kind="warn">${t('join_no_net')}</${Notice}>
      <p></p><${Button} kind="primary" class="wide" onPress=${placeLook}>${t('again')}</${Button}>
    </${Card}>`
}

/** Whoever is no member yet comes here, whatever the address says. */
export default function Join({ parts }) {
  const p = place.use()
  const road = reach.use()
  const mine = member.use()
  const alone = p?.here === 'shop' && !p.office
  if (alone && (!mine || mine.state === 'asks'))
    return html`<${OwnerLetsIn} />`
  if (mine && mine.state !== 'live')
    return html`<${Waiting} />`
  if (!p)
    return road === 'none' ? html`<${NoNet} />` : html`<${Wait} />`
  const code = codeIn(parts[0] ?? '')
  return html`<${Register} key=${code} code=${code} />`
}
