/*
 * libcurl, loaded when a daemon is asked and not before: it brings some thirty libraries along, whose loading
 * takes more than half of the time in which every other command, and the daemon, has started.
 */
#ifndef CLI_CURL_LIBRARY_H
#define CLI_CURL_LIBRARY_H

#include <curl/curl.h>

#include "blogsearch/error.h"

#define CURL_FUNCTIONS(X) X(easy_init) X(easy_setopt) X(easy_perform) X(easy_getinfo) X(easy_strerror) X(easy_cleanup)

typedef struct CurlLibrary {
#define CURL_MEMBER(name) __typeof__(&curl_##name) name;
	CURL_FUNCTIONS(CURL_MEMBER)
#undef CURL_MEMBER
} CurlLibrary;

/* The same one with every call, which stays loaded. ERROR_IO where it is not installed. For one thread. */
MUST_CHECK bool curl_library_load(const CurlLibrary **ret_curl, Error *err);

#endif
