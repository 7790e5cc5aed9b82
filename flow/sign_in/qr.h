/* A QR code as a picture. Only qr.c knows libqrencode. */
#ifndef FLOW_SIGN_IN_QR_H
#define FLOW_SIGN_IN_QR_H

#include "base/err.h"

/* Scalable Vector Graphics of the text's QR code (ISO/IEC 18004, error correction M) with its quiet zone: dark modules
 * as one path on a light ground, 240 by 240 units, no style, no script, `label` as its name. ERR_INVALID: too long. */
int flow_qr_svg(struct str text, struct str label, struct arena *arena, struct str *ret_svg, struct err *err);

#endif
