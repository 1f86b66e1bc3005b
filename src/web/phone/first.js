// first.js: the shop's first hour. A box that has no owner shows a code on its own screen; the phone that
// reads it makes its key, and with one press that key is the owner's. The code holds once: an answer
// that was lost on the way is asked for again, and a phone that is the owner by then is told so.
import './words_first.js'
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../base/api.js'
import { keepStorage } from '../base/db.js'
import { place, placeLook } from '../base/place.js'
import { Button, Card, Field, Heading, html, Languages, Notice } from '../base/ui.js'
import { known, t } from '../base/words.js'
import { Form } from './form.js'
import { keyWanted, memberSet, storage } from './member.js'

const CODE_MAX = 40
const BUSY_S = 60 // where the box does not say how long

/** As it is asked for: what a person put in to read it by is not part of it. */
const codeIn = (text) => text.replace(/[\s‐‑-]/g, '').toUpperCase().slice(0, CODE_MAX)

/** Whether this key is the owner's already: then the shop signs it in. */
async function isOwner(key) {
  const p = place.value ?? await placeLook()
  return ask('/v1/session', { token: await key.sign(`${p?.shop}/owner`) }).then(() => true, () => false)
}

/** Throws the Problem that stands in the way. */
async function firstOwner(code) {
  const key = await keyWanted()
  try {
    await ask('/v1/first-owner', { json: { code, key: key.hex } })
  } catch (why) {
    // the answer to an earlier press may have been lost
    if ((why.code !== 'has_owner' && why.code !== 'unknown_code') || !await isOwner(key))
      throw why
  }
  keepStorage()
  await memberSet({ state: 'live', by: 'owner', at: new Date().toISOString() })
}

/** A refusal in words of what to do now; too many wrong codes are waited for. */
function Refused({ why, left }) {
  const text = why.code === 'busy' ? (left > 0 ? t('first_busy', { s: why.retry_s ?? BUSY_S })
    : t('first_wait_over'))
    : known(`first_${why.code}`) ? t(`first_${why.code}`) : why.message
  return html`<${Notice} kind=${why.code === 'busy' && left === 0 ? 'info' : 'alarm'}
    title=${t('first_no')}>${text}</${Notice}>`
}

/** Seconds until it may be tried again. */
function useWait(why) {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (why?.code !== 'busy') {
      setLeft(0)
      return undefined
    }
    const end = performance.now() + (why.retry_s ?? BUSY_S) * 1000
    const look = () => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000)))
    look()
    const timer = setInterval(look, 500)
    return () => clearInterval(timer)
  }, [why])
  return left
}

function Ask({ given, onDone }) {
  const [text, setText] = useState(given)
  const [wrong, setWrong] = useState(null)
  const [why, setWhy] = useState(null)
  const [tried, setTried] = useState(null)
  const left = useWait(why)
  const waits = left > 0 && text === tried // a right code is taken at once, whoever guesses meanwhile
  const send = async () => {
    const code = codeIn(text)
    setWrong(code ? null : t('first_code_none'))
    if (!code || waits)
      return
    setTried(text)
    try {
      await firstOwner(code)
      onDone()
    } catch (problem) {
      if (!storage.value)
        setWhy(problem)
    }
  }
  const heading = html`<div class="topline"><${Languages} /></div>
    <${Heading}>${t('first_title')}</${Heading}>`
  if (why?.code === 'has_owner') // nothing to be tried here any more
    return html`${heading}<${Refused} why=${why} /><p></p>
      <a class="button wide" href="#/join">${t('first_on')}</a>`
  return html`${heading}<p>${t('first_text')}</p>
    ${why && html`<${Refused} why=${why} left=${left} /><p></p>`}
    <${Card}><${Form} onSend=${send} word=${t('first_go')} wait=${waits}>
      ${given && !why ? html`<p class="big-code long">${given}</p>`
    : html`<${Field} label=${t('first_code')} hint=${t('first_code_hint')} value=${text}
        error=${wrong} onInput=${setText} autocomplete="one-time-code" autocapitalize="characters"
        spellcheck=${false} maxlength=${CODE_MAX} />`}
      <p class="soft small">${t('first_mine')}</p></${Form}></${Card}>`
}

function Done() {
  useEffect(() => { document.querySelector('h1')?.focus() }, [])
  return html`<${Heading}>${t('first_done')}</${Heading}>
    <${Card}><${Notice} kind="ok">${t('first_done_text')}</${Notice}>
      <p></p><p>${t('first_second')}</p>
      <div class="stack"><a class="button primary large wide" href="/owner">${t('first_owner')}</a>
        <a class="button wide" href="#/door">${t('first_door')}</a></div></${Card}>`
}

export default function First({ parts }) {
  const [done, setDone] = useState(false)
  const given = (parts[0] ?? '').trim().slice(0, CODE_MAX)
  return done ? html`<${Done} />` : html`<${Ask} key=${given} given=${given}
    onDone=${() => setDone(true)} />`
}
