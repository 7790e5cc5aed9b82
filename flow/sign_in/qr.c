/* See qr.h. */
#include "flow/sign_in/qr.h"

#include <qrencode.h>

enum { QUIET = 4, SIDE = 240 };

int flow_qr_svg(struct str text, struct str label, struct arena *arena, struct str *ret_svg, struct err *err)
{
    QRcode *code = QRcode_encodeString8bit(str_z(arena, text), 0, QR_ECLEVEL_M);
    struct strbuf out = {.arena = arena};
    if (!code)
        return err_set(err, ERR_INVALID, "too long for a QR code");
    int room = code->width + 2 * QUIET;
    strbuf_printf(&out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"%.*s\" width=\"%d\" "
                  "height=\"%d\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                  "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
                  STR_ARG(label), SIDE, SIDE, room, room, room, room);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            if (code->data[y * code->width + x] & 1)
                strbuf_printf(&out, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    strbuf_add_c(&out, "\"/></svg>");
    QRcode_free(code);
    *ret_svg = strbuf_str(&out);
    return 0;
}
