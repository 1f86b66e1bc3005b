// test_kiosk_care.mjs: the kiosk for whoever comes: time enough, speech with its private half, a finger
// that explores, and nothing of one person left for the next. The clock is the browser's, moved by
// hand; the voices are a stand-in for a browser's, which a box without a sound card has none of.
import assert from 'node:assert/strict'
import { tests, until } from './house.mjs'
import { EGGS, MILK, TILL, heard, large, looks, member, openKiosk, openKioskHouse, show, shown }
  from './kiosk_house.mjs'

const house = await openKioskHouse()
await member(house, 'anna', '--limit', '5000')
/** Waits until these words have been spoken since forget(). */
const said = (k, words) => until(() => {
  k.all = [k.all, heard(k)].filter(Boolean).join(' | ')
  return words.test(k.all)
}, `to be told ${words}`, 8000).catch((why) => {
  throw new Error(`${why.message}; heard: ${k.all}`)
})
const forget = (k) => {
  heard(k)
  k.all = ''
}

async function time_to_spare() {
  const k = await openKiosk(house, `till/${TILL}`, { name: 'time', clock: true })
  await show(house, 'anna')
  await k.at('basket')
  house.scan('till', MILK)
  await k.page.getByText('1 × Coop Mjölk').waitFor()
  await k.press('English')
  await k.page.keyboard.press('F3')
  const question = k.page.getByRole('dialog', { name: 'Still there?' })
  for (let i = 0; i < 11; i++) { // ten times at least
    await k.page.clock.fastForward(61000)
    await question.waitFor()
    await until(async () => /in (30|29|28) seconds/.test(await question.innerText()), 'thirty seconds')
    if (i === 0) {
      await large(k, 'the question')
      await k.well('the question')
      await k.page.screenshot({ path: 'build/screens/kiosk-time-contrast-1280x800.png' })
    }
    await k.page.clock.fastForward(21000) // twenty seconds to react are not all of them
    assert.ok(await question.isVisible())
    if (i % 3 === 0)
      await k.page.keyboard.press('a')
    else if (i % 3 === 1)
      await k.page.touchscreen.tap(5, 5)
    else {
      const box = await k.page.getByRole('button', { name: 'I need more time' }).boundingBox()
      await k.page.touchscreen.tap(box.x + 20, box.y + 20)
    }
    await question.waitFor({ state: 'hidden' })
    await k.at('basket') // the key, or the touch, did nothing else
  }
  // a scan is somebody too
  await k.page.clock.fastForward(61000)
  await question.waitFor()
  house.scan('till', EGGS)
  await question.waitFor({ state: 'hidden' })
  await k.page.getByText('1 × Ägg').waitFor()
  // and nobody at all
  await k.page.clock.fastForward(61000)
  await question.waitFor()
  await k.page.clock.fastForward(31000)
  await k.at('idle')
  assert.equal(await k.page.locator('html').getAttribute('lang'), 'sv')
  assert.equal(await k.page.locator('html').getAttribute('data-contrast'), 'plain')
  assert.equal(await k.page.getByText('Mjölk').count(), 0)
  const visit = house.shopctl('visit')[0]
  assert.equal(visit.state ?? 'open', 'open') // the visit is hers still, the till is not
  house.scan('till', MILK)
  await k.page.getByText('Visa först din kod').waitFor()
  await show(house, 'anna')
  await k.page.getByText('1 × Ägg').waitFor()
  assert.deepEqual(k.wrong, [])
  await k.press('Lämna')
  await k.at('idle')
  await resting(k)
  await k.close()
}

async function resting(k) {
  await k.page.clock.fastForward(125000)
  await shown(k, k.page.locator('main.rest'))
  await large(k, 'at rest')
  await k.well('at rest')
  const place = () => k.page.locator('.wander').boundingBox()
  const before = await place()
  await k.page.screenshot({ path: 'build/screens/kiosk-rest-till-1280x800.png' })
  await k.page.clock.fastForward(31000)
  await until(async () => (await place()).x !== before.x, 'the words to wander')
  await k.page.touchscreen.tap(600, 400)
  await k.at('idle')
}

/** The door's code is there for whoever comes in the night. */
async function resting_door() {
  const k = await openKiosk(house, 'door/front', { name: 'night', clock: true })
  await k.page.clock.fastForward(125000)
  await shown(k, k.page.locator('main.rest'))
  await k.page.locator('.rest .qr').waitFor({ timeout: 40000 })
  await k.page.screenshot({ path: 'build/screens/kiosk-rest-door-1280x800.png' })
  assert.match(await k.seen(k.page.locator('.rest .qr')), /^SKN1:/)
  await large(k, 'the door at rest')
  await k.well('the door at rest')
  await show(house, 'anna', 'front')
  await k.at('verdict')
  assert.deepEqual(k.wrong, [])
  await k.close()
}

async function no_voice() {
  const k = await openKiosk(house, `till/${TILL}`, { name: 'mute', kept: { headphones: false } })
  await k.page.keyboard.press('F1')
  await k.page.getByText('Skärmen har ingen röst för svenska').waitFor()
  assert.equal(await k.page.getByText('Hörlurar').count(), 0) // nothing here would be private
  await looks(k, 'speech-none')
  await k.page.keyboard.press('Escape')
  await k.press('Hjälp')
  await looks(k, 'help')
  await k.page.getByText('Hjälp 1 av 3').tap()
  await large(k, 'help 2')
  await k.page.getByText('Hjälp 2 av 3').tap()
  await k.page.getByText('F1 tal').waitFor()
  await large(k, 'help 3')
  await k.press('Tillbaka')
  await k.at('idle')
  assert.deepEqual(k.wrong, [])
  await k.close()
}

async function aloud() {
  const k = await openKiosk(house, `till/${TILL}`, { name: 'aloud', voices: ['sv-SE', 'en-GB'] })
  await k.page.keyboard.press('F1')
  await k.page.getByRole('dialog').waitFor()
  assert.equal(heard(k), '') // nothing is spoken that nobody asked for
  await k.page.keyboard.press('Enter')
  await said(k, /Talet är på, i högtalaren/)
  forget(k)
  await k.page.keyboard.press('F1')
  await said(k, /Handla här.*Visa din kod eller ditt kort.*English.*Kontrast/)
  await show(house, 'anna')
  await k.at('basket')
  forget(k)
  house.scan('till', MILK)
  await said(k, /Varan är köpt/)
  await k.page.keyboard.press('F1')
  await said(k, /Rad 1/)
  await k.page.keyboard.press('ArrowRight')
  await until(() => k.spoken.length, 'the control that has the focus')
  await k.page.waitForTimeout(300)
  k.all += heard(k)
  for (const secret of [/Mjölk/, /\d+,\d\d/])
    assert.doesNotMatch(k.all, secret) // names and amounts are not for the room
  forget(k)
  await k.page.keyboard.press('F2')
  await said(k, /./)
  assert.ok(k.spoken.length === 0 || k.spoken)
  await headphones(k)
  await k.close()
}

async function headphones(k) {
  await k.press('Tal') // with speech on the first tap explores
  await said(k, /Tal, knapp/)
  await k.press('Tal')
  await k.page.getByRole('dialog').waitFor()
  forget(k)
  await k.page.keyboard.press('ArrowRight')
  await k.page.keyboard.press('ArrowRight')
  await said(k, /Hörlurar.*Sätt i dem/)
  const way = k.page.locator('.choice', { hasText: 'Hörlurar' })
  await way.focus()
  await k.page.keyboard.press('Enter')
  await said(k, /i hörlurarna/)
  forget(k)
  house.scan('till', EGGS)
  await said(k, /Köpt: Ägg, \d+,\d\d.kr. Summa \d+,\d\d.kr/)
  forget(k)
  await k.page.keyboard.press('F1')
  await said(k, /Mjölk.*\d+,\d\d.kr/)
  await louder(k)
  await k.page.keyboard.press('F4')
  await said(k, /English/)
  forget(k)
  await k.page.keyboard.press('F2')
  await said(k, /English/)
  // the person goes, and so does all of it
  await k.page.getByRole('button', { name: 'Leave' }).focus()
  await k.page.keyboard.press('Enter')
  await k.at('idle')
  await until(async () => (await k.page.locator('html').getAttribute('lang')) === 'sv', 'Swedish again')
  forget(k)
  await k.page.keyboard.press('ArrowRight')
  await k.page.keyboard.press('F2')
  await k.page.waitForTimeout(300)
  assert.equal(heard(k), '')
  assert.deepEqual(k.wrong, [])
}

async function louder(k) {
  await k.page.getByRole('button', { name: 'Tal' }).focus()
  await k.page.keyboard.press('Enter')
  await k.page.getByRole('dialog').waitFor()
  await looks(k, 'speech')
  const press = async (name) => {
    await k.page.getByRole('button', { name, exact: true }).focus()
    k.spoken.splice(0)
    await k.page.keyboard.press('Enter')
    await until(() => k.spoken.some((s) => s.text), `something after ${name}`)
    return k.spoken.findLast((s) => s.text)
  }
  assert.ok((await press('Lägre')).volume < 1)
  assert.ok((await press('Fortare')).rate > 1)
  assert.ok(k.spoken.some((s) => s.hush)) // what was being said is interrupted
  await k.page.keyboard.press('Escape')
  await k.at('basket')
}

async function explored() {
  const k = await openKiosk(house, `till/${TILL}`, { name: 'finger', voices: ['sv-SE'] })
  // a finger that rests three seconds begins speech, anywhere
  await k.page.mouse.move(640, 300)
  await k.page.mouse.down()
  await k.page.getByRole('dialog').waitFor()
  await k.page.mouse.up()
  await k.page.locator('.choice', { hasText: 'Högtalare' }).tap()
  await said(k, /Talet är på/)
  forget(k)
  const help = k.page.getByRole('button', { name: 'Hjälp' })
  await help.tap()
  await said(k, /Hjälp, knapp/)
  assert.equal(await k.page.getByRole('dialog').count(), 0) // told, not pressed
  await k.press('Kontrast')
  await said(k, /Kontrast, knapp, av/)
  assert.notEqual(await k.page.locator('html').getAttribute('data-contrast'), 'high')
  await k.press('Kontrast')
  await until(async () => (await k.page.locator('html').getAttribute('data-contrast')) === 'high',
    'the second tap to press it')
  assert.deepEqual(k.wrong, [])
  await k.close()
}

async function pin_unspoken() {
  const { hex } = await house.codes.ask({ do: 'key', name: 'office' })
  const customer = await member(house, 'guest')
  house.shopctl('pass', 'key', '--key', hex)
  const pass = await house.codes.ask({ do: 'pass', shop: 'viken', customer })
  house.shopctl('pass', 'pin', pass.cti, '8362')
  const k = await openKiosk(house, 'door/front', { name: 'pin', voices: ['sv-SE'] })
  await k.page.keyboard.press('F1')
  await k.page.getByRole('dialog').waitFor()
  await k.page.keyboard.press('Enter')
  await said(k, /Talet är på/)
  house.scan('front', pass.text)
  await k.at('pin')
  await said(k, /PIN-kod, tack/)
  forget(k)
  await k.page.keyboard.type('8362')
  await said(k, /4 siffror/)
  assert.doesNotMatch(k.all.replace(/\d siffr/g, ''), /\d/)
  await k.page.keyboard.press('Enter')
  await said(k, /Välkommen in/)
  assert.deepEqual(k.wrong, [])
  await k.close()
}

await tests({ time_to_spare, resting_door, no_voice, aloud, explored, pin_unspoken,
  close: () => house.close() })
