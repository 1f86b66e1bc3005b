/*
 * checkup_words.c: the sentences of the checks. Plain words for somebody who keeps a shop and no
 * computers: how it is, and what to do about it. One table, so that neither language can lack one.
 */
#include "core/checkup_words.h"

#include <stddef.h>
#include <string.h>

#include "base/check.h"

struct sentences {
	const char *text[LANGUAGES]; /* sv, en; NULL: this check has no such finding */
	const char *fix[LANGUAGES];
};

static const char *const words[CHECKS_ALL] = {
	[CHECK_OF_LEDGER] = "ledger",	  [CHECK_OF_DISK] = "disk",
	[CHECK_OF_CLOCK] = "clock",	  [CHECK_OF_DOORS] = "doors",
	[CHECK_OF_READERS] = "readers",	  [CHECK_OF_COURIER] = "courier",
	[CHECK_OF_CONTACTS] = "contacts", [CHECK_OF_GATEWAY] = "gateway",
	[CHECK_OF_MODEM] = "modem",	  [CHECK_OF_REHEARSAL] = "rehearsal",
	[CHECK_OF_SENSORS] = "sensors",	  [CHECK_OF_CAMERAS] = "cameras",
	[CHECK_OF_POWER] = "power",	  [CHECK_OF_OFFICE] = "office",
	[CHECK_OF_FEED] = "feed",	  [CHECK_OF_UNSENT] = "unsent",
	[CHECK_OF_BOOKS] = "books",	  [CHECK_OF_BACKUP] = "backup",
	[CHECK_OF_ALARMS] = "alarms",	  [CHECK_OF_SHOPD] = "shopd",
	[CHECK_OF_CONFIG] = "config",	  [CHECK_OF_LINES] = "lines",
	[CHECK_OF_LEVELS] = "levels",	  [CHECK_OF_SCANNERS] = "scanners",
	[CHECK_OF_RTC] = "rtc",		  [CHECK_OF_SYNC] = "sync",
	[CHECK_OF_STICK] = "stick",	  [CHECK_OF_OWNER] = "owner",
	[CHECK_OF_UPDATE] = "update",
};

static const struct sentences table[CHECKS_ALL][FINDINGS] = {
	[CHECK_OF_LEDGER] =
		{
			{{"Liggaren skrivs.", "The ledger is being written."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Liggaren kan inte skrivas: dörren släpper inte in och inget säljs.",
			  "The ledger cannot be written: the door admits nobody and nothing is "
			  "sold."},
			 {"Frigör plats på disken eller byt kortet; butiken försöker själv igen "
			  "var tionde "
			  "sekund.",
			  "Make room on the disk or replace the card; the shop tries again by "
			  "itself every "
			  "ten seconds."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_DISK] =
		{
			{{"Disken har %s MB ledigt.", "The disk has %s MB free."}, {NULL}},
			{{"Disken har inte hunnit mätas än.",
			  "The disk has not been measured yet."},
			 {NULL}},
			{{"Disken är snart full eller långsam: %s MB ledigt.",
			  "The disk is nearly full or slow: %s MB free."},
			 {"Ta bort det som inte behövs, och byt kortet om det är gammalt.",
			  "Remove what is not needed, and replace the card if it is old."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_CLOCK] =
		{
			{{"Klockan går rätt.", "The clock is right."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Ingen vet om klockan går rätt: bara dörrens egen kod och kort släpper "
			  "in.",
			  "Nobody knows whether the clock is right: only the door's own code and "
			  "cards admit."},
			 {"Se till att boxen når internet. Går klockan rätt: kör shopctl clock "
			  "trust.",
			  "See that the box reaches the internet. If the clock is right: run "
			  "shopctl clock "
			  "trust."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_DOORS] =
		{
			{{"Dörrarna svarar.", "The doors answer."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Dörren %s har ett fel på sina kablar eller kontakter.",
			  "Something is wrong with the wires or contacts of the door %s."},
			 {"Titta på dörrkontakten och kablarna till boxen.",
			  "Look at the door's contact and its wires to the box."}},
			{{"Dörren %s är spärrad: ingen släpps in.",
			  "The door %s is locked down: nobody is admitted."},
			 {"Ägaren häver spärren med Normalt läge.",
			  "The owner ends it with Normal."}},
		},
	[CHECK_OF_READERS] =
		{
			{{"Läsarna svarar.", "The scanners answer."}, {NULL}},
			{{"Här finns ingen läsare: telefoner öppnar.",
			  "There is no scanner: phones open."},
			 {NULL}},
			{{"En läsare svarar inte.", "A scanner does not answer."},
			 {"Dra ur läsarens kabel och sätt i den igen.",
			  "Unplug the scanner and plug it in again."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_COURIER] =
		{
			{{"Budet som bär sms och bilder är igång.",
			  "The courier, which carries texts and pictures, is running."},
			 {NULL}},
			{{NULL}, {NULL}},
			{{"Budet är borta: inga larm-sms lämnar butiken.",
			  "The courier is away: no text about an alarm leaves the shop."},
			 {"Starta om courierd: systemctl restart shopkeeper-courierd.",
			  "Restart courierd: systemctl restart shopkeeper-courierd."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_CONTACTS] =
		{
			{{"%s personer får larm.", "%s people are told of alarms."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Ingen får larm.", "Nobody is told of alarms."},
			 {"Skriv in minst två kontakter i courierd.conf, under [contact NAMN].",
			  "Name two contacts at least in courierd.conf, under [contact NAME]."}},
			{{"Bara en person får larm: svarar hon inte finns ingen annan.",
			  "Only one person is told of alarms: if she does not answer there is "
			  "nobody else."},
			 {"Skriv in en kontakt till i courierd.conf, under [contact NAMN].",
			  "Name one more contact in courierd.conf, under [contact NAME]."}},
		},
	[CHECK_OF_GATEWAY] =
		{
			{{"Sms över internet fungerar.", "Texts by the internet work."}, {NULL}},
			{{"Här finns ingen väg för sms över internet.",
			  "There is no road for texts by the internet here."},
			 {NULL}},
			{{"Sms över internet fungerar inte.", "Texts by the internet do not work."},
			 {"Se efter att boxen når internet och att det finns pengar på kontot hos "
			  "sms-tjänsten.",
			  "See that the box reaches the internet and that there is money in the "
			  "text service's "
			  "account."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_MODEM] =
		{
			{{"Sms över mobilnätet fungerar.", "Texts by the mobile network work."},
			 {NULL}},
			{{"Här finns inget modem: utan internet lämnar inga sms butiken.",
			  "There is no modem: without the internet no text leaves the shop."},
			 {NULL}},
			{{"Sms över mobilnätet fungerar inte.",
			  "Texts by the mobile network do not work."},
			 {"Se efter att modemet sitter i, att kortet är betalt och att det finns "
			  "täckning.",
			  "See that the modem is plugged in, its card is paid for, and there is "
			  "coverage."}},
			{{"Inga sms lämnar butiken, på någon väg.",
			  "No text leaves the shop, by any road."},
			 {"Ställ in en sms-tjänst eller ett modem i courierd.conf.",
			  "Set up a text service or a modem in courierd.conf."}},
		},
	[CHECK_OF_REHEARSAL] =
		{
			{{"Larmövningen hölls senast %s.",
			  "The last rehearsal of the alarms was on %s."},
			 {NULL}},
			{{"Larm övas inte.", "Alarms are not rehearsed."},
			 {"Ställ in rehearse i shopd.conf, så märks ett tappat nummer innan det "
			  "behövs.",
			  "Set rehearse in shopd.conf, so that a lost number is noticed before it "
			  "matters."}},
			{{"Ingen har svarat på larmövningen.",
			  "Nobody has answered the rehearsal."},
			 {"Svara på sms:et med dess kod, eller kvittera här; stäm av numren med de "
			  "andra.",
			  "Answer the text with its code, or acknowledge it here; check the "
			  "numbers with the "
			  "others."}},
			{{"Ingen larmövning har hållits än.",
			  "There was no rehearsal of the alarms yet."},
			 {NULL}},
		},
	[CHECK_OF_SENSORS] =
		{
			{{"%s givare svarar.", "%s sensors answer."}, {NULL}},
			{{"Här finns inga givare.", "There are no sensors here."}, {NULL}},
			{{"Givaren %s har inte hörts på länge: dess värde är gammalt.",
			  "The sensor %s was not heard for long: its value is old."},
			 {"Titta på givaren, dess batteri och kabel.",
			  "Look at the sensor, its battery and wire."}},
			{{"Givaren %s visar ett värde utanför sin gräns.",
			  "The sensor %s shows a value beyond its bound."},
			 {"Titta på larmet, och på det som givaren mäter.",
			  "Look at the alarm, and at what the sensor measures."}},
		},
	[CHECK_OF_CAMERAS] =
		{
			{{"Ingen kamera är borta.", "No camera is away."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Kameran %s ger ingen bild.", "The camera %s gives no picture."},
			 {"Titta på kamerans ström och nätkabel.",
			  "Look at the camera's power and network cable."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_POWER] =
		{
			{{"Strömmen är på.", "The power is on."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Butiken går på batteri.", "The shop runs on its battery."},
			 {"Titta på proppskåpet, och ring elbolaget om det är mörkt hos grannarna.",
			  "Look at the fuses, and call the power company if the neighbours are "
			  "dark too."}},
			{{"Batteriet är nästan slut.", "The battery is nearly empty."},
			 {"Åk dit: utan ström öppnar dörren bara inifrån.",
			  "Go there: without power the door opens from inside alone."}},
		},
	[CHECK_OF_OFFICE] =
		{
			{{"Huvudkontoret svarar.", "Head office answers."}, {NULL}},
			{{"Butiken står för sig själv, utan huvudkontor.",
			  "The shop stands by itself, without a head office."},
			 {NULL}},
			{{"Huvudkontoret nås inte, sedan %s.",
			  "Head office cannot be reached, since %s."},
			 {"Butiken går vidare utan det. Se efter att boxen når internet.",
			  "The shop goes on without it. See that the box reaches the internet."}},
			{{"Huvudkontoret tar inte emot den här boxen.",
			  "Head office refuses this box."},
			 {"Ring huvudkontoret: en annan box skriver som den här butiken, eller så "
			  "är den "
			  "avregistrerad.",
			  "Call head office: another box writes as this shop, or it was revoked."}},
		},
	[CHECK_OF_FEED] =
		{
			{{"Medlemmar och priser är aktuella.",
			  "Members and prices are up to date."},
			 {NULL}},
			{{"Medlemmar och priser sköts här.", "Members and prices are kept here."},
			 {NULL}},
			{{"Medlemmar och priser är gamla: senast hörda %s.",
			  "Members and prices are old: last heard on %s."},
			 {"Se efter att boxen når internet; nya medlemmar kommer inte in förrän "
			  "dess.",
			  "See that the box reaches the internet; new members are not admitted "
			  "until then."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_UNSENT] =
		{
			{{"%s poster väntar på huvudkontoret.", "%s entries wait for head office."},
			 {NULL}},
			{{"Inget väntar på att skickas.", "Nothing waits to be sent."}, {NULL}},
			{{"%s poster har väntat för länge på huvudkontoret.",
			  "%s entries have waited for head office for too long."},
			 {"Inget är förlorat. Se efter att boxen når internet.",
			  "Nothing is lost. See that the box reaches the internet."}},
			{{"Butiken hämtar tillbaka sina poster från huvudkontoret och är stängd så "
			  "länge.",
			  "The shop takes its entries back from head office and is closed "
			  "meanwhile."},
			 {"Vänta; det tar några minuter.", "Wait; it takes some minutes."}},
		},
	[CHECK_OF_BOOKS] =
		{
			{{"Månadens bokslut stämmer.", "The months' books are right."}, {NULL}},
			{{NULL}, {NULL}},
			{{"En månad kan inte stängas: summorna stämmer inte.",
			  "A month cannot be closed: its sums do not hold."},
			 {"Kör shopctl ledger check, och ring den som sköter bokföringen.",
			  "Run shopctl ledger check, and call whoever keeps the books."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_BACKUP] =
		{
			{{"Huvudkontoret har en kopia av allt utom %s poster.",
			  "Head office has a copy of all but %s entries."},
			 {NULL}},
			{{"Böckerna kopierades och lästes om %s.",
			  "The books were copied, and read again, on %s."},
			 {NULL}},
			{{"Den enda kopian av böckerna ligger på boxen, om ingen annan har tagits.",
			  "The only copy of the books is on the box, unless another was made."},
			 {"Kör shopctl backup till ett minne som förvaras någon annanstans.",
			  "Run shopctl backup onto a drive that is kept elsewhere."}},
			{{"Den senaste kopian av böckerna är gammal: %s.",
			  "The newest copy of the books is old: %s."},
			 {"Se efter med systemctl status shopkeeper-backup.timer, och journalctl "
			  "-u "
			  "shopkeeper-backup.",
			  "See systemctl status shopkeeper-backup.timer, and journalctl -u "
			  "shopkeeper-backup."}},
		},
	[CHECK_OF_ALARMS] =
		{
			{{"Inget larm väntar på någon.", "No alarm waits for anybody."}, {NULL}},
			{{NULL}, {NULL}},
			{{"%s larm väntar på någon.", "%s alarms wait for somebody."},
			 {"Titta på dem, och kvittera.", "Look at them, and acknowledge."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_SHOPD] =
		{
			{{"Butikens program är igång.", "The shop's program is running."}, {NULL}},
			{{NULL}, {NULL}},
			{{"Butikens program går inte: %s.",
			  "The shop's program is not running: %s."},
			 {"Se efter varför: systemctl status shopd, och journalctl -u shopd. "
			  "Dörren är låst så länge; vägen ut är öppen.",
			  "See why: systemctl status shopd, and journalctl -u shopd. The door is "
			  "locked meanwhile; the way out is open."}},
			{{"Du får inte fråga butikens program.",
			  "You may not ask the shop's program."},
			 {"Kör med sudo, eller: usermod -aG shop-control DITT-NAMN, och logga in "
			  "igen.",
			  "Use sudo, or: usermod -aG shop-control YOUR-NAME, and log in again."}},
		},
	[CHECK_OF_CONFIG] =
		{
			{{"Inställningarna går att läsa.", "The configuration is sound."}, {NULL}},
			{{"Inställningarna kan bara läsas med sudo: %s.",
			  "The configuration can be read with sudo alone: %s."},
			 {NULL}},
			{{"Inställningarna är fel: %s", "The configuration is wrong: %s"},
			 {"Rätta raden, och kör shopctl config check.",
			  "Put the line right, and run shopctl config check."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_LINES] =
		{
			{{"%s ledningar finns, och butiken håller dem.",
			  "%s lines are there, and the shop holds them."},
			 {NULL}},
			{{"Dörrarna är låtsasdörrar: inga ledningar.",
			  "The doors are simulated: there are no lines."},
			 {NULL}},
			{{"Ledningen %s finns inte.", "There is no line %s."},
			 {"Stäm av namnet i shopd.conf mot gpioinfo, och att kretsen är inkopplad.",
			  "Compare the name in shopd.conf with gpioinfo, and see that the chip is "
			  "there."}},
			{{"Ledningen %s hålls av någon annan än butikens program, eller av ingen.",
			  "The line %s is held by something other than the shop's program, or by "
			  "nothing."},
			 {"Stoppa det som håller den, eller starta shopd.",
			  "Stop what holds it, or start shopd."}},
		},
	[CHECK_OF_LEVELS] =
		{
			{{"Dörrarnas ledningar är som de ska.",
			  "The doors' lines are as they should be."},
			 {NULL}},
			{{NULL}, {NULL}},
			{{"Låset på dörren %s är påslaget fast den är låst.",
			  "The strike of the door %s is on though it is locked."},
			 {"Titta på kablarna mellan dörren och boxen.",
			  "Look at the wires between the door and the box."}},
			{{"Dörren %s: sabotage- eller brandslingan är bruten.",
			  "The door %s: its tamper or fire loop is open."},
			 {"Titta på kablarna och locken, och på brandlarmet.",
			  "Look at the wires and covers, and at the fire alarm."}},
		},
	[CHECK_OF_SCANNERS] =
		{
			{{"%s läsare är inkopplade.", "%s scanners are plugged in."}, {NULL}},
			{{"Här finns ingen läsare.", "There is no scanner."}, {NULL}},
			{{"Läsaren %s finns inte.", "The scanner %s is not there."},
			 {"Sätt i läsaren, och stäm av namnet i shopd.conf.",
			  "Plug the scanner in, and compare its name in shopd.conf."}},
			{{"Läsaren %s kan inte läsas av butikens program.",
			  "The scanner %s cannot be read by the shop's program."},
			 {"Se efter vilken grupp som får läsa den; reglerna för udev följer med "
			  "butiken.",
			  "See which group may read it; the udev rules come with the shop."}},
		},
	[CHECK_OF_RTC] =
		{
			{{"Klockan har ett batteri, och det går rätt.",
			  "The clock has a battery, and keeps time."},
			 {NULL}},
			{{"Klockan har inget batteri: efter ett strömavbrott väntar dörren på "
			  "internets tid.",
			  "The clock has no battery: after a power cut the door waits for the "
			  "internet’s time."},
			 {NULL}},
			{{"shopd.conf säger att klockan har batteri, och det finns ingen sådan "
			  "klocka.",
			  "shopd.conf says that the clock has a battery, and there is no such "
			  "clock."},
			 {"Sätt i klockan (hw/), eller skriv clock = network.",
			  "Fit the clock (hw/), or write clock = network."}},
			{{"Klockan med batteri går %s s fel.",
			  "The clock with the battery is %s s off."},
			 {"Byt batteriet (CR2032), och kör hwclock --systohc när tiden är rätt.",
			  "Replace its battery (CR2032), and run hwclock --systohc when the time "
			  "is right."}},
		},
	[CHECK_OF_SYNC] =
		{
			{{"Disken sparar på %s ms.",
			  "The disk keeps what it is given within %s ms."},
			 {NULL}},
			{{"Hur snabbt disken sparar syns bara med sudo.",
			  "How fast the disk keeps things shows with sudo alone."},
			 {NULL}},
			{{"Disken behöver %s ms för att spara: kortet är slitet.",
			  "The disk takes %s ms to keep something: the card is worn."},
			 {"Byt kortet mot en SSD eller ett industrikort, innan det stannar.",
			  "Replace the card with an SSD or an industrial card, before it stops."}},
			{{"Disken sparar inte: %s.", "The disk keeps nothing: %s."},
			 {"Frigör plats, eller byt kortet.", "Make room, or replace the card."}},
		},
	[CHECK_OF_STICK] =
		{
			{{"Kopian på minnet är från %s.", "The copy on the stick is from %s."},
			 {NULL}},
			{{"Kopior görs inte på något eget minne.",
			  "No copies are made onto a stick."},
			 {NULL}},
			{{"Kopian på minnet är gammal, eller saknas: %s.",
			  "The copy on the stick is old, or missing: %s."},
			 {"Sätt i minnet, och kör systemctl start shopkeeper-backup.",
			  "Plug the stick in, and run systemctl start shopkeeper-backup."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_OWNER] =
		{
			{{"Butiken har en ägare.", "The shop has an owner."}, {NULL}},
			{{"Huvudkontoret säger vem som äger.",
			  "Head office says who the owner is."},
			 {NULL}},
			{{"Butiken har ingen ägare än.", "The shop has no owner yet."},
			 {"Kör shopctl owner code, och ta en bild av koden med telefonen.",
			  "Run shopctl owner code, and scan the code with a phone."}},
			{{NULL}, {NULL}},
		},
	[CHECK_OF_UPDATE] =
		{
			{{"Senaste uppdateringen är på plats: %s.",
			  "The newest update is in place: %s."},
			 {NULL}},
			{{"Ingen uppdatering har gjorts.", "There was no update."}, {NULL}},
			{{"Uppdateringen till %s togs tillbaka: butiken går vidare som förut.",
			  "The update to %s was taken back: the shop goes on as before."},
			 {"Se efter varför: journalctl -u shopkeeper-update.",
			  "See why: journalctl -u shopkeeper-update."}},
			{{"En uppdatering avbröts: %s.", "An update was cut short: %s."},
			 {"Den görs klar av sig själv; annars: systemctl start shopkeeper-update.",
			  "It finishes by itself; else: systemctl start shopkeeper-update."}},
		},
};

const char *check_of_word(uint32_t c)
{
	CHECK(c < CHECKS_ALL);
	return words[c];
}

uint32_t check_of_parse(const char *word)
{
	uint32_t c = 0;

	while (c < CHECKS_ALL && strcmp(words[c], word) != 0)
		c++;
	return c;
}

const char *finding_text(uint32_t c, enum finding f, enum language l)
{
	CHECK(c < CHECKS_ALL && f < FINDINGS && l < LANGUAGES && table[c][f].text[l]);
	return table[c][f].text[l];
}

bool finding_known(uint32_t c, enum finding f)
{
	return c < CHECKS_ALL && f < FINDINGS && table[c][f].text[LANGUAGE_EN] != NULL;
}

const char *finding_fix(uint32_t c, enum finding f, enum language l)
{
	CHECK(c < CHECKS_ALL && f < FINDINGS && l < LANGUAGES);
	return table[c][f].fix[l];
}
