// register_form.js: what is typed when somebody registers: a code, who the invoice goes to, or the
// e-mail address of a member whose phone is gone. Each field says what is wrong with it.
import { useState } from 'preact/hooks'
import { place } from '../base/place.js'
import { Button, Card, Field, html, Notice, Tick } from '../base/ui.js'
import { language, t } from '../base/words.js'
import { CodeCamera } from './camera.js'
import { Form } from './form.js'
import { recoverAsk } from './register_send.js'
import { officeSays } from './said.js'

const COUNTRIES = ['SE', 'NO', 'DK', 'FI', 'DE']
const OF_CURRENCY = { SEK: 'SE', NOK: 'NO', DKK: 'DK', EUR: 'FI' }

function CodeField({ label, value, onInput, error }) {
  return html`<${Field} label=${label} hint=${t('join_code_hint')} value=${value} error=${error}
    onInput=${onInput} autocomplete="one-time-code" autocapitalize="characters" spellcheck=${false}
    inputmode="text" maxlength="200" />`
}

export function CodeCard({ code, why, codeIn, onSend }) {
  const [text, setText] = useState(code)
  const [error, setError] = useState(null)
  const [scanning, setScanning] = useState(false)
  const send = async () => {
    const c = codeIn(text)
    setError(c ? null : t('join_code_short'))
    if (c)
      await onSend(c)
  }
  const read = (s) => {
    setScanning(false)
    const c = codeIn(s)
    setError(c ? null : t('join_scan_no'))
    if (c) {
      setText(c)
      onSend(c)
    }
  }
  return html`<${Card} title=${t('join_new')}>
    <${Form} onSend=${send} word=${t('join_go')}>
      <${CodeField} label=${t('join_code')} value=${text} onInput=${setText}
        error=${error ?? why?.message} />
    </${Form}>
    <p></p><${Button} class="wide" onPress=${() => setScanning(true)}>${t('join_scan')}</${Button}>
    ${scanning && html`<${CodeCamera} title=${t('join_scan')} hint=${t('join_scan_hint')} onText=${read}
      onClose=${() => setScanning(false)} />`}</${Card}>`
}

function wrongs(f) {
  const wrong = {}
  for (const name of ['name', 'street', 'city'])
    if (!f[name].trim())
      wrong[name] = t('join_needed')
  if (!f.postcode.trim())
    wrong.postcode = t('join_needed')
  else if (f.country === 'SE' && !/^\d{5}$/.test(f.postcode.replace(/\s/g, '')))
    wrong.postcode = t('join_postcode_wrong')
  if (f.email.trim() ? !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(f.email.trim()) : f.mail)
    wrong.email = f.email.trim() ? t('join_email_wrong') : t('join_needed')
  return wrong
}

/** As an invoice wants it; "263 62" is how Swedish postcodes are written. */
function partyOf(f) {
  const code = f.postcode.replace(/\s/g, '')
  const party = { name: f.name.trim(), street: f.street.trim(), city: f.city.trim(),
    postcode: f.country === 'SE' ? `${code.slice(0, 3)} ${code.slice(3)}` : f.postcode.trim(),
    country: f.country }
  return f.email.trim() ? { ...party, email: f.email.trim() } : party
}

const FIELDS = [['name', 'name'], ['street', 'street-address'], ['postcode', 'postal-code'],
  ['city', 'address-level2']]

export function DetailsCard({ form, why, onSend, onBack }) {
  const before = form.party ?? {}
  const [f, setF] = useState({ name: before.name ?? '', street: before.street ?? '',
    postcode: before.postcode ?? '', city: before.city ?? '', email: before.email ?? '',
    country: before.country ?? OF_CURRENCY[place.value?.currency] ?? 'SE', mail: form.mail ?? true })
  const [wrong, setWrong] = useState({})
  const set = (name) => (value) => setF((old) => ({ ...old, [name]: value }))
  const send = async () => {
    const w = wrongs(f)
    setWrong(w)
    if (!Object.keys(w).length)
      await onSend({ party: partyOf(f), mail: f.mail && Boolean(f.email.trim()) })
  }
  const names = new Intl.DisplayNames(language(), { type: 'region' })
  return html`<${Card}><${Form} onSend=${send} word=${t('join_register')}>
      ${why && html`<${Notice} kind="warn">${why.message}</${Notice}>`}
      ${FIELDS.map(([name, auto]) => html`<${Field} key=${name} label=${t(`join_${name}`)}
        value=${f[name]} autocomplete=${auto} error=${wrong[name]} onInput=${set(name)}
        inputmode=${name === 'postcode' ? 'numeric' : undefined} maxlength="100" />`)}
      <${Field} as="select" label=${t('join_country')} value=${f.country} onInput=${set('country')}>
        ${COUNTRIES.map((c) => html`<option key=${c} value=${c} selected=${c === f.country}>
          ${names.of(c)}</option>`)}</${Field}>
      <${Field} type="email" label=${t('join_email')} hint=${t('join_email_hint')} value=${f.email}
        autocomplete="email" error=${wrong.email} onInput=${set('email')} maxlength="200" />
      <${Tick} label=${t('join_mail')} checked=${f.mail} onChange=${set('mail')} />
      <p class="soft small">${t('join_privacy')}</p>
    </${Form}>
    <p></p><${Button} kind="quiet" class="wide" onPress=${onBack}>${t('back')}</${Button}></${Card}>`
}

/** "I was a member before": an address, then the code that came there. */
export function RecoverCard({ codeIn, onSend }) {
  const [email, setEmail] = useState('')
  const [code, setCode] = useState('')
  const [sent, setSent] = useState(0)
  const [error, setError] = useState(null)
  const ask = async () => {
    const right = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())
    setError(right ? null : t('join_email_wrong'))
    if (!right)
      return
    try {
      setSent(await recoverAsk(email.trim()))
    } catch (why) {
      setError(officeSays(why))
    }
  }
  const come = async () => {
    const c = codeIn(code)
    setError(c ? null : t('join_code_short'))
    if (c)
      await onSend(c)
  }
  return html`<details class="card fold"><summary>${t('join_back')}</summary>
    <p>${t('join_back_why')}</p>
    <${Form} onSend=${ask} word=${t('join_email_send')} kind=${sent ? 'plain' : 'primary'}>
      <${Field} type="email" label=${t('join_email')} value=${email} autocomplete="email"
        onInput=${setEmail} error=${sent ? null : error} /></${Form}>
    ${sent > 0 && html`<p></p><${Notice} kind="ok">${t('join_sent', { min: sent })}</${Notice}><p></p>
      <${Form} onSend=${come} word=${t('join_go')}>
        <${CodeField} label=${t('join_sent_code')} value=${code} onInput=${setCode}
          error=${error} /></${Form}>`}
  </details>`
}
