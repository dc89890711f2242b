# A picture of characters, 100 columns wide.
set title head[1]
set border 3
set tics out nomirror
set xrange [0:x_high]
set yrange [y_low:y_high]
if (y_log) { set logscale y }
set xtics ()
set ytics ()
do for [i = 1:x_tics] { set xtics add (x_label[i] x_at[i]) }
do for [i = 1:y_tics] { set ytics add (y_label[i] y_at[i]) }
set key outside bottom horizontal
eval 'plot ' . curve_lines
