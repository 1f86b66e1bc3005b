/*
 * decode.cc: zxing-cpp behind one function. 1.4 (Debian 12) and 2.x (Debian 13) differ in a name.
 * Nothing of C++ gets out of here, exceptions least of all.
 */
#define ZX_USE_UTF8 1
#include "eyed/decode.h"

#include <ZXing/ReadBarcode.h>

#include <algorithm>

#if __has_include(<ZXing/ReaderOptions.h>)
using Options = ZXing::ReaderOptions;
#else
using Options = ZXing::DecodeHints;
#endif
using ZXing::BarcodeFormat;
using ZXing::BarcodeFormats;

static const BarcodeFormats formats_of[CODE_KINDS] = {
	BarcodeFormat::QRCode,
	BarcodeFormat::EAN13 | BarcodeFormat::EAN8 | BarcodeFormat::UPCA,
	BarcodeFormat::DataBar | BarcodeFormat::DataBarExpanded,
	BarcodeFormat::Code128,
	BarcodeFormat::DataMatrix,
};

uint32_t decode(const struct picture *p, uint32_t kinds, struct code *ret, uint32_t max)
try {
	BarcodeFormats formats;
	for (uint32_t i = 0; i < CODE_KINDS; i++)
		if (kinds >> i & 1)
			formats |= formats_of[i];
	bool lines = (kinds & ~(1U << CODE_QR | 1U << CODE_DATAMATRIX)) != 0;
	Options options;
	options.setFormats(formats);
	/* nothing more of a QR code is found by trying harder, and of bars one picture in ten, at
	 * five times the price: the next picture comes in a tenth of a second */
	options.setTryHarder(false);
	options.setTryRotate(lines); /* what has eyes in its corners is found as it lies */
	options.setTryDownscale(true);
	options.setMaxNumberOfSymbols(static_cast<uint8_t>(std::min(max, 255U)));
	ZXing::ImageView view(p->luma, p->width, p->height, ZXing::ImageFormat::Lum, p->stride,
			      p->step);
	uint32_t n = 0;
	for (const auto &found : ZXing::ReadBarcodes(view, options)) {
		if (n == max || !found.isValid() || found.bytes().empty())
			continue;
		ret[n].len = static_cast<uint32_t>(
			std::min<size_t>(found.bytes().size(), CODE_SIZE_MAX));
		std::copy_n(found.bytes().begin(), ret[n].len, ret[n].bytes);
		n++;
	}
	return n;
} catch (...) {
	return 0;
}
