#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What no compiler says about the text of the sources: tests/style.sh
#
# Licence line, stray whitespace, tabs, long lines, a missing end of line, words of unfinished work, an
# assert that a release would drop. One test a rule. Ends in `N passed, N failed`.
set -u
passed=0
failed=0

c_files() { find sim tests -name '*.[ch]' | sort; }
scripts() { find tests .ci -name '*.sh' -o -path .ci/run | sort; }
texts() {
    find Makefile README.md .github sim tests scenarios plots .ci \
        -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.md' -o -name '*.yaml' -o -name '*.gp' -o \
        -name Makefile -o -name run \) 2>/dev/null | sort
}

rule() { # NAME COMPLAINTS
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n%s\n' "$1" "$2" | head -n 40
    fi
}

unlicensed() {
    for file in $(c_files); do
        head -n 1 "$file" | grep -qF '/* SPDX-License-Identifier: GPL-3.0-or-later */' || echo "  $file"
    done
    for file in Makefile $(scripts); do
        head -n 2 "$file" | grep -qF '# SPDX-License-Identifier: GPL-3.0-or-later' || echo "  $file"
    done
}

matching() { # PATTERN FILES: where the extended pattern occurs
    pattern=$1
    shift
    [ $# -gt 0 ] && grep -nE -- "$pattern" /dev/null "$@" | sed 's/^/  /'
}

long_lines() {
    # Characters, not bytes: continuation bytes of UTF-8 do not count.
    for file in $(c_files) Makefile $(scripts); do
        LC_ALL=C awk -v file="$file" '{ line = $0; gsub(/[\200-\277]/, "", line) }
            length(line) > 120 { printf "  %s:%d: %d columns\n", file, FNR, length(line) }' "$file"
    done
}

unended() {
    for file in $(texts); do
        [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ] && echo "  $file"
    done
}

tab=$(printf '\t')
unfinished='(TO''DO|FIX''ME|(^|[^X])X''XX([^X]|$)|HA''CK|not imple''mented|for n''ow([^a-z]|$))'
# shellcheck disable=SC2046 # file names of this project have no blanks
{
    rule 'first line is the licence' "$(unlicensed)"
    rule 'no blanks at the end of a line' "$(matching "[ $tab]+\$" $(texts))"
    rule 'no tabs in C' "$(matching "$tab" $(c_files))"
    rule 'lines of at most 120 columns' "$(long_lines)"
    rule 'files end in a newline' "$(unended)"
    rule 'nothing left unfinished' "$(matching "${unfinished}" $(c_files) $(scripts) Makefile)"
    rule 'CHECK, not assert (which a release may drop)' "$(matching '^ *assert\(' $(find sim -name '*.[ch]'))"
}
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
