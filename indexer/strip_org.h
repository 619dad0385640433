/* Org's markup to blocks of plain text, simply: headlines, lists, tables, blocks, links, emphasis. */
#ifndef INDEXER_STRIP_ORG_H
#define INDEXER_STRIP_ORG_H

#include "blocks.h"

/* Headlines get the ids that Hugo's go-org gives them: headline-1, headline-2 …, or their CUSTOM_ID. Never fails. */
void strip_org(Str text, Blocks *blocks);

#endif
