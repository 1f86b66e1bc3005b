// shop_remote.js: words to a shop's doors, while they are worth it (a minute), and what came of each.
import { useEffect, useState } from 'preact/hooks'
import { Badge, Button, Card, Field, Notice, Sure, Table, html, say } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { isFresh } from './fleet_state.js'
import { fleet } from './fleet_store.js'
import { may, office, onceKey } from './office.js'
import { Paged, Pick, useNow, useWork, word } from './parts.js'
import { usePaged } from './paged.js'

const VERBS = ['release', 'lock', 'unlock', 'prop', 'lockdown']
const GRAVE = ['unlock', 'lockdown']
const LOOK_MS = 1500
const KIND = { done: 'ok', refused: 'alarm', expired: 'warn', waiting: 'info' }

export function ShopRemote({ s }) {
  const list = usePaged(`/v1/shops/${s.shop}/commands`, {}, 'commands', { limit: 50 })
  return html`<div class="stack"><${DoorDo} s=${s} onSent=${list.again} />
    <${Card} title=${t('commands_title')} aside=${html`<${Button} kind="quiet"
      onPress=${list.again}>${t('refresh')}</${Button}>`}>
    <${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('commands_title')} rows=${rows}
      onMore=${list.onMore} id=${(c) => c.command} empty=${t('commands_none')} columns=${[
        { head: t('what'), main: true, cell: (c) => html`<span>${word('verb', c.verb)}
          <span class="sub">${[c.door, c.setting && `${c.setting} = ${c.value}`,
            c.hold_minutes && `${c.hold_minutes} min`].filter(Boolean).join(' · ')}</span></span>` },
        { head: t('state'), cell: (c) => html`<${CommandState} of=${c} onOver=${() => {}} />` },
        { head: t('made_by'), cell: (c) => c.made_by },
        { head: t('when'), num: true, cell: (c) => moment(c.made_at) },
      ]} />`}</${Paged}></${Card}></div>`
}

function DoorDo({ s, onSent }) {
  const doors = s.seen.said?.doors.map((d) => d.door) ?? []
  const [door, setDoor] = useState('')
  const [minutes, setMinutes] = useState('30')
  const [sure, setSure] = useState('')
  const [run, why] = useWork()
  const now = useNow()
  const { round_ms } = fleet.use()
  if (!may('remote', s.shop))
    return html`<${Notice}>${t('not_yours')}</${Notice}>`
  const at = door || doors[0] || ''
  const send = async (verb) => {
    setSure('')
    const hold = verb === 'prop' ? { hold_minutes: Number(minutes) } : {}
    if (await run(() => office(`/v1/shops/${s.shop}/commands`, { json: { verb, door: at, ...hold,
      key: onceKey() } })))
      say(t('command_made'))
    await onSent()
  }
  const minutesRight = /^\d{1,3}$/.test(minutes) && Number(minutes) >= 1 && Number(minutes) <= 720
  return html`<${Card} title=${t('door_do')}><div class="stack">
    ${!isFresh(s, now, round_ms) && html`<${Notice} kind="warn">${t('silent_now')}</${Notice}>`}
    <div class="pair">${doors.length > 1
    ? html`<${Pick} label=${t('door_which')} value=${at} onPick=${setDoor}
        options=${doors.map((d) => [d, d])} />`
    : html`<${Field} label=${t('door_which')} value=${at} onInput=${(v) => setDoor(v.trim())}
      maxlength="16" />`}
      <${Field} label=${t('minutes')} hint=${t('minutes_hint')} inputmode="numeric" value=${minutes}
        maxlength="3" onInput=${setMinutes} error=${minutesRight ? '' : t('minutes_hint')} /></div>
    <ul class="rows">${VERBS.map((verb) => html`<li key=${verb} class="row between">
      <span>${t(`says_${verb}`)}</span>
      <${Button} kind=${verb === 'lockdown' ? 'danger' : 'plain'}
        disabled=${!at || (verb === 'prop' && !minutesRight)}
        onPress=${() => (GRAVE.includes(verb) ? setSure(verb) : send(verb))}>
        ${t(`verb_${verb}`)}</${Button}></li>`)}</ul>${why}
    ${sure && html`<${Sure} title=${t(`verb_${sure}`)} yes=${t(`verb_${sure}`)} danger
      onClose=${() => setSure('')} onYes=${() => send(sure)}>
      <p><strong>${s.title || s.shop}, ${at}</strong></p><p>${t(`says_${sure}`)}</p></${Sure}>`}
  </div></${Card}>`
}

/** CommandState({of, onOver}): a command's outcome, followed until there is one. */
export function CommandState({ of, onOver }) {
  const [now, setNow] = useState(of)
  useEffect(() => {
    let [timer, here] = [0, true]
    const look = async () => {
      try {
        const c = await office(`/v1/shops/${of.shop}/commands/${of.command}`)
        if (!here)
          return
        setNow(c)
        if (c.state !== 'waiting')
          return onOver?.()
      } catch {
        // it is asked again: what the shop does of it does not hang on our asking
      }
      if (here)
        timer = setTimeout(look, LOOK_MS)
      return undefined
    }
    setNow(of)
    if (of.state === 'waiting')
      timer = setTimeout(look, LOOK_MS)
    return () => {
      here = false
      clearTimeout(timer)
    }
  }, [of.shop, of.command, of.state])
  return html`<span role="status"><${Badge} kind=${KIND[now.state] ?? 'info'}>
    ${word('command', now.state)}</${Badge}></span>`
}
