/* WebP: the only file that knows libwebp. */
#include "ocr/image/decode.h"

#include <webp/decode.h>

int ocr_decode_webp(struct str bytes, int64_t pixels _unused_, struct arena *arena, struct ocr_image *ret_image,
                    int *orientation _unused_, struct err *err)
{
    int w = 0, h = 0;
    if (!WebPGetInfo((const uint8_t *)bytes.p, bytes.n, &w, &h) || w <= 0 || h <= 0)
        return err_set(err, ERR_IMAGE_BROKEN, "its WebP data is damaged");
    struct ocr_image image = ocr_image_black(arena, w, h, 3);
    if (!WebPDecodeRGBInto((const uint8_t *)bytes.p, bytes.n, image.p, (size_t)w * (size_t)h * 3, w * 3))
        return err_set(err, ERR_IMAGE_BROKEN, "its WebP data is damaged");
    *ret_image = image;
    return 0;
}
