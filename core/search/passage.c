/* See passage.h. */
#include "passage.h"

/* What a passage gains beside the words that it covers: less than a word of the query in all. */
#define WORTH_NEAR     0.3f /* all next to each other; falls with the words in between */
#define WORTH_IN_ORDER 0.1f
#define WORTH_REPEATED 0.03f /* each, up to MOST_REPEATED */
#define MOST_REPEATED  3
#define NEAR           4.0f /* words in between that halve it */

#define MOST_OCCURRENCES 4096 /* of a flow that are looked at */

#define BYTES_OF_WORD  40u /* a longer word takes as many times more */
#define MOST_BYTES(n_words) ((n_words) * 64u + 256u) /* for words without an end */
#define STEPS_TO_CUT   16

/* --- Room --------------------------------------------------------------------------------------- */

static uint32_t room_of_word(const MarkedText *text, uint32_t word)
{
	uint32_t n_bytes = end_of_word(text, word) - text->words[word].start, room = text->words[word].room;

	return n_bytes < BYTES_OF_WORD ? room : room * (1 + n_bytes / BYTES_OF_WORD);
}

/* --- Finding ------------------------------------------------------------------------------------- */

typedef struct Occurrence {
	uint32_t at, end; /* places of the flow */
	uint32_t leaf;
	uint32_t character; /* see Span */
	FlowPlace first, last;
} Occurrence;

typedef struct Occurrences {
	Occurrence *items;
	size_t n;
} Occurrences;

static void add_occurrence(Occurrences *occurrences, const MarkedText *text, size_t number, uint32_t base,
                           const Span *span)
{
	uint32_t last = span->word + span->n_words - 1;
	Occurrence *before = occurrences->n ? &occurrences->items[occurrences->n - 1] : NULL;

	if (last >= text->piece.n_places)
		last = text->piece.n_places - 1;
	/* The exact form of a word is a form of its stem as well. */
	if (before && before->at == base + span->word && before->leaf == span->leaf) {
		before->end = base + last + 1 > before->end ? base + last + 1 : before->end;
		before->last.word = last > before->last.word ? last : before->last.word;
		return;
	}
	occurrences->items[occurrences->n++] = (Occurrence){ base + span->word, base + last + 1, span->leaf,
		                                             span->character, { number, span->word }, { number, last } };
}

static size_t count_spans(const Flow *flow, size_t first)
{
	size_t n = 0;

	for (size_t i = first; i < flow->n_texts; i++)
		n += flow->texts[i].n_spans;
	return n < MOST_OCCURRENCES ? n : MOST_OCCURRENCES;
}

static Occurrences list_occurrences(const Flow *flow, bool skip_heading, Arena *arena)
{
	size_t first = skip_heading && flow->has_heading, most = count_spans(flow, first);
	Occurrences occurrences = { most ? arena_new_n(arena, Occurrence, most) : NULL, 0 };
	uint32_t base = 0;

	for (size_t i = first; i < flow->n_texts && occurrences.n < most; i++) {
		const MarkedText *text = &flow->texts[i];

		for (size_t j = 0; j < text->n_spans && occurrences.n < most; j++)
			add_occurrence(&occurrences, text, i, base, &text->spans[j]);
		base += text->piece.n_places;
	}
	return occurrences;
}

/* A window over the occurrences, from one of them on. */
typedef struct Window {
	size_t first, last; /* the last one that brings something new */
	float covered;
	uint32_t n_covered; /* words that these are */
	uint32_t n_repeated;
	bool is_in_order, is_several;
} Window;

/* @seen: by leaf, the window (first + 1) that has seen it last. */
static Window window_from(const Occurrences *occurrences, size_t first, uint32_t n_places, const PassageTerms *terms,
                          uint32_t *seen)
{
	const Occurrence *all = occurrences->items;
	Window window = { .first = first, .last = first, .is_in_order = true };

	for (size_t i = first; i < occurrences->n && (i == first || all[i].end <= all[first].at + n_places); i++) {
		if (seen[all[i].leaf] == first + 1) {
			window.n_repeated++;
			continue;
		}
		seen[all[i].leaf] = (uint32_t)first + 1;
		window.is_several = i > first;
		window.is_in_order = window.is_in_order && all[i].leaf >= all[window.last].leaf;
		window.last = i;
		window.covered += terms->weights[all[i].leaf];
		window.n_covered += all[i].end - all[i].at;
	}
	return window;
}

static float worth_of(const Occurrences *occurrences, const Window *window)
{
	uint32_t extent = occurrences->items[window->last].end - occurrences->items[window->first].at;
	uint32_t between = extent > window->n_covered ? extent - window->n_covered : 0;
	uint32_t n_repeated = window->n_repeated < MOST_REPEATED ? window->n_repeated : MOST_REPEATED;

	return window->covered + WORTH_NEAR / (1.0f + (float)between / NEAR) +
	       (window->is_several && window->is_in_order ? WORTH_IN_ORDER : 0) + WORTH_REPEATED * (float)n_repeated;
}

/* As many places as the words that are wanted would take in this script. */
static uint32_t places_of_words(const Occurrence *occurrence, uint32_t n_words)
{
	return n_words * ROOM_OF_WORD / room_of_character(occurrence->character);
}

Passage passage_find(const Flow *flow, const PassageTerms *terms, bool skip_heading, Arena *arena)
{
	Occurrences occurrences = list_occurrences(flow, skip_heading, arena);
	uint32_t *seen = occurrences.n ? arena_new_n(arena, uint32_t, terms->n_leaves) : NULL;
	Passage best = { .flow = flow };

	for (size_t i = 0; i < occurrences.n; i++) {
		uint32_t n_places = places_of_words(&occurrences.items[i], terms->n_words);
		Window window = window_from(&occurrences, i, n_places, terms, seen);
		float worth = worth_of(&occurrences, &window);

		if (worth > best.worth)
			best = (Passage){ flow, occurrences.items[window.first].first, occurrences.items[window.last].last,
				          worth, window.covered };
	}
	return best;
}

/* --- Walking --------------------------------------------------------------------------------------- */

typedef struct Walk {
	const Flow *flow;
	Arena *arena;
} Walk;

static MarkedText *text_at(const Walk *walk, FlowPlace place)
{
	MarkedText *text = &walk->flow->texts[place.text];

	if (!text->words)
		marked_text_find_words(text, walk->arena);
	return text;
}

static bool has_words(const Walk *walk, size_t number)
{
	return text_at(walk, (FlowPlace){ number, 0 })->n_words > 0;
}

static bool step_forward(const Walk *walk, FlowPlace *place)
{
	size_t next = place->text + 1;

	if (place->word + 1 < text_at(walk, *place)->n_words) {
		place->word++;
		return true;
	}
	while (next < walk->flow->n_texts && !has_words(walk, next))
		next++;
	if (next >= walk->flow->n_texts)
		return false;
	*place = (FlowPlace){ next, 0 };
	return true;
}

/* Never back into the heading. */
static bool step_back(const Walk *walk, FlowPlace *place)
{
	size_t first_text = walk->flow->has_heading && place->text > 0, before = place->text;

	if (place->word > 0) {
		place->word--;
		return true;
	}
	while (before > first_text && !has_words(walk, before - 1))
		before--;
	if (before <= first_text)
		return false;
	*place = (FlowPlace){ before - 1, (uint32_t)text_at(walk, (FlowPlace){ before - 1, 0 })->n_words - 1 };
	return true;
}

static uint32_t room_at(const Walk *walk, FlowPlace place)
{
	return room_of_word(text_at(walk, place), place.word);
}

static Cut cut_behind_place(const Walk *walk, FlowPlace place)
{
	return cut_behind(text_at(walk, place), place.word);
}

static Cut cut_before_place(const Walk *walk, FlowPlace place)
{
	return place.word ? cut_behind(text_at(walk, place), place.word - 1) : CUT_SENTENCE;
}

static bool is_same_place(FlowPlace a, FlowPlace b)
{
	return a.text == b.text && a.word == b.word;
}

/* --- Fitting ----------------------------------------------------------------------------------------- */

/* The room that the passage takes; its end is moved forward where it takes more than @most. */
static uint32_t clip(const Walk *walk, Passage *passage, uint32_t most)
{
	FlowPlace at = passage->first;
	uint32_t room = room_at(walk, at);

	while (!is_same_place(at, passage->last)) {
		FlowPlace next = at;

		if (!step_forward(walk, &next) || room + room_at(walk, next) > most)
			break;
		at = next;
		room += room_at(walk, at);
	}
	passage->last = at;
	return room;
}

/* Goes back to the beginning of the sentence; false where that takes more than @most. */
static bool back_to_sentence(const Walk *walk, FlowPlace *place, uint32_t most, uint32_t *ret_room)
{
	FlowPlace at = *place;
	uint32_t room = 0;

	while (cut_before_place(walk, at) != CUT_SENTENCE) {
		at.word--;
		room += room_at(walk, at);
		if (room > most)
			return false;
	}
	*place = at;
	*ret_room = room;
	return true;
}

/* Goes back by words as far as @most allows, then forward to where the text can be cut. */
static uint32_t back_by_words(const Walk *walk, FlowPlace *place, uint32_t most)
{
	FlowPlace at = *place;
	Cut best = CUT_INSIDE;
	uint32_t room = 0, best_room = 0;

	/* The farthest of the best kind of cut, sentences aside: there is none near. */
	while (step_back(walk, &at)) {
		Cut cut = cut_before_place(walk, at);

		room += room_at(walk, at);
		if (room > most)
			break;
		cut = cut > CUT_WORDS ? CUT_WORDS : cut;
		if (cut >= best) {
			best = cut;
			best_room = room;
			*place = at;
		}
	}
	return best_room;
}

/* The sentence of what was found, where it fits; else some words before it. */
static uint32_t begin(const Walk *walk, Passage *passage, uint32_t spare)
{
	bool is_at_end = cut_behind_place(walk, passage->last) == CUT_SENTENCE;
	uint32_t room;

	if (back_to_sentence(walk, &passage->first, is_at_end ? spare : spare * 2 / 3, &room))
		return room;
	return back_by_words(walk, &passage->first, spare / 4);
}

/* Back to where the text can be cut, but not into what was found. */
static FlowPlace cut_back(const Walk *walk, FlowPlace end, FlowPlace found)
{
	FlowPlace at = end, best = end;
	Cut best_cut = cut_behind_place(walk, end);

	for (unsigned i = 0; i < STEPS_TO_CUT && best_cut < CUT_WORDS && !is_same_place(at, found); i++) {
		if (!step_back(walk, &at))
			break;
		if (cut_behind_place(walk, at) > best_cut) {
			best = at;
			best_cut = cut_behind_place(walk, at);
		}
	}
	return best;
}

/* Goes on up to @most of room; ends with a sentence where one ends late enough. */
static uint32_t end(const Walk *walk, Passage *passage, uint32_t room, uint32_t most)
{
	FlowPlace at = passage->last, next = at, sentence = at;
	uint32_t sentence_room = 0;

	for (;;) {
		bool is_end = cut_behind_place(walk, at) == CUT_SENTENCE;

		if (is_end && room >= most / 2) {
			sentence = at;
			sentence_room = room;
		}
		next = at;
		if (!step_forward(walk, &next)) {
			passage->last = at;
			return room;
		}
		/* A paragraph is not begun for a few words of it. */
		if (room + room_at(walk, next) > most || (next.text != at.text && room > most * 4 / 5))
			break;
		at = next;
		room += room_at(walk, at);
	}
	passage->last = sentence_room ? sentence : cut_back(walk, at, passage->last);
	return sentence_room ? sentence_room : room;
}

/* Where the text ends early there is room for sentences before it. */
static void begin_earlier(const Walk *walk, Passage *passage, uint32_t room, uint32_t most)
{
	while (cut_before_place(walk, passage->first) == CUT_SENTENCE) {
		FlowPlace at = passage->first;
		uint32_t room_of_last, more;

		if (!step_back(walk, &at))
			return;
		room_of_last = room_at(walk, at);
		if (room + room_of_last > most)
			return;
		if (!back_to_sentence(walk, &at, most - room - room_of_last, &more))
			break;
		passage->first = at;
		room += room_of_last + more;
	}
	/* Half a sentence more is better than next to nothing. */
	if (room < most / 4)
		back_by_words(walk, &passage->first, most - room);
}

void passage_fit(Passage *passage, const PassageTerms *terms, Arena *arena)
{
	Walk walk = { passage->flow, arena };
	uint32_t most = terms->n_words * ROOM_OF_WORD;
	uint32_t room = clip(&walk, passage, most);

	passage->max_bytes = MOST_BYTES(terms->n_words);
	if (room >= most)
		return;
	room += begin(&walk, passage, most - room);
	room = end(&walk, passage, room, most);
	if (room < most)
		begin_earlier(&walk, passage, room, most);
}

bool passage_begin(Flow *flow, Arena *arena, Passage *ret_passage)
{
	Walk walk = { flow, arena };

	for (size_t i = flow->has_heading; i < flow->n_texts; i++)
		if (has_words(&walk, i)) {
			*ret_passage = (Passage){ .flow = flow, .first = { i, 0 }, .last = { i, 0 } };
			return true;
		}
	return false;
}

/* --- Showing ------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool ends_with_any(Str text, const char *const *endings, size_t *ret_len)
{
	for (; *endings; endings++)
		if (str_ends_with(text, str_from_c(*endings))) {
			*ret_len = strlen(*endings);
			return true;
		}
	return false;
}

/* With what opens right before the word: quotes, brackets, signs; not what closes before it. */
static uint32_t start_of(const MarkedText *text, uint32_t word)
{
	static const char *const closes[] = { "。", "、", "，", "！", "？", "」", "』", "）", "】", "》", "〉", "…", NULL };
	uint32_t at = text->words[word].start, least = word ? text->words[word - 1].end : 0;
	size_t len;

	while (at > least && !is_blank(text->piece.text.data[at - 1]) &&
	       !ends_with_any(str_slice(text->piece.text, least, at), closes, &len))
		at--;
	return word ? at : 0;
}

static size_t line_len(Str text)
{
	size_t end = str_find_char(text, '\n');

	return end == STR_NOT_FOUND ? text.len : end;
}

/* With the punctuation right behind the word; what promises more goes where the text is cut. */
static uint32_t end_of(const MarkedText *text, uint32_t word)
{
	static const char *const opens[] = { ",", ";", ":", "-", "–", "—", "(", "[", "{", "“", "„", "«", "、", "（", "「", NULL };
	uint32_t at = end_of_word(text, word);
	uint32_t most = word + 1 < text->n_words ? text->words[word + 1].start : (uint32_t)text->piece.text.len;
	uint32_t least = at;
	size_t len;

	/* A line of code to its end. */
	if (text->piece.field == FIELD_CODE && cut_behind(text, word) == CUT_SENTENCE)
		return at + (uint32_t)line_len(str_slice(text->piece.text, at, most));
	while (at < most && !is_blank(text->piece.text.data[at]))
		at++;
	while (at > least && cut_behind(text, word) != CUT_SENTENCE &&
	       ends_with_any(str_slice(text->piece.text, least, at), opens, &len))
		at -= (uint32_t)len;
	return at;
}

/* Of bytes [from, to) those that fit into @most, cut at a character. */
static uint32_t cut_bytes(Str text, uint32_t from, uint32_t to, size_t most)
{
	if (to - from <= most)
		return to;
	to = from + (uint32_t)most;
	while (to > from && ((unsigned char)text.data[to] & 0xc0) == 0x80)
		to--;
	return to;
}

void passage_append(const Passage *passage, Buf *html)
{
	size_t most = passage->max_bytes;
	bool is_cut = false;

	if (passage->first.word &&
	    cut_behind(&passage->flow->texts[passage->first.text], passage->first.word - 1) != CUT_SENTENCE)
		buf_append_c(html, "… ");
	for (size_t i = passage->first.text; i <= passage->last.text && most && !is_cut; i++) {
		const MarkedText *text = &passage->flow->texts[i];
		bool is_last = i == passage->last.text;
		uint32_t from = i == passage->first.text ? start_of(text, passage->first.word) : 0, to, end;

		if (!text->n_words)
			continue;
		if (i > passage->first.text)
			buf_append_c(html, passage->flow->has_heading && i == 1 ? " … " : " ");
		to = is_last && passage->last.word + 1 < text->n_words ? end_of(text, passage->last.word)
		                                                       : (uint32_t)text->piece.text.len;
		end = cut_bytes(text->piece.text, from, to, most);
		append_marked(text, from, end, html);
		most -= end - from;
		is_cut = end < to || (is_last && cut_behind(text, passage->last.word) != CUT_SENTENCE);
	}
	if (is_cut)
		buf_append_c(html, " …");
}
