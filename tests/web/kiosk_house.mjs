// kiosk_house.mjs: a shop with its screens, for the kiosk's tests: what is held before the scanners,
// and what must hold of every view: capital letters of 7.3 mm, targets of 15 mm, nothing cut off.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { GLASS, ROOT, counted, openHouse } from './house.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3'
export const TILL = 'till1'
/** Articles of the list that every test shop has. */
export const EGGS = '7300156480903'
export const MILK = '7300156486325'
export const YOGURT = '7300156482709'
const CAPITAL_MM = 7.3
const TOUCH_MM = 15
const INCHES = 10.1
const MM_IN = 25.4

/** As long as names get. */
export const LONG =
  'Laktosfri ekologisk vispgräddsmellanmjölksyoghurt med skogsbärs- och jordgubbssmak storpack'
const LONGEST_WORD = 'Smörgåsgurksinläggningskryddblandning'

/** The 500 articles "Vara nummer 1" …, each with a right check digit. */
export function numbered(i) {
  const digits = `73${7000000000 + i}`.slice(0, 12)
  const sum = [...digits].reduce((n, d, at) => n + Number(d) * (at % 2 ? 3 : 1), 0)
  return `${digits}${(10 - sum % 10) % 10}`
}

/** A price list of 508: names of all lengths, a deposit, what may not be sold. */
export function goodsImport(house) {
  const list = join(house.state, 'goods.csv')
  writeFileSync(list, ['gtin,name,price,deposit,vat,class,state',
    `${EGGS},Ägg 12-pack,39.90,0,food,grocery,sold`,
    `${MILK},Mjölk 3 %,14.90,0,food,grocery,sold`,
    `${YOGURT},Turkisk yogurt,27.50,0,food,grocery,sold`,
    `7310865004703,${LONG},129.50,0,food,grocery,sold`,
    `7310865071781,${LONGEST_WORD},9.95,0,standard,household,sold`,
    '7310865000019,Läsk 33 cl,12.00,1.00,food,grocery,sold',
    '7310865000026,Återkallad korv,20.00,0,food,grocery,recalled',
    '7310865000033,Starköl,25.00,0,standard,alcohol,sold',
    ...Array.from({ length: 500 }, (_, i) =>
      `${numbered(i)},Vara nummer ${i + 1},${i + 5}.50,0,food,grocery,sold`)].join('\n'))
  house.shopctl('product', 'import', list)
}

/** WEB=folder: the pages from there, while another page does not build. */
export async function openKioskHouse({ set = [], ...more } = {}) {
  const web = process.env.WEB ? [`counterd:web=${process.env.WEB}`] : []
  const house = await openHouse({ office: 'none', set: [...web, ...set], ...more })
  house.codes = new Codes()
  const close = house.close.bind(house)
  house.close = () => {
    house.codes.close()
    return close()
  }
  return house
}

class Codes {
  constructor() {
    this.process = spawn(PYTHON, [join(here, 'kiosk_codes.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.waiting = []
    createInterface(this.process.stdout).on('line', (l) => this.waiting.shift()(JSON.parse(l)))
  }

  ask(what) {
    return new Promise((done) => {
      this.waiting.push(done)
      this.process.stdin.write(`${JSON.stringify(what)}\n`)
    })
  }

  close() {
    this.process.stdin.end()
  }
}

/** A member with a phone; -> customer. */
export async function member(house, name, ...more) {
  const { hex } = await house.codes.ask({ do: 'key', name })
  return house.shopctl('member', 'add', '--key', hex, ...more).customer
}

/** name's phone is held before the scanner at 'till' or 'front'. */
export async function show(house, name, where = 'till', more = {}) {
  const aud = `viken/${where === 'till' ? 'till' : where}`
  house.scan(where, (await house.codes.ask({ do: 'token', name, aud, ...more })).text)
}

/**
 * openKiosk(house, 'till/till1'): a browser of the box at that place. `kept` is what somebody has
 * answered at the screen's first start; `clock`: time that a test moves; `voices`: what a browser
 * with voices has, and what it was told to say (page.spoken()).
 */
export async function openKiosk(house, place, o = {}) {
  const k = await house.browser({ name: o.name, glass: o.glass ?? 'kiosk', at: 'box', dark: o.dark,
    language: o.language })
  k.spoken = []
  if (o.clock)
    await k.page.clock.install(o.clock === true ? {} : { time: o.clock })
  if (o.voices)
    await voicesPut(k, o.voices)
  await k.page.addInitScript((kept) => {
    if (!localStorage.getItem('kiosk'))
      localStorage.setItem('kiosk', JSON.stringify(kept))
  }, { headphones: true, ...o.kept })
  await k.page.goto(`${house.run.api}/kiosk#/${place}`)
  await k.page.locator('main:not(.is-away)').waitFor()
  k.at = (name) => shown(k, k.page.locator(`main.is-${name}`))
  k.press = (name) => k.page.getByRole('button', { name, exact: true }).tap()
  return k
}

/** Waits for it; where it does not come, says what is shown in its place. */
export function shown(k, locator) {
  return locator.waitFor().catch(async (why) => {
    const there = await k.page.locator('#page').innerText()
    throw new Error(`${why.message}\nshown: ${there}\nwrong: ${k.wrong}`)
  })
}

/** A box without a sound card has no voices: these are the browser's, not the page's, and what they
 * are told to say is written down. */
async function voicesPut(k, languages) {
  await k.context.exposeBinding('heard', (_, what) => { k.spoken.push(what) })
  await k.page.addInitScript((langs) => {
    const voices = langs.map((lang) => ({ lang, name: lang, localService: true }))
    class Utterance {
      constructor(text) {
        this.text = text
      }
    }
    const engine = { getVoices: () => voices, cancel: () => globalThis.heard({ hush: true }),
      addEventListener() {},
      speak: (u) => globalThis.heard({ text: u.text, lang: u.lang, volume: u.volume, rate: u.rate }) }
    Object.defineProperty(globalThis, 'speechSynthesis', { value: engine })
    globalThis.SpeechSynthesisUtterance = Utterance
  }, languages)
}

/** What was said since the last time. */
export function heard(k) {
  const words = k.spoken.splice(0).map((s) => s.text).filter(Boolean)
  return words.join(' | ')
}

/** The pixels of a millimetre on a 10.1-inch screen of this glass. */
function mm(glass) {
  const { width, height } = GLASS[glass].viewport
  return Math.hypot(width, height) / (INCHES * MM_IN)
}

/**
 * Every text that can be seen has capitals of 7.3 mm at least, measured as they are drawn; every
 * target is 15 mm; nothing is cut off sideways, and no words are hidden below an edge that cannot
 * be scrolled.
 */
export async function large(k, what, glass = k.how.glass) {
  const one = mm(glass)
  const wrong = await k.page.evaluate(([capital, touch]) => {
    const found = []
    const context = document.createElement('canvas').getContext('2d')
    const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.querySelector('main')
    const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.unseen')
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let n = walker.nextNode(); n; n = walker.nextNode()) {
      const e = n.parentElement
      if (!n.data.trim() || !seen(e))
        continue
      const s = getComputedStyle(e)
      context.font = `${s.fontStyle} ${s.fontWeight} ${s.fontSize} ${s.fontFamily}`
      const high = context.measureText('H').actualBoundingBoxAscent
      if (high < capital)
        found.push(`capitals of ${high.toFixed(1)} px, wanted ${capital.toFixed(1)}: ${n.data.trim()}`)
    }
    for (const e of root.querySelectorAll('button, input, a[href]')) {
      const r = e.getBoundingClientRect()
      if (seen(e) && (r.width < touch - 0.5 || r.height < touch - 0.5))
        found.push(`a target of ${r.width.toFixed(0)} x ${r.height.toFixed(0)} px: ` +
          e.outerHTML.slice(0, 90))
      if (seen(e) && e.scrollWidth > e.clientWidth + 1)
        found.push(`cut off sideways: ${e.textContent}`)
    }
    for (const e of root.querySelectorAll('p, h1, h2, li, dt, dd, .tools, .own, .right, .left')) {
      const r = e.getBoundingClientRect()
      if (seen(e) && r.width > 0 && (r.right > innerWidth + 1 || r.left < -1))
        found.push(`past the screen's edge: ${e.textContent.slice(0, 60)}`)
    }
    for (const e of root.querySelectorAll('.left, .right, .words, .paper, .grave, .body, .own'))
      if (seen(e) && e.scrollWidth > e.clientWidth + 1)
        found.push(`wider than its place: ${e.className}: ${e.textContent.slice(0, 60)}`)
    return found
  }, [CAPITAL_MM * one, TOUCH_MM * one])
  if (wrong.length)
    throw new Error(`${what}: ${wrong.join('\n    ')}`)
}

/** This view in light, dark and high contrast, and on the small glass: looked at by axe and large(). */
export async function looks(k, view, glasses = ['kiosk', 'kiosk_small']) {
  mkdirSync(join(ROOT, 'build/screens'), { recursive: true })
  for (const glass of glasses) {
    await k.page.setViewportSize(GLASS[glass].viewport)
    const { width, height } = GLASS[glass].viewport
    await k.page.waitForTimeout(60) // a frame or two, for what follows a new size
    await large(k, `${view} ${glass}`, glass)
    for (const theme of ['light', 'dark', 'contrast']) {
      await k.page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' })
      const on = (await k.page.evaluate(() => document.documentElement.dataset.contrast)) === 'high'
      if (on !== (theme === 'contrast'))
        await k.page.keyboard.press('F3')
      if (glass === glasses[0]) // what axe sees is the same on the smaller one
        await k.well(`${view} ${theme} ${glass}`, theme === 'light' ? 'all' : 'colours')
      await counted('pictures', () => k.page.screenshot({ path: join(ROOT, 'build/screens',
        `kiosk-${view}-${theme}-${width}x${height}.png`) }))
    }
    await k.page.keyboard.press('F3')
    await k.page.emulateMedia({ colorScheme: 'light' })
  }
  await k.page.setViewportSize(GLASS[k.how.glass].viewport)
  await k.page.waitForTimeout(60)
}
