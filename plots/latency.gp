# Latency: a band from the median to the 99 % quantile, its edges drawn.
set style fill transparent solid 0.18 noborder
band = "$data index i - 1 using 1:3:2 with filledcurves lc rgb colour[i] notitle, "
median = "$data index i - 1 using 1:3 with lines lw 1.7 lc rgb colour[i] notitle, "
each = "for [i = 1:curves] "
upper = "$data index i - 1 using 1:2 with lines lc rgb colour[i] "
curve_lines = each . band . each . median . each . upper . line_look . curve_key
curve_panel = band . median . upper . "lw 1.8 notitle"
