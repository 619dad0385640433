/* Parameters of the smaller questions: one row each. See query.c for those of a search. */
#include "blogsearch/question.h"

#include "blogsearch/limits.h"
#include "parameter.h"

typedef enum ParameterKind { PARAMETER_TEXT, PARAMETER_NUMBER, PARAMETER_IGNORED } ParameterKind;

typedef struct Parameter {
	Str name;
	ParameterKind kind;
	size_t offset;
	uint32_t max; /* bytes of a text; a number is from 1 to it */
} Parameter;

#define TEXT(name, field, max_bytes) { STR_INIT(name), PARAMETER_TEXT, offsetof(Question, field), max_bytes }
#define LIMIT(max)                   { STR_INIT("limit"), PARAMETER_NUMBER, offsetof(Question, limit), max }
#define CACHE_BUSTER                 { STR_INIT("_"), PARAMETER_IGNORED, 0, 0 }

#define N_PARAMETERS 3 /* of one question at most */

static const struct Kind {
	Parameter parameters[N_PARAMETERS];
	uint32_t limit;
} kinds[] = {
	[QUESTION_SUGGEST] = { { TEXT("q", q, LIMIT_QUERY_BYTES), LIMIT(LIMIT_SUGGESTIONS), CACHE_BUSTER }, 8 },
	[QUESTION_RELATED] = { { TEXT("url", url, LIMIT_URL_BYTES), LIMIT(LIMIT_RELATED), CACHE_BUSTER }, 5 },
	[QUESTION_SERIES] = { { TEXT("url", url, LIMIT_URL_BYTES), CACHE_BUSTER }, LIMIT_SERIES_PAGES },
	[QUESTION_FACET] = { { TEXT("q", q, LIMIT_FILTER_BYTES), LIMIT(LIMIT_FACET_VALUES), CACHE_BUSTER }, 20 },
};

/* Which facets there are: QUESTION_FACET without a name. */
static const struct Kind all_facets = { { CACHE_BUSTER }, 20 };

static const struct Kind *kind_of(QuestionKind kind, Str name)
{
	return kind == QUESTION_FACET && !name.len ? &all_facets : &kinds[kind];
}

Question question_new(QuestionKind kind, Str name)
{
	return (Question){ .kind = kind, .name = name, .limit = kind_of(kind, name)->limit };
}

static bool set_text(const Parameter *parameter, Str *field, Str value, Arena *arena, Error *err)
{
	if (value.len > parameter->max)
		return parameter_wrong(parameter->name, arena, err,
		                       arena_to_c(arena, arena_printf(arena, "is longer than %u bytes", parameter->max)),
		                       STR_EMPTY);
	*field = arena_str_dup(arena, value);
	return true;
}

static bool set(Question *question, const Parameter *parameter, Str value, Arena *arena, Error *err)
{
	char *field = (char *)question + parameter->offset;

	switch (parameter->kind) {
	case PARAMETER_TEXT:
		return set_text(parameter, (Str *)(void *)field, value, arena, err);
	case PARAMETER_NUMBER:
		return parameter_number(parameter->name, value, 1, parameter->max, (uint32_t *)(void *)field, arena, err);
	case PARAMETER_IGNORED:
		break;
	}
	return true;
}

bool question_set(Question *question, Str name, Str value, Arena *arena, Error *err)
{
	const Parameter *parameters = kind_of(question->kind, question->name)->parameters;
	Str names[N_PARAMETERS];

	if (!parameter_check_name(name, err) ||
	    !parameter_check_text(name, value, str_equal(name, STR("q")), arena, err))
		return false;
	for (size_t i = 0; i < N_PARAMETERS; i++) {
		names[i] = parameters[i].name;
		if (names[i].len && str_equal(name, names[i]))
			return set(question, &parameters[i], value, arena, err);
	}
	return parameter_unknown(name, names, N_PARAMETERS, arena, err);
}

bool question_finish(const Question *question, Arena *arena, Error *err)
{
	if (!parameter_check_text(STR("name"), question->name, false, arena, err))
		return false;
	if (question->name.len > LIMIT_TERM_BYTES)
		return error_set(err, ERROR_NOT_FOUND, "no name is that long");
	if (question->kind == QUESTION_RELATED && !question->url.len) {
		error_set(err, ERROR_USAGE, "url is missing");
		error_hint(err, "say of which page: its URL or its path");
		return error_parameter(err, "url");
	}
	if (question->kind == QUESTION_SERIES && !question->name.len)
		return error_set(err, ERROR_NOT_FOUND, "which series is not said");
	return true;
}

void question_key(const Question *question, Buf *out)
{
	const Str texts[] = { question->name, question->q, question->url };

	buf_printf(out, "%d|%u", (int)question->kind, question->limit);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		buf_printf(out, "|%zu:", texts[i].len);
		buf_append(out, texts[i]);
	}
}
