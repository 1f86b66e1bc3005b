/*
 * sentences.c: the shop's answers as people read them. A sentence is for the person who stands at
 * the door with full hands: first what happened, then what to do about it, no blame, no jargon.
 */
#include "base/check.h"
#include "base/words.h"

static const char *const verdict_sentences[VERDICTS][LANGUAGES] = {
	[VERDICT_ADMITTED] = {"Välkommen in! Dörren är öppen, dra i handtaget.",
			      "Welcome! The door is open, pull the handle."},
	[VERDICT_MALFORMED] =
		{"Det där är ingen dörrkod. Öppna appen och visa koden därifrån.",
		 "That is not a door code. Open the app and show the code from there."},
	[VERDICT_UNKNOWN_KEY] = {"Den här telefonen är inte registrerad i butiken. Registrera den "
				 "i appen, eller fråga "
				 "butikens ägare.",
				 "This phone is not registered with the shop. Register it in the "
				 "app, or ask the shop's "
				 "owner."},
	[VERDICT_BAD_SIGNATURE] =
		{"Koden gick inte att bekräfta. Stäng appen, öppna den igen och visa en ny kod.",
		 "The code could not be confirmed. Close the app, open it again and show a new "
		 "code."},
	[VERDICT_WRONG_AUDIENCE] = {"Koden gäller en annan dörr eller butik. Välj rätt dörr i "
				    "appen och visa koden igen.",
				    "The code is for another door or shop. Choose this door in the "
				    "app and show it again."},
	[VERDICT_TOO_LONG_LIVED] =
		{"Koden gäller för länge för att vara säker. Uppdatera appen och visa en ny kod.",
		 "The code is valid for too long to be safe. Update the app and show a new code."},
	[VERDICT_NONCE_UNKNOWN] =
		{"Koden hör till en äldre bild på dörrens skärm. Skanna skärmen igen.",
		 "The code belongs to an older picture on the door's screen. Scan the screen "
		 "again."},
	[VERDICT_PREDATES_START] = {"Butiken har just startat om. Vänta tills appen visar en ny "
				    "kod (högst en minut) och "
				    "visa den.",
				    "The shop has just restarted. Wait until the app shows a new "
				    "code (a minute at most) and "
				    "show that one."},
	[VERDICT_NOT_YET_VALID] =
		{"Koden gäller inte än. Kontrollera att telefonens klocka ställs automatiskt.",
		 "The code is not valid yet. Check that the phone sets its clock automatically."},
	[VERDICT_EXPIRED] =
		{"Koden har gått ut. Visa en ny kod. Händer det igen, låt telefonen ställa klockan "
		 "automatiskt.",
		 "The code has expired. Show a new one. If it happens again, let the phone set its "
		 "clock "
		 "automatically."},
	[VERDICT_CLOCK_UNTRUSTED] =
		{"Butikens klocka är osäker just nu. Skanna koden på dörrens skärm i stället.",
		 "The shop's clock cannot be relied on just now. Scan the code on the door's "
		 "screen "
		 "instead."},
	[VERDICT_REPLAYED] =
		{"Koden är redan använd. Vänta ett ögonblick på en ny kod i appen och visa den.",
		 "The code has been used already. Wait a moment for a new one in the app and show "
		 "that."},
	[VERDICT_REVOKED] =
		{"Passet gäller inte längre. Be den som gav dig det om ett nytt.",
		 "This pass is no longer valid. Ask whoever gave it to you for a new one."},
	[VERDICT_BLOCKED] = {"Ditt medlemskap är spärrat. Kontakta butikens ägare.",
			     "Your membership is blocked. Please contact the shop's owner."},
	[VERDICT_LOCKED_DOWN] =
		{"Butiken är tillfälligt låst för alla. Försök igen senare.",
		 "The shop is locked for everyone at the moment. Please try again later."},
	[VERDICT_CLOSED_HOURS] = {"Butiken är stängd just nu. Öppettiderna står i appen.",
				  "The shop is closed now. The opening hours are in the app."},
	[VERDICT_SHOP_FULL] = {"Butiken är full. Vänta tills någon har gått ut och försök igen.",
			       "The shop is full. Wait until someone has left and try again."},
	[VERDICT_CREDIT_EXHAUSTED] =
		{"Din köpgräns är nådd. Betala en faktura eller kontakta butikens ägare.",
		 "You have reached your limit. Pay an invoice or contact the shop's owner."},
	[VERDICT_OVERDUE] = {"En faktura har förfallit. När den är betald är du välkommen in igen.",
			     "An invoice is overdue. Once it is paid you are welcome in again."},
	[VERDICT_PIN_REQUIRED] = {"Passet kräver en PIN-kod. Slå in den och visa passet igen.",
				  "This pass needs a PIN. Enter it and show the pass again."},
	[VERDICT_PIN_WRONG] =
		{"PIN-koden stämmer inte. Försök igen, eller fråga den som gav dig passet.",
		 "That PIN is not right. Try again, or ask whoever gave you the pass."},
	[VERDICT_LEDGER_UNAVAILABLE] =
		{"Butiken kan inte bokföra köp just nu och släpper därför inte in någon. Ägaren är "
		 "underrättad, försök igen senare.",
		 "The shop cannot record purchases just now, so it lets nobody in. The owner has "
		 "been told, "
		 "please try again later."},
};

static const char *const answer_sentences[ANSWERS][LANGUAGES] = {
	[ANSWER_OK] = {"Klart.", "Done."},
	[ANSWER_REPEATED] = {"Det var redan gjort, inget har ändrats.",
			     "That was done already, nothing has changed."},
	[ANSWER_MALFORMED] =
		{"Butiken förstod inte frågan. Ladda om sidan och försök igen.",
		 "The shop did not understand the request. Reload the page and try again."},
	[ANSWER_UNAUTHORIZED] =
		{"Telefonen hör inte till det här besöket. Visa en ny kod så fortsätter du handla.",
		 "This phone does not belong to this visit. Show a new code and go on shopping."},
	[ANSWER_UNKNOWN_VISIT] = {"Det besöket finns inte. Visa en ny kod för att börja handla.",
				  "There is no such visit. Show a new code to start shopping."},
	[ANSWER_UNKNOWN_LINE] = {"Den raden finns inte i korgen. Ladda om korgen.",
				 "That line is not in the basket. Reload the basket."},
	[ANSWER_UNKNOWN_ARTICLE] =
		{"Butiken känner inte till varan. Lämna den på hyllan och säg gärna till ägaren.",
		 "The shop does not know this article. Please leave it on the shelf and tell the "
		 "owner."},
	[ANSWER_BARRED_CLASS] =
		{"Varan får inte säljas obemannat. Lämna den på hyllan.",
		 "This article may not be sold unstaffed. Please leave it on the shelf."},
	[ANSWER_RECALLED] =
		{"Varan är återkallad och får inte säljas. Lämna den i butiken och ät den inte.",
		 "This article has been recalled and cannot be sold. Leave it in the shop, do not "
		 "eat it."},
	[ANSWER_EXPIRED] =
		{"Varan har gått ut och säljs inte. Ta en annan.",
		 "This article is out of date and is not sold. Please take another one."},
	[ANSWER_CREDIT_EXHAUSTED] =
		{"Köpet går över din köpgräns. Lägg tillbaka varan, eller betala en faktura först.",
		 "This would go past your limit. Put the article back, or pay an invoice first."},
	[ANSWER_VISIT_OVER] = {"Besöket är avslutat. Visa en ny kod för att börja ett nytt.",
			       "The visit is over. Show a new code to start another one."},
	[ANSWER_VOIDED] = {"Raden är borttagen och kan inte läggas tillbaka. Skanna varan igen.",
			   "The line was taken back and stays so. Scan the article again."},
	[ANSWER_KEY_REUSED] = {"Samma radnummer kom med ett annat innehåll. Ladda om sidan och "
			       "skanna varan igen.",
			       "The same line came with another content. Reload the page and scan "
			       "the article again."},
	[ANSWER_VISIT_FULL] =
		{"Besöket rymmer inte mer. Avsluta det, och börja ett nytt med en ny kod.",
		 "The visit holds no more. Close it and start another one with a new code."},
	[ANSWER_LEDGER_UNAVAILABLE] = {"Butiken kan inte bokföra köp just nu. Varan är inte köpt: "
				       "vänta lite och försök igen.",
				       "The shop cannot record purchases just now. The article is "
				       "not bought: wait a little and "
				       "try again."},
	[ANSWER_JOIN_CODE_UNKNOWN] =
		{"Delningskoden gäller inte. Be om en ny, den gäller i en minut och en gång.",
		 "That join code is not valid. Ask for a new one: it holds for a minute and for "
		 "one phone."},
	[ANSWER_NO_VISIT] = {"Visa först din kod eller ditt kort här, och skanna sedan varan igen.",
			     "First show your code or your card here, then scan the article "
			     "again."},
	[ANSWER_NO_PASS] = {"Visa passet igen, och skriv sedan PIN-koden inom 20 sekunder.",
			    "Show the pass again, then type the PIN within 20 seconds."},
};

static const char *const condition_titles[CONDITIONS][LANGUAGES] = {
	[0] = {"", ""},
	[CONDITION_HELD_OPEN] = {"dörren står öppen", "door held open"},
	[CONDITION_FORCED] = {"dörren uppbruten", "door forced"},
	[CONDITION_TAMPER] = {"sabotage", "tampering"},
	[CONDITION_LEDGER_FAILING] = {"köp sparas inte", "purchases are not saved"},
	[CONDITION_SMS_FAILING] = {"sms går inte fram", "texts do not get through"},
	[CONDITION_CLOCK_UNTRUSTED] = {"klockan är osäker", "clock in doubt"},
	[CONDITION_FIRE] = {"brandlarm", "fire alarm"},
	[CONDITION_SENSOR_FAILING] = {"dörrens givare trasig", "door sensor broken"},
	[CONDITION_CLOSE_REFUSED] = {"månaden kunde inte stängas", "month not closed"},
	[CONDITION_ROSTER_STALE] = {"kontoret hörs inte", "office not heard"},
	[CONDITION_OFFICE_REFUSED] = {"kontoret nekar boxen", "office refuses the box"},
	[CONDITION_POWER_LOST] = {"strömavbrott", "power lost"},
	[CONDITION_BATTERY_LOW] = {"batteriet nästan slut", "battery nearly empty"},
	[CONDITION_FRIDGE_WARM] = {"kylen för varm", "fridge too warm"},
	[CONDITION_FREEZER_WARM] = {"frysen för varm", "freezer too warm"},
	[CONDITION_ROOM_COLD] = {"för kallt i butiken", "shop too cold"},
	[CONDITION_HUMID] = {"för fuktigt", "too humid"},
	[CONDITION_CO2_HIGH] = {"dålig luft", "bad air"},
	[CONDITION_WATER] = {"vatten på golvet", "water on the floor"},
	[CONDITION_MOTION] = {"rörelse i tom butik", "motion in the empty shop"},
	[CONDITION_SENSOR_LOST] = {"en givare svarar inte", "a sensor does not answer"},
	[CONDITION_READER_LOST] = {"en läsare är borta", "a reader is gone"},
	[CONDITION_CAMERA_LOST] = {"en kamera ger ingen bild", "a camera gives no picture"},
	[CONDITION_DISK_FAILING] = {"disken full eller trasig", "disk full or failing"},
	[CONDITION_SYNC_STALE] = {"köp når inte kontoret", "entries do not reach the office"},
	[CONDITION_ROAD_FAILING] = {"en sms-väg trasig", "one road of texts broken"},
	[CONDITION_MANY_REFUSALS] = {"många felaktiga koder", "many refused codes"},
	[CONDITION_INSIDE_LONG] = {"någon är kvar inne länge", "somebody inside for long"},
	[CONDITION_REHEARSAL] = {"larmövning", "rehearsal"},
};

const char *condition_title(enum condition c, enum language l)
{
	CHECK((uint32_t)c < CONDITIONS && (uint32_t)l < LANGUAGES);
	return condition_titles[c][l];
}

const char *verdict_sentence(enum verdict v, enum language l)
{
	CHECK((uint32_t)v < VERDICTS && (uint32_t)l < LANGUAGES);
	return verdict_sentences[v][l];
}

const char *answer_sentence(enum answer a, enum language l)
{
	CHECK((uint32_t)a < ANSWERS && (uint32_t)l < LANGUAGES);
	return answer_sentences[a][l];
}
