/* Any bytes as a photo: what the header reader lets through is within the limits, and of the type its head says. */
#include "base/limits.h"
#include "ocr/image/probe.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {size ? (const char *)data : "", size};
    struct ocr_probe probe;
    struct err err = {.code = ERR_NONE};
    enum ocr_type type = ocr_probe_type(str_slice(bytes, 0, 64));
    assert(!str_empty(ocr_probe_media_type(type)));
    if (ocr_probe(bytes, &probe, &err) < 0) {
        assert(err.code == ERR_NOT_AN_IMAGE || err.code == ERR_IMAGE_TOO_BIG || err.code == ERR_IMAGE_BROKEN);
        return 0;
    }
    assert(probe.type == type && type != OCR_TYPE_NONE);
    assert(probe.w >= 0 && probe.h >= 0 && probe.w <= LIMIT_IMAGE_SIDE && probe.h <= LIMIT_IMAGE_SIDE);
    assert((int64_t)probe.w * probe.h <= LIMIT_IMAGE_PIXELS && ((probe.w && probe.h) || type == OCR_TYPE_HEIF));
    assert(probe.orientation >= 1 && probe.orientation <= 8);
    return 0;
}
