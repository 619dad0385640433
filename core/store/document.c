/* The few things that documents can say of themselves. */
#include "blogsearch/document.h"

Str page_kind_name(PageKind kind)
{
	static const char *const names[] = { [PAGE_PAGE] = "page", [PAGE_HOME] = "home", [PAGE_SECTION] = "section",
		                             [PAGE_TAXONOMY] = "taxonomy", [PAGE_TERM] = "term" };

	return kind < ARRAY_SIZE(names) ? str_from_c(names[kind]) : STR_EMPTY;
}
