// test_kiosk_heal.mjs: nobody stands beside the kiosk to press reload. Programs are killed and stopped,
// the page is loaded anew in the middle of a visit, and breaks: each time it says what to do and is
// back by itself, with the same visit.
import assert from 'node:assert/strict'
import { tests, until } from './house.mjs'
import { EGGS, MILK, TILL, large, looks, member, openKiosk, openKioskHouse, show } from './kiosk_house.mjs'

const AWAY_MS = 40000
const house = await openKioskHouse()
await member(house, 'anna', '--limit', '5000')
const k = await openKiosk(house, `till/${TILL}`, { name: 'heal' })
const away = () => k.page.getByText('Ett ögonblick').waitFor({ timeout: AWAY_MS })
const milk = () => k.page.getByText('1 × Coop Mjölk').waitFor({ timeout: AWAY_MS })

const back = (program, before) => until(() => {
  const now = house.pid(program)
  return now && now !== before
}, `${program} to be started again`, AWAY_MS)

async function reloaded() {
  await show(house, 'anna')
  await k.at('basket')
  house.scan('till', MILK)
  await milk()
  await k.page.reload()
  await milk()
  assert.equal(await k.page.locator('.lines > li').count(), 1)
}

/** Stopped, so that the runner has nothing to start again: the sockets stay, and answer nothing. */
async function stopped() {
  process.kill(house.pid('counterd'), 'SIGSTOP')
  await away()
  await k.page.getByText('skriv upp det du tar på en lapp').waitFor()
  await looks(k, 'away-till')
  // the scanner is shopd's, and it is well: what is scanned now is bought
  house.scan('till', EGGS)
  process.kill(house.pid('counterd'), 'SIGCONT')
  await milk()
  await k.page.getByText('1 × Ägg').waitFor()
}

async function killed() {
  for (const program of ['counterd', 'shopd']) {
    const before = house.pid(program)
    process.kill(before, 'SIGKILL')
    await back(program, before)
    if (program === 'counterd')
      await milk()
  }
  // shopd keeps no till: whoever stood there shows the code again, and the basket is there
  await k.page.locator('main.is-idle').waitFor({ timeout: AWAY_MS })
  // (what was signed before the restart is refused for ten seconds, which the screen says)
  await until(async () => {
    await show(house, 'anna')
    await k.page.locator('main.is-verdict, main.is-basket').waitFor()
    if (await k.page.locator('main.is-basket').count())
      return true
    await k.page.getByText('Vänta på ny kod').waitFor()
    await k.press('OK')
    await k.page.waitForTimeout(1000)
    return false
  }, 'the basket', AWAY_MS)
  await milk()
  await k.page.getByText('1 × Ägg').waitFor()
}

async function broken() {
  const fault = () => k.page.evaluate(() => { setTimeout(() => { throw new Error('a cosmic ray') }) })
  const loaded = k.page.waitForEvent('load')
  await fault()
  await k.page.locator('.moment').waitFor()
  await k.page.screenshot({ path: 'build/screens/kiosk-moment-1280x800.png' })
  await large(k, 'one moment')
  await loaded
  await milk()
  // the second time it waits longer, and while the box is away it does not try
  process.kill(house.pid('counterd'), 'SIGSTOP')
  let loads = 0
  k.page.on('load', () => loads++)
  await fault()
  await k.page.locator('.moment').waitFor()
  await k.page.waitForTimeout(5000)
  assert.equal(loads, 0)
  assert.ok(await k.page.locator('.moment').isVisible())
  process.kill(house.pid('counterd'), 'SIGCONT')
  await until(() => loads > 0, 'to be loaded', AWAY_MS)
  await milk()
  k.wrong.splice(0, Infinity, ...k.wrong.filter((w) => !/cosmic ray/.test(w)))
  assert.deepEqual(k.wrong, [])
  await k.press('Lämna')
  await k.at('idle')
}

async function door_away() {
  await k.page.goto(`${house.run.api}/kiosk#/door/front`)
  await k.at('door')
  const before = house.pid('shopd')
  process.kill(before, 'SIGKILL')
  await back('shopd', before)
  await k.page.locator('.code .qr').waitFor({ timeout: AWAY_MS })
  process.kill(house.pid('counterd'), 'SIGSTOP')
  await away()
  await k.page.getByText('Ut kommer man alltid').waitFor()
  await looks(k, 'away-door')
  await large(k, 'the box is away')
  process.kill(house.pid('counterd'), 'SIGCONT')
  await k.page.locator('.code .qr').waitFor({ timeout: AWAY_MS })
}

/** The box died between the page and its script. */
async function half_loaded() {
  const h = await openKiosk(house, `till/${TILL}`, { name: 'half' })
  await h.page.route(/assets\/kiosk-.*js/, (r) => r.abort(), { times: 1 })
  await h.page.reload()
  await h.page.getByText('Ett ögonblick').waitFor()
  await h.page.locator('main.is-idle').waitFor({ timeout: AWAY_MS })
  await h.page.waitForTimeout(17000) // and it stays, now that it is whole
  assert.equal(await h.page.evaluate(() => performance.now() > 16000), true)
  await h.close()
}

async function nightly() {
  const n = await openKiosk(house, `till/${TILL}`, { name: 'night', clock: '2026-11-22T14:20:00Z' })
  await n.at('idle')
  let loads = 0
  n.page.on('load', () => loads++)
  await n.page.clock.fastForward('02:00:00') // five in the afternoon: no
  await n.page.clock.fastForward(61000)
  await n.page.waitForTimeout(500)
  assert.equal(loads, 0)
  await n.page.clock.fastForward('10:00:00') // half past three in the night
  await n.page.clock.fastForward(61000)
  await n.page.clock.fastForward(1000)
  await until(() => loads === 1, 'the nightly reload')
  await n.page.locator('main:not(.is-away)').waitFor()
  await n.close()
}

await tests({ reloaded, stopped, killed, broken, door_away, half_loaded, nightly,
  close: () => house.close() })
