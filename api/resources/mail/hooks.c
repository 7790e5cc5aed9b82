/* /hooks/microsoft: where Microsoft Graph tells of new mail. It proves that the address is ours by a text that has to
 * come back as it is, and wants its answer within three seconds: what it tells is put into the queue. */
#include "api/state.h"
#include "flow/mailbox.h"

enum { TOKEN_MAX = 4096 };

/* Plain text for nobody to interpret: nosniff and the policy of every answer stand beside it. */
static int echo(struct api_request *request, struct str token, struct err *err)
{
    if (token.n > TOKEN_MAX)
        return err_set(err, ERR_INVALID, "%s", "validationToken");
    api_answer_set(&request->answer, 200, "text/plain", token);
    return 0;
}

int api_mail_hook(struct api *api, struct api_request *request, struct err *err)
{
    struct str token = api_request_param(request, "validationToken");
    if (token.p)
        return echo(request, token, err);
    if (flow_mail_told(api->flow, request->ids[0], strbuf_str(&request->body), err) < 0)
        return -1;
    api_answer_set(&request->answer, 202, NULL, STR_NONE);
    return 0;
}
