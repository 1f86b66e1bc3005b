// test_kiosk_door.mjs: the screen beside the door: its code, every verdict that a shop's scanner can
// bring about, the PIN of a pass, and how the door stands; beside one till on the same screen too.
import assert from 'node:assert/strict'
import { GLASS, codeOf, tests, until } from './house.mjs'
import { MILK, TILL, large, looks, member, openKiosk, openKioskHouse, show, shown } from './kiosk_house.mjs'

const house = await openKioskHouse()
const anna = await member(house, 'anna')
const k = await openKiosk(house, 'door/front', { name: 'door' })
const seen = async () => codeOf(await k.page.locator('.code .qr').screenshot())
/** A verdict with this heading and these words, and it goes by itself. */
async function verdict(title, words, picture) {
  await shown(k, k.page.locator('main.is-verdict').filter({ hasText: title }).filter({ hasText: words }))
  assert.equal(await k.page.locator('main.is-verdict .grave > svg').count(), 1) // a sign, not colour alone
  await large(k, title)
  if (picture)
    await looks(k, picture)
}
const over = () => k.at('door')

async function first_start() {
  const f = await house.browser({ name: 'first', glass: 'kiosk', at: 'box' })
  await f.page.goto(`${house.run.api}/kiosk`)
  f.press = (name) => f.page.getByRole('button', { name, exact: true }).tap()
  await f.page.getByText('Var hänger skärmen?').waitFor()
  assert.ok(await f.page.getByRole('button', { name: 'Vidare' }).isDisabled())
  await f.press('Vid dörren front')
  await f.press('Ja')
  await f.press('10,1 tum')
  await looks(f, 'setup')
  await f.press('Vidare')
  await f.page.locator('main.is-door').waitFor()
  await f.reopen()
  await f.page.goto(`${house.run.api}/kiosk`)
  await f.page.locator('main.is-door').waitFor()
  // a smaller screen has the same letters in millimetres: more pixels each
  await f.page.keyboard.press('F10')
  const before = await f.page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))
  await f.page.getByRole('button', { name: '7 tum', exact: true }).tap()
  await until(async () => await f.page.evaluate(() =>
    parseFloat(getComputedStyle(document.documentElement).fontSize)) > before * 1.4, 'larger letters')
  await f.page.setViewportSize(GLASS.kiosk_small.viewport)
  await f.press('Vidare')
  await f.page.locator('main.is-door .qr').waitFor()
  await f.well('seven inches')
  await f.page.screenshot({ path: 'build/screens/kiosk-door-7in.png' })
  assert.match(await f.seen(f.page.locator('.code .qr')), /^SKN1:/) // whole, not cut by an edge
  assert.deepEqual(f.wrong, [])
  await f.close()
}

async function code() {
  await over()
  await looks(k, 'door')
  const challenge = await seen()
  assert.match(challenge, /^SKN1:/)
  const { text } = await house.codes.ask({ do: 'answer', name: 'anna', challenge })
  house.scan('front', text)
  await verdict('Välkommen in!', 'dra i handtaget')
  house.sim('open')
  await over()
  await k.page.getByText('Dörren är öppen').waitFor()
  house.sim('close')
  await k.page.getByText('Dörren är låst').waitFor()
  // used once: there is another one at once
  await until(async () => (await seen()) !== challenge, 'a new code')
  house.scan('front', (await house.codes.ask({ do: 'answer', name: 'anna', challenge })).text)
  await verdict('Äldre skärmkod', 'äldre bild')
  await k.press('OK')
  await over()
  await k.page.getByText('Nyss: Äldre skärmkod').waitFor()
}

async function refusals() {
  const wrong = (name) => show(house, 'anna', 'front', { wrong: name })
  await show(house, 'anna', 'front')
  await verdict('Välkommen in!', 'dra i handtaget', 'admitted')
  house.scan('front', 'SK1:NOTHING')
  await verdict('Ingen dörrkod', 'Öppna appen', 'refused')
  await show(house, 'nobody', 'front')
  await verdict('Okänd telefon', 'Registrera den')
  await wrong('stolen_kid')
  await verdict('Koden stämmer inte', 'visa en ny kod')
  await wrong('life_of_121')
  await verdict('Gammal app', 'Uppdatera appen')
  await wrong('stale')
  await verdict('Koden har gått ut', 'Visa en ny kod')
  await wrong('from_the_future')
  await verdict('Gäller inte än', 'telefonens klocka')
  const { text } = await house.codes.ask({ do: 'token', name: 'anna', aud: 'viken/back' })
  house.scan('front', text)
  await verdict('Fel dörr eller butik', 'Välj rätt dörr')
  house.shopctl('member', 'block', anna)
  await show(house, 'anna', 'front')
  await verdict('Medlemskapet är spärrat', 'Kontakta')
  await k.page.keyboard.press('F4')
  await verdict('Membership blocked', 'contact the shop')
  await k.page.keyboard.press('F4')
  house.shopctl('member', 'unblock', anna)
  const began = performance.now()
  house.scan('front', 'SK1:NOTHING')
  await verdict('Ingen dörrkod', 'Öppna appen')
  await over()
  const shown = (performance.now() - began) / 1000
  assert.ok(shown > 3.5 && shown < 6.5, `a verdict stood for ${shown.toFixed(1)} s`)
}

async function states() {
  await k.page.goto(`${house.run.api}/kiosk#/door/front`)
  house.shopctl('door', 'lockdown')
  await k.page.getByText('Stängt för alla').waitFor()
  assert.equal(await k.page.locator('.code').count(), 0)
  await looks(k, 'lockdown')
  await show(house, 'anna', 'front')
  await verdict('Stängt för alla', 'låst för alla')
  house.shopctl('door', 'lock')
  await k.press('OK')
  house.shopctl('door', 'prop', '1')
  await k.page.getByText('uppställd en stund').waitFor()
  await large(k, 'propped')
  house.shopctl('door', 'lock')
  await k.page.getByText('Dörren är låst').waitFor()
  house.sim('force')
  await k.page.getByText('Larm vid dörren').waitFor()
  await looks(k, 'forced')
  house.sim('close')
}

/** Left open for longer than eight seconds: whoever stands there is asked to shut it. */
async function held() {
  await k.page.goto(`${house.run.api}/kiosk#/door/front`)
  await over()
  await show(house, 'anna', 'front')
  await verdict('Välkommen in!', 'upplåst')
  house.sim('open')
  await shown(k, k.page.getByText('Stäng dörren, tack'))
  assert.match(await seen(), /^SKN1:/) // who comes meanwhile is let in all the same
  await looks(k, 'held')
  house.sim('close')
  await k.page.getByText('Håll telefonens kod').waitFor()
  assert.equal(await k.page.getByText('Stäng dörren').count(), 0)
}

/** On every screen of the shop, whatever somebody is doing there; and her basket is there afterwards. */
async function fire() {
  await k.page.goto(`${house.run.api}/kiosk#/door/front`)
  await over()
  const till = await openKiosk(house, `till/${TILL}`, { name: 'till', clock: true })
  await show(house, 'anna')
  await till.at('basket')
  house.scan('till', MILK)
  await till.page.getByText('1 × Coop Mjölk').waitFor()
  await till.press('Hjälp')
  await till.page.getByRole('dialog').waitFor()
  house.sim('fire')
  for (const screen of [k, till]) {
    await shown(screen, screen.page.locator('main.is-fire').filter({ hasText: 'Brandlarm: gå ut' }))
    await screen.page.getByText('Dörren är upplåst', { exact: true }).waitFor()
    assert.equal(await screen.page.locator('.qr, dialog').count(), 0)
  }
  await looks(k, 'fire')
  await till.page.clock.fastForward(40000) // a screen that says so neither asks nor rests
  await till.page.clock.fastForward(40000)
  assert.ok(await till.page.locator('main.is-fire').isVisible())
  assert.equal(await till.page.getByRole('dialog').count(), 0)
  house.sim('open')
  await k.page.getByText('Dörren är öppen').waitFor()
  house.sim('close')
  house.sim('unfire')
  await over()
  await till.page.getByText('1 × Coop Mjölk').waitFor()
  assert.deepEqual(till.wrong, [])
  await till.close()
}

async function pin() {
  const { hex } = await house.codes.ask({ do: 'key', name: 'office' })
  house.shopctl('pass', 'key', '--key', hex)
  const pass = await house.codes.ask({ do: 'pass', shop: 'viken', customer: anna })
  house.shopctl('pass', 'pin', pass.cti, '4711')
  const entered = async (digits, how) => {
    house.scan('front', pass.text)
    await k.at('pin')
    await how(digits)
  }
  const fingers = async (digits) => {
    for (const d of digits)
      await k.press(d)
    await k.press('Klar')
  }
  await entered('47', async () => {
    await k.press('4')
    await k.page.keyboard.press('7')
    assert.ok(await k.page.getByRole('button', { name: 'Klar' }).isDisabled())
    assert.match(await k.page.locator('.dots').innerText(), /^●●○○$/) // never the digits
    assert.equal(await k.page.locator('main').innerText().then((s) => /47/.test(s)), false)
    await looks(k, 'pin')
    await k.press('Tillbaka')
    await over()
  })
  await entered('1234', fingers)
  await verdict('Fel PIN-kod', 'Försök igen')
  await entered('4711', async (digits) => {
    await k.page.keyboard.type(digits)
    await k.page.keyboard.press('Enter')
  })
  await verdict('Välkommen in!', 'upplåst')
  await over()
}

async function both() {
  await k.page.goto(`${house.run.api}/kiosk#/both/front/${TILL}`)
  await k.page.getByText('Vid kassan').waitFor()
  await looks(k, 'both')
  await show(house, 'anna')
  await k.at('basket')
  await k.press('Lämna')
  await over()
}

async function elsewhere() {
  await k.page.goto(`${house.run.api}/kiosk#/door/nowhere`)
  await k.page.getByText('Fel plats').waitFor()
  await looks(k, 'wrong-place')
  await k.press('Välj igen')
  await k.at('setup')
  assert.deepEqual(k.wrong, [])
}

await tests({ first_start, code, refusals, pin, both, held, states, fire,
  elsewhere, close: () => house.close() })
