// enter.js: everything before the owner is in: who this browser is, and the ways to let its key in.
// Once let in it never asks again; a key that waits notices by itself.
import { useEffect, useState } from 'preact/hooks'
import { keyForget } from '../base/key.js'
import { officeAt, place } from '../base/place.js'
import { Qr } from '../base/qr.js'
import { html, Button, Card, Failed, Field, Languages, Notice, Said, Sure, Wait, say }
  from '../base/ui.js'
import { language, t } from '../base/words.js'
import { key, keyNeeded, register, signIn } from './session.js'

const LOOK_MS = 4000
const LOOK_LATER = 1.25 // each refusal is a line in the shop's books: who waits long asks less often
const LOOK_MAX_MS = 60000

/** Looks again every while: a key is let in elsewhere, a net comes back. */
function useLooking(on) {
  useEffect(() => {
    let timer, wait = LOOK_MS
    const look = async () => {
      if (document.visibilityState === 'visible') {
        await signIn()
        wait = Math.min(LOOK_MAX_MS, wait * LOOK_LATER)
      }
      if (timer !== null)
        timer = setTimeout(look, wait)
    }
    if (on)
      timer = setTimeout(look, wait)
    return () => {
      clearTimeout(timer)
      timer = null
    }
  }, [on])
}

function ByCode({ onDone }) {
  const [code, setCode] = useState('')
  const [party, setParty] = useState(null)
  const [why, setWhy] = useState(null)
  const set = (name) => (value) => setParty({ ...party, [name]: value })
  const send = async (e) => {
    e.preventDefault()
    setWhy(null)
    try {
      const full = party && Object.fromEntries(Object.entries({ ...party, country: 'SE' })
        .map(([k, v]) => [k, v.trim()]).filter(([, v]) => v))
      const member = await register(code, full, language())
      onDone(member)
    } catch (bad) {
      // a code for somebody the office does not know yet wants a name and an address
      if (bad.code === 'bad_party' && !party)
        setParty({ name: '', street: '', postcode: '', city: '', email: '' })
      else
        setWhy(bad)
    }
  }
  return html`<form class="stack" onSubmit=${send}>
    <${Field} label=${t('in_code')} hint=${t('in_code_hint')} value=${code} onInput=${setCode}
      autocomplete="one-time-code" autocapitalize="characters" spellcheck=${false} required />
    ${party && html`<p>${t('in_party')}</p>
      <${Field} label=${t('party_name')} value=${party.name} onInput=${set('name')}
        autocomplete="name" required />
      <${Field} label=${t('party_street')} value=${party.street} onInput=${set('street')}
        autocomplete="street-address" required />
      <div class="two"><${Field} label=${t('party_postcode')} value=${party.postcode}
        onInput=${set('postcode')} autocomplete="postal-code" inputmode="numeric" required />
      <${Field} label=${t('party_city')} value=${party.city} onInput=${set('city')}
        autocomplete="address-level2" required /></div>
      <${Field} label=${t('party_email')} type="email" value=${party.email}
        onInput=${set('email')} autocomplete="email" />`}
    ${why && html`<${Failed} why=${why} />`}
    <${Button} kind="primary" type="submit" class="wide" disabled=${!code.trim()}>
      ${t('in_code_go')}</${Button}></form>`
}

function ByHand({ onMade }) {
  const [open, setOpen] = useState(false)
  if (!key || !open)
    return html`<${Button} onPress=${async () => {
      await keyNeeded()
      setOpen(true)
      onMade()
    }} class="wide">${t('in_key_show')}</${Button}>`
  const line = `shopctl member add --key ${key.hex} --role owner`
  const copy = () => navigator.clipboard.writeText(line).then(() => say(t('copied')),
    () => say(t('copy_not')))
  return html`<div class="stack"><p>${t('in_key_how')}</p>
    <code class="command" tabindex="0">${line}</code>
    <${Button} onPress=${copy}>${t('in_key_copy')}</${Button}>
    <div class="key-qr"><${Qr} text=${key.hex} label=${t('in_key_label')} /></div>
    <${Wait}>${t('in_key_wait')}</${Wait}></div>`
}

function LetIn({ me }) {
  const [registered, setRegistered] = useState(null)
  const [made, setMade] = useState(false)
  useLooking(made || me.state === 'unknown')
  const office = officeAt() !== null && officeAt() !== undefined
  const done = (member) => {
    setRegistered(member.state)
    signIn({ byHand: true })
  }
  if (registered)
    return html`<${Notice} kind="ok">${t(registered === 'asks' ? 'in_waits' : 'in_comes')}</${Notice}>
      <${Wait}>${t('in_key_wait')}</${Wait}>`
  return html`<p>${t('in_new')}</p>
    ${office && html`<${Card} title=${t('in_code_title')}><${ByCode} onDone=${done} /></${Card}>`}
    ${place.value.here === 'shop' && html`<${Card} title=${t('in_key_title')}>
      <${ByHand} onMade=${() => setMade(true)} /></${Card}>`}`
}

function Forget() {
  const [sure, setSure] = useState(false)
  return html`<${Button} kind="quiet" onPress=${() => setSure(true)}>${t('in_forget')}</${Button}>
    ${sure && html`<${Sure} title=${t('in_forget')} yes=${t('in_forget')} danger
      onClose=${() => setSure(false)} onYes=${async () => {
        await keyForget()
        setSure(false)
        await signIn({ byHand: true })
      }}>${t('in_forget_sure')}</${Sure}>`}`
}

function NotOwner() {
  return html`<p>${t('in_not_owner')}</p>
    ${officeAt() !== null ? html`<p>${t('in_not_owner_office')}</p>`
    : html`<p>${t('in_key_how')}</p>
      <code class="command" tabindex="0">shopctl member add --key ${key?.hex} --role owner</code>`}
    <div class="row"><a class="button" href="/">${t('in_to_shop')}</a>
      <${Button} onPress=${() => signIn({ byHand: true })}>${t('again')}</${Button}></div>`
}

function Away() {
  useLooking(true)
  return html`<${Notice} kind="warn">${t('in_away')}</${Notice}>
    <${Button} kind="primary" onPress=${() => signIn()}>${t('again')}</${Button}>`
}

function body(me) {
  switch (me.state) {
    case 'looking': return ['sign_in', html`<${Wait}>${t('looking')}</${Wait}>`]
    case 'away': return ['in_away_title', html`<${Away} />`]
    case 'no_storage': return ['sign_in', html`<${Notice} kind="warn">${t('in_no_storage')}</${Notice}>`]
    case 'not_owner': return ['in_not_owner_title', html`<${NotOwner} />`]
    case 'refused': return ['in_refused_title', html`<${Failed} why=${me.why}
      onAgain=${() => signIn({ byHand: true })} /><${Forget} />`]
    case 'out': return ['in_out_title', html`<p>${t('in_out')}</p><div class="row">
      <${Button} kind="primary" onPress=${() => signIn({ byHand: true })}>${t('sign_in')}</${Button}>
      <${Forget} /></div>`]
    default: return ['in_new_title', html`<${LetIn} me=${me} />`]
  }
}

/** SignIn({me}): what `who` says, and what can be done about it. */
export function SignIn({ me }) {
  const [title, inner] = body(me)
  return html`<main class="enter" id="content"><div class="row between"><p class="name">
      ${place.value?.shop ?? t('owner_page')}</p><${Languages} /></div>
    <h1 tabindex="-1">${t(title)}</h1><div class="stack">${inner}</div><${Said} /></main>`
}

