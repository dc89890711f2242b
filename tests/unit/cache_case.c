/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cache_case.h"

void cache_case_assert(const struct model_case *m, const int64_t expected[4], const char *file, int line)
{
    static const enum count counts[4] = {COUNT_SERVED, COUNT_MISSES, COUNT_FETCHES, COUNT_COALESCED};
    for (int i = 0; i < 4; i++)
        _assert_int_equal((LargestIntegralType)cache_count(m, 0, counts[i]), (LargestIntegralType)expected[i], file,
                          line);
}
