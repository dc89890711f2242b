# Latency: a band from the median to the 99 % quantile, its edges drawn.
ground = "$data index curves using 1:2 with lines lw 1.2 lc rgb '#aaaaaa'"
level_line = "level with lines lw 1.2 dashtype (8, 6) lc rgb '#333333'"
set style fill transparent solid 0.18 noborder
curve_key = "title name[i] . ' (' . note_name . ' ' . note[i] . ')'"
band = "$data index i - 1 using 1:3:2 with filledcurves lc rgb colour[i] notitle, "
median = "$data index i - 1 using 1:3 with lines lw 0.8 lc rgb colour[i] notitle, "
each = "for [i = 1:curves] "
solid = "$data index i - 1 using 1:2 with lines lw 1.7 lc rgb colour[i] "
curve_lines = each . band . each . median . each . solid . "dashtype dash[i] " . curve_key
curve_panel = band . median . solid . "notitle"
