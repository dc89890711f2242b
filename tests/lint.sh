#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Style, long functions and files, static analysis: tests/lint.sh
#
# Fails on the style rules and on what cppcheck finds. Lengths and gcc's analyzer are reported only: a
# dispatch loop may be long on purpose, and gcc 12's analyzer errs.
set -u
status=0
cc=${CC:-cc}

echo '== style'
sh tests/style.sh || status=1

echo '== functions over 60 lines, files over 400'
find sim tests -name '*.[ch]' | sort | while read -r file; do
    awk -v file="$file" '
        /^[A-Za-z].*\(/ && !/;[ \t]*$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
        /^\{/ { start = FNR }
        /^\}/ && start {
            if (FNR - start > 60) printf "%s:%d: %s has %d lines\n", file, start, name, FNR - start
            start = 0
        }
        END { if (FNR > 400) printf "%s: %d lines\n", file, FNR }' "$file"
done

echo '== cppcheck'
if command -v cppcheck >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # several flags
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem -j "$(getconf _NPROCESSORS_ONLN)" $CPPFLAGS sim || status=1
else
    echo 'not installed (Debian: cppcheck), skipped'
fi

echo '== gcc -fanalyzer'
if "$cc" --version 2>/dev/null | grep -q 'Free Software Foundation'; then
    find sim -name '*.c' | sort | while read -r file; do
        # shellcheck disable=SC2086
        "$cc" -std=c17 -D_POSIX_C_SOURCE=200809L $CPPFLAGS -O1 -fanalyzer -fdiagnostics-path-format=none \
            -S -o /dev/null "$file" 2>&1
    done
else
    echo "$cc is not gcc, skipped"
fi
exit $status
