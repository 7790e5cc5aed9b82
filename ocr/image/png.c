/* PNG: the only file that knows libpng. Alpha is laid on white. */
#include "ocr/image/decode.h"

#include <png.h>

int ocr_decode_png(struct str bytes, int64_t pixels _unused_, struct arena *arena, struct ocr_image *ret_image,
                   int *orientation _unused_, struct err *err)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(&png, bytes.p, bytes.n))
        goto broken;
    png.format = PNG_FORMAT_RGB;
    struct ocr_image image = ocr_image_black(arena, (int)png.width, (int)png.height, 3);
    png_color white = {255, 255, 255};
    if (!png_image_finish_read(&png, &white, image.p, 0, NULL))
        goto broken;
    png_image_free(&png);
    *ret_image = image;
    return 0;
broken:
    err_set(err, ERR_IMAGE_BROKEN, "its PNG data is damaged");
    err_detail(err, "%s", png.message);
    png_image_free(&png);
    return -1;
}
