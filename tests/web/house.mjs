// house.mjs: the running shop, its office, and browsers in people's hands, for the tests of the pages.
//
//   const house = await openHouse({office: 'enrol'})
//   const anna = await house.browser({name: 'anna'})        a phone of her own, on the shop's Wi-Fi
//   await anna.page.goto(anna.home)
//   anna.road.go(null)                                      no net; 'shop', 'office' bring it back
//   house.scan('front', await anna.seen(anna.page.locator('.qr')))   what the scanner sees
//   await house.close()
//
// Nothing here reaches into a page: what a test does to one, a finger, a camera, a scanner, a clock
// or a cut net could do as well.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { filmNothing } from './camera.mjs'
import { codeOf } from './code_of.mjs'
import { Relay } from './relay.mjs'

const here = dirname(fileURLToPath(import.meta.url))
export { codeOf }
export const ROOT = resolve(here, '../..')
const require = createRequire(join(ROOT, 'src/web/package.json'))
const { chromium } = require('playwright-core')
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const SCREENS = join(ROOT, 'build/screens')
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3'
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** The pages under test, as `make web` leaves them. */
export const WEB = process.env.SHOP_WEB ?? join(ROOT, 'build/web')
const READY_MS = 60000 // a busy machine starts six programs
const LOOK_MS = 15000 // what a page should come to show

/** Kinds of glass: Playwright's own words for a page's size and touch. */
export const GLASS = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
    deviceScaleFactor: 2 },
  small: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true,
    deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 800 } },
  wide: { viewport: { width: 1600, height: 1000 } },
  kiosk: { viewport: { width: 1280, height: 800 }, hasTouch: true },
  kiosk_small: { viewport: { width: 800, height: 480 }, hasTouch: true },
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What axe is asked: everything; what a theme can change; all that a layout can; what a size can. */
export const RULES = {
  all: { runOnly: TAGS },
  colours: { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } },
  layout: { runOnly: TAGS, rules: { 'color-contrast': { enabled: false } } },
  sizes: { runOnly: { type: 'rule', values: ['target-size', 'scrollable-region-focusable'] } },
}
/** The pages' own layouts part there: tables become cards, what stands at the side goes to the foot. */
const NARROW_PX = 640
const isNarrow = (glass) => GLASS[glass].viewport.width <= NARROW_PX

/** Where a file's time went, in ms of its own clock; tests() says it. */
const spent = { houses: 0, browsers: 0, axe: 0, pictures: 0 }

/** f(), its time counted under this name. */
export async function counted(name, f) {
  const began = performance.now()
  try {
    return await f()
  } finally {
    spent[name] += performance.now() - began
  }
}

const SLOW_4G = { latency: 150, downloadThroughput: 200000, uploadThroughput: 94000 }
/** 10 Mbit/s and 20 ms: a cheap access point with a wall between. */
export const WIFI = { latency: 20, downloadThroughput: 1250000, uploadThroughput: 1250000 }

/** How many times more work this machine is asked for than it can do: times are held to so much. */
export const busyness = () => Math.max(1, loadavg()[0] / cpus().length)

/** Waits until f() is true (or gives something), looking again and again; fails by name. */
export async function until(f, what, ms = LOOK_MS) {
  const end = performance.now() + ms
  for (;;) {
    const is = await f()
    if (is)
      return is
    if (performance.now() > end)
      throw new Error(`${what}: not within ${ms} ms`)
    await new Promise((r) => { setTimeout(r, 20) })
  }
}

/**
 * openHouse({office, set, args, web}): a shop of its own on free ports. office: 'enrol' (the shop
 * belongs to it), 'beside', 'none'; set: lines of configuration, "shopd:hours:monday=…"; web: a
 * folder of pages of its own.
 */
export async function openHouse({ office = 'enrol', set = [], args = [], web = WEB } = {}) {
  const house = new House(office, web)
  houses.add(house)
  try {
    await counted('houses', () => house.start(set, args))
  } catch (why) {
    await house.close()
    throw why
  }
  return house
}

const houses = new Set() // that are open: none outlives its tests

class House {
  constructor(office, web) {
    this.office = office
    this.web = web
    this.state = mkdtempSync(join(tmpdir(), 'shop-web-'))
    this.people = []
    this.targets = {}
  }

  async start(set, args) {
    this.officeRoad = await new Relay(this.targets, 'office').listen()
    const settings = ['counterd:hosts=viken.localhost', `counterd:web=${this.web}`, ...set]
    if (this.office !== 'none')
      settings.push('officed:page_hosts={shop}.localhost', `officed:web=${this.web}`)
    if (this.office === 'enrol')
      settings.push(`counterd:office=http://127.0.0.1:${this.officeRoad.port}`)
    this.runner = spawn(PYTHON, [join(ROOT, 'tests/standin/run.py'), '--state', this.state,
      '--port', '0', '--office', this.office, ...settings.flatMap((s) => ['--set', s]), ...args],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    this.said = ''
    for (const out of [this.runner.stdout, this.runner.stderr])
      out.on('data', (d) => { this.said = (this.said + d).slice(-20000) })
    this.ended = new Promise((r) => { this.runner.on('exit', r) })
    let over = false
    this.ended.then(() => { over = true })
    const facts = join(this.state, 'run.json')
    await until(() => existsSync(facts) || over, 'the shop to be ready', READY_MS)
    if (over)
      throw new Error(`the shop did not start:\n${this.said}`)
    this.run = JSON.parse(readFileSync(facts, 'utf8'))
    this.targets.shop = Number(new URL(this.run.api).port)
    if (this.run.office)
      this.targets.office = Number(new URL(this.run.office).port)
    this.desk = new Desk(this.run)
  }

  /** shopctl's JSON; throws where it says no. */
  shopctl(...args) {
    const [program, ...before] = this.run.shopctl
    return JSON.parse(execFileSync(program, [...before, '--json', ...args],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) || 'null')
  }

  /** A finger on the simulated door: 'open', 'close', 'force', 'rex', 'tamper' … */
  sim(...what) {
    const [program, ...before] = this.run.shopctl
    execFileSync(program, [...before, 'sim', ...what], { stdio: 'pipe' })
  }

  /** Bytes from the scanner at the door ('front') or at the till. */
  scan(where, text) {
    writeFileSync(where === 'till' ? this.run.till_scanner : this.run.scanner, `${text}\r`)
  }

  /** Texts that left so far, the oldest first: {at, to, from, text}. */
  texts() {
    return readFileSync(this.run.sms, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l))
  }

  /** What the operator of the office does; throws where she is refused. */
  async operator(method, path, json, more = {}) {
    const answer = await this.desk.ask({ do: 'office', method, path, json, ...more })
    if (answer.status >= 300)
      throw new Error(`${method} ${path} -> ${answer.status} ${JSON.stringify(answer.json)}`)
    return answer.json
  }

  /** An invitation's code. */
  async invite(role = 'member', more = {}) {
    const made = await this.operator('POST', '/v1/invitations',
      { shop: this.run.shop, role, approved: true, ...more })
    return made.code
  }

  pid(program) {
    return JSON.parse(readFileSync(join(this.state, 'run/pids.json'), 'utf8'))[program]
  }

  console(program) {
    return readFileSync(join(this.state, 'log', `${program}.log`), 'utf8')
  }

  /**
   * browser({name, glass, dark, language, at}): a Chromium with storage, camera and net of its own.
   * at: 'shop' (the shop's Wi-Fi), 'office' (elsewhere), 'box' (the box's own screen). forgetful: it
   * keeps nothing for any page, as in a private window or in Lockdown Mode.
   */
  async browser({ name, glass = 'phone', dark = false, language = 'sv-SE', at = 'shop',
    forgetful = false } = {}) {
    const person = new Person(this, name ?? `p${this.people.length}`)
    this.people.push(person)
    await counted('browsers', () => person.open({ glass, dark, language, at, forgetful }))
    return person
  }

  async close() {
    houses.delete(this)
    for (const p of this.people)
      await p.close()
    this.desk?.close()
    if (this.runner && this.runner.exitCode === null) {
      this.runner.kill('SIGTERM')
      const late = setTimeout(() => this.runner.kill('SIGKILL'), 20000)
      await this.ended
      clearTimeout(late)
    }
    this.officeRoad?.close()
    rmSync(this.state, { recursive: true, force: true })
  }
}

class Desk {
  constructor(run) {
    const office = run.office ? [run.office, run.operator_key] : []
    this.process = spawn(PYTHON, [join(here, 'desk.py'), ...office],
      { stdio: ['pipe', 'pipe', 'inherit'] })
    this.waiting = []
    createInterface(this.process.stdout).on('line', (l) =>
      this.waiting.shift().done(JSON.parse(l)))
    this.process.on('exit', () => this.waiting.splice(0).forEach((w) =>
      w.failed(new Error('the desk has ended'))))
  }

  ask(what) {
    if (this.process.exitCode !== null)
      throw new Error('the desk has ended')
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed })
      this.process.stdin.write(`${JSON.stringify(what)}\n`)
    })
  }

  close() {
    this.process.stdin.end()
  }
}

/** "Block all cookies", set before the browser is first opened: Chromium then refuses IndexedDB,
 * localStorage and service workers too. */
function forget(folder) {
  mkdirSync(join(folder, 'Default'), { recursive: true })
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify(
    { profile: { default_content_setting_values: { cookies: 2 } } }))
}

/** Somebody with a screen. `page` is its page, `home` its address, `road` its net. */
class Person {
  constructor(house, name) {
    this.house = house
    this.name = name
    this.folder = join(house.state, `browser-${name}`)
    this.film = join(house.state, `camera-${name}.y4m`)
    this.wrong = []
    this.views = 0
  }

  async open({ glass, dark, language, at, forgetful }) {
    filmNothing(this.film)
    if (forgetful)
      forget(this.folder)
    this.road ??= await new Relay(this.house.targets, at === 'office' ? 'office' : 'shop').listen()
    this.home = at === 'box' ? `${this.house.run.api}/` : `http://viken.localhost:${this.road.port}/`
    this.how = { glass, dark, language, at, forgetful }
    this.context = await chromium.launchPersistentContext(this.folder, {
      executablePath: CHROMIUM, ...GLASS[glass], locale: language, timezoneId: 'Europe/Stockholm',
      colorScheme: dark ? 'dark' : 'light', permissions: ['camera', 'clipboard-write'],
      args: ['--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${this.film}`,
        '--autoplay-policy=no-user-gesture-required'],
    })
    this.page = this.context.pages()[0] ?? await this.context.newPage()
    this.page.setDefaultTimeout(LOOK_MS)
    this.page.on('pageerror', (why) => this.wrong.push(`error: ${why.message}`))
    this.page.on('console', (m) => {
      if (m.type() === 'error' && !/Failed to load resource|net::ERR/.test(m.text()))
        this.wrong.push(`console: ${m.text()}`)
    })
  }

  /** The app is closed and opened again; what it kept is there. */
  async reopen() {
    await this.context.close()
    await this.open(this.how)
  }

  /** What a scanner reads of this part of the screen; it fails when nothing can be read. */
  async seen(locator) {
    return codeOf(await locator.screenshot())
  }

  /** CPU and net of a plain phone: a quarter of this machine, 1.6 Mbit/s with 150 ms (Slow 4G).
   * slow(true, WIFI): the same phone on the shop's own Wi-Fi. */
  async slow(on = true, net = SLOW_4G) {
    const cdp = await this.context.newCDPSession(this.page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: on ? 4 : 1 })
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', on
      ? { offline: false, ...net }
      : { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  }

  /** No violation of WCAG 2.2 AA that axe knows, and nothing wrong on the console. `rules`: one of
   * RULES; the width is looked at always. */
  async well(what, rules = 'all') {
    const found = await counted('axe', () => this.axe(RULES[rules]))
    const said = found.map((v) =>
      `${v.id}: ${v.help}\n    ${v.nodes.slice(0, 3).map((n) => n.html).join('\n    ')}`)
    if (said.length)
      throw new Error(`${what}: ${said.join('\n')}`)
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth -
      document.documentElement.clientWidth)
    if (wide > 0)
      throw new Error(`${what}: ${wide} px wider than the screen`)
    if (this.wrong.length)
      throw new Error(`${what}: ${this.wrong.join('\n')}`)
  }

  /** What axe finds by these rules; it is brought into a page once. */
  async axe(rules) {
    if (!await this.page.evaluate(() => 'axe' in globalThis))
      await this.page.evaluate(AXE)
    return this.page.evaluate((o) => globalThis.axe.run(document, o).then((r) => r.violations),
      { ...rules, preload: false, resultTypes: ['violations'] })
  }

  /** shots('phone-door', ['phone', 'small']): this view in both themes and each glass, looked at by
   * well(), into build/screens/. Every rule is held against one glass, another one from view to view;
   * the other theme against the colours alone, and the other glasses against what a size can change:
   * a layout of its own against all but colours, else what is too small. */
  async shots(view, glasses = [this.how.glass], full = true) {
    mkdirSync(SCREENS, { recursive: true })
    const whole = glasses[this.views++ % glasses.length]
    const seen = new Set([isNarrow(whole)])
    for (const glass of [whole, ...glasses.filter((g) => g !== whole)]) {
      const other = seen.has(isNarrow(glass)) ? 'sizes' : 'layout'
      seen.add(isNarrow(glass))
      await this.page.setViewportSize(GLASS[glass].viewport)
      for (const theme of ['light', 'dark']) {
        const what = `${view} ${theme} ${glass}`
        await this.page.emulateMedia({ colorScheme: theme })
        await this.page.waitForTimeout(60) // a frame or two, for what follows a new size
        if (theme === 'light')
          await this.well(what, glass === whole ? 'all' : other)
        else if (glass === whole)
          await this.well(what, 'colours')
        await counted('pictures', () => this.page.screenshot({ fullPage: full, scale: 'css',
          path: join(SCREENS, `${view}-${theme}-${glass}.png`) }))
      }
    }
    await this.page.emulateMedia({ colorScheme: this.how.dark ? 'dark' : 'light' })
    await this.page.setViewportSize(GLASS[this.how.glass].viewport)
  }

  async close() {
    await this.context?.close().catch(() => {})
    this.road?.close()
  }
}

/** tests({test_name: async () => {…}}): runs them in order, one failing leaves the rest to run; closes
 * what houses are open, and ends with "N passed, N failed" and the exit code. */
export async function tests(all) {
  let [passed, failed] = [0, 0]
  const only = process.argv[2]
  for (const [name, f] of Object.entries(all)) {
    if (only && only !== name)
      continue
    const began = performance.now()
    try {
      await f()
      passed++
      console.log(`ok      ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    } catch (why) {
      failed++
      console.log(`FAILED  ${name}\n${why.stack}`)
    }
  }
  for (const house of [...houses])
    await house.close()
  console.log(`        of ${(performance.now() / 1000).toFixed(0)} s: ${Object.entries(spent)
    .map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ')}`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed ? 1 : 0)
}
