# A picture of characters, 100 columns wide.
set title title . ' - ' . subtitle
set border 3
set tics out nomirror
set xrange [0:x_high]
set yrange [y_low:y_high]
if (y_log) { set logscale y }
eval x_tics
eval y_tics
set key outside bottom horizontal
eval 'plot ' . curve_lines
