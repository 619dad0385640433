/* What stands at which place: core/text/analyze.c. */
#include "harness/unit.h"

#include "blogsearch/text.h"

static bool write_token(void *context, const Token *token)
{
	static const char *const kinds[] = { "", "whole:", "piece:", "pair:", "last:" };
	Buf *out = context;

	buf_printf(out, "%s%u%s%.*s", out->len ? " " : "", token->position, kinds[token->kind][0] ? kinds[token->kind] : ":",
	           STR_ARG(token->exact));
	if (token->stem.len && !str_equal(token->stem, token->exact))
		buf_printf(out, "(%.*s)", STR_ARG(token->stem));
	return true;
}

static void check_tokens(const char *text, const char *lang, const char *expected)
{
	CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();

	analyze(analyzer, str_from_c(text), str_from_c(lang), write_token, &out);
	assert_str(buf_str(&out), expected);
}

TEST(text_analyze__words_are_folded_and_stemmed_by_language)
{
	check_tokens("Running Häuser", "en", "0:running(run) 1:hauser");
	check_tokens("Running Häuser", "de", "0:running 1:hauser(haus)");
	check_tokens("Running", "", "0:running");
	check_tokens("Running", "pt-BR", "0:running");
}

TEST(text_analyze__a_region_does_not_change_the_stemmer)
{
	check_tokens("Running", "en-GB", "0:running(run)");
	check_tokens("Running", "EN_us", "0:running(run)");
}

TEST(text_analyze__a_name_with_joiners_stands_whole_beside_its_words)
{
	check_tokens("node.js", "en", "0whole:node.js 0:node 1:js");
	check_tokens("CVE-2020-0674", "en", "0whole:cve-2020-0674 0:cve 1:2020 2:0674");
	check_tokens("snake_case", "", "0whole:snake_case 0:snake 1:case");
	check_tokens("std::string", "", "0whole:std::string 0:std 1:string");
	check_tokens("192.168.0.1", "", "0whole:192.168.0.1 0:192 1:168 2:0 3:1");
	check_tokens("/etc/hosts", "", "0whole:etc/hosts 0:etc 1:hosts");
}

TEST(text_analyze__c_plus_plus_c_sharp_and_dot_net_keep_their_signs)
{
	check_tokens("C++, C# (.NET).", "", "0whole:c++ 0:c 1whole:c# 1:c 2whole:.net 2:net");
}

TEST(text_analyze__a_sentence_end_is_no_name)
{
	check_tokens("end. Begin", "", "0:end 1:begin");
	check_tokens("really... yes", "", "0:really 1:yes");
}

TEST(text_analyze__camel_case_stands_whole_with_its_pieces_at_its_place)
{
	check_tokens("getUserById x", "", "0:getuserbyid 0piece:get 0piece:user 0piece:by 0piece:id 1:x");
	check_tokens("HTTPServer", "", "0:httpserver 0piece:http 0piece:server");
	check_tokens("URL", "", "0:url");
}

TEST(text_analyze__a_version_is_found_without_its_v)
{
	check_tokens("v1.2 V10.0.1", "",
	             "0whole:v1.2 0:v1 0piece:v 0piece:1 1:2 2whole:v10.0.1 2:v10 2piece:v 2piece:10 3:0 4:1");
	check_tokens("v1 v1-2 v.1 vi.2", "", "0:v1 1whole:v1-2 1:v1 2:2 3whole:v.1 3:v 4:1 5whole:vi.2 5:vi 6:2");
}

TEST(text_analyze__numbers_are_not_stemmed)
{
	check_tokens("k8s az-900s", "en", "0:k8s 1whole:az-900s 1:az 2:900s");
}

TEST(text_analyze__an_apostrophe_can_be_left_out)
{
	check_tokens("don’t", "", "0whole:dont 0:don 1:t");
}

TEST(text_analyze__scripts_without_spaces_give_pairs)
{
	check_tokens("東京都 go", "ja", "0pair:東京 1pair:京都 2last:都 3:go");
	check_tokens("猫", "ja", "0last:猫");
	check_tokens("ไทย", "th", "0pair:ไท 1pair:ทย 2last:ย");
}

TEST(text_analyze__a_voiced_kana_is_another_letter)
{
	check_tokens("がか", "ja", "0pair:がか 1last:か");
}

TEST(text_analyze__emphasis_characters_and_punctuation_are_no_words)
{
	check_tokens("--- *** \"'()[]{}<>|^~$%!?;,", "en", "");
	check_tokens("", "en", "");
}

TEST(text_analyze__bytes_that_are_no_utf8_part_words)
{
	check_tokens("ab\xff" "cd \xc3", "", "0:ab 1:cd");
}

static bool check_place(void *context, const Token *token)
{
	Str text = *(const Str *)context;

	assert_true(token->start < token->end && token->end <= text.len);
	assert_true(token->exact.len > 0 && token->exact.len <= 64);
	return true;
}

TEST(text_analyze__places_lie_within_the_text_and_long_words_are_cut)
{
	char long_word[3000];
	Str text = { long_word, sizeof(long_word) };
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();

	for (size_t i = 0; i < sizeof(long_word); i++)
		long_word[i] = "aé-漢"[i % 7];
	analyze(analyzer, text, STR("en"), check_place, &text);
	memset(long_word, 'x', sizeof(long_word));
	analyze(analyzer, text, STR("en"), check_place, &text);
}

/* More languages than are kept open, each asked twice: a word that was seen before is still its language's. */
TEST(text_analyze__a_word_seen_before_is_stemmed_by_the_language_at_hand)
{
	static const struct {
		const char *lang, *expected;
	} turns[] = { { "en", "0:running(run)" }, { "", "0:running" }, { "de", "0:running" }, { "fr", "0:running" },
		      { "nl", "0:running" },      { "es", "0:running" }, { "it", "0:running" }, { "sv", "0:running" },
		      { "no", "0:running" },      { "da", "0:running" }, { "pt", "0:running" }, { "zz", "0:running" } };
	CLEANUP(analyzer_freep) Analyzer *analyzer = analyzer_new();

	for (unsigned i = 0; i < 3 * ARRAY_SIZE(turns); i++) {
		CLEANUP(buf_deinit) Buf out = BUF_INIT(BUF_NO_CEILING);

		analyze(analyzer, STR("Running"), str_from_c(turns[i % ARRAY_SIZE(turns)].lang), write_token, &out);
		assert_str(buf_str(&out), turns[i % ARRAY_SIZE(turns)].expected);
		buf_clear(&out);
		analyze_places(analyzer, STR("Running"), write_token, &out);
		assert_str(buf_str(&out), "0:running");
	}
}

RUN_TESTS(text_analyze, UNIT(text_analyze__words_are_folded_and_stemmed_by_language),
          UNIT(text_analyze__a_region_does_not_change_the_stemmer),
          UNIT(text_analyze__a_name_with_joiners_stands_whole_beside_its_words),
          UNIT(text_analyze__c_plus_plus_c_sharp_and_dot_net_keep_their_signs),
          UNIT(text_analyze__a_sentence_end_is_no_name),
          UNIT(text_analyze__camel_case_stands_whole_with_its_pieces_at_its_place),
          UNIT(text_analyze__a_version_is_found_without_its_v),
          UNIT(text_analyze__numbers_are_not_stemmed), UNIT(text_analyze__an_apostrophe_can_be_left_out),
          UNIT(text_analyze__scripts_without_spaces_give_pairs), UNIT(text_analyze__a_voiced_kana_is_another_letter),
          UNIT(text_analyze__emphasis_characters_and_punctuation_are_no_words),
          UNIT(text_analyze__bytes_that_are_no_utf8_part_words),
          UNIT(text_analyze__a_word_seen_before_is_stemmed_by_the_language_at_hand),
          UNIT(text_analyze__places_lie_within_the_text_and_long_words_are_cut))
