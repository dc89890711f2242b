#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run the commands of the documentation: tests/docs.sh SCRATCH DOCUMENT.md...
#
# Each fenced ```sh block is one test: it runs with `sh -e` in a copy of the repository, blocks of one
# document one after another in the same copy. If any line begins with `$ `, only those lines are commands.
# A block that must not run says so in its fence: ```sh no-test. A fenced block without a language that
# follows (after blank lines and at most one line of prose) is what the commands print to stdout, a test of
# its own; a line `...` in it stands for any lines. RETRYSTORM names the program. Ends in `N passed, N
# failed`.
set -u
root=$(pwd)
scratch_root=$1
shift
program=${RETRYSTORM:-build/retrystorm}
case $program in /*) ;; *) program=$root/$program ;; esac
passed=0
failed=0

# DOCUMENT DIRECTORY: writes DIRECTORY/LINE.sh for each block to run, DIRECTORY/LINE.out for what it prints if
# the document says so, prints the line numbers of the former.
extract() {
    awk -v directory="$2" '
        function finish(    i, name) {
            name = directory "/" start ".sh"
            printf "" >name
            for (i = 1; i <= lines; i++) {
                if (!prompts) print text[i] >name
                else if (text[i] ~ /^\$ /) print substr(text[i], 3) >name
            }
            close(name)
            print start
        }
        function expect(    i, name) {
            name = directory "/" said ".out"
            printf "" >name
            for (i = 1; i <= lines; i++) print text[i] >name
            close(name)
        }
        !inside && /^[ ]*```/ {
            inside = 1
            run = $0 ~ /^[ ]*```sh[ ]*$/
            printed = $0 ~ /^[ ]*```[ ]*$/ && said && prose <= 1
            start = NR
            lines = prompts = 0
            next
        }
        inside && /^[ ]*```[ ]*$/ {
            inside = 0
            if (run) finish()
            if (printed) expect()
            said = run ? start : 0
            prose = 0
            next
        }
        inside { text[++lines] = $0; if ($0 ~ /^\$ /) prompts = 1; next }
        NF { prose++ }
    ' "$1"
}

# EXPECTED ACTUAL: whether the files are the same; a line `...` of the first stands for any lines.
matches() {
    awk '
        FILENAME == ARGV[1] { want[++wanted] = $0; next }
        { got[++have] = $0 }
        END {
            i = j = 1
            while (j <= have) {
                if (i <= wanted && want[i] == "...") { star = i++; from = j }
                else if (i <= wanted && want[i] == got[j]) { i++; j++ }
                else if (star) { i = star + 1; j = ++from }
                else exit 1
            }
            while (i <= wanted && want[i] == "...") i++
            exit i <= wanted
        }
    ' "$1" "$2"
}

copy_repository() { # DIRECTORY
    rm -rf "$1"
    mkdir -p "$1/blocks" "$1/repository/build"
    for entry in Makefile README.md LICENSE sim scenarios plots tests .github .ci; do
        [ -e "$root/$entry" ] && cp -R "$root/$entry" "$1/repository/$entry"
    done
    ln -s "$program" "$1/repository/build/retrystorm"
    [ -x "$root/build/theory" ] && ln -s "$root/build/theory" "$1/repository/build/theory"
}

for document in "$@"; do
    scratch=$root/$scratch_root/docs-$(printf '%s' "${document%.md}" | tr '/' '-')
    copy_repository "$scratch"
    for line in $(extract "$document" "$scratch/blocks"); do
        block=$scratch/blocks/$line
        if (
            cd "$scratch/repository" || exit
            PATH=$PWD/build:$PATH LC_ALL=C.UTF-8 sh -e "$block.sh"
        ) >"$scratch/stdout" 2>"$scratch/stderr" </dev/null; then
            passed=$((passed + 1))
        else
            echo "$document:$line: this block fails with exit status $?:"
            sed 's/^/  $ /' "$block.sh"
            tail -n 20 "$scratch/stdout" | sed 's/^/  /'
            tail -n 20 "$scratch/stderr" | sed 's/^/  /'
            failed=$((failed + 1))
        fi
        [ -e "$block.out" ] || continue
        if matches "$block.out" "$scratch/stdout"; then
            passed=$((passed + 1))
        else
            echo "$document:$line: this block does not print what the document says:"
            diff "$block.out" "$scratch/stdout" | sed 's/^/  /'
            failed=$((failed + 1))
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
