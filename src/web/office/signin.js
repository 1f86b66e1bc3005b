// signin.js: the way in for a browser that the office does not know: with a code of somebody who works
// here, with a code of one's own phone (an owner), or by the key's text in the office's own file.
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../base/api.js'
import { base64url } from '../base/cbor.js'
import { keepStorage } from '../base/db.js'
import { keyGet, keyMake } from '../base/key.js'
import { goInstead, useRoute } from '../base/route.js'
import { Button, Card, Failed, Field, Heading, Languages, Notice, Wait, html, say } from '../base/ui.js'
import { language, t } from '../base/words.js'
import { who, whoLook } from './office.js'
import { Copy } from './parts.js'
import { inWords } from './words_problems.js'

const CODE = /^[0-9A-Za-z]{12}$/

/** SignIn(): until `who` is somebody. */
export function SignIn() {
  const [key, setKey] = useState()
  const [why, setWhy] = useState(null)
  useEffect(() => {
    // made now, so that its text can be shown; it opens nothing before somebody lets it
    keyGet().then((k) => k ?? keyMake()).then(setKey, () => setWhy(new Error(t('storage_gone'))))
  }, [])
  return html`<main class="gate stack">
    <div class="row between"><strong>${t('office')}</strong><${Languages} /></div>
    <${Heading}>${t('sign_in')}</${Heading}>
    <p>${t('sign_in_lead')}</p>
    ${why && html`<${Failed} why=${why} />`}
    ${key ? html`<${WithCode} sign=${key} /><${InFile} hex=${key.hex} />` : !why && html`<${Wait} />`}
  </main>`
}

function WithCode({ sign }) {
  const [place, given] = useRoute()
  const [code, setCode] = useState(place === 'operator' ? given ?? '' : '')
  const [from, setFrom] = useState('operator')
  const [why, setWhy] = useState(null)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const enter = async (e) => {
    e.preventDefault()
    setWhy(null)
    setWrong('')
    if (!CODE.test(code.replace(/[\s-]/g, '')))
      return setWrong(t('code_short'))
    setBusy(true)
    try {
      await (from === 'operator' ? enrol(sign, code) : register(sign, code))
      keepStorage()
      const me = await whoLook()
      if (!me)
        return setWhy(new Error(t(from === 'operator' ? 'still_unknown' : 'owner_waits')))
      if (place === 'operator')
        goInstead('')
      say(t('welcome', { name: me.name }))
    } catch (reason) {
      setWhy(inWords(reason))
    }
    return setBusy(false)
  }
  return html`<${Card} title=${t('have_code')}>
    <form class="stack" onSubmit=${enter}>
      <fieldset><legend>${t('code_from')}</legend>
        ${['operator', 'owner'].map((k) => html`<label class="tick" key=${k}>
          <input type="radio" name="from" checked=${from === k} onChange=${() => setFrom(k)} />
          <span>${t(`code_${k}`)}</span></label>`)}</fieldset>
      <${Field} label=${t('code')} hint=${t(from === 'owner' ? 'code_owner_hint' : 'code_hint')}
        value=${code} error=${wrong} onInput=${setCode} autocomplete="one-time-code" maxlength="20"
        autocapitalize="characters" spellcheck=${false} />
      ${why && html`<${Failed} why=${why} />`}
      <${Button} kind="primary" class="wide" type="submit" busy=${busy}>${t('sign_in')}</${Button}>
    </form></${Card}>`
}

async function enrol(key, code) {
  return ask('/v1/operators/enrol', { json: { code, key: key.hex,
    token: base64url(await key.sign('office/operator')) } })
}

async function register(key, code) {
  return ask('/v1/register', { json: { code, key: key.hex, language: language(),
    token: base64url(await key.sign('office/register')) } })
}

function InFile({ hex }) {
  const [still, setStill] = useState(false)
  const [why, setWhy] = useState(null)
  const look = async () => {
    setStill(false)
    setWhy(null)
    try {
      setStill(!await whoLook())
    } catch (reason) {
      setWhy(reason)
    }
  }
  return html`<${Card} title=${t('my_key')}>
    <div class="stack"><p>${t('my_key_lead')}</p>
      <${Copy} label=${t('my_key_hex')} text=${hex} />
      <pre tabindex="0" aria-label="officed.conf">${`[operator NAMN]
key = ${hex}
rights = fleet members goods remote money pull
shops = *`}</pre>
      ${still && html`<${Notice} kind="warn">${t('still_unknown')}</${Notice}>`}
      ${why && html`<${Failed} why=${why} />`}
      <${Button} onPress=${look}>${t('my_key_done')}</${Button}></div></${Card}>`
}

/** Gate({children}): the page, once the office has said who we are. */
export function Gate({ children }) {
  const me = who.use()
  const [why, setWhy] = useState(null)
  const look = async () => {
    setWhy(null)
    try {
      if (!await keyGet())
        who.value = null
      else
        await whoLook()
    } catch (reason) {
      setWhy(reason)
    }
  }
  useEffect(() => { look() }, [])
  if (why)
    return html`<main class="gate stack"><${Heading}>${t('office')}</${Heading}>
      <${Failed} why=${why} onAgain=${look} /></main>`
  if (me === undefined)
    return html`<main class="gate"><${Heading}>${t('office')}</${Heading}><${Wait} /></main>`
  return me === null ? html`<${SignIn} />` : children()
}
