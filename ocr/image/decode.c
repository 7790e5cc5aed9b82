/* Chooses the decoder by the header and turns the picture upright; see decode.h. */
#include "ocr/image/decode.h"

int ocr_decode(struct str bytes, int64_t pixels, struct arena *arena, struct ocr_photo *ret_photo, struct err *err)
{
    static ocr_decoder *const decoders[] = {
        [OCR_TYPE_JPEG] = ocr_decode_jpeg, [OCR_TYPE_PNG] = ocr_decode_png,   [OCR_TYPE_WEBP] = ocr_decode_webp,
        [OCR_TYPE_HEIF] = ocr_decode_heif, [OCR_TYPE_TIFF] = ocr_decode_tiff,
    };
    struct ocr_probe probe;
    if (ocr_probe(bytes, &probe, err) < 0)
        return -1;
    struct ocr_image image;
    int orientation = probe.orientation;
    if (decoders[probe.type](bytes, pixels, arena, &image, &orientation, err) < 0)
        return -1;
    bool full = image.w >= probe.w || probe.type == OCR_TYPE_HEIF; /* HEIF sizes are of the picture, turned already */
    int w = full ? image.w : probe.w, h = full ? image.h : probe.h;
    bool swaps = ocr_orientation_swaps(orientation);
    *ret_photo = (struct ocr_photo){
        .image = ocr_image_upright(image, orientation, arena),
        .w = swaps ? h : w,
        .h = swaps ? w : h,
        .type = probe.type,
    };
    return 0;
}
