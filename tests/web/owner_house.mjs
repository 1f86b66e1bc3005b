// owner_house.mjs: a shop with its owner in it, for the tests of the owner's page: signing in as a
// person would, people who shop meanwhile, and a camera at the door.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, openHouse, until } from './house.mjs'

const PYTHON = process.env.PYTHON ?? '/usr/bin/python3'
export const EGGS = '7300156480903'
export const YOGURT = '7300156482709'

/** WEB=folder: the pages from there, while another page does not build. */
export async function openOwnerHouse({ set = [], ...more } = {}) {
  const web = process.env.WEB ? [`counterd:web=${process.env.WEB}`] : []
  const house = await openHouse({ ...more, set: [...web, ...(process.env.WEB && more.office !== 'none'
    ? [`officed:web=${process.env.WEB}`] : []), ...set] })
  return house
}

/** A camera at the door, until the test ends: lines of configuration. */
export async function openCamera() {
  const folder = mkdtempSync(join(tmpdir(), 'camera-'))
  const [port, secret] = [join(folder, 'port'), join(folder, 'secret')]
  writeFileSync(secret, 'hush-hush\n', { mode: 0o600 })
  const camera = spawn(PYTHON, [join(ROOT, 'tests/standin/camera.py'), '--port-file', port,
    '--user', 'eye', '--password', 'hush-hush'], { stdio: 'ignore' })
  await until(() => existsSync(port) && readFileSync(port, 'utf8').trim(), 'the camera')
  const at = `http://127.0.0.1:${readFileSync(port, 'utf8').trim()}/snapshot.jpg?channel=1&q=2`
  process.on('exit', () => {
    camera.kill()
    rmSync(folder, { recursive: true, force: true })
  })
  return Object.entries({ url: at, user: 'eye', password_file: secret })
    .map(([k, v]) => `courierd:camera front:${k}=${v}`)
}

/** Lets this browser's key in, by what its screen shows. A shop without an office. */
export async function letIn(house, person, role = 'owner') {
  await person.page.goto(`${person.home}owner`)
  await person.page.getByRole('button', { name: 'Gör en nyckel och visa den' }).click()
  const hex = await person.seen(person.page.locator('.key-qr svg'))
  house.shopctl('member', 'add', '--key', hex, '--role', role)
  await person.page.getByRole('heading', { name: 'Just nu', level: 1 }).waitFor()
}

/** Types an owner's code, and then name and address, which the office wants. */
export async function useCode(person, code, name = 'Anna Åkerström') {
  const { page } = person
  await page.getByLabel('Inbjudningskod').fill(code)
  await page.getByRole('button', { name: 'Använd koden' }).click()
  await page.getByLabel('Namn').fill(name)
  await page.getByLabel('Gatuadress').fill('Storgatan 1')
  await page.getByLabel('Postnummer').fill('263 62')
  await page.getByLabel('Ort').fill('Viken')
  await page.getByRole('button', { name: 'Använd koden' }).click()
  await page.getByRole('heading', { name: 'Just nu', level: 1 }).waitFor()
}

/** An owner's browser in a shop with an office. */
export async function owner(house, how = {}) {
  const person = await house.browser({ name: how.name ?? 'owner', glass: 'desktop', ...how })
  await person.page.goto(`${person.home}owner`)
  await useCode(person, await house.invite('owner'))
  return person
}

/** Goes to a view by the sections at the side, or beneath "more". */
export async function goTo(person, name) {
  const { page } = person
  const there = page.getByRole('navigation').getByRole('link', { name, exact: true })
  if (!await there.first().isVisible()) {
    await page.getByRole('navigation').getByRole('link', { name: 'Mer' }).click()
    await page.getByRole('main').getByRole('link', { name }).click()
  } else {
    await there.first().click()
  }
  await page.getByRole('heading', { name, level: 1 }).waitFor()
  await wordsAreThere(person)
}

/** No word is missing: one that is shows its key. */
export async function wordsAreThere(person) {
  const text = await person.page.locator('body').innerText()
  const missing = text.match(/\b[a-z]+(_[a-z0-9]+)+\b/g)
  if (missing)
    throw new Error(`words without a sentence: ${missing.join(', ')}`)
}

/** Somebody whose phone is a program, made a member; asks the shop's API as a phone would. */
export class Shopper {
  constructor(house, name) {
    this.house = house
    this.name = name
    this.keys = 0
  }

  async join() {
    const { hex } = await this.house.desk.ask({ do: 'phone', name: this.name })
    if (this.house.office === 'enrol')
      await this.house.operator('POST', '/v1/members', { shop: 'viken', key: hex })
    else
      this.house.shopctl('member', 'add', '--key', hex)
    return this
  }

  async ask(method, path, { json, token, bearer } = {}) {
    const headers = bearer ? { Authorization: `Bearer ${bearer}` } : {}
    let body
    if (token) {
      headers['Content-Type'] = 'application/cose'
      const { hex } = await this.house.desk.ask({ do: 'token', name: this.name, aud: token })
      body = Buffer.from(hex, 'hex')
    } else if (json) {
      headers['Content-Type'] = 'application/json'
      body = JSON.stringify(json)
    }
    const answer = await fetch(this.house.run.api + path, { method, headers, body })
    const said = await answer.json()
    if (!answer.ok)
      throw new Error(`${method} ${path} -> ${answer.status} ${JSON.stringify(said)}`)
    return said
  }

  /** Through the door; it is opened and shut behind. */
  async enter() {
    await until(async () => {
      try {
        return await this.ask('POST', '/v1/door/front/unlock', { token: 'viken/front' })
      } catch (why) {
        if (!/unknown_key/.test(why.message))
          throw why
        return null // the feed has not brought the key yet
      }
    }, `${this.name} to be let in`)
    // a door is open for longer than its contact needs to settle
    const stands = (how) => until(() => this.house.shopctl('door')[0].physical === how,
      `the door to be ${how}`)
    this.house.sim('open')
    await stands('open')
    this.house.sim('close')
    await stands('closed')
    return this
  }

  /** Buys these, a piece each, in the visit of now. */
  async buy(...gtins) {
    this.visit = await this.ask('POST', '/v1/visits', { token: 'viken/till' })
    for (const gtin of gtins)
      await this.ask('PUT', `/v1/visits/${this.visit.visit}/lines/${this.name}-${this.keys++}`,
        { json: { gtin }, bearer: this.visit.bearer })
    return this
  }

  leave() {
    return this.ask('POST', `/v1/visits/${this.visit.visit}/close`, { bearer: this.visit.bearer })
  }
}

/** Days of the shop: so many visits, deliveries and reports, its clock and the phones' so far back. */
export function days(house, back, visits, deliveries, reports) {
  execFileSync(PYTHON, [join(ROOT, 'tests/web/owner_days.py'), join(house.state, 'run.json'),
    '--back', back, '--members', visits > 2 ? 20 : 1, '--visits', visits,
    '--deliveries', deliveries, '--reports', reports].map(String))
}

const LISTS = { Händelser: 'timeline', Försäljning: 'sales', Lager: 'stock', Fakturor: 'invoices' }

/** Every list, with so many rows in it. */
export async function looks(person, rows, glasses) {
  for (const [name, view] of Object.entries(LISTS)) {
    await goTo(person, name)
    await until(async () => await person.page.locator('main .wait').count() === 0, `${name} to be there`)
    await wordsAreThere(person)
    await person.shots(`owner-${view}-${rows}`, glasses)
  }
}
