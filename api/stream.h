/* The event stream: one thread hears of news, and every open stream gets what its user may see. No stream holds a
 * thread: what is to be sent lies in its buffer until the network pulls it. */
#ifndef API_STREAM_H
#define API_STREAM_H

#include "api/state.h"

enum {
    API_STREAMS = 2000,
    API_STREAM_BUFFER = 64 * 1024,       /* a client that is further behind has to reconnect */
    API_STREAM_BEAT_MS = 15 * 1000,      /* a comment, so that both ends notice a dead line */
    API_STREAM_LIFE_MS = 15 * 60 * 1000, /* then the client reconnects, with a session that is judged anew */
};

struct api_stream;

/* Starts the thread. ERR_STORE_DOWN. */
int api_stream_start(const struct flow *flow, struct api_stream **ret_stream, struct err *err);
/* Answers the request with a stream that begins behind Last-Event-ID. ERR_BUSY, ERR_INVALID, ERR_STORE_DOWN. */
int api_stream_open(struct api_stream *stream, struct api_request *request, struct err *err);
/* About four times a second: heartbeats and the end of old streams. */
void api_stream_tick(struct api_stream *stream);
/* Ends all streams; new ones end at once. */
void api_stream_hush(struct api_stream *stream);
int api_stream_count(struct api_stream *stream);
/* After the server has stopped: no request may refer to it any more. */
void api_stream_stop(struct api_stream *stream);

#endif
