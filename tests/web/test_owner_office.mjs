// test_owner_office.mjs: the owner's page in a shop with an office: in by an invitation; members and
// passes, whose names only the office knows; shelf labels; a rule that the office keeps.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { codeOf, tests, until } from './house.mjs'
import { EGGS, goTo, openOwnerHouse, useCode } from './owner_house.mjs'

const LONG = 'Karl-Gustav Sköldebrand-Lindström af Ekenstam'
const LONG_ARTICLE = 'Ekologisk laktosfri mellanmjölksyoghurt 1,5 %'
const ALL = ['phone', 'small', 'desktop']
const house = await openOwnerHouse({ office: 'enrol' })
const shown = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor()
const party = (name) => ({ name, street: 'Storgatan 2', postcode: '26362', city: 'Viken',
  country: 'SE' })
let anna

/** What the printer would get: its pages' sizes in mm, and its words. */
async function printed(page, name) {
  const path = join(house.state, `${name}.pdf`)
  await page.pdf({ path, preferCSSPageSize: true, printBackground: true })
  const info = execFileSync('pdfinfo', [path], { encoding: 'utf8' })
  const size = /Page size: +([\d.]+) x ([\d.]+)/.exec(info).slice(1)
    .map((pt) => Math.round(Number(pt) / 72 * 25.4))
  const picture = execFileSync('pdftoppm', ['-r', '150', '-png', '-f', '1', '-l', '1', path],
    { maxBuffer: 64 * 1024 * 1024 })
  return { pages: Number(/Pages: +(\d+)/.exec(info)[1]), size, picture,
    words: execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }) }
}

await tests({
  async test_in_by_an_invitation() {
    anna = await house.browser({ name: 'anna', glass: 'phone' })
    await anna.page.goto(`${anna.home}owner`)
    await anna.page.getByLabel('Inbjudningskod').waitFor()
    await anna.shots('owner-enter-office', ['small', 'desktop'])
    await anna.page.getByLabel('Inbjudningskod').fill('0000-0000-0000')
    await anna.page.getByRole('button', { name: 'Använd koden' }).click()
    await anna.page.getByRole('alert').waitFor()
    await useCode(anna, await house.invite('owner'))
  },

  async test_members_with_no_rows_and_long_names() {
    const { page } = anna
    await goTo(anna, 'Pass')
    await page.getByText('Inga pass gäller.').waitFor()
    await anna.shots('owner-passes-none')
    await house.operator('POST', '/v1/members', { shop: 'viken', party: party(LONG) })
    await goTo(anna, 'Medlemmar')
    await page.getByRole('link', { name: LONG }).waitFor()
    await page.getByText('Inga inbjudningar är öppna.').waitFor()
    await anna.shots('owner-members', ALL)
    await page.getByRole('link', { name: LONG }).click()
    await shown(page, LONG)
    await anna.shots('owner-member', ALL)
  },

  async test_a_member_is_approved() {
    const { page } = anna
    await goTo(anna, 'Medlemmar')
    await page.getByRole('button', { name: 'Bjud in' }).click()
    await page.getByLabel('Släpps in direkt').uncheck()
    await page.getByRole('button', { name: 'Gör en inbjudan' }).click()
    await page.getByText('Koden visas bara nu.').waitFor()
    await anna.shots('owner-invitation', ['phone', 'desktop'], false)
    const link = await anna.seen(page.locator('.paper .qr'))
    assert.match(link, /^http:\/\/viken\.localhost:\d+\/#\/join\/[0-9A-Z-]{14}$/)
    const { pages, size } = await printed(page, 'invitation')
    assert.deepEqual([pages, size], [1, [105, 148]])
    await page.getByRole('button', { name: 'Klar' }).click()
    // whoever opens the owner's page with a member's code is a member, and no more
    const bo = await house.browser({ name: 'bo' })
    await bo.page.goto(`${bo.home}owner`)
    await bo.page.getByLabel('Inbjudningskod').fill(link.split('/').pop())
    await bo.page.getByRole('button', { name: 'Använd koden' }).click()
    for (const [label, value] of [['Namn', 'Bo Ek'], ['Gatuadress', 'Byn 1'],
      ['Postnummer', '26362'], ['Ort', 'Viken']])
      await bo.page.getByLabel(label).fill(value)
    await bo.page.getByRole('button', { name: 'Använd koden' }).click()
    await bo.page.getByText('väntar på att någon godkänner').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Vill bli medlemmar' }).waitFor()
    await anna.shots('owner-members-ask', ['phone', 'desktop'])
    await page.getByRole('button', { name: 'Godkänn Bo Ek' }).click()
    await page.getByText('Bo Ek släpps in från och med nu').waitFor()
    await shown(bo.page, 'Inte ägarens nyckel')
    await bo.close()
  },

  async test_a_pass_is_printed_and_opens() {
    const { page } = anna
    await goTo(anna, 'Pass')
    await page.getByRole('button', { name: 'Nytt pass' }).click()
    await page.getByLabel('Till', { exact: true }).selectOption('delivery')
    await page.getByLabel('Namn på passet').fill('Brödbilen från Höganäs bageri')
    await anna.shots('owner-pass-new', ALL, false)
    await page.getByRole('button', { name: 'Gör passet' }).click()
    await page.getByText('Passet är klart').waitFor()
    await anna.shots('owner-pass', ['phone', 'desktop'], false)
    const sheet = await printed(page, 'pass')
    assert.deepEqual([sheet.pages, sheet.size], [1, [105, 148]])
    assert.match(sheet.words, /Håll koden mot läsaren[^]*Hold the code to the reader/)
    const code = await codeOf(sheet.picture)
    await page.getByRole('button', { name: 'Klar' }).click()
    await until(async () => {
      house.scan('front', code) // the paper, held before the reader, until the shop knows its bearer
      return house.shopctl('log').some((e) => e.verdict === 'admitted')
    }, 'the pass to open')
    await page.getByRole('button', { name: /Dra in/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Dra in' }).click()
    await page.getByText('indraget', { exact: true }).waitFor()
  },

  async test_a_sheet_of_labels() {
    const { page } = anna
    await house.operator('PUT', `/v1/products/${EGGS}`, { name: LONG_ARTICLE, price_minor: 123450 })
    await until(async () => (await (await fetch(`${house.run.api}/v1/products/${EGGS}`)).json())
      .name === LONG_ARTICLE, 'the new name in the shop')
    await goTo(anna, 'Hylletiketter')
    await page.getByLabel('Sök vara').fill('mellanmjölk')
    await page.getByRole('button', { name: /Välj alla/ }).click()
    await page.getByLabel('Hoppa över').fill('2')
    await anna.shots('owner-labels', ['small', 'desktop'])
    const sheet = await printed(page, 'labels')
    assert.deepEqual(sheet.size, [210, 297])
    assert.match(await page.getByRole('main').innerText(), new RegExp(`på ${sheet.pages} ark`))
    assert.match(sheet.words, /1 234,50 kr/)
    assert.match(await codeOf(sheet.picture), /^\d{13}$/)
    await page.getByRole('button', { name: 'Jag har skrivit ut dem' }).click()
    await page.getByLabel('Visa').selectOption({ label: 'nya eller ändrade sedan senaste utskriften här' })
    await page.getByText('Ingen vara passar.').waitFor()
    // what has another price since yesterday: the office knows when it began to hold
    await page.getByLabel('Visa').selectOption({ label: 'pris ändrat sedan …' })
    await page.getByLabel(new RegExp(LONG_ARTICLE)).waitFor()
    await anna.shots('owner-labels-since', ['small', 'desktop'])
    const tomorrow = new Date(Date.now() + 86400e3).toISOString().slice(0, 10)
    await page.getByLabel('Sedan', { exact: true }).fill(tomorrow)
    await page.getByText('Ingen vara passar.').waitFor()
  },

  async test_a_rule_is_changed() {
    const { page } = anna
    await goTo(anna, 'Inställningar')
    await page.getByRole('button', { name: 'Ändra Högst så många inne' }).click()
    await page.getByLabel('Nytt värde').fill('12')
    await page.getByRole('button', { name: 'Spara', exact: true }).click()
    await page.getByText('Sparat hos kontoret').waitFor()
    await anna.shots('owner-settings', ['small', 'desktop'])
    const rule = page.locator('.settings div').filter({ hasText: 'Högst så många inne' })
    await until(async () => {
      await page.reload()
      await rule.waitFor()
      return /\b12\b/.test(await rule.innerText())
    }, 'the shop to hear of it', 30000)
    await goTo(anna, 'Hälsa')
    await anna.shots('owner-health', ['small', 'desktop'])
  },
})
