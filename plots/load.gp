# Load: a line of steps.
ground = "$data index curves using 1:2 with lines lw 1.2 lc rgb '#aaaaaa'"
level_line = "level with lines lw 1.2 dashtype (8, 6) lc rgb '#333333'"
curve_key = "title name[i] . ' (' . note_name . ' ' . note[i] . ')'"
curve_line = "$data index i - 1 using 1:2 with lines lc rgb colour[i] "
curve_lines = "for [i = 1:curves] " . curve_line . "lw 1.7 dashtype dash[i] " . curve_key
curve_panel = curve_line . "lw 1.7 notitle"
