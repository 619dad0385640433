/* JSON, as front matter and configurations have it: fuzz_value.h says what holds. */
#include "fuzz_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_parser(json_parse, fuzz_str(data, size));
	return 0;
}
