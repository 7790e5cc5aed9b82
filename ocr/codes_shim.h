/* ZXing behind a C function; codes_shim.cc alone knows it. */
#ifndef OCR_CODES_SHIM_H
#define OCR_CODES_SHIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void ocr_codes_shim_found(void *arg, const char *text, size_t n, double x, double y);

/* Calls `found` for each valid QR or Data Matrix code of a grey image of w * h bytes. Never throws. */
void ocr_codes_shim_read(const uint8_t *gray, int w, int h, ocr_codes_shim_found *found, void *arg);

#ifdef __cplusplus
}
#endif

#endif
