/* See curl_library.h. */
#include "curl_library.h"

#include <dlfcn.h>

/* Of all of version 7 and 8. */
#define SONAME "libcurl.so.4"

bool curl_library_load(const CurlLibrary **ret_curl, Error *err)
{
	static CurlLibrary curl;
	void *library = curl.easy_init ? NULL : dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	bool has_all = library;

	*ret_curl = &curl;
	if (curl.easy_init)
		return true;
#define CURL_LOAD(function)                                                             \
	if (has_all) {                                                                  \
		curl.function = (__typeof__(curl.function))dlsym(library, "curl_" #function); \
		has_all = curl.function;                                                \
	}
	CURL_FUNCTIONS(CURL_LOAD)
#undef CURL_LOAD
	if (has_all)
		return true;
	curl = (CurlLibrary){ 0 };
	error_set(err, ERROR_IO, "%s cannot be loaded, without which no daemon can be asked", SONAME);
	return error_hint(err, "install libcurl (Debian: libcurl4)");
}
