# All curves in one plot, the key at the right.
set lmargin at screen left
set rmargin at screen right
set tmargin at screen top
set bmargin at screen bottom
set xtics ()
set ytics ()
do for [i = 1:x_tics] { set xtics add (x_label[i] x_at[i]) }
do for [i = 1:y_tics] { set ytics add (y_label[i] y_at[i]) }
do for [i = 1:faults] {
    set label 10 + i fault_label[i] at fault_at[i], graph 1 font ',9' textcolor rgb '#a0604f'
    if (fault_right[i]) {
        set label 10 + i right offset character -0.4, -0.7 - fault_row[i]
    } else {
        set label 10 + i left offset character 0.4, -0.7 - fault_row[i]
    }
}
if (warmup_label) {
    set label 9 'warm-up' at warmup / 2, graph 0 center offset 0, 0.6 font ',9' textcolor rgb '#777777'
}
set key at screen right + 10.0 / width, screen top left top
set key Left reverse samplen 2.8 spacing 1.25 textcolor rgb '#333333'
plots = ''
i = 1
if (has_ground) { plots = plots . ground . " title ground_name, " }
if (has_level) { plots = plots . level_line . " title level_name, " }
eval 'plot ' . plots . curve_lines
