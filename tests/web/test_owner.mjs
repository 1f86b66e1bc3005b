// test_owner.mjs: the owner's page in a shop without an office: the key is let in by what the screen
// shows, an alarm is answered from the link in its text, a door is told what to do, goods are scanned.
import assert from 'node:assert/strict'
import { filmGtin } from './camera.mjs'
import { tests, until } from './house.mjs'
import { EGGS, Shopper, YOGURT, goTo, letIn, openCamera, openOwnerHouse } from './owner_house.mjs'

const house = await openOwnerHouse({ office: 'none', set: await openCamera(), args: ['--playground'] })
const shown = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor()
const LINK = /INBROTT.*(https?:\/\/\S+\/a\/\d+)/
let anna

/** The link in the text about a broken door, as a finger on a phone would follow it. */
async function linkInText() {
  const text = await until(() => house.texts().find((x) => LINK.test(x.text)), 'the text')
  return new URL(LINK.exec(text.text)[1]).pathname.slice(1)
}

await tests({
  async test_a_stranger_is_nobody() {
    const eva = await house.browser({ name: 'eva', glass: 'small' })
    await eva.page.goto(`${eva.home}owner`)
    await shown(eva.page, 'Den här webbläsaren är ny här')
    await eva.shots('owner-enter', ['small', 'desktop'])
    // as a member she is somebody, and still no owner
    await eva.page.getByRole('button', { name: 'Gör en nyckel och visa den' }).click()
    const hex = await eva.seen(eva.page.locator('.key-qr svg'))
    await eva.shots('owner-enter-key', ['small'])
    house.shopctl('member', 'add', '--key', hex)
    await shown(eva.page, 'Inte ägarens nyckel')
    await eva.shots('owner-not-owner')
    await eva.close()
  },

  async test_the_key_is_let_in() {
    anna = await house.browser({ name: 'anna', glass: 'phone' })
    await letIn(house, anna)
    await anna.page.reload()
    await shown(anna.page, 'Just nu')
  },

  async test_an_alarm_from_its_text() {
    house.sim('force')
    const link = await linkInText()
    await anna.reopen() // the phone lay on the bedside table
    const { page } = anna
    await page.goto(anna.home + link)
    await shown(page, /Dörren är uppbruten\s· front/)
    const picture = page.getByRole('img', { name: /Bild från kameran front/ }).first()
    await picture.waitFor()
    assert.ok(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth > 0)))
    await anna.shots('owner-alarm', ['phone', 'small', 'desktop'])
    await page.getByRole('button', { name: /Bild från kameran front/ }).first().click()
    await page.getByRole('dialog').getByRole('img').waitFor()
    await anna.shots('owner-picture', ['phone', 'desktop'], false)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /Jag tar hand om det/ }).click()
    await page.getByText(/Kvitterat av .*\(ägare\)/).waitFor()
    const [alarm] = house.shopctl('alarm', 'list').filter((a) => a.condition === 'forced')
    assert.match(alarm.acknowledged_by, /^owner-/)
    house.sim('close')
    await page.getByText(/Gick över/).waitFor()
  },

  async test_the_link_signs_in_first() {
    const bo = await house.browser({ name: 'bo', glass: 'phone' })
    await bo.page.goto(`${bo.home}${await linkInText()}`)
    await shown(bo.page, 'Den här webbläsaren är ny här')
    await bo.page.getByRole('button', { name: 'Gör en nyckel och visa den' }).click()
    house.shopctl('member', 'add', '--key', await bo.seen(bo.page.locator('.key-qr svg')),
      '--role', 'owner')
    await shown(bo.page, /Dörren är uppbruten\s· front/)
    await bo.close()
  },

  async test_who_is_inside_and_what_came_of_it() {
    const { page } = anna
    await goTo(anna, 'Just nu')
    const lena = await new Shopper(house, 'lena').join()
    await lena.enter()
    await page.getByText('1 person inne').waitFor()
    await lena.buy(EGGS, YOGURT)
    await page.getByText('2 varor').waitFor()
    await anna.shots('owner-now', ['phone', 'small', 'desktop'])
    await lena.leave()
    await page.getByText('Ingen är inne.').waitFor()
    await goTo(anna, 'Händelser')
    await page.getByText('inte fakturerat än').waitFor()
    await anna.shots('owner-timeline', ['phone', 'desktop'])
    await page.locator('.event.visit').getByRole('link').first().click()
    await page.getByText('Dörren front öppnades').waitFor()
    await page.getByText('Besöket slutade: avslutat i appen').waitFor()
    await page.getByRole('img', { name: /Bild från kameran front/ }).first().waitFor()
    await anna.shots('owner-visit', ['phone', 'desktop'])
    await page.getByRole('button', { name: /Kreditera Ägg|Kreditera Turkisk/ }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Varför').selectOption('goodwill')
    await dialog.getByRole('button', { name: 'Kreditera', exact: true }).click()
    await page.getByText('krediterad', { exact: true }).waitFor()
  },

  async test_a_word_to_the_door() {
    const { page } = anna
    await goTo(anna, 'Just nu')
    const press = async (name) => {
      await page.getByRole('button', { name, exact: true }).click()
      return page.getByRole('dialog')
    }
    let ask = await press('Spärra …')
    await ask.getByText(/ingen släpps in, inte heller du/).waitFor()
    await anna.shots('owner-lockdown', ['phone', 'small'], false)
    await ask.getByRole('button', { name: 'Avbryt' }).click()
    assert.equal(house.shopctl('door')[0].mode, 'locked')
    ask = await press('Spärra …')
    await ask.getByRole('button', { name: 'Spärra', exact: true }).click()
    await page.getByText('spärrad, ingen släpps in').waitFor()
    assert.equal(house.shopctl('door')[0].mode, 'lockdown')
    ask = await press('Åter till vanligt')
    await ask.getByRole('button', { name: 'Åter till vanligt' }).click()
    await page.getByText(/, låst/).waitFor()
    ask = await press('Håll öppen …')
    await ask.getByLabel('Hur länge').selectOption('5')
    await ask.getByRole('button', { name: 'Håll öppen' }).click()
    await page.getByText('hålls öppen en stund').waitFor()
    ask = await press('Lås')
    await ask.getByRole('button', { name: 'Lås' }).click()
    await until(() => house.shopctl('door')[0].mode === 'locked', 'the door to lock')
  },

  async test_a_delivery_by_camera_and_by_hand() {
    const { page } = anna
    await goTo(anna, 'Lager')
    await page.getByRole('link', { name: 'Ta emot leverans' }).click()
    await shown(page, 'Ta emot leverans')
    filmGtin(anna.film, EGGS)
    await page.getByRole('button', { name: 'Läs med kameran' }).click()
    await page.getByRole('heading', { name: 'Ägg' }).waitFor({ timeout: 30000 })
    await page.getByRole('button', { name: 'Stäng kameran' }).click()
    // a hand scanner types, and ends with Enter
    const code = page.getByLabel('Streckkod')
    await code.pressSequentially('(01)07300156482709(10)L77(17)261130')
    await code.press('Enter')
    await page.getByRole('heading', { name: 'Turkisk yogurt' }).waitFor()
    assert.equal(await page.getByLabel('Parti').first().inputValue(), 'L77')
    await code.pressSequentially('7300156480904')
    await code.press('Enter')
    await page.getByText('7300156480904 är ingen streckkod').waitFor()
    await page.reload() // what is not saved yet stays
    await page.getByRole('heading', { name: 'Turkisk yogurt' }).waitFor()
    await anna.shots('owner-goods', ['phone', 'small', 'desktop'])
    await page.getByLabel('Antal').nth(1).fill('12')
    await page.getByRole('button', { name: 'Spara 2 varor' }).click()
    await page.getByText('2 varor sparade').waitFor()
    await page.goto(`${anna.home}owner#/article/${EGGS}`)
    await page.getByText('leverans').first().waitFor()
    await anna.shots('owner-article', ['phone', 'desktop'])
  },

  async test_the_net_goes_and_comes() {
    const { page } = anna
    await goTo(anna, 'Just nu')
    anna.road.go(null)
    await page.getByRole('button', { name: 'Försök igen' }).waitFor({ timeout: 40000 })
    anna.road.go('shop')
    await page.getByRole('button', { name: 'Försök igen' }).click()
    await page.getByRole('button', { name: 'Försök igen' }).waitFor({ state: 'detached' })
  },

  async test_in_english_and_out() {
    const { page } = anna
    await page.getByRole('navigation').getByRole('link', { name: 'Mer' }).click()
    await page.getByRole('main').getByRole('button', { name: 'English' }).click()
    await shown(page, 'More')
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click()
    await shown(page, 'You are signed out')
    await page.reload()
    await shown(page, 'You are signed out')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await shown(page, 'More')
    await page.getByRole('main').getByRole('button', { name: 'Svenska' }).click()
  },
})
