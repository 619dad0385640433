/* Questions that are no search. */
#ifndef BENCH_ASK_OTHER_H
#define BENCH_ASK_OTHER_H

#include "blogsearch/search.h"

/* Completions of @text, or pages like that of URL @text, up to their JSON. Ends the program where that fails. */
void ask_other(Engine *engine, bool is_suggest, Str text, Arena *arena);

#endif
