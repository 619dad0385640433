/* See ask_other.h. */
#include "ask_other.h"

#include "blogsearch/question.h"
#include "fail.h"

void ask_other(Engine *engine, bool is_suggest, Str text, Arena *arena)
{
	CLEANUP(error_deinit) Error err = ERROR_INIT;
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	Question question = question_new(is_suggest ? QUESTION_SUGGEST : QUESTION_RELATED, STR_EMPTY);

	if (!question_set(&question, is_suggest ? STR("q") : STR("url"), text, arena, &err) ||
	    !question_finish(&question, arena, &err) || !question_to_json(engine, &question, arena, &out, &err))
		fail(&err);
}
