// me.js: the member's own page: who the office takes her for, her phones, and what she may ask of what
// is known about her. The office is asked; the shop's box knows no names.
import './words_join.js'
import './words_me.js'
import { useState } from 'preact/hooks'
import { officeAt, place, reach } from '../base/place.js'
import { Age, Badge, Button, Card, Dialog, Field, Heading, html, Money, Notice, say, Tick, useAsked,
  Wait } from '../base/ui.js'
import { language, setLanguage, t } from '../base/words.js'
import { About } from './about.js'
import { Form } from './form.js'
import { Keys } from './keys.js'
import { member, memberTake, office } from './member.js'
import { MyData } from './my_data.js'
import { officeSays } from './said.js'

const LANGUAGES = ['sv', 'en']

function Email({ me, onChange, onClose }) {
  const [text, setText] = useState(me.email ?? '')
  const [error, setError] = useState(null)
  const send = async () => {
    const email = text.trim()
    if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      setError(t('join_email_wrong'))
      return
    }
    try {
      await onChange({ email: email || null })
      onClose()
    } catch (why) {
      setError(officeSays(why))
    }
  }
  return html`<${Dialog} title=${t('me_change_email')} onClose=${onClose}>
    <${Form} onSend=${send} word=${t('save')}><${Field} type="email" label=${t('me_email')}
      value=${text} onInput=${setText} error=${error} autocomplete="email" /></${Form}></${Dialog}>`
}

function Facts({ me, at, change }) {
  const [email, setEmail] = useState(false)
  const [why, setWhy] = useState(null)
  const tick = (on) => change({ mail_invoices: on }).then(() => setWhy(null), setWhy)
  const row = (name, value) => html`<div class="fact"><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<${Card} title=${me.name ?? t('me_member')} aside=${html`<${Age} at=${at} />`}>
    ${me.overdue && html`<${Notice} kind="alarm">${t('me_overdue')}</${Notice}><p></p>`}
    <dl class="facts">
      ${row(t('me_email'), me.email ?? t('me_no_email'))}
      ${me.owed_minor !== null && row(t('me_owed'), html`<${Money} minor=${me.owed_minor}
        currency=${me.currency} />`)}
      ${row(t('me_credit'), me.credit_limit_minor === null ? t('me_no_limit')
        : html`<${Money} minor=${me.credit_limit_minor} currency=${me.currency} />`)}
      ${row(t('me_shops'), me.shops.map((s) => s.title).join(', '))}</dl>
    <${Tick} label=${t('me_mail')} checked=${me.mail_invoices} disabled=${!me.email} onChange=${tick} />
    ${why && html`<p class="error small" role="alert">${officeSays(why)}</p>`}
    <${Button} class="wide" onPress=${() => setEmail(true)}>${t('me_change_email')}</${Button}>
    ${email && html`<${Email} me=${me} onChange=${change} onClose=${() => setEmail(false)} />`}
  </${Card}>`
}

function Language({ onChange }) {
  const choose = (l) => {
    setLanguage(l)
    onChange?.({ language: l }).catch(() => {}) // the office writes in it too, when it next can
  }
  return html`<${Card} title=${t('me_language')}><fieldset class="choice">
    <legend class="unseen">${t('me_language')}</legend>
    ${LANGUAGES.map((l) => html`<label key=${l} lang=${l}><input type="radio" name="language"
      checked=${l === language()} onChange=${() => choose(l)} /><span>${t(`me_${l}`)}</span></label>`)}
  </fieldset></${Card}>`
}

function AtOffice() {
  const road = reach.use()
  const asked = useAsked(async () => {
    const me = await office('/v1/me')
    if (me.state !== member.value.state)
      await memberTake(me)
    return me
  }, [road])
  const [now, setNow] = useState(null)
  const me = now ?? asked.value
  const change = async (what) => {
    setNow(await office('/v1/me', { method: 'PUT', json: what }))
    say(t('me_saved'))
  }
  return html`${asked.why && html`<${Notice} kind="warn">${asked.why.status === 0 ? t('me_far')
    : asked.why.code === 'unauthorized' ? t('wait_gone') : officeSays(asked.why)}
      <${Button} kind="quiet" onPress=${asked.again}>${t('again')}</${Button}></${Notice}>`}
    ${me ? html`<${Facts} me=${me} at=${asked.at} change=${change} />`
    : asked.busy && html`<${Card}><${Wait} /></${Card}>`}
    <${Language} onChange=${me && change} />
    ${me && html`<${Keys} /><${MyData} />`}`
}

export default function Me() {
  const p = place.use()
  const has = p?.here === 'office' || officeAt()
  return html`<${Heading} aside=${p?.shop && html`<${Badge}>${p.shop}</${Badge}>`}>${t('me_title')}
    </${Heading}>
    <div class="stack">
      ${has ? html`<${AtOffice} />` : html`<${Notice}>${t('me_no_office')}</${Notice}><${Language} />`}
      <${About} /></div>`
}
