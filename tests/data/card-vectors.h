/* Written by tests/card/vectors.py: its own figures, and those of its sources that it
 * has computed again. */
static const struct {
	const char *key, *bytes, *mac;
} cmac_vectors[] = {
	{"2b7e151628aed2a6abf7158809cf4f3c",
	 "",
	 "bb1d6929e95937287fa37d129b756746"},
	{"2b7e151628aed2a6abf7158809cf4f3c",
	 "6bc1bee22e409f96e93d7e117393172a",
	 "070a16b46b4d4144f79bdd9dd04a287c"},
	{"2b7e151628aed2a6abf7158809cf4f3c",
	 "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
	 "dfa66747de9ae63030ca32611497c827"},
	{"2b7e151628aed2a6abf7158809cf4f3c",
	 "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
	 "51f0bebf7e3b9d92fc49741779363cfe"},
	{"00112233445566778899aabbccddeeff",
	 "0104782e21801d803042f54e585020416275",
	 "a8dd63a3b89d54b37ca802473fda9175"},
};
static const char nxp_picc[] = "ef963ff7828658a599f3041510671e88";
static const char nxp_mac[] = "94eed9ee65337086";
static const char nxp_uid[] = "04de5f1eacc040";
static const unsigned nxp_counter = 61;
static const char nxp_rnd_a[] = "13c5db8a5930439fc3def9a4c675360f";
static const char nxp_rnd_b[] = "b9e2fc789b64bf237cccaa20ec7e6e48";
static const char nxp_enc[] = "1309c877509e5a215007ff0ed19ca564";
static const char nxp_session_mac[] = "4c6626f5e72ea694202139295c7a7fc7";
static const char nxp_new_key[] = "f3847d627727ed3bc9c4cc050489b966";
static const unsigned nxp_crc = 0xdcfa9d78U;
static const char shop_key[] = "404142434445464748494a4b4c4d4e4f";
static const char card_uid[] = "04a1b2c3d4e580";
static const char card_kid[] = "ba7024a83c6a3394";
static const char card_kid_elsewhere[] = "610087f06536bfe3";
static const char card_meta_key[] = "0ca018009a5c7fd87ba12dc3cdfef7ac";
static const char card_file_key[] = "1d5e35e5ce4bebf16031e27a34ff52df";
static const char card_master_key[] = "70f9e377642471776116cedfe189a06d";
static const struct {
	unsigned counter;
	const char *picc, *mac;
} card_taps[] = {
	{1, "7abed5ccb26bf03465576827caa70a18", "35deca5ec4d289c3"},
	{255, "4cd0c5b3a9a32c7539d5f6ec41ed2851", "23d0e9d92022bb75"},
	{256, "9468384542be5560bae4065f545dbb3c", "d86296177adb61f3"},
	{65535, "28f9e6f1fd2697ef960c1f67e2833e84", "3f70a6db84152803"},
	{65536, "1b70359e4b71bee474582af305c882f8", "8f21130a4b898bf8"},
	{16777215, "d82380fca64f8e88dd05f16800b9349b", "9cacb88b1eed0b2d"},
};
static const char card_ndef[] =
	"004ad10146550476696b656e2e6578616d706c652f6b3f703d4145393838353536374432394639394443363735423536353639413738434130266d3d33354445434135454334443238394333";
