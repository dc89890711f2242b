#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The layers of sim/ and the tables' rows: tests/layers.sh
#
# A file may include headers of its own layer and of those listed for it here, written from sim/
# ("base/units.h"). In a directory with a table.c, each other .c file is a row (unless it has a header of
# its own: then it is a helper) and its exported const descriptor must stand in table.c. One test a layer
# and one a table. Ends in `N passed, N failed`.
set -u
cd sim || exit 1
passed=0
failed=0

allowed() { # LAYER: what its files may include; a name is a directory or one header
    case $1 in
    base) echo base ;;
    engine) echo base engine ;;
    policy) echo base policy ;;
    model) echo base engine policy model ;;
    scenario) echo base engine policy model scenario ;;
    study) echo base engine policy model scenario study ;;
    output) echo base output study/result.h ;;
    cli) echo base engine policy model scenario study output cli version.h ;;
    esac
}

judge() { # NAME COMPLAINTS
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n%s\n' "$1" "$2"
    fi
}

# The generated version.h may be read by one file of study as well: the one that stamps results.
layer_complaints() { # LAYER
    find "$1" -name '*.[ch]' | sort | while read -r file; do
        may=$(allowed "$1")
        [ "$file" = study/stamp.c ] && may="$may version.h"
        awk -v allowed="$may" -v file="sim/$file" '
            BEGIN { count = split(allowed, may, " ") }
            /^[ \t]*#[ \t]*include[ \t]*"/ {
                split($0, quoted, "\"")
                header = quoted[2]
                for (i = 1; i <= count; i++)
                    if (header == may[i] || index(header, may[i] "/") == 1) next
                print "  " file ":" FNR ": may not include \"" header "\" (only: " allowed ")"
            }' "$file"
    done
}

row_complaints() { # DIRECTORY with a table.c
    for file in "$1"/*.c; do
        [ "$file" = "$1/table.c" ] || [ "$file" = cli/main.c ] && continue
        [ -e "${file%.c}.h" ] && continue
        names=$(sed -n 's/^const struct [a-z0-9_]* \([a-z0-9_]*\) *=.*/\1/p' "$file")
        if [ -z "$names" ]; then
            echo "  sim/$file: exports no const descriptor (\`const struct ... name =\`)"
            continue
        fi
        for name in $names; do
            grep -qw "&$name" "$1/table.c" || grep -q "&$name\\." "$1/table.c" ||
                echo "  sim/$file: $name has no row in sim/$1/table.c"
        done
    done
}

for layer in *; do
    [ -d "$layer" ] || continue
    if [ -z "$(allowed "$layer")" ]; then
        judge "layer $layer" "  sim/$layer: not a layer"
        continue
    fi
    judge "layer $layer" "$(layer_complaints "$layer")"
done
for table in $(find . -name table.c | sort); do
    directory=${table%/table.c}
    directory=${directory#./}
    [ -e "$directory/table.h" ] && continue # base/table.c is the module that reads tables
    judge "table $directory" "$(row_complaints "$directory")"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
