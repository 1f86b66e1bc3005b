// words.js: what the playground says, in Swedish and English.
const WORDS = {
  title: ['Lekplatsen', 'The playground'],
  lead: ['Lek kund, inbrottstjuv och ägare: huset, telefonerna och skannrarna är på låtsas, allt annat är butiken själv.',
    'Play shopper, burglar and owner: the house, the phones and the scanners are make-believe, all else is the shop itself.'],
  skip: ['Till huset', 'To the house'],
  pages: ['Butikens sidor', 'The shop’s pages'],
  phone: ['Telefonen', 'The phone'], kiosk: ['Kiosken', 'The kiosk'],
  owner: ['Ägarens sida', 'The owner’s page'], office: ['Kontoret', 'Head office'],
  shop_up: ['Butiken är igång', 'The shop runs'],
  shop_down: ['Butiken svarar inte', 'The shop does not answer'],
  lost: ['Lekplatsen svarar inte. Körs make run ännu?', 'The playground does not answer. Does make run still run?'],
  language: ['In English', 'På svenska'],
  done: ['Gjort.', 'Done.'],

  door: ['Dörren', 'The door'],
  shopper: ['Kunden', 'The shopper'], burglar: ['Tjuven', 'The burglar'], fire: ['Brand', 'Fire'],
  open: ['Öppna', 'Open'], close: ['Stäng', 'Close'],
  rex: ['Utgångsknappen', 'The exit button'],
  exit: ['Gå ut genom dörren', 'Walk out by the handle'],
  force: ['Bryt upp', 'Break it open'],
  tamper: ['Öppna läsarens hölje', 'Open the reader’s case'],
  untamper: ['Stäng höljet', 'Close the case'],
  fire_on: ['Brandlarmet går', 'The fire panel goes off'],
  fire_off: ['Brandlarmet är tyst', 'The fire panel is quiet'],
  house: ['Huset: dörren är {door}, låset är {strike}.', 'The house: the door is {door}, the lock is {strike}.'],
  is_open: ['öppen', 'open'], is_closed: ['stängd', 'closed'],
  strike_on: ['upplåst', 'released'], strike_off: ['låst', 'locked'],
  buzzes: ['Summern ljuder.', 'The buzzer sounds.'],
  wont_open: ['Den är låst: dörren går inte upp.', 'It is locked: the door does not open.'],
  mode_locked: ['låst', 'locked'], mode_accessed: ['upplåst för någon', 'released for somebody'],
  mode_propped: ['uppställd', 'propped'], mode_unlocked: ['olåst', 'unlocked'],
  mode_lockdown: ['spärrad', 'locked down'], mode_released_by_fire: ['släppt av brandlarmet', 'released by fire'],
  alarm_forced: ['uppbruten', 'forced'], alarm_held_open: ['står öppen för länge', 'held open'],
  alarm_tamper: ['någon rör utrustningen', 'somebody tampers'], alarm_fire: ['brand', 'fire'],
  alarm_power_lost: ['strömmen är borta', 'the power is away'],
  alarm_fridge_warm: ['kylen är för varm', 'the fridge is too warm'],
  alarm_freezer_warm: ['frysen är för varm', 'the freezer is too warm'],
  alarm_room_cold: ['rummet är för kallt', 'the room is too cold'],
  alarm_water: ['vatten på golvet', 'water on the floor'],
  alarm_sensor_lost: ['en givare hörs inte', 'a sensor is not heard'],
  alarm_reader_lost: ['en skanner hörs inte', 'a scanner is not heard'],
  alarm_sms_failing: ['sms går inte fram', 'texts do not leave'],
  alarm_road_failing: ['en väg ut är bruten', 'a road out is broken'],
  alarm_sync_stale: ['kontoret nås inte', 'the office is out of reach'],
  alarm_many_refusals: ['många nekas', 'many are refused'],

  let_in: ['Släpp in en telefon', 'Let a phone in'],
  let_in_lead: ['Öppna telefonens sida, låt den göra sin nyckel, kopiera nyckeltexten och klistra in den här. Med ägarens sida likaså.',
    'Open the phone’s page, let it make its key, copy the key’s text and paste it here. The owner’s page the same.'],
  let_in_office: ['Butiken hör till ett kontor: registrera telefonen med en inbjudan härifrån.',
    'The shop belongs to an office: register the phone with an invitation from here.'],
  key: ['Nyckelns text', 'The key’s text'],
  as_member: ['Släpp in som medlem', 'Let in as a member'],
  as_owner: ['Släpp in som ägare', 'Let in as the owner'],
  let_in_done: ['Släppt in.', 'Let in.'],
  invite: ['Inbjudningar', 'Invitations'],
  invite_member: ['För en medlem', 'For a member'], invite_owner: ['För ägaren', 'For the owner'],
  invite_operator: ['För kontoret', 'For head office'],
  invited_member: ['En medlem', 'A member'], invited_owner: ['Ägaren', 'The owner'],
  invited_operator: ['Kontoret', 'Head office'],

  scanners: ['Skannrarna', 'The scanners'],
  anna: ['Anna är medlem och har en telefon på låtsas.', 'Anna is a member, with a make-believe phone.'],
  anna_door: ['Anna visar sin kod vid dörren', 'Anna shows her code at the door'],
  anna_till: ['Anna visar sin kod i kassan', 'Anna shows her code at the till'],
  anna_shown: ['Anna har visat sin kod.', 'Anna has shown her code.'],
  at_door: ['Dörrens skanner läser', 'The door’s scanner reads'],
  at_till: ['Kassans skanner läser', 'The till’s scanner reads'],
  scan: ['Skanna', 'Scan'], scanned: ['Skannat: {what}', 'Scanned: {what}'],
  goods: ['Varor att hålla under kassans skanner', 'Goods to hold under the till’s scanner'],

  texts: ['Telefonerna piper', 'The phones buzz'],
  texts_lead: ['Sms till ägaren ({phone}) och de andra.', 'Texts to the owner ({phone}) and the others.'],
  no_texts: ['Inga sms än. Bryt upp dörren, eller låt den stå öppen.', 'No texts yet. Break the door open, or leave it open.'],
  answer: ['Ägaren svarar', 'The owner answers'], send: ['Svara', 'Answer'],
  answered: ['Svarat: {what}', 'Answered: {what}'],
  use_code: ['Svara med {code}', 'Answer with {code}'],

  room: ['I rummet', 'In the room'],
  sensor_fridge: ['Kylen', 'The fridge'], sensor_freezer: ['Frysen', 'The freezer'],
  sensor_room: ['Rummet', 'The room'], sensor_floor: ['Golvet', 'The floor'],
  colder: ['{name}: kallare', '{name}: colder'], warmer: ['{name}: varmare', '{name}: warmer'],
  wet: ['vått', 'wet'], dry: ['torrt', 'dry'], make_wet: ['Läck', 'Leak'], make_dry: ['Torka', 'Mop'],
  state_ok: ['bra', 'fine'], state_beyond: ['utanför gränsen', 'beyond its bound'],
  state_alarm: ['larm', 'alarm'], state_stale: ['tyst', 'silent'],
  state_unknown: ['okänt', 'unknown'],
  trouble: ['Otur', 'Bad luck'],
  power: ['Strömmen bryts och kommer åter', 'The power fails and returns'],
  net: ['Nätet är borta', 'The net is away'],
  trouble_lead: ['Utan nät når butiken varken kontoret eller sms-tjänsten; dörren och kassan går ändå.',
    'Without the net the shop reaches neither the office nor the texts’ gateway; door and till go on.'],

  log: ['Vad butiken skriver', 'What the shop writes down'],
  no_log: ['Inget än.', 'Nothing yet.'],
  no_alarms: ['Inga larm.', 'No alarms.'],
  alarm: ['Larm {n}: {what}', 'Alarm {n}: {what}'],
  acknowledged: ['kvitterat av {by}', 'acknowledged by {by}'],
  not_acknowledged: ['ingen har kvitterat', 'nobody has acknowledged'],
}
const KEPT = 'language'
const asked = localStorage.getItem(KEPT) ?? (navigator.language.startsWith('sv') ? 'sv' : 'en')
let at = asked === 'sv' ? 0 : 1

/** t('alarm', {n: 3}): in the language that is chosen. A word that nobody wrote is shown as it is. */
export function t(name, with_ = {}) {
  const said = WORDS[name]?.[at] ?? name
  return said.replace(/\{(\w+)\}/g, (_, key) => with_[key] ?? '')
}

export const has = (name) => name in WORDS
export const language = () => ['sv', 'en'][at]
/** For times and numbers. */
export const locale = () => ['sv-SE', 'en-GB'][at]

/** The other language from now on. */
export function otherLanguage() {
  at = 1 - at
  localStorage.setItem(KEPT, language())
}
