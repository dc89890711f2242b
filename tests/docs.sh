#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Run the commands of the documentation: tests/docs.sh SCRATCH DOCUMENT.md...
#
# Each fenced ```sh block is one test: it runs with `sh -e` in a copy of the repository, blocks of one
# document one after another in the same copy. If any line begins with `$ `, only those lines are commands.
# A block that must not run says so in its fence: ```sh no-test. RETRYSTORM names the program. Ends in `N
# passed, N failed`.
set -u
root=$(pwd)
scratch_root=$1
shift
program=${RETRYSTORM:-build/retrystorm}
case $program in /*) ;; *) program=$root/$program ;; esac
passed=0
failed=0

# DOCUMENT DIRECTORY: writes DIRECTORY/LINE.sh for each block to run, prints their line numbers.
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
        !inside && /^[ ]*```/ {
            inside = 1
            run = $0 ~ /^[ ]*```sh[ ]*$/
            start = NR
            lines = prompts = 0
            next
        }
        inside && /^[ ]*```[ ]*$/ { inside = 0; if (run) finish(); next }
        inside { text[++lines] = $0; if ($0 ~ /^\$ /) prompts = 1 }
    ' "$1"
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
        if (
            cd "$scratch/repository" || exit
            PATH=$PWD/build:$PATH sh -e "$scratch/blocks/$line.sh"
        ) >"$scratch/output" 2>&1 </dev/null; then
            passed=$((passed + 1))
        else
            echo "$document:$line: this block fails with exit status $?:"
            sed 's/^/  $ /' "$scratch/blocks/$line.sh"
            tail -n 30 "$scratch/output" | sed 's/^/  /'
            failed=$((failed + 1))
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
