#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Golden command tests: tests/golden.sh [--write] SCRATCH FILE.t...
#
# Runs every `$ command` of each file and compares output and exit status with what the file says; the
# format is in tests/README.md. Each command is one test. --write puts what the program says now into the
# files instead. RETRYSTORM names the program. Ends in `N passed, N failed`.
set -u
export LC_ALL=C TZ=UTC TERM=dumb
unset NO_COLOR COLUMNS

write=
if [ "${1-}" = --write ]; then
    write=1
    shift
fi
root=$(pwd)
scratch_root=$1
shift
program=${RETRYSTORM:-build/retrystorm}
case $program in /*) ;; *) program=$root/$program ;; esac
passed=0
failed=0
changed=0

defined() { # NAME: its text in build/version.h
    sed -n "s/^#define $1 \"\(.*\)\"/\1/p" "$root/build/version.h" 2>/dev/null
}
version=$(defined RETRYSTORM_VERSION)
commit=$(defined RETRYSTORM_COMMIT)

# FILE MARK: the file's lines behind the mark, version and commit replaced by their names.
marked() {
    awk -v mark="$2" -v version="$version" -v commit="$commit" '
        function replace(text, word, name,    at, done) {
            if (word == "") return text
            while ((at = index(text, word)) > 0) {
                done = done substr(text, 1, at - 1) name
                text = substr(text, at + length(word))
            }
            return done text
        }
        { line = replace(replace($0, version, "{VERSION}"), commit, "{COMMIT}")
          print (line == "" ? mark : mark " " line) }' "$1"
    if [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]; then
        echo "\\ no newline at end"
    fi
}

# Runs the pending command and files what it did behind it.
finish_command() {
    [ -n "$command" ] || return 0
    limit=
    command -v timeout >/dev/null 2>&1 && limit="timeout --foreground ${COMMAND_SECONDS:-120}"
    (cd "$scratch/work" && $limit sh -c "$command" >../stdout 2>../stderr </dev/null)
    status=$?
    {
        marked "$scratch/stdout" '>'
        marked "$scratch/stderr" '!'
        [ "$status" -eq 0 ] || echo "? $status"
    } >"$scratch/actual"
    if cmp -s "$scratch/expected" "$scratch/actual"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        if [ -z "$write" ]; then
            printf '%s:%d: $ %s\n' "$file" "$command_line" "$command"
            diff -U 1000 "$scratch/expected" "$scratch/actual" | sed '1,3d; s/^/  /'
        fi
    fi
    cat "$scratch/actual" >>"$scratch/rewritten"
    command=
}

start_scratch() {
    rm -rf "$scratch"
    mkdir -p "$scratch/bin" "$scratch/work"
    ln -s "$program" "$scratch/bin/retrystorm"
    ln -s "$root/scenarios" "$scratch/work/scenarios"
    : >"$scratch/rewritten"
}

run_file() {
    command=
    input=
    number=0
    while IFS= read -r line || [ -n "$line" ]; do
        number=$((number + 1))
        case $line in
        '> '* | '>' | '! '* | '!' | '? '* | '\ '*)
            if [ -z "$command" ]; then
                printf '%s:%d: expected output without a command\n' "$file" "$number"
                failed=$((failed + 1))
            fi
            printf '%s\n' "$line" >>"$scratch/expected"
            continue
            ;;
        esac
        finish_command
        printf '%s\n' "$line" >>"$scratch/rewritten"
        case $line in
        '$ '*)
            command=${line#??}
            command_line=$number
            : >"$scratch/expected"
            ;;
        '< '*)
            input=$scratch/work/${line#??}
            mkdir -p "${input%/*}"
            : >"$input"
            ;;
        '|') echo >>"$input" ;;
        '| '*) printf '%s\n' "${line#??}" >>"$input" ;;
        '#'* | '') ;;
        *)
            printf '%s:%d: not a line of a golden test: %s\n' "$file" "$number" "$line"
            failed=$((failed + 1))
            ;;
        esac
    done <"$file"
    finish_command
}

for file in "$@"; do
    name=${file##*/}
    scratch=$root/$scratch_root/golden-${name%.t}
    case $scratch_root in /*) scratch=$scratch_root/golden-${name%.t} ;; esac
    start_scratch
    saved_path=$PATH
    PATH=$scratch/bin:$PATH
    export PATH SCENARIOS=scenarios HOME="$scratch"
    run_file
    PATH=$saved_path
    if [ -n "$write" ] && ! cmp -s "$scratch/rewritten" "$file"; then
        cp "$scratch/rewritten" "$file"
        changed=$((changed + 1))
        echo "rewritten: $file"
    fi
done

if [ -n "$write" ]; then
    echo "$changed of $# files rewritten"
    exit 0
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
