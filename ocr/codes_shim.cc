// See codes_shim.h. Exceptions (bad allocations, hostile symbols) end here: such an image has no codes.
#include "ocr/codes_shim.h"

#include <exception>
#include <string>
#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

extern "C" void ocr_codes_shim_read(const uint8_t *gray, int w, int h, ocr_codes_shim_found *found, void *arg)
{
    try {
        ZXing::DecodeHints hints;
        hints.setFormats(ZXing::BarcodeFormat::QRCode | ZXing::BarcodeFormat::DataMatrix);
        hints.setMaxNumberOfSymbols(16);
        const ZXing::ImageView view(gray, w, h, ZXing::ImageFormat::Lum);
        for (const auto &code : ZXing::ReadBarcodes(view, hints)) {
            if (!code.isValid())
                continue;
            const std::string text = code.text();
            const auto &corners = code.position();
            double x = 0, y = 0;
            for (const auto &corner : corners) {
                x += corner.x / 4.0;
                y += corner.y / 4.0;
            }
            found(arg, text.data(), text.size(), x, y);
        }
    } catch (const std::exception &) {
    }
}
