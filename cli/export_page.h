/* A page as `blogsearch export` writes it, in the formats of the engines that take it. */
#ifndef CLI_EXPORT_PAGE_H
#define CLI_EXPORT_PAGE_H

#include "blogsearch/store_read.h"

/* A page of the index, all that is known of it. */
typedef struct ExportPage {
	const Catalog *catalog;
	uint32_t number;
	StorePage row;
	const StoreText *text;
} ExportPage;

typedef struct ExportFormat {
	const char *name;
	/* Appends what stands for @page: one line or several, each with its end. */
	void (*write)(const ExportPage *page, Arena *arena, Buf *out);
} ExportFormat;

/* NULL where there is none of that name. */
const ExportFormat *export_format(const char *name);

#endif
