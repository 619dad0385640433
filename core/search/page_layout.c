/* See page_layout.h. */
#include "page_layout.h"

/* Flows in the making. */
typedef struct Builder {
	const StoreText *text;
	KeptWords *words;
	PageLayout *layout;
	LaidPiece **piece_of_block; /* NULL: none */
	FieldText *of_block;
	FlowLayout *open; /* paragraphs go to it; NULL: they begin one */
	size_t section;
} Builder;

static MarkedText unmarked(const Builder *builder, const FieldText *piece)
{
	return (MarkedText){ .piece = *piece, .kept = &builder->words[piece->number] };
}

static FlowLayout *add_flow(Builder *builder, FlowKind kind)
{
	PageLayout *layout = builder->layout;
	FlowLayout *flow = &layout->flows[layout->n_flows++];

	*flow = (FlowLayout){ .kind = kind, .section = builder->section, .first_text = layout->n_texts };
	return flow;
}

static void add_text(Builder *builder, FlowLayout *flow, const FieldText *piece, LaidPiece *laid)
{
	PageLayout *layout = builder->layout;

	laid->text = layout->n_texts++;
	layout->texts[laid->text] = unmarked(builder, piece);
	flow->n_texts++;
}

static void add_block(Builder *builder, size_t number)
{
	const FieldText *piece = &builder->of_block[number];
	LaidPiece *laid = builder->piece_of_block[number];

	switch (builder->text->blocks[number].kind) {
	case BLOCK_HEADING:
		builder->section = number;
		builder->open = add_flow(builder, FLOW_PROSE);
		builder->open->has_heading = true;
		add_text(builder, builder->open, piece, laid);
		break;
	case BLOCK_PROSE:
		if (!builder->open)
			builder->open = add_flow(builder, FLOW_PROSE);
		add_text(builder, builder->open, piece, laid);
		break;
	case BLOCK_CODE:
		add_text(builder, add_flow(builder, FLOW_CODE), piece, laid);
		builder->open = NULL;
		break;
	case BLOCK_INLINE_CODE:
		/* Gathered from the whole page. */
		builder->section = NO_SECTION;
		add_text(builder, add_flow(builder, FLOW_INLINE_CODE), piece, laid);
		break;
	case BLOCK_CAPTION:
	case N_BLOCK_KINDS:
		break; /* they stand beside the text: add_captions() */
	}
}

/* Behind the others, each in its section: a caption does not part the paragraphs around it. */
static void add_captions(Builder *builder)
{
	builder->section = NO_SECTION;
	for (size_t i = 0; i < builder->text->n_blocks; i++) {
		BlockKind kind = builder->text->blocks[i].kind;

		if (kind == BLOCK_HEADING)
			builder->section = i;
		if (kind == BLOCK_CAPTION && builder->piece_of_block[i])
			add_text(builder, add_flow(builder, FLOW_CAPTION), &builder->of_block[i], builder->piece_of_block[i]);
	}
}

/* What a hit's title says already is no description. */
static bool repeats_title(const StoreText *text)
{
	return str_equal_nocase(str_trim(text->description), str_trim(text->title));
}

/* Notes where the pieces of a field are; those that are no block are placed at once. */
static void add_field(Builder *builder, TextField field, Arena *arena, Arena *scratch)
{
	PageLayout *layout = builder->layout;
	FieldText *pieces;
	size_t n = store_field_texts(builder->text, field, scratch, &pieces);

	layout->n_pieces[field] = n;
	layout->pieces[field] = arena_new_n(arena, LaidPiece, n);
	for (size_t i = 0; i < n; i++) {
		LaidPiece *laid = &layout->pieces[field][i];

		*laid = (LaidPiece){ pieces[i].place, pieces[i].place + pieces[i].n_places, NO_TEXT };
		if (pieces[i].block != (size_t)-1) {
			builder->of_block[pieces[i].block] = pieces[i];
			builder->piece_of_block[pieces[i].block] = laid;
		} else if (!repeats_title(builder->text)) {
			add_text(builder, add_flow(builder, FLOW_DESCRIPTION), &pieces[i], laid);
		}
	}
}

static void add_title(Builder *builder, Arena *scratch)
{
	FieldText *pieces;

	if (store_field_texts(builder->text, FIELD_TITLE, scratch, &pieces))
		builder->layout->title = unmarked(builder, &pieces[0]);
}

PageLayout *page_layout_new(const StoreText *text, KeptWords *words, Arena *arena)
{
	CLEANUP(arena_deinit) Arena scratch = ARENA_INIT;
	PageLayout *layout = arena_new(arena, PageLayout);
	size_t n_blocks = text->n_blocks, most = n_blocks + 1;
	Builder builder = {
		.text = text, .words = words, .layout = layout, .section = NO_SECTION,
		.piece_of_block = arena_new_n(&scratch, LaidPiece *, n_blocks),
		.of_block = arena_new_n(&scratch, FieldText, n_blocks),
	};

	layout->texts = arena_new_n(arena, MarkedText, most);
	layout->flows = arena_new_n(arena, FlowLayout, most);
	add_title(&builder, &scratch);
	for (TextField field = 0; field < N_TEXT_FIELDS; field++)
		if (field != FIELD_TITLE && field != FIELD_TERMS)
			add_field(&builder, field, arena, &scratch);
	for (size_t i = 0; i < n_blocks; i++)
		if (builder.piece_of_block[i])
			add_block(&builder, i);
	add_captions(&builder);
	return layout;
}
