# Goodput: a line of steps over the grey line of what was asked for.
curve_line = "$data index i - 1 using 1:2 with lines lc rgb colour[i] "
curve_lines = "for [i = 1:curves] " . curve_line . line_look . curve_key
curve_panel = curve_line . "lw 1.8 notitle"
