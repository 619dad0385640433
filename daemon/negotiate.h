/* What request headers ask of an answer: RFC 9110, 12.5.3 (encodings) and 13.1.2 (If-None-Match). Pure. */
#ifndef DAEMON_NEGOTIATE_H
#define DAEMON_NEGOTIATE_H

#include <stdbool.h>

#include "blogsearch/arena.h"
#include "blogsearch/str.h"

/* Whether an Accept-Encoding takes gzip; what is malformed takes nothing. */
bool accepts_gzip(Str accept_encoding);

/* Whether an If-None-Match is "*": it has whatever is there, if anything is. */
bool etag_is_any(Str if_none_match);

/* Whether an If-None-Match has @etag (compared weakly: W/ does not matter), or is "*". */
bool etag_is_listed(Str if_none_match, Str etag);

/* "https://example.org" of "https://Example.org:443/blog/"; STR_EMPTY for what is no http(s) URL. In @arena. */
Str origin_of_url(Str url, Arena *arena);

#endif
