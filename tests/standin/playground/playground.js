// playground.js: hands and eyes. What a button does is one word to the playground's server; what is
// seen comes back as the state of the house, each time that something in it has changed.
import { barcodeDrawn, houseDrawn } from './drawn.js'
import { has, language, locale, otherLanguage, t } from './words.js'

// A dozen of the demo catalogue.
const GOODS = [
  ['7300156480903', 'Ägg'], ['7310865075192', 'Laktosfri mellanmjölk'],
  ['7310865095466', 'Grekisk yoghurt'], ['7310865066756', 'Kaffegrädde'],
  ['7318690058755', 'Ströbröd'], ['7318690084938', 'Rågbröd'], ['7311143350703', 'Surdegsknäcke'],
  ['7350024340044', 'Penne pasta'], ['7300200374004', 'Varmkorv'],
  ['7310511212100', 'Mörk choklad'], ['7310040027503', 'Kexchoklad'], ['7300400380102', 'Popcorn'],
]
const COME_BACK_MS = 2000
const TIME_ZONE = 'Europe/Stockholm' // the shop's, as run.py configures it: its texts tell its hours
const $ = (id) => document.getElementById(id)
const drawn = houseDrawn()
let state = null
let shownTexts = ''

/** An element: el('li', {class: 'x'}, 'text', child). */
function el(name, with_ = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(with_)) {
    if (key.startsWith('on'))
      made.addEventListener(key.slice(2), value)
    else
      made.setAttribute(key, value)
  }
  made.append(...children)
  return made
}

function say(text, bad = false) {
  $('said').textContent = text
  $('said').classList.toggle('bad', bad)
}

/** What it answered; null when it was refused, which is said. */
async function act(what, with_ = {}) {
  try {
    const answer = await fetch('/do', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ do: what, ...with_ }),
    })
    const value = await answer.json()
    say(answer.ok ? t('done') : value.why, !answer.ok)
    return answer.ok ? value : null
  } catch {
    say(t('lost'), true)
    return null
  }
}

// --- what is seen

function showDoor() {
  const { parts, says } = state
  const forced = says?.alarm === 'forced'
  drawn.show(parts, forced)
  const words = t('house', { door: t(parts.contact ? 'is_open' : 'is_closed'),
    strike: t(parts.strike ? 'strike_on' : 'strike_off') })
  drawn.root.setAttribute('aria-label', words)
  $('door-words').textContent = words + (parts.buzzer ? ` ${t('buzzes')}` : '')
  const pill = $('door-says')
  pill.textContent = !says ? '' : says.alarm === 'normal' ? t(`mode_${says.mode}`) : t(`alarm_${says.alarm}`)
  pill.className = `pill ${says && says.alarm !== 'normal' ? 'bad' : ''}`
}

/** The code in a text, which answers it. */
const codeIn = (text) => /\b\d{4,6}\b/.exec(text.replace(/\d\d:\d\d/g, ''))?.[0]

function showTexts() {
  const texts = JSON.stringify([state.texts, language()])
  if (texts === shownTexts)
    return
  shownTexts = texts
  $('texts-lead').textContent = t('texts_lead', { phone: state.owner_phone })
  const rows = state.texts.map((m) => {
    const code = m.to === state.owner_phone ? codeIn(m.text) : null
    return el('li', {}, el('p', { class: 'meta' }, `${clock(m.at)} · ${m.to}`), el('p', {}, m.text),
      ...(code ? [el('button', { type: 'button', class: 'quiet', onclick: () => answer(code) },
        t('use_code', { code }))] : []))
  })
  $('texts').replaceChildren(...(rows.length ? rows : [el('li', { class: 'none' }, t('no_texts'))]))
  $('texts').scrollTop = $('texts').scrollHeight
}

const clock = (at) => new Date(at).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit',
  second: '2-digit', timeZone: TIME_ZONE })

function reading(s) {
  if (s.on !== null)
    return t(s.on ? 'wet' : 'dry')
  return s.value_milli === null ? '–'
    : `${(s.value_milli / 1000).toLocaleString(locale())} ${s.unit}`
}

function showSensors() {
  const focused = document.activeElement?.dataset?.sensor
  $('sensors').replaceChildren(...state.sensors.map((s) => {
    const name = has(`sensor_${s.sensor}`) ? t(`sensor_${s.sensor}`) : s.sensor
    const step = (by) => String((s.value_milli ?? 0) / 1000 + by)
    const hand = (label, said, value) => el('button', { type: 'button', 'aria-label': label,
      'data-sensor': `${s.sensor}${said}`,
      onclick: () => act('sensor', { sensor: s.sensor, value }) }, said)
    return el('li', {}, el('span', {}, name),
      el('strong', { class: s.state === 'ok' ? '' : 'bad' }, reading(s)),
      el('span', { class: 'soft' }, t(`state_${s.state}`)),
      el('span', { class: 'row' }, ...(s.on === null
        ? [hand(t('colder', { name }), '−', step(-5)), hand(t('warmer', { name }), '+', step(5))]
        : [hand(t(s.on ? 'make_dry' : 'make_wet'), t(s.on ? 'make_dry' : 'make_wet'),
          s.on ? 'off' : 'on')])))
  }))
  if (focused)
    document.querySelector(`[data-sensor="${CSS.escape(focused)}"]`)?.focus()
}

function showLog() {
  $('alarms').replaceChildren(...(state.alarms.length ? state.alarms : [null]).map((a) => (a
    ? el('li', { class: a.acknowledged_by ? '' : 'bad' },
      el('strong', {}, t('alarm', { n: a.alarm, what: has(`alarm_${a.condition}`)
        ? t(`alarm_${a.condition}`) : a.condition.replaceAll('_', ' ') })), ' ',
      a.acknowledged_by ? t('acknowledged', { by: a.acknowledged_by }) : t('not_acknowledged'))
    : el('li', { class: 'none' }, t('no_alarms')))))
  const log = $('log')
  const below = log.scrollHeight - log.scrollTop - log.clientHeight < 40
  log.replaceChildren(...state.log.map((row) => el('li', {}, el('time', {}, clock(row.at)), ' ',
    row.text)))
  if (!state.log.length)
    log.append(el('li', { class: 'none' }, t('no_log')))
  if (below)
    log.scrollTop = log.scrollHeight
}

function showLinks() {
  const { links } = state
  $('links').replaceChildren(...['phone', 'kiosk', 'owner', 'office'].filter((name) => links[name])
    .map((name) => el('a', { href: links[name], target: '_blank', rel: 'noopener' }, t(name))))
  $('invite').hidden = !state.office_there
  for (const one of document.querySelectorAll('[data-invite]'))
    one.hidden = one.dataset.invite !== 'operator' && !state.enrolled
  document.querySelector('[data-say="let_in_lead"]').textContent =
    t(state.enrolled ? 'let_in_office' : 'let_in_lead')
}

function show() {
  $('up').textContent = t(state.up ? 'shop_up' : 'shop_down')
  $('up').className = `pill ${state.up ? 'good' : 'bad'}`
  $('net').setAttribute('aria-pressed', String(!state.net))
  showDoor()
  showTexts()
  showSensors()
  showLog()
  showLinks()
}

function sayAll() {
  document.documentElement.lang = language()
  document.title = t('title')
  for (const one of document.querySelectorAll('[data-say]'))
    one.textContent = t(one.dataset.say)
  for (const one of document.querySelectorAll('[data-label]'))
    one.setAttribute('aria-label', t(one.dataset.label))
  $('language').textContent = t('language')
  if (state)
    show()
}

// --- what is done

async function answer(text) {
  if (await act('answer', { text }))
    say(t('answered', { what: text }))
}

async function scan(at, text, what) {
  if (await act('scan', { at, text }))
    say(t('scanned', { what }))
}

function whenSent(form, fn) {
  $(form).addEventListener('submit', (event) => {
    event.preventDefault()
    fn(event)
  })
}

for (const one of document.querySelectorAll('[data-hand]'))
  one.addEventListener('click', async () => {
    const { hand } = one.dataset
    if (!await act('hand', { hand }) && hand === 'open' && state?.up)
      say(t('wont_open'), true)
  })
for (const one of document.querySelectorAll('[data-anna]'))
  one.addEventListener('click', async () => {
    if (await act('anna', { at: one.dataset.anna }))
      say(t('anna_shown'))
  })
for (const at of ['door', 'till'])
  whenSent(`scan-${at}`, () => scan(at, $(`at-${at}`).value, $(`at-${at}`).value.slice(0, 24)))
whenSent('answer', () => answer($('code').value))
whenSent('let-in', async (event) => {
  const role = event.submitter?.value || 'member'
  if (await act('let_in', { key: $('key').value, role })) {
    $('key').value = ''
    say(t('let_in_done'))
  }
})
for (const one of document.querySelectorAll('[data-invite]'))
  one.addEventListener('click', async () => {
    const made = await act('invite', { role: one.dataset.invite })
    if (made)
      $('invited').prepend(el('p', {}, `${t(`invited_${one.dataset.invite}`)}: `,
        el('code', {}, made.code), ' ',
        el('a', { href: made.link, target: '_blank', rel: 'noopener' }, made.link)))
  })
$('power').addEventListener('click', () => act('power'))
$('net').addEventListener('click', () => act('net', { on: !state.net }))
$('language').addEventListener('click', () => {
  otherLanguage()
  sayAll()
})
$('goods').append(...GOODS.map(([gtin, name]) => el('li', {}, el('button', { type: 'button',
  onclick: () => scan('till', gtin, name) }, barcodeDrawn(gtin), el('span', {}, name)))))
$('house').append(drawn.root)

function listen() {
  const events = new EventSource('/events')
  events.onmessage = (event) => {
    state = JSON.parse(event.data)
    show()
  }
  events.onerror = () => {
    events.close()
    $('up').textContent = t('lost')
    $('up').className = 'pill bad'
    setTimeout(listen, COME_BACK_MS)
  }
}

sayAll()
listen()
